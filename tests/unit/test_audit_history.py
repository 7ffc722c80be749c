"""The order of acts in the ledger: scope, collections, tables, tests, without a gap."""

import pytest

from reperform.audit.history import read_history
from reperform.audit.record import SCOPE_FIXED, TABLES_SHAPED, TESTS_RUN
from reperform.evidence.acts import ABANDONED, ENDED, STARTED
from reperform.ledger.statement import Statement

A = "a" * 64


def act(kind: str, stream: str = "git/history", sequence: int = 1) -> Statement:
    about = {"stream": stream, "sequence": sequence} if "collection" in kind else {}
    subjects = {
        SCOPE_FIXED: {"inputs/scope.json": A, "library": A},
        ENDED: {"record": f"{sequence:064x}"},
        TABLES_SHAPED: {"evidence/tables/git.commits.parquet": A},
        TESTS_RUN: {"results/results.json": A},
    }
    return Statement(kind=kind, predicate=about, subjects=subjects.get(kind, {"stream": A}))


WHOLE = [act(SCOPE_FIXED), act(STARTED), act(ENDED), act(TABLES_SHAPED), act(TESTS_RUN)]


def test_acts_in_order_have_no_problem() -> None:
    """And what they recorded can be looked up by path."""
    history, problems = read_history(WHOLE)

    assert problems == ()
    assert history.collections == [f"{1:064x}"]
    assert history.recorded("results/results.json") == {A}
    assert history.recorded("results/other.json") == set()


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ([], "no entry says which scope was fixed"),
        (WHOLE[:-1], "tests-run"),
        ([WHOLE[0], WHOLE[1], *WHOLE[3:]], "run 1 of git/history has no end"),
        ([*WHOLE[1:3], WHOLE[0], *WHOLE[3:]], "no entry of the kind"),
        ([WHOLE[0], *WHOLE[1:3], WHOLE[4], WHOLE[3]], "not in order"),
        ([*WHOLE, act(STARTED, sequence=2), act(ENDED, sequence=2)], "not in order"),
        ([WHOLE[0], act(STARTED, sequence=2), act(ENDED, sequence=2), *WHOLE[3:]], "numbered [2]"),
        ([*WHOLE[:3], act(STARTED), act(ENDED), *WHOLE[3:]], "numbered [1, 1]"),
    ],
)
def test_acts_out_of_order_are_named(acts: list[Statement], said: str) -> None:
    """Dropped, repeated, too late, or before the scope was fixed."""
    _, problems = read_history(acts)

    assert any(said in problem.what for problem in problems), problems


def test_a_run_that_was_killed_and_taken_up_is_in_order() -> None:
    """The abandoned collection shows, and the last scope's run counts."""
    acts = [
        *(act(SCOPE_FIXED), act(STARTED), act(ABANDONED)),
        *(act(SCOPE_FIXED), act(STARTED, sequence=2), act(ENDED, sequence=2)),
        *WHOLE[3:],
    ]

    history, problems = read_history(acts)

    assert problems == ()
    assert history.collections == [f"{2:064x}"]


def test_an_entry_that_could_not_be_opened_is_passed_over() -> None:
    """Verifying the ledger names it; the order is judged from the others."""
    assert read_history([None, *WHOLE])[1] == ()
