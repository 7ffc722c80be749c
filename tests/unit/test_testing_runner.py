"""Running a test of a control: nothing but its tables, to the end or not at all."""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reperform.base.period import Period
from reperform.base.table import Column, Cover, Kind, TableSpec, Type
from reperform.testing.engine import Limits, closed_engine
from reperform.testing.failure import ProcedureFailedError
from reperform.testing.inputs import TableInput
from reperform.testing.procedure import Procedure, parse_procedure
from reperform.testing.runner import ProcedureRun, run_procedure

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
ALL = (Cover(YEAR.first, YEAR.last),)
SPEC = TableSpec(
    "log.events",
    Kind.EVENTS,
    (Column("name", Type.TEXT, "unique"), Column("seen_at", Type.TIMESTAMP, "when")),
)
HEAD = """-- ---
-- id: AC-01.T1
-- title: Events are known
-- control: AC-01
-- nature: inspection
-- population: every event
-- tables: {log.events: [name, seen_at]}
-- pass: it is known
-- deviation: it is not
-- unable: nobody can say
-- blind: what was not logged
-- ---
"""
KNOWN = """
SELECT name AS item, CASE name WHEN 'bad' THEN 'deviation' WHEN 'dim' THEN 'unable' ELSE 'pass' END
    AS outcome, 'it is ' || name AS reason, seen_at AS occurred_at
FROM log.events ORDER BY occurred_at, item
"""
Write = Callable[..., TableInput]


def procedure(sql: str = KNOWN, *, head: str = "") -> Procedure:
    return parse_procedure(HEAD.replace("-- pass:", f"{head}-- pass:") + sql, where="known.sql")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write events as `SELECT` to a Parquet file, in a folder whose name is not a plain word."""

    def make(select: str, *, covers: tuple[Cover, ...] = ALL, refused: str = "") -> TableInput:
        folder = tmp_path / "it's [1] * ?"
        folder.mkdir(exist_ok=True)
        path = folder / "events.parquet"
        quoted = str(path).replace("'", "''")
        with duckdb.connect() as engine:
            engine.execute(f"COPY ({select}) TO '{quoted}' (FORMAT parquet)")
        return TableInput(SPEC, path, "0" * 64, covers, refused)

    return make


def events(*names: str) -> str:
    rows = ", ".join(f"('{name}', TIMESTAMP '2025-03-07 10:00:00')" for name in names)
    return f"SELECT * FROM (VALUES {rows}) v(name, seen_at)" if names else f"{NONE} LIMIT 0"


NONE = "SELECT 'x' AS name, TIMESTAMP '2025-03-07 10:00:00' AS seen_at"


def run(
    given: TableInput, test: Procedure | None = None, *, limits: Limits | None = None
) -> tuple[ProcedureRun, bytes]:
    file = io.BytesIO()
    found = run_procedure(
        test or procedure(),
        inputs={"log.events": given},
        period=YEAR,
        limits=limits,
        write_items=file,
    )
    return found, file.getvalue()


def test_a_run_counts_every_item_and_keeps_those_that_did_not_pass(write: Write) -> None:
    """The digest is that of the lines that were written."""
    found, lines = run(write(events("good", "bad", "dim")))

    assert (found.population, found.passed, found.deviations, found.unable) == (3, 1, 1, 1)
    assert [item.item for item in found.exceptions] == ["bad", "dim"]
    assert found.items_sha256 == hashlib.sha256(lines).hexdigest()
    assert lines.splitlines()[0] == (
        b'{"item":"bad","occurred_at":"2025-03-07T10:00:00","outcome":"deviation",'
        b'"reason":"it is bad"}'
    )
    assert found.reason == "1 of 3 items deviates; 1 could not be tested"


def test_the_record_of_a_run_has_neither_clock_nor_engine(write: Write) -> None:
    """What is compared byte for byte holds only what follows from the inputs."""
    found, _ = run(write(events("good")))

    record = found.as_record()

    assert json.loads(rfc8785.dumps(record)) == record
    assert record["parameters"] == {"period_first": "2025-01-01", "period_last": "2025-12-31"}
    assert set(record) == {
        *("id", "control", "title", "nature", "sha256", "parameters", "inputs", "population"),
        *("passed", "deviations", "unable", "exceptions", "items_sha256", "gaps", "conclusion"),
        "reason",
    }


def test_the_same_inputs_give_the_same_bytes_however_many_threads(write: Write) -> None:
    """60,000 events that arrive in another order than they are written, and in three batches."""
    given = write(
        "SELECT 'e' || (i * 7919 % 60000) AS name, CASE WHEN i % 3 = 0 THEN NULL ELSE "
        "TIMESTAMP '2025-01-01' + to_seconds(i % 100) END AS seen_at FROM range(60000) t(i)"
    )

    runs = [run(given, limits=Limits(threads=threads)) for threads in (1, 2, 4)]

    assert len({lines for _, lines in runs}) == 1
    assert len({rfc8785.dumps(found.as_record()) for found, _ in runs}) == 1
    keys = [(r["occurred_at"] or "", r["item"]) for r in map(json.loads, runs[0][1].splitlines())]
    assert len(keys) == 60_000
    assert keys == sorted(keys)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1).filter(lambda t: t.strip(" ") != ""), unique=True, max_size=9))
def test_items_are_canonical_json_whatever_they_are_called(write: Write, names: list[str]) -> None:
    """Quotes, control characters, marks and emoji come out as RFC 8785 writes them."""
    names = [name.replace("\0", "") or "nul" for name in names]
    names = sorted(set(names), key=lambda name: name.encode())
    values = ", ".join("('" + name.replace("'", "''") + "', NULL::TIMESTAMP)" for name in names)
    given = write(
        f"SELECT * FROM (VALUES {values}) v(name, seen_at)" if names else f"{NONE} LIMIT 0"
    )
    sql = "SELECT name AS item, 'pass' AS outcome, name AS reason FROM log.events ORDER BY item"

    _, lines = run(given, procedure(sql))

    assert lines == b"".join(
        rfc8785.dumps({"item": name, "outcome": "pass", "reason": name, "occurred_at": None})
        + b"\n"
        for name in names
    )


def test_a_moment_keeps_its_microseconds(write: Write) -> None:
    """And has none when it has none."""
    given = write("SELECT 'x' AS name, TIMESTAMP '0987-03-07 10:00:00.00012' AS seen_at")

    assert b'"occurred_at":"0987-03-07T10:00:00.000120"' in run(given)[1]


def test_a_refused_table_is_not_read_at_all(write: Write) -> None:
    """Unable, with the reason; what little the file holds is not taken for the population."""
    found, lines = run(write(events("bad"), refused="permission denied: /var/log/wtmp"))

    assert lines == b""
    assert (found.conclusion.value, found.reason) == (
        "unable to test",
        "log.events could not be collected: permission denied: /var/log/wtmp",
    )


@pytest.mark.parametrize("inputs", [{}, {"log.events": TableInput(SPEC, None, "", ())}])
def test_a_table_that_was_never_collected_is_said(inputs: dict[str, TableInput]) -> None:
    """Whether it is not there or has no file."""
    found = run_procedure(procedure(), inputs=inputs, period=YEAR)

    assert (found.conclusion.value, found.reason) == (
        "unable to test",
        "log.events was never collected",
    )
    assert found.inputs == {"log.events": ""}


def test_a_table_that_was_refused_and_has_no_file_says_the_refusal() -> None:
    """The reason is worth more than that there is no file."""
    inputs = {"log.events": TableInput(SPEC, None, "", (), "permission denied")}

    found = run_procedure(procedure(), inputs=inputs, period=YEAR)

    assert found.reason == "log.events could not be collected: permission denied"


def test_a_table_that_need_not_cover_the_period_was_seen_on_some_day(write: Write) -> None:
    """With no day at all, an empty table would pass as an empty population."""
    given = write(events(), covers=(Cover(None, None, "the log was rotated away"),))

    found, _ = run(given, procedure(head="-- over_period: []\n"))

    assert (found.conclusion.value, found.reason) == (
        "unable to test",
        "log.events has no evidence for any day: the log was rotated away",
    )


def test_a_gap_makes_a_clean_test_unable_and_a_deviation_stays(write: Write) -> None:
    """Dates in both."""
    half = (Cover(YEAR.first, date(2025, 6, 30)),)

    clean, _ = run(write(events("good"), covers=half))
    bad, _ = run(write(events("good", "bad"), covers=half))

    said = "log.events has no evidence for 2025-07-01..2025-12-31 (184 of 365 days)"
    assert (clean.conclusion.value, clean.reason.startswith(said)) == ("unable to test", True)
    assert (bad.conclusion.value, said in bad.reason) == ("exceptions noted", True)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT NULL::VARCHAR AS item, 'pass' AS outcome, name AS reason", "gave the row"),
        ("SELECT ' ' AS item, 'pass' AS outcome, name AS reason", "gave the row"),
        ("SELECT name AS item, 'fail' AS outcome, 'x' AS reason", "not an outcome of an item"),
        ("SELECT name AS item, NULL::VARCHAR AS outcome, 'x' AS reason", "gave the row"),
        ("SELECT name AS item, 'pass' AS outcome, '' AS reason", "gave the row"),
        ("SELECT 'a' AS item, 'pass' AS outcome, 'x' AS reason", "2 outcomes for the item 'a'"),
        ("SELECT name AS item, 'pass' AS outcome", "its columns are"),
        ("SELECT name AS item, 'pass' AS outcome, 1 AS reason", "its columns are"),
        (
            "SELECT name AS item, 'pass' AS outcome, 'x' AS reason, seen_at::DATE AS occurred_at",
            "its columns are",
        ),
        (
            """SELECT name AS item, 'pass' AS outcome, 'x' AS reason,
            TIMESTAMP 'infinity' AS occurred_at""",
            "gave the row",
        ),
        (
            """SELECT name AS item, 'pass' AS outcome, 'x' AS reason,
            TIMESTAMP '0044-03-15 (BC) 12:00:00' AS occurred_at""",
            "gave the row",
        ),
        ("SELECT name::DATE::VARCHAR AS item, 'pass' AS outcome, 'x' AS reason", "Conversion"),
        ("SELECT name AS item, $nobody AS outcome, 'x' AS reason", "$nobody has no value"),
    ],
)
def test_rows_that_are_not_one_outcome_for_each_item_are_no_result(
    write: Write, sql: str, said: str
) -> None:
    """A run that broke its contract is refused, not counted."""
    with pytest.raises(ProcedureFailedError) as caught:
        run(write(events("a", "b")), procedure(f"{sql} FROM log.events ORDER BY item"))

    assert said in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '/tmp/x'",
        "INSTALL httpfs",
        "SET threads = 1",
        "ATTACH '/tmp/x.db'",
        "SELECT 1 AS item ORDER BY 1; DROP VIEW log.events",
        "WITH gone AS (DELETE FROM log.events RETURNING name) SELECT name FROM gone ORDER BY name",
        "SELECT content AS item FROM read_text('/etc/passwd') ORDER BY item",
        "SELECT * FROM '/etc/passwd' ORDER BY ALL",
        "SELECT name FROM secret ORDER BY name",
        "SELECT current_setting('temp_directory') AS item ORDER BY item",
        "SELECT * FROM duckdb_settings() ORDER BY ALL",
        "SELECT sql AS item FROM sqlite_master ORDER BY item",
        "SELECT name || random() AS item FROM log.events ORDER BY item",
        "SELECT current_date::VARCHAR AS item ORDER BY item",
        "SELECT evidence_blob AS item FROM log.events ORDER BY item",
    ],
)
def test_the_runner_itself_refuses_what_no_test_may_say(write: Write, sql: str) -> None:
    """Also for a file that nobody checked, such as one out of a stranger's bundle."""
    with pytest.raises(ProcedureFailedError):
        run(write(events("good")), procedure(sql))


def test_a_file_that_is_not_a_table_is_refused(write: Write) -> None:
    """And one that lacks a column."""
    lacking = write("SELECT 'x' AS name")
    with pytest.raises(ProcedureFailedError, match='"seen_at"'):
        run(lacking)

    assert lacking.path is not None
    lacking.path.write_bytes(b"PAR1 no more than that")
    with pytest.raises(ProcedureFailedError, match=r"Parquet|parquet"):
        run(lacking)


@pytest.mark.parametrize(
    ("sql", "limits", "said"),
    [
        (
            """SELECT max(a.i + b.i)::VARCHAR AS item, 'pass' AS outcome, 'x' AS reason
            FROM range(10000000) a(i), range(10000000) b(i) ORDER BY item""",
            Limits(seconds=0.5),
            "it took longer than 0.5 seconds",
        ),
        (
            """SELECT (a.i * 1000000 + b.i)::VARCHAR AS item, 'pass' AS outcome, 'x' AS reason
            FROM range(1000000) a(i), range(1000000) b(i) ORDER BY item""",
            Limits(memory="50MB", disk="1MB"),
            "it needed more memory than 50MB and more disk than 1MB",
        ),
    ],
)
def test_a_query_that_runs_away_is_stopped_and_leaves_nothing(
    write: Write, sql: str, limits: Limits, said: str
) -> None:
    """No result, no thread, and the next test runs."""
    given = write(events("good"))
    before = threading.active_count()

    with pytest.raises(ProcedureFailedError, match=said):
        run(given, procedure(sql), limits=limits)

    assert threading.active_count() == before
    assert run(given)[0].passed == 1


def test_time_that_is_over_between_two_statements_is_over_for_the_next(write: Write) -> None:
    """One interrupt that falls into a pause would be lost."""
    given = write(events("good"))
    assert given.path is not None
    pause = threading.Event()

    with closed_engine({"log.events": (given.path, ["name"])}, (), Limits(seconds=0.05)) as (
        engine,
        watchdog,
    ):
        pause.wait(0.2)
        with pytest.raises(duckdb.InterruptException):
            engine.execute("SELECT max(a.i + b.i) FROM range(10000000) a(i), range(10000000) b(i)")

    assert watchdog.has_expired


@pytest.fixture
def engine(write: Write, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an engine that a hostile author has got hold of."""
    (tmp_path / "secret.csv").write_text("secret\n1\n")
    given = write(events("good"))
    assert given.path is not None
    with closed_engine({"log.events": (given.path, ["name"])}, (), Limits()) as (engine, _):
        yield engine


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_text('{folder}/secret.csv')",
        "FROM read_csv('{folder}/secret.csv')",
        "FROM '{folder}/secret.csv'",
        "FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/out.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "SET allowed_paths = ['{folder}/secret.csv']",
        "SELECT getenv('HOME')",
        "FROM held",
        "CREATE SECRET s (TYPE s3)",
        "SELECT seen_at FROM log.events",
        "SELECT evidence_blob FROM log.events",
    ],
)
def test_the_engine_alone_keeps_everything_else_out(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str
) -> None:
    """The first wall, without the second: files, settings, extensions, variables, other columns."""
    held = [("a variable of this process",)]
    before = sorted(tmp_path.iterdir())

    with pytest.raises(duckdb.Error):
        engine.execute(statement.format(folder=tmp_path)).fetchall()

    assert sorted(tmp_path.iterdir()) == before
    assert held
    assert engine.execute("SELECT name FROM log.events").fetchall() == [("good",)]


def test_next_business_day_skips_the_weekend(write: Write) -> None:
    """7 March 2025 is a Friday; the next business day of it, and of the two after it, is Monday."""
    given = write(
        "SELECT i::VARCHAR AS name, TIMESTAMP '2025-03-06' + to_days(i::INTEGER) AS seen_at "
        "FROM range(5) t(i)"
    )
    sql = (
        "SELECT name AS item, 'pass' AS outcome, next_business_day(seen_at)::VARCHAR AS reason "
        "FROM log.events ORDER BY item"
    )

    lines = run(given, procedure(sql.replace("(at)", "(seen_at::DATE)")))[1].splitlines()

    due = [json.loads(line)["reason"] for line in lines]
    assert due == ["2025-03-07", *["2025-03-10"] * 3, "2025-03-11"]


def test_a_periodic_control_reads_when_it_was_due(write: Write) -> None:
    """Four quarters, of which one was filled."""
    sql = """
        SELECT o.number::VARCHAR AS item, CASE WHEN count(e.name) > 0 THEN 'pass' ELSE 'deviation'
            END AS outcome, 'due ' || o.due_on AS reason
        FROM expected.occurrences o
        LEFT JOIN log.events e ON e.seen_at::DATE BETWEEN o.first_on AND o.due_on
        GROUP BY o.number, o.due_on ORDER BY item
    """

    found, _ = run(write(events("good")), procedure(sql, head="-- occurrences: quarterly\n"))

    assert [item.reason for item in found.exceptions] == [
        *("due 2025-06-30", "due 2025-09-30", "due 2025-12-31")
    ]


def test_parameters_are_bound_as_values_and_recorded(write: Write) -> None:
    """A text stays a text, whatever it holds."""
    sql = (
        "SELECT name AS item, CASE WHEN name = $who THEN 'pass' ELSE 'deviation' END AS outcome, "
        "$who AS reason FROM log.events ORDER BY item"
    )
    test = replace(procedure(sql, head="-- parameters: {who: x}\n"), parameters={"who": "' OR 1=1"})

    found, _ = run(write(events("good")), test)

    assert (found.deviations, found.parameters["who"]) == (1, "' OR 1=1")
