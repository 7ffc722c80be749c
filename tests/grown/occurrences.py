"""What was said of the controls' times, and plans, over three years."""

from datetime import datetime, timedelta

from django.db.models import Max

from reperform.accounts.models import Organization
from reperform.program.models import AdoptedControl, ControlPlan, OccurrenceEntry

_BATCH = 2_000
_DAYS = 1_000


def grow_occurrences(organization: Organization, count: int, at: datetime) -> None:
    """Add entries until there are `count`, spread over the periodic controls and their days."""
    rows = OccurrenceEntry.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    controls = list(
        AdoptedControl.objects.filter(organization=organization)
        .exclude(kind="automated")
        .exclude(frequency__in=["continuous", "per event"])
        .exclude(owner=None)
        .select_related("owner")
        .order_by("code")
    )
    OccurrenceEntry.objects.bulk_create(
        (
            OccurrenceEntry(
                organization=organization,
                number=number,
                control=control,
                kind="done" if number % 50 else "not done",
                on=on,
                done_by=control.owner,
                note=f"Done as every time, {number}.",
                by="test",
                at=at,
            )
            for number in range(there + 1, count + 1)
            for control in [controls[number % len(controls)]]
            for on in [at.date() - timedelta(days=number // len(controls) * 3 % _DAYS)]
        ),
        batch_size=_BATCH,
    )
    _plans(organization, controls[: count // 10], at)


def _plans(organization: Organization, controls: list[AdoptedControl], at: datetime) -> None:
    there = ControlPlan.objects.filter(organization=organization).count()
    ControlPlan.objects.bulk_create(
        ControlPlan(
            organization=organization,
            number=number,
            control=control,
            effective_on=control.adopted_on,
            frequency=control.frequency,
            grace_days=3,
            by="test",
            at=at,
        )
        for number, control in enumerate(controls, 1)
        if number > there
    )
