"""What the program relies on and what ends soon, or has ended."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.accounts.models import Organization
from reperform.evidence.models import ManualEvidence
from reperform.noticing.notice import SOON, Noticed, Topic, ending, ending_since
from reperform.noticing.queries.tables import newest_rows
from reperform.program.models import Policy, Vendor
from reperform.program.queries import current_scope
from reperform.program.vendors.policy import vendor_policy

_YEAR = timedelta(days=365)
_CERTIFICATES = """
SELECT endpoint, max(not_after) AS ends FROM newest
WHERE not_after < $before GROUP BY endpoint ORDER BY endpoint
"""


def ending_things(organization: Organization, at: datetime) -> Iterator[Noticed]:
    """Yield what ends within thirty days, and what has ended; in six queries."""
    yield from _policies(organization, at.date())
    yield from _reports(organization, at.date())
    yield from _manual(organization, at.date())
    yield from _certificates(organization, at)


def _ends(day: date | None, today: date, **said: Any) -> Iterator[Noticed]:  # noqa: ANN401 - of a notice
    kind = ending(day, today=today) if day else None
    if day and kind:
        yield Noticed(kind=kind, since=ending_since(day, kind), **said)


def _policies(organization: Organization, today: date) -> Iterator[Noticed]:
    rows = Policy.objects.filter(
        organization=organization, retired_on=None, review_due__lte=today + SOON
    )
    for key, title, due, owner in rows.order_by("key").values_list(
        "key", "title", "review_due", "owner"
    ):
        yield from _ends(
            due,
            today,
            topic=Topic.POLICIES,
            subject=f"Policy {key}"[:120],
            title=title,
            text=f"its review is in time until {due}",
            todo="review it, and say what was found, even when nothing changes",
            page="policy",
            key=key,
            owner=owner,
        )


def _reports(organization: Organization, today: date) -> Iterator[Noticed]:
    """Yield reports that end: of vendors of whom one is expected, a year after its last day.

    The next report of a yearly cycle ends then; a bridge letter is management's own word.
    """
    rows = Vendor.objects.filter(
        organization=organization,
        ended_on=None,
        criticality__in=vendor_policy().with_report,
        report_last__lte=today + SOON - _YEAR,
    )
    for number, name, last, owner in rows.order_by("number").values_list(
        "number", "name", "report_last", "owner"
    ):
        assert last  # noqa: S101 - the filter sees to it
        yield from _ends(
            last + _YEAR,
            today,
            topic=Topic.VENDORS,
            subject=f"VEN-{number} report",
            title=name,
            text=f"its newest report covers no day after {last}, and the next year ends on"
            f" {last + _YEAR}",
            todo="ask for its next report, read it, and enter it; until then for a bridge letter",
            page="vendor",
            key=str(number),
            owner=owner,
        )


def _manual(organization: Organization, today: date) -> Iterator[Noticed]:
    """Yield evidence of several days that ends while the scope's period goes on.

    Later evidence of the same control, table and request ends it; so does the end of the period.
    """
    period = current_scope(organization).document.period
    if period is None or period.last < today:
        return
    rows = ManualEvidence.objects.filter(organization=organization, withdrawn_on=None)
    newest: dict[tuple[str, str, str], tuple[date, date, int, str]] = {}
    for control, table, request, first, last, number, title in rows.order_by(
        "last", "number"
    ).values_list("control", "table", "request", "first", "last", "number", "title"):
        newest[(control, table, request)] = (first, last, number, title)
    for (control, table, request), (first, last, number, title) in newest.items():
        if first < last < period.last:
            of = control or table or request
            yield from _ends(
                last,
                today,
                topic=Topic.EVIDENCE,
                subject=f"EV-{number}",
                title=title,
                text=f"it is evidence of {of} until {last}, and the period goes on to"
                f" {period.last}",
                todo="bring evidence of the days that follow",
                page="manual_evidence",
                key=str(number),
            )


def _certificates(organization: Organization, at: datetime) -> Iterator[Noticed]:
    found = newest_rows(
        organization, "tls.endpoints", _CERTIFICATES, before=(at + SOON).replace(tzinfo=None)
    )
    for (number, _), rows in found:
        for endpoint, ends in rows:
            day = ends.replace(tzinfo=UTC).date()
            yield from _ends(
                day,
                at.date(),
                topic=Topic.CONNECTIONS,
                subject=f"CON-{number} {endpoint}"[:120],
                title=f"Certificate of {endpoint}"[:300],
                text=f"its certificate is valid until {day}, as the newest handshake shows",
                todo="renew it; the next collection sees the new one",
                page="connection",
                key=str(number),
            )
