"""What has a day: what is late, and what comes in the next weeks.

Pure: days come in, lines go out, the most urgent first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reperform.program.scope.document import ScopeDocument

SOON = timedelta(days=14)
REPORT_SOON = timedelta(days=60)
"""A supplier needs weeks to hand over its next report."""


class DueKind(StrEnum):
    """What is due."""

    TASK = "task"
    CONTROL = "control to do"
    REPORT = "supplier's report"
    PERIOD = "period"
    TOKEN = "API token"  # noqa: S105 - a word
    INVITATION = "invitation"


_PASSES = (DueKind.TOKEN, DueKind.INVITATION)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing with its day.

    Attributes:
        kind: what it is.
        what: a sentence.
        on: the day.
        key: what a link needs, as the number of a task.
        is_late: the day is past.
    """

    kind: DueKind
    what: str
    on: date
    key: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that has a day, before anybody asked whether it is near."""

    kind: DueKind
    what: str
    on: date
    key: str = ""


def due(dated: Iterable[Dated], *, today: date) -> tuple[Due, ...]:
    """Return what is late or near, the earliest first.

    A token or an invitation that ended more than two weeks ago is nobody's work any more.
    """
    near = [
        Due(each.kind, each.what, each.on, each.key, each.on < today)
        for each in dated
        if each.on <= today + (REPORT_SOON if each.kind is DueKind.REPORT else SOON)
        and (each.kind not in _PASSES or each.on >= today - SOON)
    ]
    return tuple(sorted(near, key=lambda each: (each.on, each.kind, each.what)))


def dated_of_scope(
    scope: ScopeDocument, *, today: date, bridged: Mapping[str, date]
) -> Sequence[Dated]:
    """Return the days of the scope: the period's, and the ends of suppliers' reports.

    Args:
        scope: as it stands.
        today: what is over is named no more.
        bridged: last day of which a bridge letter speaks, by the supplier's name in lower case. It
            is no report, and covers no day; but the next report is asked for when it ends.

    A report that ends with our period or after it is no work; one that ended is, for as long as
    nobody put a newer one in its place.
    """
    found = []
    if scope.first and scope.first >= today:
        found.append(Dated(DueKind.PERIOD, "The period of the report begins.", scope.first))
    if scope.last and scope.last >= today:
        what = "The report is as of this day." if scope.type == 1 else "The period ends."
        found.append(Dated(DueKind.PERIOD, what, scope.last))
    for supplier in scope.subservices:
        report = supplier.report
        if report and (scope.last is None or report.last < scope.last):
            what = f"{supplier.name}: its {report.title} covers no later day. Ask for the next."
            until = max(report.last, bridged.get(supplier.name.casefold().strip(), report.last))
            if until > report.last:
                what = (
                    f"{supplier.name}: its {report.title} ends on {report.last}; a bridge letter,"
                    " which nobody audited, speaks until this day. Ask for the next report."
                )
            found.append(Dated(DueKind.REPORT, what, until))
    return found
