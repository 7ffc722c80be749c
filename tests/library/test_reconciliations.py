"""Reconciliations: one list against another source's, row by row."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from drawing import SPECS, cover, draw
from reperform.audit.reconciled import reconciled
from reperform.base.period import Period
from reperform.catalog.library import library_folder
from reperform.program.systems import SystemRole, Systems
from reperform.testing.inputs import TableInput
from reperform.testing.procedure import ProcedureMalformedError
from reperform.testing.reconciliation import (
    Reconciliation,
    ReconciliationRun,
    check_reconciliation,
    load_reconciliations,
    parse_reconciliation,
)

EVERY = {
    each.procedure.id: each for each in load_reconciliations(library_folder() / "reconciliations")
}
STATED: dict[SystemRole, tuple[str, ...]] = {
    SystemRole.HR_ROSTER: ("hr",),
    SystemRole.IDENTITY_PROVIDER: ("idp",),
    SystemRole.CODE_HOST: ("hub",),
    SystemRole.DEPLOYMENT_SOURCE: ("ci",),
}
YEAR = "2025-01-01..2025-12-31"
Compare = Callable[..., tuple[ReconciliationRun, dict[str, str]]]


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    """Runs a reconciliation over drawn tables; one that is not drawn was never collected."""

    def run(
        number: str, tables: Mapping[str, str], systems: Systems = STATED
    ) -> tuple[ReconciliationRun, dict[str, str]]:
        inputs = {
            name: TableInput(
                SPECS[name], draw(SPECS[name], drawing, tmp_path), "", (cover(YEAR, name),)
            )
            for name, drawing in tables.items()
        }
        (found,) = reconciled(
            [EVERY[number]],
            inputs,
            period=Period.parse(YEAR),
            items=tmp_path,
            limits=None,
            systems=systems,
        )
        lines = (tmp_path / f"{number}.jsonl").read_text("utf-8").splitlines()
        outcomes = {said["item"]: said["outcome"] for said in map(json.loads, lines)}
        return found, outcomes

    return run


@pytest.mark.parametrize("reconciliation", EVERY.values(), ids=EVERY)
def test_the_sql_is_what_a_test_of_a_control_may_be(reconciliation: Reconciliation) -> None:
    assert check_reconciliation(reconciliation, tables=SPECS) == []


PEOPLE = """
    system | observed_at         | person_uid | email | ended_on
    -------+---------------------+------------+-------+-----------
    hr     | 2025-06-30 12:00:00 | 1          | Ana@x | -
    hr     | 2025-06-30 12:00:00 | 2          | ben@x | 2025-03-01
    hr     | 2025-06-30 12:00:00 | 3          | cyd@x | -
    hr     | 2025-06-30 12:00:00 | 4          | -     | -
    """
ACCOUNTS = """
    system | observed_at         | account | email | kind    | is_enabled | is_external
    -------+---------------------+---------+-------+---------+------------+------------
    idp    | 2025-06-30 12:00:00 | ana     | ana@x | person  | true       | -
    idp    | 2025-06-30 12:00:00 | ben     | ben@x | person  | true       | -
    idp    | 2025-06-30 12:00:00 | ben-old | ben@x | person  | false      | -
    idp    | 2025-06-30 12:00:00 | eve     | eve@x | -       | -          | -
    idp    | 2025-06-30 12:00:00 | nix     | -     | person  | true       | -
    idp    | 2025-06-30 12:00:00 | nix     | -     | person  | true       | -
    idp    | 2025-06-30 12:00:00 | deploy  | -     | service | true       | -
    idp    | 2025-06-30 12:00:00 | guest   | g@y   | person  | true       | true
    """


def test_people_and_accounts_that_differ_are_named_on_both_sides(compare: Compare) -> None:
    """Services, guests and disabled accounts are nobody's; the same name twice is two rows."""
    found, outcomes = compare(
        "REC-01", {"population.people": PEOPLE, "population.accounts": ACCOUNTS}
    )
    assert outcomes == {
        "account idp ana": "pass",
        "account idp ben": "deviation",
        "account idp eve": "deviation",
        "account idp nix": "unable",
        "account idp nix #2": "unable",
        "person hr 1": "pass",
        "person hr 3": "deviation",
        "person hr 4": "unable",
    }
    assert (found.agreement, found.reason) == ("differs", "3 of 8 rows differ")
    record = found.as_record()
    assert (record["conclusion"], record["missing"]) == ("differs", [])
    reasons = {each["item"]: each["reason"] for each in record["exceptions"]}
    assert "had left on 2025-03-01" in reasons["account idp ben"]


def test_a_side_that_was_never_collected_is_named_and_nothing_agrees(compare: Compare) -> None:
    found, outcomes = compare("REC-01", {"population.accounts": ACCOUNTS})
    assert (found.agreement, found.missing) == ("unable to compare", ("population.people",))
    assert found.reason == "population.people was never collected"
    assert outcomes == {}


def test_where_nobody_said_which_system_it_is_nothing_is_compared(compare: Compare) -> None:
    """All systems taken as one would hide what the right one lacks."""
    tables = {"population.people": PEOPLE, "population.accounts": ACCOUNTS}
    found, outcomes = compare("REC-01", tables, {SystemRole.HR_ROSTER: ("hr",)})
    assert (found.agreement, found.reason, outcomes) == (
        "unable to compare",
        "nobody said which system is the identity provider",
        {},
    )
    assert found.as_record()["systems"] == [
        {"table": "population.accounts", "role": "identity provider", "systems": []},
        {"table": "population.people", "role": "HR roster", "systems": ["hr"]},
    ]


def test_a_system_that_no_row_is_of_is_a_slip_and_not_a_difference(compare: Compare) -> None:
    """Else everybody at work would seem to lack their account."""
    tables = {"population.people": PEOPLE, "population.accounts": ACCOUNTS}
    found, _ = compare("REC-01", tables, STATED | {SystemRole.IDENTITY_PROVIDER: ("o'kta",)})
    assert found.agreement == "unable to compare"
    assert found.reason == (
        "no row of population.accounts is of o'kta, the identity provider; they are of idp"
    )


def test_accounts_of_other_systems_do_not_make_up_for_the_identity_provider(
    compare: Compare,
) -> None:
    """Cyd's account elsewhere shows nothing of the identity provider, nor does a stranger's."""
    others = """
    wiki   | 2025-06-30 12:00:00 | cyd     | cyd@x | person  | true       | -
    wiki   | 2025-06-30 12:00:00 | zoe     | zoe@x | person  | true       | -
    """.strip("\n ")
    tables = {
        "population.people": PEOPLE,
        "population.accounts": f"{ACCOUNTS.rstrip()}\n    {others}\n",
    }
    found, outcomes = compare("REC-01", tables)
    assert outcomes["person hr 3"] == "deviation"
    assert not [item for item in outcomes if "wiki" in item]
    both = STATED | {SystemRole.IDENTITY_PROVIDER: ("idp", "wiki")}
    _, outcomes = compare("REC-01", tables, both)
    assert (outcomes["person hr 3"], outcomes["account wiki zoe"]) == ("pass", "deviation")
    assert found.systems["population.accounts"] == ("idp",)


@pytest.mark.parametrize(
    "roles", ["{population.people: boss}", "[a]", "{population.jobs: HR roster}"]
)
def test_a_role_that_there_is_not_or_of_a_table_that_is_not_read_is_refused(roles: str) -> None:
    text = (library_folder() / "reconciliations" / "people-and-accounts.sql").read_text("utf-8")
    lines = [
        f"-- roles: {roles}" if line.startswith("-- roles:") else line for line in text.splitlines()
    ]
    with pytest.raises(ProcedureMalformedError):
        parse_reconciliation("\n".join(lines), where="x.sql")


def test_two_empty_sides_are_no_agreement(compare: Compare) -> None:
    found, _ = compare("REC-01", {"population.people": "", "population.accounts": ""})
    assert found.agreement == "unable to compare"
    assert found.reason == "neither side has anything to compare"


def test_people_who_all_have_their_account_agree(compare: Compare) -> None:
    people, accounts = "\n".join(PEOPLE.splitlines()[:4]), "\n".join(ACCOUNTS.splitlines()[:4])
    found, _ = compare("REC-01", {"population.people": people, "population.accounts": accounts})
    assert (found.agreement, found.reason) == ("agrees", "all 2 rows agree")


def test_deployments_that_no_change_became_and_changes_that_nothing_followed_differ(
    compare: Compare,
) -> None:
    found, outcomes = compare(
        "REC-02",
        {
            "population.changes": """
                system | occurred_at         | change_uid | commit_id
                -------+---------------------+------------+----------
                hub    | 2025-03-01 10:00:00 | #1         | aaa
                hub    | 2025-05-01 10:00:00 | #2         | bbb
                hub    | 2025-12-30 10:00:00 | #3         | ccc
                """,
            "population.deployments": """
                system | occurred_at         | deployment_uid | environment | commit_id | is_success
                -------+---------------------+----------------+-------------+-----------+-----------
                ci     | 2025-01-05 11:00:00 | 0              | production  | old       | true
                ci     | 2025-03-01 11:00:00 | 1              | Production  | aaa       | true
                ci     | 2025-03-02 11:00:00 | 2              | production  | zzz       | true
                ci     | 2025-03-03 11:00:00 | 3              | staging     | yyy       | true
                ci     | 2025-03-04 11:00:00 | 4              | production  | xxx       | false
                ci     | 2025-03-05 11:00:00 | 5              | production  | -         | true
                ci     | 2025-03-06 11:00:00 | 6              | -           | aaa       | -
                """,
        },
    )
    assert outcomes == {
        "change hub #1": "pass",
        "change hub #2": "deviation",
        "change hub #3": "pass",
        "deployment ci 0": "unable",
        "deployment ci 1": "pass",
        "deployment ci 2": "deviation",
        "deployment ci 5": "unable",
        "deployment ci 6": "unable",
    }
    assert found.agreement == "differs"


def test_leavers_whose_account_is_still_enabled_differ(compare: Compare) -> None:
    """An account that is gone agrees; one last seen before the leaving says nothing."""
    found, outcomes = compare(
        "REC-03",
        {
            "population.leavers": """
                system | person_uid | email | left_at
                -------+------------+-------+--------------------
                hr     | 1          | ana@x | 2025-03-01 23:59:59
                hr     | 2          | ben@x | 2025-03-01 23:59:59
                hr     | 3          | cyd@x | 2025-11-01 23:59:59
                hr     | 4          | dan@x | 2025-03-01 23:59:59
                hr     | 5          | -     | 2025-03-01 23:59:59
                hr     | 6          | eve@x | 2025-03-01 23:59:59
                hr     | 7          | old@x | 2024-03-01 23:59:59
                """,
            "population.accounts": """
                system | observed_at         | account | email | is_enabled
                -------+---------------------+---------+-------+-----------
                idp    | 2025-06-30 12:00:00 | ana     | Ana@x | true
                idp    | 2025-06-30 12:00:00 | ben     | ben@x | false
                idp    | 2025-06-30 12:00:00 | cyd     | cyd@x | true
                idp    | 2025-06-30 12:00:00 | eve     | eve@x | -
                """,
        },
    )
    assert outcomes == {
        "hr 1 at idp ana": "deviation",
        "hr 2 at idp ben": "pass",
        "hr 3 at idp cyd": "unable",
        "hr 4": "pass",
        "hr 5": "unable",
        "hr 6 at idp eve": "unable",
    }
    assert found.reason == "1 of 6 rows differ"


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_file_that_does_not_name_its_sides_is_refused(side: str) -> None:
    text = (library_folder() / "reconciliations" / "people-and-accounts.sql").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(f"-- {side}:")]
    with pytest.raises(ProcedureMalformedError, match=f"no '{side}'"):
        parse_reconciliation("\n".join(lines), where="x.sql")
