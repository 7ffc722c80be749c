"""The acts on what is noticed at connections."""

from collections.abc import Callable
from datetime import timedelta

from api.acts import AT, BY, EARLIER, Case, Place
from api.acts_connections import made
from reperform.accounts.permissions import Role
from reperform.evidence.actions import notices
from reperform.evidence.models import Connection, Notice

Act = Callable[[], object]


def silent(place: Place) -> None:
    row = made(place)
    Connection.objects.filter(pk=row.pk).update(changed_at=AT - timedelta(days=40))


def keep(place: Place) -> Act:
    silent(place)
    return lambda: notices.keep_notices(organization=place.organization, by=BY, at=AT)


def tell(place: Place) -> Act:
    silent(place)
    notices.keep_notices(organization=place.organization, by="test", at=EARLIER)
    member, found = place.member(Role.COMPLIANCE_MANAGER), list(Notice.objects.all())
    notices.claim_notices(member=member, notices=found)
    return lambda: notices.keep_told(member=member, notices=found, by=BY, at=AT)


CASES: dict[str, Case] = {
    "evidence.actions.notices.keep_notices": Case(
        keep,
        ("notices.kept",),
        after={"new": ["CON-1 silent: no run of it was ever complete"], "over": []},
    ),
    "evidence.actions.notices.keep_told": Case(tell, ("notices.told",), after={"notices": 1}),
}
NO_ACTS: dict[str, str] = {
    "evidence.actions.notices.claim_notices": "before a letter is sent; nothing happened yet",
    "evidence.actions.notices.release_notices": "a letter was not sent; nothing happened",
}
