"""The contract of a connector: what it declares before it asks anything.

Whoever reads a `Connector` knows what it asks, with which rights, what comes of it and what it
cannot see.  Importing one is cheap and has no effect: a client library is imported where it is
used.  docs/how-to/write-a-connector.md writes one from nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from reperform.connectors.answer import Answer, Kept, Question, Source
from reperform.connectors.settings import Access, Setting


class Reading(StrEnum):
    """How the collections of one stream follow each other."""

    SNAPSHOT = "snapshot"
    """Each says how everything is at its moment; the newest stands for all."""
    CURSOR = "cursor"
    """Each begins where the one before it ended; all of them together are the stream."""


class Grant(StrEnum):
    """Whether a source lets us do what a permission names."""

    GRANTED = "granted"
    DENIED = "denied"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Permission:
    """One right that a connector needs at the source, the least that will do.

    Attributes:
        name: as the source calls it, such as `iam:ListUsers`; programs compare it.
        why: what is read with it, in a few words.
        is_required: without it, nothing can be collected; else only some streams are refused.
    """

    name: str
    why: str
    is_required: bool = True


Cursor = Callable[[Mapping[str, str], Sequence[Kept]], str]
"""A question's parameters and its kept answers, all whole -> where the next one begins.

Pure.  Empty when there is nothing to go on from: the next question begins where this one did.
"""


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a connector.

    Attributes:
        source: how its answers become tables, what they cover, what it is blind to.
        needs: names of the connector's permissions that it needs.
        cursor: see `Cursor`; None for a snapshot.
    """

    source: Source
    needs: tuple[str, ...] = ()
    cursor: Cursor | None = None

    @property
    def name(self) -> str:
        """As `Source.stream`."""
        return self.source.stream

    @property
    def reading(self) -> Reading:
        """Whether it is a snapshot or moves a cursor."""
        return Reading.SNAPSHOT if self.cursor is None else Reading.CURSOR


@dataclass(frozen=True, slots=True)
class Asking:
    """When is asked, and from where.

    Attributes:
        at: now, in UTC.
        since: first day that is wanted where there is no cursor; None for all that there is.
        cursors: stream and target -> where the last whole collection of it ended.
    """

    at: datetime
    since: date | None = None
    cursors: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def cursor(self, stream: str, target: str) -> str:
        """Return where the question goes on; empty when it is the first."""
        return self.cursors.get((stream, target), "")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found of one permission; `said` is what the source answered, in its words."""

    permission: str
    grant: Grant
    said: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a cheap call showed.

    Attributes:
        reached: what was reached, and as whom, such as `account 123456789012 as role audit`.
        findings: of the connector's permissions; one that is left out is not known.
    """

    reached: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Connector:
    """One kind of source that evidence comes from.

    Attributes:
        name: of lower-case letters, digits and `-`; its streams are `NAME/...`, its tables
            `NAME.....` or populations.
        title: as people call the source.
        asks: what it asks, in one or two sentences.
        blind: what no stream of it can see, in one sentence; each stream says the rest.
        permissions: the least that it needs; empty when it needs no account.
        settings: what it must be told, in the order of the form.
        streams: what it fills.
        questions: what is asked, in order.  Nothing is asked before the first answer is taken.
            The questions of a stream that moves a cursor follow each other without a gap and
            without an overlap; a long time may be several of them, so that a crash costs one.
            No target, parameter or `Answer.asked` holds a secret.
        check: makes a cheap call, and changes nothing at the source.
            Raises NotCollectedError when the source is not reached.
        is_local: it looks at the machine that it runs on.
    """

    name: str
    title: str
    asks: str
    blind: str
    permissions: tuple[Permission, ...]
    settings: tuple[Setting, ...]
    streams: tuple[Stream, ...]
    questions: Callable[[Access, Asking], Sequence[Question]]
    check: Callable[[Access], Check]
    is_local: bool = False

    def stream(self, name: str) -> Stream:
        """Return the stream of that name.

        Raises:
            KeyError: it has none.
        """
        return {each.name: each for each in self.streams}[name]


def checked(connector: Connector, access: Access) -> Check:
    """Return the check with a finding for each permission, in their order, and no secret in it.

    Raises:
        NotCollectedError: the source is not reached.
    """
    found = connector.check(access)
    said = {each.permission: each for each in found.findings}
    findings = (
        said.get(each.name, Finding(each.name, Grant.UNKNOWN)) for each in connector.permissions
    )
    return Check(
        access.hide(found.reached),
        tuple(Finding(each.permission, each.grant, access.hide(each.said)) for each in findings),
    )


def looked(permission: str, *answers: Answer) -> Finding:
    """Return what trying to use a permission showed: denied when an answer was refused."""
    refused = [answer.refused for answer in answers if answer.refused]
    grant = Grant.DENIED if refused else Grant.GRANTED
    return Finding(permission, grant, "; ".join(refused))
