"""The acts on connections, their runs and what they bring."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.audit.populations import Phase, PopulationFact
from reperform.base.period import Period
from reperform.connectors import tls
from reperform.connectors.answer import Question
from reperform.evidence.actions import collections, connections, runs
from reperform.evidence.actions.running import run_connection
from reperform.evidence.blobs import Blob
from reperform.evidence.collection import Collection, CollectionOutcome
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.followed import Followed
from reperform.evidence.models import CollectionRecord, Connection, Run
from reperform.evidence.outcome import RunOutcome
from reperform.report.actions import freezing

Act = Callable[[], object]
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
NOTHING = ConnectionFields("Our endpoints", {"endpoints": []})
"""A connection that asks nobody, so that no test waits for a network."""
QUESTION = Question("tls/endpoint", "app.example:443", lambda: iter(()))


def made(place: Place) -> Connection:
    return connections.make_connection(
        organization=place.organization,
        connector=tls.CONNECTOR,
        fields=NOTHING,
        by="test",
        at=EARLIER,
    )


def begun(place: Place) -> Run:
    return runs.begin_run(connection=made(place), by="test", at=EARLIER)


def asked(place: Place) -> CollectionRecord:
    return collections.begin_collection(
        run=begun(place), question=QUESTION, cursor="", by="test", at=EARLIER
    )


def make(place: Place) -> Act:
    return lambda: connections.make_connection(
        organization=place.organization, connector=tls.CONNECTOR, fields=NOTHING, by=BY, at=AT
    )


def change(place: Place) -> Act:
    made(place)
    fields = replace(NOTHING, title="Endpoints")
    return lambda: connections.change_connection(
        organization=place.organization, number=1, fields=fields, seen=1, by=BY, at=AT
    )


def retire(place: Place) -> Act:
    made(place)
    return lambda: connections.retire_connection(
        organization=place.organization,
        number=1,
        reason="closed",
        seen=1,
        on=AT.date(),
        by=BY,
        at=AT,
    )


def check(place: Place) -> Act:
    made(place)
    return lambda: connections.check_connection(
        organization=place.organization, number=1, by=BY, at=AT
    )


def begin(place: Place) -> Act:
    row = made(place)
    return lambda: runs.begin_run(connection=row, by=BY, at=AT)


def end(place: Place) -> Act:
    run = begun(place)
    return lambda: runs.end_run(run=run, outcome=RunOutcome.COMPLETE, reason="", by=BY, at=AT)


def abandon(place: Place) -> Act:
    row = asked(place)
    return lambda: runs.abandon_open(connection=row.connection, by=BY, at=AT)


def ask(place: Place) -> Act:
    run = begun(place)
    return lambda: collections.begin_collection(
        run=run, question=QUESTION, cursor="7", by=BY, at=AT
    )


def answered(place: Place) -> Act:
    row = asked(place)
    collection = Collection(
        *("tls/endpoint", 1, "app.example:443", {}, BY, EARLIER, AT),
        CollectionOutcome.REFUSED,
        "nobody answers",
        (),
    )
    followed = Followed(collection, {}, {}, "", is_used=False, reason="nobody answers")
    return lambda: collections.end_collection(
        row=row, followed=followed, kept=Blob("0" * 64, 1), by=BY, at=AT
    )


def collect(place: Place) -> Act:
    made(place)
    return lambda: run_connection(
        organization=place.organization, number=1, by=BY, clock=lambda: AT
    )


def freeze(place: Place) -> Act:
    fact = PopulationFact(
        *("population.changes", 2, "0" * 64, Phase.FINAL, ""),
        collected_at=EARLIER,
        sources=("github/changes larkspur",),
        frozen=None,
    )
    return lambda: freezing.freeze_populations(
        organization=place.organization,
        period=JUNE,
        populations=[fact],
        examination=1,
        by=BY,
        at=AT,
    )


def release(place: Place) -> Act:
    freeze(place)()
    return lambda: freezing.release_population(
        organization=place.organization,
        table="population.changes",
        period=JUNE,
        reason="two came late",
        by=BY,
        at=AT,
    )


CASES: dict[str, Case] = {
    "report.actions.freezing.freeze_populations": Case(
        freeze, ("populations.frozen",), after={"period": "2026-06-01..2026-06-30"}
    ),
    "report.actions.freezing.release_population": Case(
        release,
        ("population.released",),
        before={"rows": 2, "sha256": "0" * 64},
        after={"table": "population.changes", "reason": "two came late"},
    ),
    "evidence.actions.connections.make_connection": Case(
        make,
        ("connection.made",),
        after={"connector": "tls", "title": "Our endpoints", "settings.endpoints": []},
    ),
    "evidence.actions.connections.change_connection": Case(
        change,
        ("connection.changed",),
        before={"title": "Our endpoints"},
        after={"title": "Endpoints"},
    ),
    "evidence.actions.connections.retire_connection": Case(
        retire,
        ("connection.retired",),
        before={"retired_on": None},
        after={"retired_on": "2026-08-01", "reason": "closed"},
    ),
    "evidence.actions.connections.check_connection": Case(
        check,
        ("connection.checked",),
        after={"failure": ""},
        again="each look is one of its own",
    ),
    "evidence.actions.runs.begin_run": Case(begin, ("run.started",), after={"run": 1}),
    "evidence.actions.runs.end_run": Case(
        end, ("run.ended",), after={"run": 1, "outcome": "complete"}
    ),
    "evidence.actions.runs.abandon_open": Case(
        abandon,
        ("collection.abandoned", "run.abandoned"),
        after={"stream": "tls/endpoint", "sequence": 1},
    ),
    "evidence.actions.collections.begin_collection": Case(
        ask,
        ("collection.started",),
        after={"stream": "tls/endpoint", "sequence": 1, "target": "app.example:443"},
        again="each question is one of its own",
    ),
    "evidence.actions.collections.end_collection": Case(
        answered,
        ("collection.ended",),
        after={"outcome": "refused", "reason": "nobody answers", "record": "0" * 64},
    ),
    "evidence.actions.running.run_connection": Case(
        collect,
        ("run.started", "run.ended"),
        again="each run is one of its own",
    ),
}
NO_ACTS: dict[str, str] = {
    "report.actions.freezing.closing_of": "a look",
    "report.actions.examining.examine_connections": (
        "its four entries, one a step, are read in tests/web/test_examining.py: a whole examination"
        " takes seconds, and here it would be two"
    ),
    "evidence.actions.running.abandon": "abandon_open, which records it, and the files' end",
}
