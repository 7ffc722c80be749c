"""Which days of our period a vendor's reports cover, and which they do not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.period import Period
from reperform.program.vendors.reports import ReportFields, ReportKind

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of our period that no report covers.

    Attributes:
        days: first and last of them.
        is_bridged: a bridge letter speaks of them, which nobody audited.
    """

    days: Period
    is_bridged: bool

    def __str__(self) -> str:
        count = len(self.days)
        return f"{count} day{'' if count == 1 else 's'}, {self.days.first} to {self.days.last}"


def is_counted(report: ReportFields, period: Period) -> bool:
    """Return whether a report says of operation, or of the day of a Type 1, what ours needs.

    A period of more than one day needs a Type 2; a SOC 1 or SOC 3 describes no tests that reach
    our criteria.
    """
    return report.kind is ReportKind.SOC_2 and (report.type > 1 or len(period) == 1)


def find_gaps(reports: Iterable[ReportFields], period: Period) -> tuple[Gap, ...]:
    """Return the days of `period` that the reports leave open, in order.

    >>> report = ReportFields(ReportKind.SOC_2, 2, date(2025, 1, 1), date(2025, 6, 30),
    ...     bridge_last=date(2025, 7, 31))
    >>> [str(g) for g in find_gaps([report], Period(date(2025, 6, 1), date(2025, 8, 31)))]
    ['31 days, 2025-07-01 to 2025-07-31', '31 days, 2025-08-01 to 2025-08-31']
    """
    counted = [each for each in reports if is_counted(each, period)]
    covered = [(each.first, each.last) for each in counted]
    bridged = [(each.last + _DAY, each.bridge_last) for each in counted if each.bridge_last]
    found = []
    for hole in _holes(covered, period):
        open_ = list(_holes(bridged, hole))
        parts = [Gap(each, is_bridged=False) for each in open_]
        parts += [
            Gap(each, is_bridged=True)
            for each in _holes([(each.first, each.last) for each in open_], hole)
        ]
        found += parts
    return tuple(sorted(found, key=lambda each: each.days.first))


def _holes(spans: Sequence[tuple[date, date]], period: Period) -> Iterator[Period]:
    """Yield the parts of `period` that none of `spans` reaches."""
    following = period.first
    for first, last in sorted(spans):
        if last < following:
            continue
        if first > period.last:
            break
        if first > following:
            yield Period(following, first - _DAY)
        if last >= period.last:
            return
        following = last + _DAY
    if following <= period.last:
        yield Period(following, period.last)
