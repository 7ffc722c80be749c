"""Why an item has its outcome: of every drawn case, the least rows that lead to it."""

from pathlib import Path

import duckdb
import pytest

from drawing import LIBRARY, SPECS, draw
from reperform.base.period import Period
from reperform.testing.explain import Explanation, ItemUnknownError, explain, least
from reperform.testing.outcome import Outcome
from reperform.testing.procedure import Procedure, parse_procedure
from reperform.testing.some_rows import Rows

YEAR = Period.parse("2025-01-01..2025-12-31")
APPROVED = "change/changes-approved-before-applied.sql"
CHANGES = """
    system | change_uid | occurred_at         | author | approvals | approved_by | approved_at         | is_emergency
    -------+------------+---------------------+--------+-----------+-------------+---------------------+-------------
    github | 17         | 2025-03-07 10:00:00 | ana    | 1         | bo          | 2025-03-06 09:00:00 | false
    github | 18         | 2025-03-08 10:00:00 | ana    | 0         | -           | -                   | false
    github | 18         | 2025-03-08 10:00:00 | ana    | 0         | -           | -                   | false
    """
TWO = """
-- ---
-- id: CHG-01.T99
-- title: Each person has left or has an account
-- control: CHG-01
-- nature: inspection
-- population: people
-- tables:
--   population.people: [person_uid, ended_on]
--   population.accounts: [account_uid, email]
-- pass: an account is there
-- deviation: no account is there
-- unable: never
-- blind: everything else
-- ---
SELECT
    person_uid AS item,
    CASE WHEN count(account_uid) > 1 THEN 'pass' ELSE 'deviation' END AS outcome,
    format('{} accounts', count(account_uid)) AS reason
FROM population.people
LEFT JOIN population.accounts ON email = person_uid
GROUP BY person_uid
ORDER BY item
"""


def explained(
    procedure: Procedure, drawings: dict[str, str], item: str, folder: Path
) -> Explanation:
    tables = {name: draw(SPECS[name], drawings.get(name, ""), folder) for name in procedure.tables}
    return explain(procedure, tables, period=YEAR, item=item)


def library(path: str) -> Procedure:
    return parse_procedure((LIBRARY / path).read_text("utf-8"), where=path)


def test_one_row_explains_a_change_and_says_where_its_bytes_are(tmp_path: Path) -> None:
    with_lineage = CHANGES.replace("is_emergency\n", "is_emergency | evidence_blob | evidence_at\n")
    lines = [
        f"{line} | {'ab' * 32} | 40{number}"
        for number, line in enumerate(with_lineage.strip().splitlines()[2:])
    ]
    drawing = "\n".join([*with_lineage.strip().splitlines()[:2], *lines])
    found = explained(library(APPROVED), {"population.changes": drawing}, "github 17", tmp_path)

    assert found.outcome is Outcome.PASS
    assert found.is_least
    assert [(row.values["change_uid"], row.blob, row.at) for row in found.rows] == [
        ("17", "ab" * 32, 400)
    ]


def test_the_copy_of_a_row_is_explained_by_both(tmp_path: Path) -> None:
    """Without the first there would be no second."""
    found = explained(library(APPROVED), {"population.changes": CHANGES}, "github 18 2", tmp_path)

    assert found.outcome is Outcome.DEVIATION
    assert [row.values["change_uid"] for row in found.rows] == ["18", "18"]


def test_what_is_not_there_needs_no_row_but_those_that_ask_for_it(tmp_path: Path) -> None:
    """The account of somebody else plays no part in that Ana has none."""
    people = "person_uid | ended_on\n---+---\nana | -\nbo | -"
    accounts = "account_uid | email\n---+---\na1 | bo\na2 | bo"
    procedure = parse_procedure(TWO.strip() + "\n", where="two.sql")
    drawings = {"population.people": people, "population.accounts": accounts}
    lacking = explained(procedure, drawings, "ana", tmp_path)
    having = explained(procedure, drawings, "bo", tmp_path)

    assert [(row.table, row.values["person_uid"]) for row in lacking.rows] == [
        ("population.people", "ana")
    ]
    assert [row.values.get("account_uid", "person") for row in having.rows] == [
        "person",
        "a1",
        "a2",
    ]


def test_a_quarter_in_which_nothing_was_restored_rests_on_no_row(tmp_path: Path) -> None:
    """A restore that failed changes nothing: without it, too, none brought everything back."""
    restores = (
        "occurred_at | is_success\n---+---\n2025-02-01 10:00:00 | true\n2025-05-02 10:00:00 | false"
    )
    drawings = {"population.restores": restores}
    procedure = library("backup/restored-in-every-quarter.sql")
    lacking = explained(procedure, drawings, "2025-04-01 to 2025-06-30", tmp_path)
    having = explained(procedure, drawings, "2025-01-01 to 2025-03-31", tmp_path)

    assert (lacking.outcome, lacking.rows) == (Outcome.DEVIATION, ())
    assert (having.outcome, len(having.rows)) == (Outcome.PASS, 1)


def test_an_item_that_the_test_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ItemUnknownError, match="no item 'github 99'"):
        explained(library(APPROVED), {"population.changes": CHANGES}, "github 99", tmp_path)


def test_one_row_among_a_hundred_thousand_is_found_without_its_name(tmp_path: Path) -> None:
    """By halving: some tens of runs, not a hundred thousand."""
    path = tmp_path / "population.changes.parquet"
    columns = library(APPROVED).tables["population.changes"]
    given = {
        "system": "'s'",
        "occurred_at": "TIMESTAMP '2025-03-07 10:00:00'",
        "change_uid": "repeat(chr(97 + (n % 26)::INTEGER), 1) || n",
        "author": "'ana'",
        "approvals": "0",
        "approved_by": "NULL::VARCHAR",
        "approved_at": "NULL::TIMESTAMP",
        "is_emergency": "false",
    }
    listed = ", ".join(f"{given[name]} AS {name}" for name in columns)
    duckdb.sql(
        f"COPY (SELECT {listed}, '' AS evidence_blob, n AS evidence_at FROM range(100000) r(n)) "
        f"TO '{path}' (FORMAT parquet)"
    )
    name = chr(97 + 77_777 % 26) + "77777"
    found = explain(library(APPROVED), {"population.changes": path}, period=YEAR, item=f"s {name}")

    assert [row.at for row in found.rows] == [77_777]
    assert found.runs < 60


def test_a_search_that_takes_too_long_says_so() -> None:
    rows, is_least = least([Rows("t", 0, 1_000_000)], bool, tries=3)

    assert not is_least
    assert rows


@pytest.mark.parametrize("needed", [{0}, {99}, {3, 50, 51}, set(range(0, 100, 7)), set()])
def test_what_is_left_is_exactly_what_is_needed(needed: set[int]) -> None:
    def holds(rows: object) -> bool:
        return needed <= {
            number
            for each in rows  # type: ignore[attr-defined]
            for number in range(each.first, each.last + 1)
        }

    rows, is_least = least([Rows("t", 0, 99)], holds, tries=1_000)

    assert is_least
    assert {each.first for each in rows} == {each.last for each in rows} == needed
