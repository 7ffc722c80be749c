"""One row of a file, read as the rules say: values of columns, and what is wrong with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from reperform.base.table import Type
from reperform.connectors.kept import said
from reperform.connectors.lists.rules import Rule

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field of one row; `field` is the column that it should fill."""

    row: int
    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row: its columns, or why it is left out or wrong.

    Attributes:
        values: by column; what the file does not say is not there.
        wrong: what could not be read.
        is_left_out: it lacks a field that the mapping calls `only`.
    """

    values: Mapping[str, Any]
    wrong: Sequence[Wrong] = ()
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows by rules.

    Attributes:
        rules: of the mapping.
        zone: of times that name none; empty when nobody stated it.
        nothing: words, in lower case, that say nothing, such as `n/a`.
    """

    rules: Sequence[Rule]
    zone: str = ""
    nothing: frozenset[str] = field(default=frozenset())

    def read(self, number: int, row: Mapping[str, Any]) -> Mapped:
        """Return one row; `number` is its place in the file."""
        values: dict[str, Any] = {}
        wrong: list[Wrong] = []
        for rule in self.rules:
            found = self._said(rule, row)
            if found is None and rule.is_only:
                return Mapped({}, is_left_out=True)
            if found is None:
                continue
            try:
                values[rule.column.name] = self._value(rule, found)
            except ValueError as error:
                wrong.append(Wrong(number, rule.column.name, str(error)))
        return Mapped(values, tuple(wrong))

    def _said(self, rule: Rule, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Return what the file says for a column: a text, or a JSON value of one field."""
        found = [row.get(part.text) if part.is_field else part.text for part in rule.parts]
        if len(found) == 1 and isinstance(found[0], bool | int | float):
            return found[0]
        texts = [str(each).strip() for each in found if each is not None]
        kept = [each for each in texts if each and each.lower() not in self.nothing]
        has_field = any(
            part.is_field and each is not None and str(each).strip()
            for part, each in zip(rule.parts, found, strict=True)
        )
        return " ".join(kept) if kept and (has_field or not rule.fields) else None

    def _value(self, rule: Rule, found: Any) -> Any:  # noqa: ANN401 - JSON
        kind = rule.column.type
        if kind is Type.BOOLEAN:
            return _truth(rule, found)
        text = str(found)
        if kind is Type.TEXT:
            return said(text.lower() if rule.is_lower else text)
        if kind is Type.INTEGER:
            return _whole(text)
        if kind is Type.DATE:
            return _day(rule, text).isoformat()
        return self._moment(rule, text)

    def _moment(self, rule: Rule, text: str) -> str:
        if rule.edge:
            clock = time.min if rule.edge == "start" else time(23, 59, 59)
            at = datetime.combine(_day(rule, text), clock)
        elif rule.pattern:
            at = _by_pattern(rule, text)
        else:
            try:
                at = datetime.fromisoformat(text)
            except ValueError as error:
                raise ValueError(
                    f"{text[:40]!r} is no time of ISO 8601; state its pattern"
                ) from error
            if len(text) <= len("2026-12-31"):
                raise ValueError(f"{text[:40]!r} has no time: say `start` or `end` of the day")
        if at.tzinfo is None:
            if not self.zone:
                raise ValueError("names no time zone, and none is stated in the settings")
            at = at.replace(tzinfo=ZoneInfo(self.zone))
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _truth(rule: Rule, found: object) -> bool:
    if isinstance(found, bool):
        return found
    word = str(found).strip().lower()
    if word in rule.yes:
        return True
    if word in rule.no:
        return False
    raise ValueError(f"{word[:40]!r} is neither among the words for yes nor for no")


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _MOST_DIGITS:
        raise ValueError(f"{text[:40]!r} is no whole number")
    return int(text)


def _day(rule: Rule, text: str) -> date:
    if rule.pattern:
        return _by_pattern(rule, text).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no day of ISO 8601; state its pattern") from error


def _by_pattern(rule: Rule, text: str) -> datetime:
    found = rule.pattern.fullmatch(text) if rule.pattern else None
    if not found:
        raise ValueError(f"{text[:40]!r} is not as the mapping says")
    parts = found.groupdict()
    name = (parts.get("name") or "").lower()
    if name and name not in _MONTHS:
        raise ValueError(f"{text[:40]!r} names no month")
    month = _MONTHS.index(name) + 1 if name else int(parts["month"])
    has_time = "hour" in parts
    if rule.column.type is Type.TIMESTAMP and not has_time and not rule.edge:
        raise ValueError(f"{text[:40]!r} has no time: say `start` or `end` of the day")
    hour, minute, second = (int(parts.get(each) or 0) for each in ("hour", "minute", "second"))
    try:
        clock = time(hour, minute, second)
        return datetime.combine(date(int(parts["year"]), month, int(parts["day"])), clock)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no day of the calendar") from error
