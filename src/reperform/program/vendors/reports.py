"""A vendor's SOC report as a value: what it says, and what we read in it.

Source: the sections of a SOC 2 report, AICPA SOC 2 guide; `docs/how-to/review-a-vendor.md`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.catalog.criteria import CATEGORIES
from reperform.program.vendors import jsonable

SLUG = "vendor-report"
MOST_ROWS = 200
_T = TypeVar("_T")


class ReportKind(StrEnum):
    """What the report is about; only a SOC 2 says how controls meet our criteria."""

    SOC_1 = "SOC 1"
    SOC_2 = "SOC 2"
    SOC_3 = "SOC 3"


class Opinion(StrEnum):
    """The service auditor's opinion."""

    UNREAD = ""
    UNQUALIFIED = "unqualified"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"


@dataclass(frozen=True, slots=True)
class ReportException:
    """An exception that the report notes, and what it means for us.

    Attributes:
        control: their control, as the report numbers it.
        deviation: what was found.
        response: what their management answers.
        is_relevant: it bears on what we rely on; None while nobody decided.
        reason: why it does, or does not.
        compensating: codes of our controls that make up for it.
    """

    control: str
    deviation: str
    response: str = ""
    is_relevant: bool | None = None
    reason: str = ""
    compensating: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether somebody concluded what it means for us."""
        return self.is_relevant is False or bool(self.is_relevant and self.compensating)


@dataclass(frozen=True, slots=True)
class Cuec:
    """A control that the vendor expects of us, its customer.

    Attributes:
        reference: as the report numbers it; empty where it does not.
        text: what is expected.
        controls: codes of our controls that answer it.
        not_applicable: why it does not concern us; empty when it does.
    """

    text: str
    reference: str = ""
    controls: tuple[str, ...] = ()
    not_applicable: str = ""

    @property
    def is_mapped(self) -> bool:
        """Whether it is answered, or does not concern us for a reason."""
        return bool(self.controls or self.not_applicable)


@dataclass(frozen=True, slots=True)
class ExpectedControl:
    """A control that our scope expects of the vendor (CSOC), looked for in its report.

    Attributes:
        text: as the scope says it.
        is_evidenced: the report tests such a control; None while nobody looked.
        where: in which of its controls or pages.
    """

    text: str
    is_evidenced: bool | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class ReportFields:
    """What the report says, and what we concluded.

    Attributes:
        kind: see `ReportKind`.
        type: 1 or 2.
        auditor: the firm that signed it.
        opinion: see `Opinion`.
        first: first day that it covers; the date of a Type 1.
        last: the last day; the same date of a Type 1.
        issued_on: the day of the opinion.
        categories: Trust Services Categories that it covers; none of a SOC 1.
        conclusion: what an opinion that is not unqualified means for us.
        subservices: their subservice organizations that the report carves out.
        notes_exceptions: whether it notes any; None while nobody looked.
        exceptions: see `ReportException`.
        cuecs: see `Cuec`.
        expected: see `ExpectedControl`.
        bridge_last: last day that a bridge letter speaks of; None for no letter.
        bridge_on: the day of the letter.
    """

    kind: ReportKind
    type: int
    first: date
    last: date
    auditor: str = ""
    opinion: Opinion = Opinion.UNREAD
    issued_on: date | None = None
    categories: tuple[str, ...] = ()
    conclusion: str = ""
    subservices: tuple[str, ...] = ()
    exceptions: tuple[ReportException, ...] = ()
    cuecs: tuple[Cuec, ...] = ()
    expected: tuple[ExpectedControl, ...] = ()
    bridge_last: date | None = None
    bridge_on: date | None = None
    notes_exceptions: bool | None = None

    @property
    def title(self) -> str:
        """What people call it, as in `SOC 2 Type 2`."""
        return f"{self.kind} Type {self.type}"


def read_report(content: Mapping[str, Any], *, today: date) -> tuple[ReportFields, list[Problem]]:
    """Return the report that `content` says, and what is wrong with its fields.

    Whether the controls that it names are adopted is asked when it is kept.

    Args:
        content: by field name of `ReportFields`; the rows are objects.
        today: no report covers a later day, and none is issued after it.
    """
    reader = Reader(content, SLUG)
    needed = "write the day as the report does"
    last = reader.day("last", needed=needed, latest=today) or today
    report_type = reader.number("type", most=2) or 2
    is_dated = report_type == 1 and not reader.content.get("first")
    first = last if is_dated else reader.day("first", needed=needed) or last
    fields = ReportFields(
        kind=reader.choice("kind", ReportKind, ReportKind.SOC_2),
        type=report_type,
        first=first,
        last=last,
        auditor=reader.line("auditor", longest=200),
        opinion=reader.choice("opinion", Opinion, Opinion.UNREAD),
        issued_on=reader.day("issued_on", latest=today),
        categories=_categories(reader),
        conclusion=reader.text("conclusion"),
        subservices=reader.lines("subservices"),
        exceptions=_rows(reader, "exceptions", _exception),
        cuecs=_rows(reader, "cuecs", _cuec),
        expected=_rows(reader, "expected", _expected),
        bridge_last=reader.day("bridge_last"),
        bridge_on=reader.day("bridge_on", latest=today),
        notes_exceptions=reader.flag("notes_exceptions"),
    )
    reader.refuse_others(ReportFields.__dataclass_fields__, "a SOC report")
    _contradictions(reader, fields)
    return fields, reader.problems


def _categories(reader: Reader) -> tuple[str, ...]:
    said = reader.content.get("categories") or ()
    many = said.splitlines() if isinstance(said, str) else said
    if not isinstance(many, list | tuple) or any(each not in CATEGORIES for each in many):
        todo = f"choose from: {', '.join(CATEGORIES)}"
        reader.problem("categories", "holds what is no category", todo)
        return ()
    return tuple(each for each in CATEGORIES if each in many)


def _rows(reader: Reader, name: str, read: Callable[[Reader], _T]) -> tuple[_T, ...]:
    said = reader.content.get(name) or ()
    if not isinstance(said, list | tuple) or len(said) > MOST_ROWS:
        reader.problem(name, "is not a list of rows", f"send a list of at most {MOST_ROWS}")
        return ()
    found = []
    for number, each in enumerate(said, start=1):
        inner = Reader(each if isinstance(each, Mapping) else {}, SLUG)
        found.append(read(inner))
        for problem in inner.problems:
            reader.problem(f"{name} {number}: {problem.where}", problem.what, problem.todo)
    return tuple(found)


def _exception(reader: Reader) -> ReportException:
    found = ReportException(
        control=reader.line("control", longest=100),
        deviation=reader.text("deviation", needed="write what the report found"),
        response=reader.text("response"),
        is_relevant=reader.flag("is_relevant"),
        reason=reader.text("reason"),
        compensating=reader.words("compensating"),
    )
    reader.refuse_others(ReportException.__dataclass_fields__, "an exception")
    if found.is_relevant is not None and not found.reason:
        reader.problem("reason", "is empty", "say why it is relevant for you, or is not")
    return found


def _cuec(reader: Reader) -> Cuec:
    found = Cuec(
        text=reader.text("text", needed="write what is expected"),
        reference=reader.line("reference", longest=40),
        controls=reader.words("controls"),
        not_applicable=reader.text("not_applicable"),
    )
    reader.refuse_others(Cuec.__dataclass_fields__, "a CUEC")
    if found.controls and found.not_applicable:
        todo = "name controls, or say why it does not concern you"
        reader.problem("not_applicable", "contradicts the controls that answer it", todo)
    return found


def _expected(reader: Reader) -> ExpectedControl:
    found = ExpectedControl(
        text=reader.text("text", needed="write what your scope expects"),
        is_evidenced=reader.flag("is_evidenced"),
        where=reader.line("where"),
    )
    reader.refuse_others(ExpectedControl.__dataclass_fields__, "an expected control")
    if found.is_evidenced and not found.where:
        reader.problem("where", "is empty", "name the control or page of the report")
    return found


def _contradictions(reader: Reader, fields: ReportFields) -> None:
    wrong = {each.where for each in reader.problems}
    if not wrong & {"first", "last"}:
        if fields.first > fields.last:
            reader.problem("first", f"is after {fields.last}", "swap the two days")
        elif fields.type == 1 and fields.first != fields.last:
            todo = "write the same day twice, or choose Type 2"
            reader.problem("first", "differs from the date of a Type 1", todo)
    if fields.exceptions and fields.notes_exceptions is False:
        todo = "say that it notes some, or remove those that are written down"
        reader.problem("notes_exceptions", "contradicts the exceptions", todo)
    if fields.kind is ReportKind.SOC_1 and fields.categories:
        todo = "choose none: a SOC 1 is about financial reporting"
        reader.problem("categories", "are no part of a SOC 1", todo)
    if fields.issued_on and fields.issued_on < fields.last and "last" not in wrong:
        todo = f"write {fields.last} or a later day"
        reader.problem("issued_on", "is before the last day that it covers", todo)
    if fields.bridge_last and fields.bridge_last <= fields.last and "last" not in wrong:
        todo = f"write a day after {fields.last}, or leave it empty"
        reader.problem("bridge_last", "is not after the last day of the report", todo)
    if fields.bridge_on and not fields.bridge_last:
        reader.problem("bridge_last", "is empty", "write the last day that the letter speaks of")


def report_content(fields: ReportFields) -> dict[str, Any]:
    """Return the JSON values that `read_report` reads back."""
    return {name: jsonable(value) for name, value in asdict(fields).items()}
