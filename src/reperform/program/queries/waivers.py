"""Waivers: which there are, what each is today, and what an examination is told."""

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.program.models import Waiver
from reperform.program.waivers.fields import WaiverFields
from reperform.program.waivers.granted import Granted

SOON = timedelta(days=30)
"""How long before its last day a waiver is said to end soon."""


def waiver_rows(
    organization: Organization, *, today: date, asked: str = "", test: str = "", state: str = ""
) -> QuerySet[Waiver]:
    """Return waivers, the newest first.

    Args:
        organization: whose.
        today: the day that states are of.
        asked: words of their tests, reasons or items; empty for all.
        test: beginning of a test's id, such as `AC-01`; empty for all.
        state: one of `STATES`; empty for all.
    """
    rows = Waiver.objects.filter(organization=organization)
    for word in asked.split():
        fits = Q(test__icontains=word) | Q(reason__icontains=word) | Q(items__icontains=word)
        rows = rows.filter(fits)
    if test:
        rows = rows.filter(test__startswith=test)
    conditions = _conditions(today)
    if state in conditions:
        rows = rows.filter(conditions[state])
    return rows.order_by("-number")


def _conditions(today: date) -> dict[str, Q]:
    approved = Q(is_approved=True, withdrawn_on=None)
    return {
        "asked for": Q(is_approved=None),
        "in force": approved & Q(first__lte=today, last__gte=today),
        "not begun": approved & Q(first__gt=today),
        "expired": approved & Q(last__lt=today),
        "withdrawn": Q(withdrawn_on__isnull=False),
        "declined": Q(is_approved=False),
    }


STATES = tuple(_conditions(date.min))
"""What a waiver can be on a day; each is exactly one of them."""


def state_of_waiver(row: Waiver, today: date) -> str:
    """Return which of `STATES` a waiver is on a day."""
    if row.is_approved is None:
        return "asked for"
    if not row.is_approved:
        return "declined"
    if row.withdrawn_on:
        return "withdrawn"
    if row.last < today:
        return "expired"
    return "not begun" if row.first > today else "in force"


def waiver_counts(organization: Organization, today: date) -> dict[str, int]:
    """Return how many are in each state, as in `in_force`, and how many of these end soon."""
    conditions = _conditions(today)
    conditions["ending soon"] = conditions["in force"] & Q(last__lte=today + SOON)
    rows = Waiver.objects.filter(organization=organization)
    counted = {name.replace(" ", "_"): Count("pk", filter=it) for name, it in conditions.items()}
    return rows.aggregate(**counted)


def waiver_row(organization: Organization, number: int) -> Waiver | None:
    """Return a waiver of an organization; None when it has none of that number."""
    rows = Waiver.objects.filter(organization=organization, number=number)
    return rows.select_related("asker").first()


def waiver_fields(row: Waiver) -> WaiverFields:
    """Return what a waiver asks for."""
    said = {name: getattr(row, name) for name in WaiverFields.__slots__}
    return WaiverFields(**{**said, "items": tuple(row.items)})


def granted(organization: Organization) -> tuple[Granted, ...]:
    """Return every waiver that was ever approved, by number: of which days, examinations judge."""
    rows = Waiver.objects.filter(organization=organization, is_approved=True)
    return tuple(_granted(row) for row in rows.order_by("number"))


def _granted(row: Waiver) -> Granted:
    return Granted(
        number=row.number,
        test=row.test,
        test_sha256=row.test_sha256,
        items=tuple(row.items),
        reason=row.reason,
        compensating_control=row.compensating_control,
        compensating=row.compensating,
        first=row.first,
        last=row.last,
        asked_by=row.asked_by,
        asked_on=row.asked_at.date(),
        approved_by=row.decided_by,
        approved_on=row.decided_at.date() if row.decided_at else row.asked_at.date(),
        withdrawn_on=row.withdrawn_on,
        withdrawn_by=row.withdrawn_by,
        withdrawn_because=row.withdrawn_because,
    )
