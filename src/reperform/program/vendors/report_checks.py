"""What stands between a vendor's report and our relying on it.

Each check says what it found, with days and counts; what nobody looked at is never "good".
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reperform.base.period import Period
from reperform.catalog.criteria import CATEGORIES, category_of
from reperform.program.scope.document import ScopeDocument, Subservice
from reperform.program.vendors.coverage import Gap, find_gaps, is_counted
from reperform.program.vendors.reports import Opinion, ReportFields, ReportKind


class State(StrEnum):
    """What a check says."""

    GOOD = "in order"
    LOOK = "look at it"
    LACKING = "lacking"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a report.

    Attributes:
        about: two or three words.
        state: see `State`.
        said: what was found.
        todo: what to do; empty when nothing is to be done.
    """

    about: str
    state: State
    said: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """What the report is held against.

    Attributes:
        period: of our own report; None while it is undecided.
        subservice: the vendor in our scope; None when the scope does not have it.
        adopted: codes of our controls in force.
        bridge_days: days that a bridge letter customarily covers at most.
    """

    period: Period | None
    subservice: Subservice | None
    adopted: Collection[str]
    bridge_days: int


def in_scope(scope: ScopeDocument, name: str) -> Subservice | None:
    """Return the subservice organization of this name, whatever its letters' case."""
    known = name.casefold().strip()
    return next((e for e in scope.subservices if e.name.casefold().strip() == known), None)


def check_report(
    report: ReportFields, ours: Ours, *, others: Sequence[ReportFields] = (), has_file: bool
) -> tuple[Check, ...]:
    """Return every check of a report.

    Args:
        report: what it says.
        ours: what it is held against.
        others: the vendor's other reports, which may cover what this one does not.
        has_file: the report itself is kept here.
    """
    return (
        _file(has_file=has_file),
        *_period(report, ours, others),
        _categories(report, ours),
        _opinion(report),
        _exceptions(report, ours),
        _cuecs(report, ours),
        _expected(report, ours),
    )


def _file(*, has_file: bool) -> Check:
    if has_file:
        return Check("File", State.GOOD, "The report itself is kept here.")
    return Check("File", State.LOOK, "The report itself is not kept here.", "bring the file")


def _period(report: ReportFields, ours: Ours, others: Sequence[ReportFields]) -> Iterator[Check]:
    about = "Period"
    if ours.period is None:
        yield Check(about, State.NOT_CHECKED, "Our own period is not decided.", "decide the scope")
        return
    if not is_counted(report, ours.period):
        said = f"A {report.title} says nothing of how controls operated throughout our period."
        yield Check(about, State.LACKING, said, "ask for a SOC 2 Type 2 report")
        return
    gaps = find_gaps([report], ours.period)
    if not gaps:
        said = f"It covers every day of our period, {_days(ours.period)}."
        yield Check(about, State.GOOD, said)
        return
    remaining = find_gaps([report, *others], ours.period)
    for gap in remaining:
        yield _gap(gap, report, ours)
    if not remaining:
        said = f"It leaves {'; '.join(map(str, gaps))} open, which other reports cover."
        yield Check(about, State.GOOD, said)


def _gap(gap: Gap, report: ReportFields, ours: Ours) -> Check:
    if not gap.is_bridged:
        said = f"No report covers {gap} of our period."
        todo = "ask for the next report, or for a bridge letter"
        return Check("Period", State.LACKING, said, todo)
    said = f"A bridge letter covers {gap}; it is management's own word, and not audited."
    todo = "ask for the next report once it is issued"
    bridged = (report.bridge_last - report.last).days if report.bridge_last else 0
    if bridged > ours.bridge_days:
        said += f" It goes {bridged} days beyond the report; customary are about three months."
        return Check("Bridge letter", State.LACKING, said, todo)
    return Check("Bridge letter", State.LOOK, said, todo)


def _days(period: Period) -> str:
    return f"{period.first} to {period.last}"


def relied_on(subservice: Subservice) -> tuple[str, ...]:
    """Return the categories of the criteria for which a subservice organization is needed."""
    ids = {each for expected in subservice.expectations for each in expected.criteria}
    needed = {category_of(each) for each in ids} | {"security"}
    return tuple(each for each in CATEGORIES if each in needed)


def _categories(report: ReportFields, ours: Ours) -> Check:
    about = "Categories"
    if report.kind is ReportKind.SOC_1:
        said = "A SOC 1 is about financial reporting; it covers none of our criteria."
        return Check(about, State.LACKING, said, "ask for a SOC 2 report")
    if not report.categories:
        return Check(about, State.NOT_CHECKED, "Nobody wrote down what it covers.", "do so")
    needed = relied_on(ours.subservice) if ours.subservice else ("security",)
    missing = [each for each in needed if each not in report.categories]
    if missing:
        said = f"We rely on it for {', '.join(missing)}, which it does not cover."
        return Check(about, State.LACKING, said, "ask what else shows that these are met")
    return Check(about, State.GOOD, f"It covers what we rely on: {', '.join(needed)}.")


def _opinion(report: ReportFields) -> Check:
    about = "Opinion"
    if report.opinion is Opinion.UNREAD:
        return Check(about, State.NOT_CHECKED, "Nobody wrote down the opinion.", "read section I")
    if report.opinion is Opinion.UNQUALIFIED:
        return Check(about, State.GOOD, "The opinion is unqualified.")
    kind = "a disclaimer" if report.opinion is Opinion.DISCLAIMER else report.opinion
    said = f"The opinion is {kind}"
    if not report.conclusion:
        todo = "say what it means for the criteria for which you rely on the vendor"
        return Check(about, State.LACKING, f"{said}, and nobody concluded what that means.", todo)
    return Check(about, State.LOOK, f"{said}; what it means for us is written down.")


def _exceptions(report: ReportFields, ours: Ours) -> Check:
    about, count = "Exceptions", len(report.exceptions)
    if not count:
        return _no_exceptions(report)
    undecided = sum(each.is_relevant is None for each in report.exceptions)
    if undecided:
        said = f"Of {undecided} of {count} nobody decided whether they concern us."
        return Check(about, State.LACKING, said, "decide, with the reason")
    open_ = sum(not each.is_answered for each in report.exceptions)
    if open_:
        said = f"{open_} of {count} concern us, and no control of ours makes up for them."
        return Check(about, State.LACKING, said, "name the control, or treat it as a risk")
    named = (code for each in report.exceptions for code in each.compensating)
    if gone := _gone(named, ours):
        said = f"{', '.join(gone)} should make up for one, and is not in force."
        return Check(about, State.LACKING, said, "name a control that is")
    return Check(about, State.GOOD, f"All {count} are answered.")


def _no_exceptions(report: ReportFields) -> Check:
    """None written down is no finding: somebody must have said that the report notes none."""
    about = "Exceptions"
    if report.notes_exceptions:
        said = "The report notes some, and none is written down."
        return Check(about, State.LACKING, said, "copy them from section IV")
    if report.notes_exceptions is False:
        return Check(about, State.GOOD, "The report notes none.")
    said = "None is written down, and nobody said that the report notes none."
    if report.opinion is Opinion.UNREAD:
        said = "Nobody read the report yet."
    return Check(about, State.NOT_CHECKED, said, "read section IV")


def _cuecs(report: ReportFields, ours: Ours) -> Check:
    about, count = "CUECs", len(report.cuecs)
    if not count:
        said = "None is written down; almost every report has some."
        return Check(about, State.NOT_CHECKED, said, "copy them from section III")
    open_ = sum(not each.is_mapped for each in report.cuecs)
    if open_:
        said = f"{open_} of {count} are neither answered by a control of ours nor ruled out."
        return Check(about, State.LACKING, said, "map each, or say why it does not concern you")
    if gone := _gone((code for each in report.cuecs for code in each.controls), ours):
        said = f"{', '.join(gone)} should answer one, and is not in force."
        return Check(about, State.LACKING, said, "name a control that is")
    return Check(about, State.GOOD, f"All {count} are answered or ruled out.")


def _gone(codes: Iterable[str], ours: Ours) -> list[str]:
    return sorted(set(codes) - set(ours.adopted))


def _expected(report: ReportFields, ours: Ours) -> Check:
    about = "Expected controls"
    if ours.subservice is None:
        said = "Our scope expects no control of this vendor."
        return Check(about, State.NOT_CHECKED, said)
    wanted = [each.text for each in ours.subservice.expectations]
    if not wanted:
        said = "It is in our scope, which expects no control of it."
        return Check(about, State.LACKING, said, "name them in the scope: they are the CSOCs")
    found = {each.text: each.is_evidenced for each in report.expected}
    missing = sum(found.get(each) is False for each in wanted)
    unknown = sum(found.get(each) is None for each in wanted)
    if missing or unknown:
        parts = [f"{missing} are not evidenced in it"] if missing else []
        parts += [f"{unknown} nobody looked for"] if unknown else []
        said = f"Of the {len(wanted)} controls that our scope expects, {', '.join(parts)}."
        state = State.LACKING if missing else State.NOT_CHECKED
        return Check(about, state, said, "find each in its section IV, or rely on something else")
    return Check(about, State.GOOD, f"All {len(wanted)} that our scope expects are tested in it.")
