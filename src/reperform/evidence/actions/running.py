"""Asking a connection everything, from its first question to its last.

Each step is an action of its own, so that a crash leaves what was acknowledged and nothing else:
a cursor moves with the collection that it belongs to, and what had only begun is found, recorded
as abandoned and asked again from where it began.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.connectors.answer import NotCollectedError, Question
from reperform.connectors.contract import Asking, Connector
from reperform.connectors.settings import SLUG, Access
from reperform.evidence.actions.collections import begin_collection, end_collection
from reperform.evidence.actions.runs import abandon_open, begin_run, end_run
from reperform.evidence.blobs import Blob
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.discreet import discreet, without_secrets
from reperform.evidence.folders import collection_folder, held
from reperform.evidence.followed import Followed, follow
from reperform.evidence.models import CollectionRecord, Connection, Run
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.queries.access import access_of, connector_of
from reperform.evidence.queries.connections import cursors

Clock = Callable[[], datetime]


@dataclass(slots=True)
class _Journal:
    """One collection's place in the ledger, which was begun already."""

    row: CollectionRecord
    ended: tuple[Collection, Blob] | None = field(default=None)

    def start(self, _: Question) -> int:
        return self.row.sequence

    def end(self, collection: Collection, record: Blob) -> None:
        self.ended = (collection, record)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one run works with."""

    connector: Connector
    access: Access
    run: Run
    by: str
    clock: Clock


def run_connection(*, organization: Organization, number: int, by: str, clock: Clock) -> Run:
    """Ask a connection everything that its connector asks, and keep what comes back.

    A run that was stopped before is recorded as abandoned first, and asked again from where its
    last whole collections ended: without holes, and without doubles.

    Args:
        organization: whose source it is.
        number: of the connection, which exists.
        by: who asks.
        clock: gives the time in UTC.

    Raises:
        RunGoesOnError: it is being asked already.
        ConnectionNotKeptError: it is retired, or would read what is not open to it.
        ConnectorMissingError: its connector is not installed any more.
        SecretLostError: its secrets cannot be opened any more.
        OSError: what came back could not be kept, for example because the disk is full.
    """
    connection = Connection.objects.select_related("organization").get(
        organization=organization, number=number
    )
    with held(organization.log, number):
        abandon(connection, by=by, at=clock())
        connection.refresh_from_db()
        if connection.retired_on:
            what = Problem("connection", f"{number} is retired", "make another one", SLUG)
            raise ConnectionNotKeptError([what])
        connector, access = connector_of(connection), access_of(connection)
        run = begin_run(connection=connection, by=by, at=clock())
        turn = _Turn(connector, access, run, by, clock)
        try:
            outcome, reason = _ask_all(turn)
        except BaseException as error:
            # What went wrong is for whoever called; the trail says that it ended here.
            why = f"the program stopped: {type(error).__name__}"
            abandon(connection, reason=why, by=by, at=clock())
            raise
        return end_run(run=run, outcome=outcome, reason=reason, by=by, at=clock())


def abandon(connection: Connection, *, reason: str = "", by: str, at: datetime) -> None:
    """Record that an open run of a connection was stopped, and remove what it had only begun.

    The caller holds the connection.
    """
    said = {"reason": reason} if reason else {}
    for row in abandon_open(connection=connection, by=by, at=at, **said):
        folder = collection_folder(connection.organization.log, row.stream, row.sequence)
        shutil.rmtree(folder.path, ignore_errors=True)


def _ask_all(turn: _Turn) -> tuple[RunOutcome, str]:
    """Ask every question, and return how that ended."""
    connection = turn.run.connection
    known = cursors(connection)
    asking = Asking(turn.run.started_at, connection.since, known)
    try:
        questions = turn.connector.questions(turn.access, asking)
    except NotCollectedError as error:
        return RunOutcome.REFUSED, str(without_secrets(error, turn.access))
    done: list[Followed] = []
    stopped: set[tuple[str, str]] = set()
    for question in questions:
        place = (question.stream, question.target)
        if place in stopped:
            continue  # the one before it left a hole: whatever comes after would hide that
        cursor = known.get(place, "")
        followed = _ask(turn, discreet(question, turn.access), cursor)
        done.append(followed)
        if followed.cursor:
            known[place] = followed.cursor
        if turn.connector.stream(question.stream).cursor and not followed.is_used:
            stopped.add(place)
    return _judged(done)


def _ask(turn: _Turn, question: Question, cursor: str) -> Followed:
    row = begin_collection(
        run=turn.run, question=question, cursor=cursor, by=turn.by, at=turn.clock()
    )
    folder = collection_folder(row.organization.log, row.stream, row.sequence)
    # Of an installation that was put back to an earlier state: nothing names these bytes.
    shutil.rmtree(folder.path, ignore_errors=True)
    folder.path.mkdir(parents=True)
    journal = _Journal(row)
    collection, kept = collect(
        question, store=folder.blobs, journal=journal, clock=turn.clock, asked_by=turn.by
    )
    stream = turn.connector.stream(question.stream)
    followed = follow(stream, collection, folder, cursor)
    end_collection(row=row, followed=followed, kept=kept, by=turn.by, at=turn.clock())
    return followed


def _judged(done: Sequence[Followed]) -> tuple[RunOutcome, str]:
    if not done:
        return RunOutcome.REFUSED, "the connector had nothing to ask"
    reasons = [
        f"{each.collection.stream}: {each.reason.splitlines()[0]}" for each in done if each.reason
    ]
    if all(each.is_used for each in done) and not reasons:
        return RunOutcome.COMPLETE, ""
    used = any(each.is_used for each in done)
    return RunOutcome.PARTIAL if used else RunOutcome.REFUSED, "\n".join(reasons)
