"""Whom to remind of what."""

from collections.abc import Iterator
from datetime import date

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role, may
from reperform.accounts.queries import members
from reperform.program.calendar.letter import Digest, Overdue, digest
from reperform.program.calendar.periods import current_period
from reperform.program.calendar.year import WindowState
from reperform.program.models import SentReminder
from reperform.program.queries import current_scope
from reperform.program.queries.occurrences import standings
from reperform.program.queries.work import work_of, worker_of


def digests(organization: Organization, *, today: date) -> Iterator[tuple[Membership, Digest]]:
    """Yield each member who does work here with what they are to be reminded of, by address."""
    people = members(organization).filter(is_active=True, user__is_active=True)
    everybody = list(people.select_related("user", "organization").order_by("user__email"))
    names = {each.pk: str(each.user) for each in everybody}
    overdue = list(_overdue(organization, today))
    for member in everybody:
        role = Role(member.role)
        if not may(role, "work.do"):
            continue
        others: list[Overdue] = []
        if role is Role.COMPLIANCE_MANAGER:
            others = [
                Overdue(code, title, due_on, names.get(owner or 0, ""))
                for code, title, due_on, owner in overdue
                if owner != member.pk
            ]
        items = work_of(worker_of(member, today=today))
        yield member, digest(items, others, today=today)


def _overdue(
    organization: Organization, today: date
) -> Iterator[tuple[str, str, date, int | None]]:
    period = current_period(current_scope(organization).document, today=today)
    for each in standings(organization, period, today=today):
        for window in each.standing.open:
            if window.state is WindowState.OVERDUE:
                control, slot = each.control, window.slot
                yield control.code, control.title, slot.due_on, slot.owner


def was_reminded(member: Membership, day: date) -> bool:
    """Return whether a letter to somebody was sent on a day, or is being sent."""
    return SentReminder.objects.filter(member=member, on=day).exists()
