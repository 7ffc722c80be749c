"""Incidents with what belongs to them."""

from datetime import datetime, timedelta

from django.db.models import Max

from reperform.accounts.models import Membership, Organization
from reperform.program.models import (
    Incident,
    IncidentDuty,
    IncidentEntry,
    NoIncidents,
    NotificationTerm,
)

_STATES = ("reported", "confirmed", "contained", "resolved", "closed", "false alarm")


def grow_incidents(
    organization: Organization, members: list[Membership], count: int, at: datetime
) -> None:
    """Add incidents until there are `count`, each with entries and decided notices."""
    rows = Incident.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    made = [
        _incident(organization, members[number % len(members)], number, at)
        for number in range(there + 1, count + 1)
    ]
    Incident.objects.bulk_create(made, batch_size=1_000)
    made = list(rows.filter(number__gt=there))
    IncidentEntry.objects.bulk_create(
        (
            IncidentEntry(
                incident=each, number=n, happened_at=at, said=f"Step {n}.", by="test", at=at
            )
            for each in made
            for n in (1, 2)
        ),
        batch_size=1_000,
    )
    IncidentDuty.objects.bulk_create(
        (
            IncidentDuty(
                incident=each,
                duty="gdpr-33",
                title="Authority",
                hours=72,
                applies=each.number % 5 == 0,
                reason="grown",
                due_at=at if each.number % 5 == 0 else None,
                changed_by="test",
                changed_at=at,
            )
            for each in made
        ),
        batch_size=1_000,
    )
    _terms(organization, at)


def _incident(
    organization: Organization, member: Membership, number: int, at: datetime
) -> Incident:
    state = _STATES[number % len(_STATES)]
    began = at - timedelta(hours=7 * (number % 1500), minutes=number)
    return Incident(
        organization=organization,
        number=number,
        title=f"Incident {number}: something went wrong",
        what="grown " * 20,
        kind="other",
        severity=("sev1", "sev2", "sev3", "sev4", "")[number % 5],
        severity_version=1,
        state=state,
        is_exercise=number % 50 == 0,
        reason="grown" if state == "false alarm" else "",
        on=began.date(),
        began_at=began,
        noticed_at=began,
        reported_at=began,
        closed_at=at if state in ("closed", "false alarm") else None,
        handler=member,
        reporter=member,
        is_reportable=False if number % 50 == 0 else (None, False, True)[number % 3],
        changed_by="test",
        changed_at=at,
    )


def _terms(organization: Organization, at: datetime) -> None:
    for number in (1, 2):
        NotificationTerm.objects.get_or_create(
            organization=organization,
            number=number,
            defaults={"title": f"Contract {number}", "changed_by": "test", "changed_at": at},
        )
    NoIncidents.objects.get_or_create(
        organization=organization,
        number=1,
        defaults={
            "first_day": at.date(),
            "last_day": at.date(),
            "basis": "grown",
            "by": "test",
            "at": at,
        },
    )
