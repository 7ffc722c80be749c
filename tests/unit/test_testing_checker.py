"""A test of a control reads what it says, and only that; its author learns what to put right."""

import pytest

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.testing.checker import check_procedure
from reperform.testing.procedure import parse_procedure

TABLES = {
    spec.name: spec
    for spec in (
        TableSpec(
            "log.events",
            Kind.EVENTS,
            (
                Column("name", Type.TEXT, "unique"),
                Column("account", Type.TEXT, "who"),
                Column("seen_at", Type.TIMESTAMP, "when"),
            ),
        ),
        TableSpec("log.people", Kind.STATE, (Column("account", Type.TEXT, "who"),)),
    )
}
GOOD = """-- ---
-- id: AC-01.T1
-- title: Events are known
-- control: AC-01
-- nature: inspection
-- population: every event
-- tables: {log.events: [name, seen_at], log.people: [account]}
-- parameters: {days: 90}
-- pass: it is known
-- deviation: it is not
-- unable: nobody can say
-- blind: what was not logged
-- ---
WITH known AS (SELECT p.account, count(*) AS times FROM log.people p GROUP BY p.account)
SELECT e.name AS item,
    CASE WHEN k.times > 0 THEN 'pass' ELSE 'deviation' END AS outcome,
    'seen within ' || $days || ' days' AS reason,
    e.seen_at AS occurred_at
FROM log.events e LEFT JOIN known k ON k.account = e.name
WHERE e.seen_at::DATE BETWEEN $period_first AND $period_last
ORDER BY e.seen_at, e.name
"""
EXPRESSION = "'seen within ' || $days || ' days'"


def problems(*changes: tuple[str, str]) -> list[str]:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    procedure = parse_procedure(text, where="known.sql")
    found = check_procedure(procedure, tables=TABLES, controls={"AC-01"})
    assert all((problem.where, problem.slug) == ("known.sql", "procedure") for problem in found)
    return [problem.what for problem in found]


def test_a_good_test_has_no_problem() -> None:
    """The case that all others change in one place."""
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("id: AC-01.T1", "id: AC-01.T01", "its id is AC-01.T01"),
        ("id: AC-01.T1", "id: AC-01.T²", "its id is AC-01.T²"),
        ("id: AC-01.T1", "id: AC-02.T1", "its id is AC-02.T1"),
        ("control: AC-01", "control: AC-09", "there is no control AC-09"),
        ("nature: inspection", "nature: scan", "its nature is 'scan'"),
        ("-- pass:", "-- occurrences: hourly\n-- pass:", "its occurrences are 'hourly'"),
        ("log.people: [account]", "log.folk: [account]", "there is no table log.folk"),
        ("[name, seen_at]", "[name, seen_at, mood]", "log.events has no column mood"),
    ],
)
def test_the_head_names_what_exists(old: str, new: str, what: str) -> None:
    """Id, control, nature, frequency, tables, columns."""
    assert what in problems((old, new))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "[name, seen_at]",
            "[name, seen_at, account]",
            ["it does not read log.events.account"],
        ),
        (
            "[name, seen_at]",
            "[name, seen_at, evidence_at]",
            ["it does not read log.events.evidence_at"],
        ),
        ("[name, seen_at]", "[name]", ["it reads log.events.seen_at"]),
        ("e.name AS item", "e.evidence_blob AS item", ["it reads log.events.evidence_blob"]),
        ("FROM log.people p", "FROM log.events p", ["it reads log.events.account"]),
        (", log.people: [account]", "", ["it reads log.people"]),
        ("FROM log.people p", "FROM known_people p", ["it reads known_people"]),
        (
            "-- pass:",
            "-- occurrences: monthly\n-- pass:",
            ["it does not read expected.occurrences"],
        ),
        (
            "LEFT JOIN known",
            "CROSS JOIN expected.occurrences o LEFT JOIN known",
            ["it reads expected.occurrences"],
        ),
        ("-- parameters: {days: 90}\n", "", ["$days has no value"]),
        ("{days: 90}", "{days: 90, weeks: 2}", ["the parameter weeks is not used"]),
    ],
)
def test_what_is_read_and_what_is_promised_are_the_same(
    old: str, new: str, what: list[str]
) -> None:
    """Both ways: tables, columns, the columns of lineage, occurrences, parameters."""
    assert problems((old, new)) == what


@pytest.mark.parametrize(
    "call",
    [
        *("random()", "uuid()", "now()", "today()", "current_date", "current_timestamp"),
        *("localtime", "get_current_timestamp()", "current_user", "user", "nextval('s')"),
        *("getenv('HOME')", "current_setting('threads')", "getvariable('x')", "version()"),
        *("age(e.seen_at)", "txid_current()", "hash(e.name)", "setseed(0.5)", "query('SELECT 1')"),
        *("approx_count_distinct(e.name)", "reservoir_quantile(1, 0.5)", "pg_typeof(1)"),
        "a_function_of_next_year(1)",
    ],
)
def test_a_function_that_nobody_read_is_refused(call: str) -> None:
    """Clock, chance, session, settings, estimates, and what the engine does not even have."""
    found = problems((EXPRESSION, f"$days || ({call})::VARCHAR"))

    assert any(what.startswith("it calls ") for what in found)


@pytest.mark.parametrize(
    "source",
    [
        *("read_csv('x')", "read_text('/etc/passwd')", "glob('*')", "sniff_csv('x')"),
        *("duckdb_settings()", "pragma_database_list()", "query_table('log.people')"),
        *("'people.parquet'", "information_schema.tables", "sqlite_master", "memory.log.people"),
        *("(DESCRIBE log.people)", "(SUMMARIZE log.people)", "(SHOW TABLES)"),
        "(FROM log.people USING SAMPLE 10)",
    ],
)
def test_rows_come_from_declared_tables_only(source: str) -> None:
    """No file, no catalog of the engine, no sample."""
    found = problems(("FROM log.people p", f"FROM {source} p"))

    assert any(what.startswith(("it calls ", "it reads ", "it samples ")) for what in found)


def test_a_part_of_the_query_cannot_hide_a_view_of_the_engine() -> None:
    """A name that means one thing inside and another outside is refused."""
    found = problems(("known AS", "duckdb_tables AS"), ("JOIN known k", "JOIN duckdb_tables k"))

    assert found == ["it calls a part of itself duckdb_tables"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("count(*) AS times", "len(list(p.account)) AS times", "it calls list on rows in no order"),
        ("count(*) AS times", "first(1) AS times", "it calls first on rows in no order"),
        (
            "count(*) AS times",
            "row_number() OVER (PARTITION BY p.account) AS times",
            "it calls row_number over rows in no order",
        ),
        ("GROUP BY p.account", "GROUP BY p.account LIMIT 3", "it has a LIMIT on rows in no order"),
        (
            "SELECT p.account, count(*) AS times FROM log.people p GROUP BY p.account",
            "SELECT DISTINCT ON (p.account) p.account, 1 AS times FROM log.people p",
            "it has a DISTINCT ON rows in no order",
        ),
        ("ORDER BY e.seen_at, e.name", "", "it has no ORDER BY"),
        ("ORDER BY e.seen_at, e.name", "ORDER BY ALL LIMIT 9", "it stops at a LIMIT"),
        ("e.seen_at::DATE", "e.seen_at::TIMESTAMPTZ::DATE", "it uses the type TIMESTAMPTZ"),
    ],
)
def test_an_answer_that_depends_on_how_rows_arrive_is_refused(
    old: str, new: str, what: str
) -> None:
    """Threads finish in any order; the same inputs give the same bytes all the same."""
    assert what in problems((old, new))


def test_what_is_put_in_order_is_accepted() -> None:
    """Lists, windows and the first of rows that were sorted."""
    rows = "SELECT p.account, first(1 ORDER BY p.account) AS times FROM log.people p GROUP BY ALL"
    window = "QUALIFY row_number() OVER (PARTITION BY p.account ORDER BY p.account) = 1"
    old = "SELECT p.account, count(*) AS times FROM log.people p GROUP BY p.account"

    assert problems((old, rows)) == []
    assert problems((old, f"SELECT p.account, 1 AS times FROM log.people p {window}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- nothing but a comment",
        "SELECT 1; SELECT 2",
        "CREATE TABLE x AS SELECT 1",
        "COPY (SELECT 1) TO 'x'",
        "PRAGMA database_list",
        "SET threads = 1",
        "CALL pragma_version()",
        "INSTALL httpfs",
        "WITH gone AS (DELETE FROM log.people RETURNING account) SELECT * FROM gone ORDER BY ALL",
        "SELECT ? AS item ORDER BY item",
        "PIVOT log.people ON account",
        "SELECT FROM WHERE",
        "(" * 5000,
        "SELECT " + "-" * 3000 + "1",
    ],
)
def test_what_is_not_one_select_is_refused(text: str) -> None:
    """Also when it changes rows on the way, or is nested beyond all reason."""
    body = GOOD[GOOD.index("WITH known") :]

    found = problems((body, text))

    assert any(what.startswith(("it is not one SELECT", "its SQL cannot", "$")) for what in found)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("AS item", "AS thing", "its columns are"),
        ("AS occurred_at", "AS at_what_time", "its columns are"),
        ("e.seen_at AS occurred_at", "e.seen_at::DATE AS occurred_at", "its columns are"),
        ("e.seen_at AS occurred_at", "e.seen_at AS occurred_at, 1 AS more", "its columns are"),
        (EXPRESSION, "$days + 1", "its columns are"),
        ("k.times > 0", "k.times > [1]", "it does not run on empty tables"),
        ("k.times", "k.number", "it does not run on empty tables"),
    ],
)
def test_the_engine_binds_it_to_item_outcome_and_reason(old: str, new: str, what: str) -> None:
    """All three as text, occurred_at as a moment, nothing besides."""
    (found,) = problems((old, new))

    assert found.startswith(what)
