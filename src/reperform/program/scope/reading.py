"""Reading a scope: from what was kept, or from what a form or a program sends."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeVar, cast

from reperform.base.problem import Problem
from reperform.catalog.criteria import CATEGORIES
from reperform.program.scope.document import (
    Commitment,
    Expectation,
    Method,
    ScopeDocument,
    Subservice,
    SupplierReport,
)

_LONGEST = 10_000
_MOST = 500
_T = TypeVar("_T")
_FIELDS = frozenset(ScopeDocument.__dataclass_fields__)


def _shown(value: object) -> str:
    return f"{str(value)[:60]!r}"


class _Reader:
    """Takes fields out of JSON and collects what is wrong with them."""

    def __init__(self, criteria: Collection[str]) -> None:
        self.criteria = criteria
        self.problems: list[Problem] = []

    def refuse(self, where: str, what: str, todo: str) -> None:
        self.problems.append(Problem(where, what, todo, "scope-field"))

    def text(self, fields: Mapping[str, Any], name: str, where: str, *, empty: bool) -> str:
        value = fields.get(name, "")
        if not isinstance(value, str):
            self.refuse(f"{where}{name}", "is not text", "write it as text")
            return ""
        if "\x00" in value or len(value) > _LONGEST:
            what = f"has {len(value):,} characters, or one that no text has"
            self.refuse(f"{where}{name}", what, f"write at most {_LONGEST:,} characters")
            return ""
        if not value.strip() and not empty:
            self.refuse(f"{where}{name}", "is empty", "write it, or remove the row")
        return value.strip()

    def choice(
        self, fields: Mapping[str, Any], name: str, where: str, known: Collection[str]
    ) -> str:
        value = fields.get(name)
        if not isinstance(value, str) or value not in known:
            self.refuse(f"{where}{name}", f"is {_shown(value)}", f"choose: {', '.join(known)}")
            return next(iter(known))
        return value

    def day(self, fields: Mapping[str, Any], name: str, where: str) -> date | None:
        value = fields.get(name)
        if value in (None, ""):
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.refuse(f"{where}{name}", f"is {_shown(value)}", "write a day as 2026-07-31")
            return None

    def rows(
        self, fields: Mapping[str, Any], name: str, where: str, read: Callable[[Any, str], _T]
    ) -> tuple[_T, ...]:
        value = fields.get(name) or []
        if not isinstance(value, list) or len(value) > _MOST:
            self.refuse(f"{where}{name}", "is not a list", f"send a list of at most {_MOST}")
            return ()
        found = []
        for number, row in enumerate(value, 1):
            place = f"{where}{name} {number}"
            if isinstance(row, dict) or name == "services":
                found.append(read(row, place))
            else:
                self.refuse(place, "is not an object", "send its fields by name")
        return tuple(found)


def read_scope(
    content: object, *, criteria: Collection[str]
) -> tuple[ScopeDocument, list[Problem]]:
    """Return the scope that `content` (JSON) says, and every problem with it.

    With a problem the scope is not to be kept: what could not be read is empty in it.

    Args:
        content: what `scope_content` gives, or what somebody sends in that form.
        criteria: ids of the criteria that exist.
    """
    reader = _Reader(criteria)
    if not isinstance(content, dict):
        reader.refuse("scope", "is not an object", "send its fields by name")
        return ScopeDocument(), reader.problems
    for name in sorted(set(content) - _FIELDS):
        reader.refuse(f"{name:.60}", "there is no such field", "remove it")
    scope = ScopeDocument(
        system=reader.text(content, "system", "", empty=True),
        services=reader.rows(content, "services", "", lambda row, at: _service(reader, row, at)),
        boundaries=reader.text(content, "boundaries", "", empty=True),
        categories=_categories(reader, content),
        type=_type(reader, content),
        first=reader.day(content, "first", ""),
        last=reader.day(content, "last", ""),
        commitments=reader.rows(
            content, "commitments", "", lambda row, at: _commitment(reader, row, at)
        ),
        subservices=reader.rows(
            content, "subservices", "", lambda row, at: _subservice(reader, row, at)
        ),
        user_controls=reader.rows(
            content, "user_controls", "", lambda row, at: _expectation(reader, row, at)
        ),
        not_applicable=_not_applicable(reader, content),
    )
    if scope.first and scope.last and scope.last < scope.first:
        reader.refuse("last", f"is before the first day, {scope.first}", "swap the two days")
        return ScopeDocument(), reader.problems
    return scope, reader.problems


def _service(reader: _Reader, row: object, where: str) -> str:
    return reader.text({"service": row}, "service", f"{where}: ", empty=False)


def _categories(reader: _Reader, content: Mapping[str, Any]) -> tuple[str, ...]:
    value = content.get("categories", ["security"])
    unknown = [name for name in value if name not in CATEGORIES] if isinstance(value, list) else [0]
    if unknown:
        reader.refuse(
            "categories", f"{_shown(unknown[0])}", f"choose from: {', '.join(CATEGORIES)}"
        )
        return ("security",)
    return tuple(name for name in CATEGORIES if name in value or name == "security")


def _type(reader: _Reader, content: Mapping[str, Any]) -> Any:  # noqa: ANN401 - 1, 2 or None
    value = content.get("type")
    if value not in (None, 1, 2) or isinstance(value, bool):
        reader.refuse("type", f"is {_shown(value)}", "choose 1 or 2")
        return None
    return value


def _commitment(reader: _Reader, row: Mapping[str, Any], where: str) -> Commitment:
    kind = reader.choice(row, "kind", f"{where}: ", ("commitment", "requirement"))
    return Commitment(
        kind=cast("Any", kind),
        text=reader.text(row, "text", f"{where}: ", empty=False),
        category=reader.choice(row, "category", f"{where}: ", CATEGORIES),
    )


def _expectation(reader: _Reader, row: Mapping[str, Any], where: str) -> Expectation:
    named = row.get("criteria") or []
    if not isinstance(named, list):
        reader.refuse(f"{where}: criteria", "is not a list", "name criteria as in [CC6.1]")
        named = []
    known = tuple(name for name in named if isinstance(name, str) and name in reader.criteria)
    if len(known) < len(named):
        unknown = next(name for name in named if name not in known)
        what = f"there is no criterion {_shown(unknown)}"
        reader.refuse(f"{where}: criteria", what, "name criteria as in CC6.1")
    return Expectation(
        text=reader.text(row, "text", f"{where}: ", empty=False),
        criteria=tuple(dict.fromkeys(known)),
    )


def _subservice(reader: _Reader, row: Mapping[str, Any], where: str) -> Subservice:
    return Subservice(
        name=reader.text(row, "name", f"{where}: ", empty=False),
        service=reader.text(row, "service", f"{where}: ", empty=False),
        method=cast(
            "Method", reader.choice(row, "method", f"{where}: ", ("carve-out", "inclusive"))
        ),
        expectations=reader.rows(
            row, "expectations", f"{where}: ", lambda each, at: _expectation(reader, each, at)
        ),
        report=_report(reader, row.get("report"), f"{where}: report: "),
    )


def _report(reader: _Reader, row: object, where: str) -> SupplierReport | None:
    if row is None:
        return None
    fields = row if isinstance(row, dict) else {}
    title = reader.text(fields, "title", where, empty=False)
    first, last = reader.day(fields, "first", where), reader.day(fields, "last", where)
    if first is None or last is None or last < first:
        reader.refuse(f"{where}first", "its days are missing or reversed", "write both days")
        return None
    return SupplierReport(title=title, first=first, last=last)


def _not_applicable(reader: _Reader, content: Mapping[str, Any]) -> dict[str, str]:
    value = content.get("not_applicable") or {}
    if not isinstance(value, dict):
        reader.refuse("not_applicable", "is not an object", "send reasons by criterion")
        return {}
    found = {}
    for criterion in value:
        if criterion not in reader.criteria:
            reader.refuse(
                "not_applicable",
                f"there is no criterion {_shown(criterion)}",
                "name it as in CC6.4",
            )
            continue
        found[criterion] = reader.text(value, criterion, "not_applicable: ", empty=False)
    return found
