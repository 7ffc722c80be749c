"""What is to be noticed now, by every part, and what was."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.noticing.models import Look, Notice
from reperform.noticing.notice import VIEWED_WITH, Kind, Noticed, Topic
from reperform.noticing.queries import connections
from reperform.noticing.queries.drift import drift
from reperform.noticing.queries.ending import ending_things
from reperform.noticing.queries.holes import holes
from reperform.noticing.queries.late import late
from reperform.noticing.queries.overdue import overdue
from reperform.noticing.queries.webhooks import untold as untold_webhooks

Find = Callable[[Organization, datetime], Iterable[Noticed]]
EVERY = timedelta(hours=1)
"""How often everything is looked at; what a connection brings is looked at after each job."""
STATES = ("holds", "over")


@dataclass(frozen=True, slots=True)
class Watch:
    """One part that finds notices.

    Attributes:
        kinds: which it finds: what it does not find any more of these is over.
        find: finds them.
    """

    kinds: frozenset[Kind]
    find: Find


CONNECTIONS = Watch(connections.KINDS, connections.noticed_of_connections)
DRIFT = Watch(frozenset({Kind.DEVIATES, Kind.NOT_PASSED, Kind.UNEVIDENCED, Kind.BETTER}), drift)
WATCHES = (
    CONNECTIONS,
    Watch(frozenset({Kind.HOLE}), holes),
    DRIFT,
    Watch(frozenset({Kind.EXPIRING, Kind.EXPIRED}), ending_things),
    Watch(frozenset({Kind.OVERDUE}), overdue),
    Watch(frozenset({Kind.LATE}), late),
    Watch(frozenset({Kind.UNTOLD}), untold_webhooks),
)
"""Each kind belongs to one of them."""


def noticed(
    organization: Organization, *, at: datetime, watches: Sequence[Watch] = WATCHES
) -> list[Noticed]:
    """Return what is to be noticed now, the newest first."""
    found = [each for watch in watches for each in watch.find(organization, at)]
    return sorted(found, key=lambda each: (-each.since.timestamp(), each.kind, each.subject))


def notices(
    organization: Organization,
    *,
    topics: Collection[Topic] = tuple(Topic),
    kind: str = "",
    topic: str = "",
    state: str = "",
    words: str = "",
) -> QuerySet[Notice]:
    """Return what was noticed, the newest first.

    Args:
        organization: of whom.
        topics: that whoever asks may see.
        kind: of that kind only; any when empty.
        topic: of that topic only; any when empty.
        state: one of `STATES`; both when empty.
        words: each stands in subject, title or text.
    """
    found = Notice.objects.filter(organization=organization, topic__in=[*topics])
    if kind:
        found = found.filter(kind=kind)
    if topic:
        found = found.filter(topic=topic)
    if state in STATES:
        found = found.filter(over_at__isnull=state == "holds")
    for word in words.split():
        found = found.filter(
            Q(subject__icontains=word) | Q(title__icontains=word) | Q(text__icontains=word)
        )
    return found.select_related("owner__user").order_by("-number")


def topics_for(permissions: Collection[str]) -> tuple[Topic, ...]:
    """Return the topics that somebody with these permissions may see."""
    return tuple(topic for topic in Topic if VIEWED_WITH[topic] in permissions)


def holding_by_kind(found: QuerySet[Notice]) -> dict[Kind, int]:
    """Return how many notices of each kind hold, by kind; kinds of which none does are left out."""
    rows = found.filter(over_at=None).order_by().values_list("kind").annotate(Count("pk"))
    counts = dict(rows)
    return {kind: counts[kind.value] for kind in Kind if kind.value in counts}


def newest_look(organization: Organization) -> datetime | None:
    """Return when one last looked at everything; None when nobody ever did."""
    return Look.objects.filter(organization=organization).values_list("whole_at", flat=True).first()


def look_due(at: datetime, organization: Organization | None = None) -> Organization | None:
    """Return an organization that is to be looked at; None when there is none.

    Args:
        at: now.
        organization: that one only; None for all.
    """
    found = Organization.objects.filter(is_example=False)
    if organization:
        found = found.filter(pk=organization.pk)
    looks = Look.objects.filter(next_at__gt=at)
    return found.exclude(pk__in=looks.values("organization")).order_by("pk").first()


def as_noticed(row: Notice) -> Noticed:
    """Return a kept notice as the value that it was."""
    return Noticed(
        kind=Kind(row.kind),
        topic=Topic(row.topic),
        subject=row.subject,
        title=row.title,
        since=row.since,
        text=row.text,
        todo=row.todo,
        page=row.page,
        key=row.key,
        owner=row.owner_id,
    )
