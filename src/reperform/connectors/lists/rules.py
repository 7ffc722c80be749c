"""What a user states of a column: which fields fill it, and how they are to be read.

One line a column, `column = fields | how`:

    person_uid   = employee_id
    name         = first_name + last_name
    employment   = 'employee'
    email        = Work Email | lower
    started_on   = hire_date | DD-MM-YYYY
    left_at      = end_date | DD-MM-YYYY end only
    is_encrypted = FileVault | yes: On, Encrypted; no: Off

Nothing is guessed: a value that is not as the line says is an error of its row and field.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reperform.base.table import Column, TableSpec, Type

_LINE = re.compile(r"\s*([a-z][a-z0-9_]*)\s*=\s*(.+?)\s*\Z", re.ASCII | re.DOTALL)
_PART = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^'"+|]+?))\s*(?:\+|\Z)""")
_TOKENS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MMM": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}
_TOKEN = re.compile("|".join(_TOKENS))
_MOST_WORDS = 50
FIXED = ("system", "observed_at")
"""Columns that the connection itself fills."""


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the file by its name, or words that are the same in every row."""

    text: str
    is_field: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column is filled.

    Attributes:
        column: of the table.
        parts: joined by a space, those that are empty left out.
        pattern: of a day or a time, as a compiled expression; None for ISO 8601.
        edge: `start` or `end` of the day, for a time whose field has only a day; empty for none.
        yes, no: words, in lower case, of a column that is true or false.
        is_lower: turned into lower case.
        is_only: a row without it is left out, and counted.
    """

    column: Column
    parts: tuple[Part, ...]
    pattern: re.Pattern[str] | None = None
    edge: str = ""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    is_lower: bool = False
    is_only: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the file's fields that fill it."""
        return tuple(part.text for part in self.parts if part.is_field)


class RuleError(ValueError):
    """A line of a mapping cannot be followed; the text says which, and why."""


def read_rules(lines: Sequence[str], spec: TableSpec) -> tuple[Rule, ...]:
    """Return the rules of a mapping.

    Args:
        lines: one a column.
        spec: the table that they fill.

    Raises:
        RuleError: a line is none, names a column that is not there, or one twice.
    """
    columns = {each.name: each for each in spec.columns if each.name not in FIXED}
    rules: dict[str, Rule] = {}
    for line in lines:
        found = _LINE.match(line)
        if not found:
            raise RuleError(f"{line[:80]!r} is not `column = fields`")
        name, said = found[1], found[2]
        if name not in columns:
            listed = ", ".join(columns)
            raise RuleError(f"{name} is no column of {spec.name}, which has: {listed}")
        if name in rules:
            raise RuleError(f"{name} is there twice")
        rules[name] = _rule(columns[name], said)
    if not rules:
        raise RuleError("no column is filled: write at least one line")
    return tuple(rules.values())


def _rule(column: Column, said: str) -> Rule:
    left, _, how = _split(said)
    return Rule(column, _parts(left, column.name), **_how(column, how.strip()))


def _split(said: str) -> tuple[str, str, str]:
    """Split at the first `|` that is not inside quotes."""
    quote = ""
    for at, letter in enumerate(said):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "|":
            return said[:at], "|", said[at + 1 :]
    return said, "", ""


def _parts(said: str, name: str) -> tuple[Part, ...]:
    parts, at = [], 0
    said = said.strip()
    while at < len(said):
        found = _PART.match(said, at)
        if not found or found.end() == at:
            raise RuleError(f"{name}: {said[at : at + 40]!r} is no field; put odd names in quotes")
        words, quoted, plain = found.groups()
        is_field = words is None
        text = (quoted or plain) if is_field else words
        parts.append(Part(text, is_field=is_field))
        at = found.end()
    if not parts:
        raise RuleError(f"{name}: no field is named")
    return tuple(parts)


def _how(column: Column, how: str) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if column.type is Type.BOOLEAN:
        return _words(column.name, how)
    words = how.split()
    if words and words[-1] == "only":
        settings["is_only"] = True
        words.pop()
    if column.type is Type.TEXT:
        if words not in ([], ["lower"]):
            raise RuleError(f"{column.name}: a text can be `lower` or `only`, not {how[:40]!r}")
        settings["is_lower"] = bool(words)
    elif column.type in (Type.DATE, Type.TIMESTAMP):
        if words and words[-1] in ("start", "end") and column.type is Type.TIMESTAMP:
            settings["edge"] = words.pop()
        settings["pattern"] = _pattern(column.name, " ".join(words)) if words else None
    elif words:
        raise RuleError(f"{column.name}: a number is read as it is, not as {how[:40]!r}")
    return settings


def _words(name: str, how: str) -> dict[str, Any]:
    """Return the words for yes and for no."""
    found: dict[str, frozenset[str]] = {"yes": frozenset(), "no": frozenset()}
    for part in filter(str.strip, how.split(";")):
        key, colon, words = part.partition(":")
        if key.strip() not in found or not colon:
            raise RuleError(f"{name}: write `yes: On; no: Off`, with the words of the file")
        listed = [word.strip().lower() for word in words.split(",") if word.strip()]
        found[key.strip()] = frozenset(listed[:_MOST_WORDS])
    if found["yes"] & found["no"]:
        raise RuleError(f"{name}: {', '.join(sorted(found['yes'] & found['no']))} is yes and no")
    return dict(found)


def _pattern(name: str, said: str) -> re.Pattern[str]:
    made, at = "", 0
    for token in _TOKEN.finditer(said):
        made += re.escape(said[at : token.start()]) + _TOKENS[token[0]]
        at = token.end()
    made += re.escape(said[at:])
    try:
        pattern = re.compile(made, re.ASCII)
    except re.error as error:
        raise RuleError(f"{name}: {said!r} names a part twice") from error
    has = set(pattern.groupindex)
    if not {"year", "day"} <= has or not has & {"month", "name"}:
        raise RuleError(f"{name}: {said!r} is no pattern of a day; write it as DD-MM-YYYY")
    return pattern


def used_fields(rules: Sequence[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Return the file's fields that are used, each with the columns that it fills."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        for name in rule.fields:
            found[name] = (*found.get(name, ()), rule.column.name)
    return found
