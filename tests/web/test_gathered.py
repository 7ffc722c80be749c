"""What connections brought becomes the tables that tests of controls read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

import acme
from acme import SECRET, Acme
from outside import YEAR, fast_import
from reperform.accounts.models import Organization
from reperform.audit.examine import Inputs, examine
from reperform.base.period import Period
from reperform.catalog.library import library_folder, load_catalog
from reperform.connectors import git, registry
from reperform.evidence.actions.connections import make_connection, retire_connection
from reperform.evidence.actions.running import run_connection
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.gathering import Gathered
from reperform.evidence.lacking import Lacking, in_use
from reperform.evidence.queries.access import ConnectorMissingError
from reperform.evidence.queries.gathered import gathered
from reperform.evidence.shape import ShapedTable, shape
from reperform.evidence.sources import SOURCES
from reperform.program.scope import Scope
from reperform.program.statement import Statement
from reperform.testing.coverage import gaps
from reperform.testing.outcome import Conclusion
from reperform.testing.procedure import load_procedures

NOON = datetime(2026, 8, 2, 12, 0, tzinfo=UTC)
PERIOD = Period(date(2026, 7, 1), date(2026, 8, 31))
FIELDS = ConnectionFields("Acme", {"account": "sales", "plan": "small"}, {"token": SECRET})


@pytest.fixture
def collect(larkspur: Organization, says: Acme) -> Callable[[int], None]:
    """Runs Acme's connection so many days after the first time."""
    make_connection(
        organization=larkspur, connector=acme.CONNECTOR, fields=FIELDS, by="test", at=NOON
    )

    def run(days: int) -> None:
        at = NOON + timedelta(days=days)
        run_connection(organization=larkspur, number=1, by="ada", clock=lambda: at)

    return run


def shaped(found: Gathered, folder: Path) -> dict[str, ShapedTable]:
    sources = {**SOURCES, "acme/events": acme.EVENTS, "acme/accounts": acme.ACCOUNTS}
    collections = [collection for collection, _ in found.collections]
    return shape(sources, collections, store=found, folder=folder, lacking=found.lacking)


def rows(table: ShapedTable) -> list[object]:
    return [row[0] for row in duckdb.from_parquet(str(table.path)).fetchall()]


def test_events_of_every_run_count_once_and_of_a_snapshot_the_newest(
    larkspur: Organization, collect: Callable[[int], None], says: Acme, tmp_path: Path
) -> None:
    says.events = [1, 2, 3]
    collect(0)
    says.failure = "it hung up"
    says.events += [4]
    collect(1)
    says.failure, says.accounts = "", ["ana", "ben"]
    collect(2)

    tables = shaped(gathered(larkspur, PERIOD), tmp_path)

    assert rows(tables["acme.events"]) == [1, 2, 3, 4]
    assert rows(tables["acme.accounts"]) == ["ana", "ben"]
    assert tables["acme.events"].refused == tables["acme.events"].partly == ""


def test_a_snapshot_of_another_time_says_nothing_of_the_period(
    larkspur: Organization, collect: Callable[[int], None], says: Acme, tmp_path: Path
) -> None:
    """That of after the period does not take the place of the last one in it."""
    collect(0)
    says.accounts = ["later"]
    collect(60)

    tables = shaped(gathered(larkspur, PERIOD), tmp_path)

    assert rows(tables["acme.accounts"]) == ["ana"]


def test_what_was_only_refused_says_why(
    larkspur: Organization, collect: Callable[[int], None], says: Acme, tmp_path: Path
) -> None:
    says.refused = "403 no accounts:read"
    collect(0)

    tables = shaped(gathered(larkspur, PERIOD), tmp_path)

    assert rows(tables["acme.accounts"]) == []
    assert "403 no accounts:read" in tables["acme.accounts"].refused


def test_evidence_of_a_connector_that_is_gone_is_not_left_out_in_silence(
    larkspur: Organization, collect: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its rows a table that others fill too would look whole."""
    collect(0)
    monkeypatch.setattr(registry, "entry_points", lambda **_: [])
    registry.installed.cache_clear()

    with pytest.raises(ConnectorMissingError, match="acme"):
        gathered(larkspur, PERIOD)


def test_a_connection_that_was_never_collected_leaves_no_table_whole(
    larkspur: Organization, collect: Callable[[int], None], tmp_path: Path
) -> None:
    """Its tables may be filled by another connection: they lack every day of it."""
    collect(0)
    make_connection(
        organization=larkspur,
        connector=acme.CONNECTOR,
        fields=ConnectionFields("Second", {"account": "shop", "plan": "small"}, {"token": SECRET}),
        by="test",
        at=NOON,
    )
    found = gathered(larkspur, PERIOD)
    assert [(each.connection, each.stream) for each in found.lacking] == [
        (2, "acme/accounts"),
        (2, "acme/events"),
    ]

    table = shaped(found, tmp_path)["acme.accounts"]

    assert rows(table) == ["ana"]
    assert table.partly == "CON-2 Second: never collected"
    (gap, *_) = gaps(table.spec.name, Period(NOON.date(), NOON.date()), table.covers)
    assert gap.reason == "acme/accounts of CON-2: CON-2 Second: never collected"


def test_a_connection_alone_that_was_never_collected_leaves_its_tables_refused(
    larkspur: Organization, collect: Callable[[int], None], tmp_path: Path
) -> None:
    table = shaped(gathered(larkspur, PERIOD), tmp_path)["acme.accounts"]
    assert (table.rows, table.refused) == (0, "CON-1 Acme: never collected")


def test_one_stream_that_says_nothing_of_the_period_is_lacking(
    larkspur: Organization, collect: Callable[[int], None], says: Acme, tmp_path: Path
) -> None:
    """Answers in a form that nobody knows, and a snapshot of a day outside the period."""
    says.body = b"{"
    collect(0)
    (accounts, events) = gathered(larkspur, PERIOD).lacking
    assert "not of the form that is known" in accounts.reason
    assert (accounts.target, events.target) == ("sales", "sales")
    says.body = None
    collect(60)

    found = gathered(larkspur, PERIOD)

    assert [(each.stream, each.reason) for each in found.lacking] == [
        ("acme/accounts", "CON-1 Acme: what it brought says nothing of these days")
    ]
    assert shaped(found, tmp_path)["acme.accounts"].refused


def retire(organization: Organization, on: date) -> None:
    retire_connection(
        organization=organization,
        number=1,
        reason="made twice",
        seen=1,
        on=on,
        by="test",
        at=NOON,
    )


def test_a_connection_retired_without_ever_being_collected_is_said_with_what_it_would_have_filled(
    larkspur: Organization, collect: Callable[[int], None], tmp_path: Path
) -> None:
    """It makes no table less whole: whoever retired it says that there is nothing to be seen."""
    retire(larkspur, NOON.date())
    found = gathered(larkspur, PERIOD)
    assert [(each.stream, each.retired_on, each.tables) for each in found.lacking] == [
        ("acme/accounts", "2026-08-02", ("acme.accounts",)),
        ("acme/events", "2026-08-02", ("acme.events",)),
    ]
    assert found.lacking[0].reason == (
        "CON-1 Acme: never collected; retired on 2026-08-02: made twice"
    )
    assert Lacking.from_record(found.lacking[0].as_record()) == found.lacking[0]
    assert in_use(found.lacking) == ()


def test_a_connection_retired_before_the_period_has_nothing_to_do_with_it(
    larkspur: Organization, collect: Callable[[int], None]
) -> None:
    retire(larkspur, PERIOD.first - timedelta(days=1))
    assert gathered(larkspur, PERIOD).lacking == ()


def test_a_retired_connection_that_brought_its_part_is_not_said(
    larkspur: Organization, collect: Callable[[int], None], says: Acme
) -> None:
    """Of what brought nothing of the period, it is said."""
    collect(60)
    retire(larkspur, NOON.date() + timedelta(days=61))
    found = gathered(larkspur, PERIOD)
    assert [(each.stream, each.reason.split("; ")[0]) for each in found.lacking] == [
        ("acme/accounts", "CON-1 Acme: what it brought says nothing of these days")
    ]
    assert [collection.stream for collection, _ in found.collections] == ["acme/events"]


def test_another_organizations_evidence_is_not_gathered(
    larkspur: Organization, collect: Callable[[int], None], stranger: object
) -> None:
    collect(0)
    other = Organization.objects.get(slug="other")
    assert gathered(other, PERIOD).collections == ()


def test_tests_of_controls_run_over_what_a_connection_brought(
    larkspur: Organization, tmp_path: Path, settings: object
) -> None:
    """As over a quickstart's: the same functions, from the same kind of collections."""
    settings.LOCAL_SOURCES = (str(tmp_path),)  # type: ignore[attr-defined]
    repository = fast_import(tmp_path / "repo", YEAR)
    fields = ConnectionFields("Code", {"repository": str(repository), "branch": ""})
    make_connection(
        organization=larkspur, connector=git.CONNECTOR, fields=fields, by="test", at=NOON
    )
    run_connection(organization=larkspur, number=1, by="ada", clock=lambda: NOON)
    period = Period(date(2025, 8, 1), date(2026, 5, 31))
    found = gathered(larkspur, period)
    (tmp_path / "tables").mkdir()
    library = library_folder()

    examination = examine(
        Inputs(
            scope=Scope(type=2, period=period, categories=("security",)),
            statement=Statement(),
            catalog=load_catalog(library),
            procedures=load_procedures(library / "tests"),
            manual=(),
            collections=found.collections,
            tables=shaped(found, tmp_path / "tables"),
        ),
        items=tmp_path,
    )

    concluded = {run.conclusion for run in examination.runs.values()}
    assert Conclusion.NO_EXCEPTIONS in concluded or Conclusion.EXCEPTIONS in concluded
    assert Conclusion.UNABLE in concluded
    (fact,) = examination.collections
    assert (fact.stream, fact.sequence, fact.outcome) == ("git/history", 1, "complete")
