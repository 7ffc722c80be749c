"""Runs of a connection: whole, refused, partial, stopped; without holes and without doubles."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import duckdb
import pytest
from django.db import IntegrityError, transaction

import acme
from acme import SECRET, Acme
from reperform.accounts.models import Organization
from reperform.connectors import registry
from reperform.evidence.actions.connections import (
    change_connection,
    check_connection,
    make_connection,
    retire_connection,
)
from reperform.evidence.actions.running import run_connection
from reperform.evidence.blobs import sha256_of
from reperform.evidence.collection import Collection
from reperform.evidence.connection import ConnectionFields, ConnectionNotKeptError
from reperform.evidence.folders import RunGoesOnError, collection_folder, held
from reperform.evidence.models import CollectedTable, CollectionRecord, Connection, Run
from reperform.evidence.queries.access import (
    ConnectorMissingError,
    SecretLostError,
    access_of,
)
from reperform.evidence.queries.connections import connections, covers, cursors
from reperform.ledger.home import home
from reperform.ledger.models import Change
from reperform.ledger.queries import changes, shown

NOW = datetime(2026, 8, 2, 6, 0, tzinfo=UTC)
FIELDS = ConnectionFields("Acme of sales", {"account": "sales", "plan": "small"}, {"token": SECRET})


@pytest.fixture
def connection(larkspur: Organization, says: Acme) -> Connection:
    return make_connection(
        organization=larkspur, connector=acme.CONNECTOR, fields=FIELDS, by="test", at=NOW
    )


@pytest.fixture
def run(larkspur: Organization, connection: Connection) -> Callable[[], Run]:
    """Runs the connection; each look at the clock is a second later."""
    seconds = count()

    def ask() -> Run:
        return run_connection(
            organization=larkspur,
            number=connection.number,
            by="ada",
            clock=lambda: NOW + timedelta(seconds=next(seconds)),
        )

    return ask


def acts(organization: Organization) -> list[tuple[str, dict[str, object]]]:
    found = [shown(each) for each in changes(organization.log).order_by("leaf")]
    return [(each.act, dict(each.after)) for each in found]


def events(organization: Organization) -> list[int]:
    """Return what the table of events holds: of every collection that is evidence, in order."""
    found = []
    for row in CollectionRecord.objects.filter(stream="acme/events", is_used=True).order_by("pk"):
        folder = collection_folder(organization.log, row.stream, row.sequence)
        table = duckdb.from_parquet(str(folder.tables / "acme.events.parquet"))
        found += [number for number, *_ in table.fetchall()]
    return found


def test_a_run_keeps_every_answer_and_says_so_in_the_trail(
    larkspur: Organization, connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    """Started before anything is asked, ended with digests, counts and days."""
    says.events = [1, 2, 3]
    done = run()

    assert (done.outcome, done.reason, done.asked_by) == ("complete", "", "ada")
    assert [act for act, _ in acts(larkspur)][2:] == [
        "run.started",
        *("collection.started", "collection.ended") * 3,
        "run.ended",
    ]
    started, ended = (said for act, said in acts(larkspur)[-3:-1])
    assert (started["stream"], started["sequence"], started["parameters"]) == (
        "acme/events",
        2,
        {"from": "3"},
    )
    row = CollectionRecord.objects.get(stream="acme/events", sequence=2)
    folder = collection_folder(larkspur.log, "acme/events", 2)
    assert ended["record"] == row.record_sha256 == sha256_of(folder.blobs.path(row.record_sha256))
    assert ended["cursor"] == "4"
    with folder.blobs.open(row.record_sha256) as file:
        kept = Collection.from_record(json.load(file))
    assert kept.asked_by == "ada"
    with folder.blobs.open(kept.answers[0].blob) as file:
        assert file.read() == b"[3]"
    table = CollectedTable.objects.get(collection=row)
    assert table.rows == 1
    assert table.sha256 == sha256_of(folder.tables / "acme.events.parquet")
    assert (table.first_day, table.last_day) == (date(2026, 7, 1), NOW.date())
    assert events(larkspur) == [1, 2, 3]


def test_the_next_run_goes_on_where_the_last_one_ended(
    larkspur: Organization, connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    says.events = [1, 2, 3]
    run()
    says.events += [4, 5]
    run()
    run()

    assert events(larkspur) == [1, 2, 3, 4, 5]
    sequences = CollectionRecord.objects.filter(stream="acme/events").order_by("pk")
    assert list(sequences.values_list("sequence", "cursor_before", "cursor")) == [
        (1, "", "3"),
        (2, "3", "4"),
        (3, "4", "6"),
        (4, "6", ""),
    ]
    assert cursors(connection) == {("acme/events", "sales"): "6"}


def test_a_source_that_hangs_up_leaves_no_hole_and_no_double(
    larkspur: Organization, connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    """Its later questions are not asked: what they brought would hide the hole."""
    says.events, says.failure = [1, 2, 3, 4, 5], "it hung up"
    done = run()

    assert done.outcome == "partial"
    assert done.reason == "acme/events: it hung up [secret]"
    assert says.asked == ["accounts", "events from 1"]
    assert events(larkspur) == []
    says.failure = ""
    assert run().outcome == "complete"
    assert events(larkspur) == [1, 2, 3, 4, 5]


def test_what_is_denied_is_refused_with_the_words_of_the_source(
    connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    says.refused = f"403 no accounts:read for {SECRET}"
    done = run()

    assert done.outcome == "partial"
    assert "accounts: 403 no accounts:read for [secret]" in done.reason
    (days,) = covers(connection)["acme.accounts"]
    assert days.last is None
    assert "403" in days.missing


def test_answers_of_an_unknown_form_are_kept_and_vouch_for_nothing(
    larkspur: Organization, connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    """A changed schema is never read as an empty list."""
    says.events, says.body = [1], b'{"items": []'
    done = run()

    assert done.outcome == "refused"
    assert "not of the form that is known" in done.reason
    row = CollectionRecord.objects.get(stream="acme/events")
    assert (row.outcome, row.answers, row.is_used, row.cursor) == ("complete", 1, False, "")
    assert all(cover.last is None for each in covers(connection).values() for cover in each)
    says.body = None
    run()
    assert events(larkspur) == [1]


def test_a_value_that_is_not_of_its_columns_type_vouches_for_nothing(
    connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    says.events, says.body = [1], b'["many"]'
    done = run()
    assert done.outcome == "partial"
    assert "was not shaped" in done.reason or "not of the form" in done.reason


def test_a_plan_that_is_refused_refuses_the_run(
    larkspur: Organization, connection: Connection, run: Callable[[], Run]
) -> None:
    fields = ConnectionFields(FIELDS.title, {"account": "sales", "plan": "refused"})
    change_connection(organization=larkspur, number=1, fields=fields, seen=1, by="test", at=NOW)
    done = run()
    assert (done.outcome, done.reason.splitlines()[0]) == ("refused", "no plan [secret]")


def test_a_fault_of_a_connector_ends_the_run_as_abandoned(
    larkspur: Organization, connection: Connection, run: Callable[[], Run], says: Acme
) -> None:
    says.events, says.error = [1, 2], ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        run()

    (row,) = CollectionRecord.objects.filter(outcome="abandoned")
    assert (row.stream, row.is_used) == ("acme/events", False)
    assert not collection_folder(larkspur.log, row.stream, row.sequence).path.exists()
    done = Run.objects.get()
    assert (done.outcome, done.reason) == ("abandoned", "the program stopped: ZeroDivisionError")
    says.error = None
    run()
    assert events(larkspur) == [1, 2]
    numbers = CollectionRecord.objects.filter(stream="acme/events").order_by("pk")
    assert list(numbers.values_list("sequence", flat=True)) == [1, 2]


def test_a_connection_is_asked_once_at_a_time(
    larkspur: Organization, connection: Connection, run: Callable[[], Run]
) -> None:
    with held(larkspur.log, connection.number), pytest.raises(RunGoesOnError):
        run()
    assert Run.objects.count() == 0


def test_the_database_too_knows_one_open_run_only(
    connection: Connection,
) -> None:
    Run.objects.create(connection=connection, number=1, asked_by="a", started_at=NOW)
    with pytest.raises(IntegrityError, match=r"run_one_at_a_time|UNIQUE"), transaction.atomic():
        Run.objects.create(connection=connection, number=2, asked_by="a", started_at=NOW)


def test_a_check_names_permissions_and_what_the_source_said(
    larkspur: Organization, connection: Connection, says: Acme
) -> None:
    says.refused = "403"
    row = check_connection(organization=larkspur, number=1, by="ada", at=NOW)
    assert row.checked == {
        "reached": "acme as sales",
        "failure": "",
        "findings": [
            {"permission": "accounts:read", "grant": "denied", "said": "403 for [secret]"},
            {"permission": "events:read", "grant": "not known", "said": ""},
        ],
    }
    says.failure = "no route"
    row = check_connection(organization=larkspur, number=1, by="ada", at=NOW)
    assert (row.checked["reached"], row.checked["failure"]) == ("", "no route [secret]")


def test_a_retired_connection_forgets_its_secrets_and_is_not_asked(
    larkspur: Organization, connection: Connection, run: Callable[[], Run]
) -> None:
    run()
    row = retire_connection(
        organization=larkspur,
        number=1,
        reason="we left Acme",
        seen=1,
        on=NOW.date(),
        by="ada",
        at=NOW,
    )
    assert row.sealed_secrets == {}
    with pytest.raises(ConnectionNotKeptError, match="is retired"):
        run()
    assert [each.run.number for each in connections(larkspur) if each.run] == [1]


def test_a_connector_that_is_gone_is_said_to_be(
    larkspur: Organization,
    connection: Connection,
    run: Callable[[], Run],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda **_: [])
    registry.installed.cache_clear()
    with pytest.raises(ConnectorMissingError, match="connector acme"):
        run()


def test_secrets_are_sealed_for_one_organization_and_one_server(
    larkspur: Organization,
    connection: Connection,
    settings: object,
) -> None:
    assert access_of(connection).secret("token") == SECRET
    settings.SECRET_KEY = "another" * 8  # type: ignore[attr-defined]
    with pytest.raises(SecretLostError):
        access_of(connection)


def test_no_secret_is_in_the_database_the_trail_or_the_files(
    larkspur: Organization,
    connection: Connection,
    run: Callable[[], Run],
    says: Acme,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Asked well, refused, hung up, checked and changed: it is nowhere, but sealed."""
    says.events = [1, 2, 3]
    run()
    says.refused, says.failure = f"no, {SECRET}", f"hung up on {SECRET}"
    run()
    check_connection(organization=larkspur, number=1, by="ada", at=NOW)
    another = ConnectionFields("Acme", FIELDS.settings, {"token": SECRET, "key": f"A\n{SECRET}\nB"})
    change_connection(organization=larkspur, number=1, fields=another, seen=1, by="test", at=NOW)

    needle = SECRET.encode()
    for model in (Connection, Run, CollectionRecord, CollectedTable):
        for row in model.objects.values():
            assert needle not in repr(row).encode(), model
    for change in Change.objects.all():
        assert needle not in bytes(change.content)
    files = [path for path in (home() / "evidence" / larkspur.log).rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        assert needle not in path.read_bytes(), path
    assert SECRET not in caplog.text
    assert SECRET not in repr(another)
