"""From runs of tests to the four facets of a control."""

from dataclasses import replace
from datetime import date

import pytest

from reperform.audit.examination import Wording
from reperform.audit.readiness import assess_control
from reperform.catalog.library import library_folder, load_catalog
from reperform.program.gap import Facet
from reperform.program.statement import Adoption
from reperform.testing.manual import load_manual
from reperform.testing.outcome import Conclusion, Gap
from reperform.testing.procedure import Procedure
from reperform.testing.runner import ProcedureRun

CONTROL = next(control for control in load_catalog().controls if control.id == "CHG-01")
PROCEDURE = Procedure(
    id="CHG-01.T1",
    title="",
    control="CHG-01",
    nature="inspection",
    population="",
    tables={},
    over_period=(),
    parameters={},
    occurrences="",
    passes="",
    deviates="",
    unable="",
    blind="",
    sql="",
    sha256="",
    path="",
)
HOLE = Gap("git.commits", date(2025, 1, 1), date(2025, 1, 2), "not seen")


def run(
    passed: int, deviations: int, unable: int, conclusion: str, *, gap: bool = False
) -> ProcedureRun:
    return ProcedureRun(
        procedure=PROCEDURE,
        parameters={},
        inputs={},
        population=passed + deviations + unable,
        passed=passed,
        deviations=deviations,
        unable=unable,
        exceptions=(),
        items_sha256="",
        gaps=(HOLE,) if gap else (),
        conclusion=Conclusion(conclusion),
        reason="because",
    )


@pytest.mark.parametrize(
    ("runs", "implemented", "evidenced", "operated"),
    [
        ([], "unknown", "no", "unknown"),
        ([run(3, 0, 0, "no exceptions")], "yes", "yes", "yes"),
        ([run(2, 1, 0, "exceptions noted")], "partly", "yes", "no"),
        ([run(0, 3, 0, "exceptions noted")], "no", "yes", "no"),
        ([run(2, 0, 1, "unable to test")], "partly", "partly", "unknown"),
        ([run(0, 0, 3, "unable to test")], "unknown", "partly", "unknown"),
        ([run(0, 0, 0, "unable to test")], "unknown", "no", "unknown"),
        ([run(0, 0, 0, "did not operate")], "unknown", "yes", "unknown"),
        ([run(3, 0, 0, "unable to test", gap=True)], "yes", "partly", "unknown"),
        ([run(3, 0, 0, "no exceptions"), run(0, 2, 0, "exceptions noted")], "partly", "yes", "no"),
        (
            [run(3, 0, 0, "no exceptions"), run(0, 0, 0, "did not operate")],
            "partly",
            "yes",
            "unknown",
        ),
    ],
)
def test_facets_follow_from_what_was_seen(
    runs: list[ProcedureRun], implemented: str, evidenced: str, operated: str
) -> None:
    """Only passing items, full coverage and clean conclusions say yes."""
    found = assess_control(CONTROL, runs, adoption=None, report_type=2)

    assert found.implemented is Facet(implemented)
    assert found.evidenced is Facet(evidenced)
    assert found.operated is Facet(operated)
    assert not found.is_complete


def test_only_management_can_make_a_control_designed() -> None:
    """The library proposes; adopted, covered and clean together is complete."""
    clean = [run(3, 0, 0, "no exceptions")]

    proposed = assess_control(CONTROL, clean, adoption=None, report_type=2)
    adopted = assess_control(CONTROL, clean, adoption=Adoption("Ana", None), report_type=2)

    assert (proposed.designed, proposed.is_complete) == (Facet.PARTLY, False)
    assert (adopted.designed, adopted.is_complete) == (Facet.YES, True)
    assert proposed.steps[0].startswith("Adopt or tailor it")
    assert adopted.steps == ()


def test_a_tailored_control_is_evidenced_in_part_only() -> None:
    """The tests are written for the library's text, so they cannot show all that ours says."""
    clean = [run(3, 0, 0, "no exceptions")]
    ours = Adoption("Ana", None, {"text": "Each change is read by two people."})

    found = assess_control(CONTROL, clean, adoption=ours, report_type=2, wording=Wording.TAILORED)

    assert (found.evidenced, found.operated) == (Facet.PARTLY, Facet.PARTLY)
    assert not found.is_complete
    assert "tailored" in found.reasons[0]


def test_a_control_of_their_own_cannot_be_tested_and_needs_a_procedure_by_hand() -> None:
    """It is designed, nobody has seen it, and it is never complete."""
    found = assess_control(
        CONTROL, [], adoption=Adoption("Ana", None), report_type=2, wording=Wording.OWN
    )

    assert (found.designed, found.implemented) == (Facet.YES, Facet.UNKNOWN)
    assert (found.evidenced, found.operated) == (Facet.NO, Facet.UNKNOWN)
    assert not found.is_complete
    assert "a procedure by hand is needed" in found.reasons[0]
    assert "by hand" in found.steps[-1]


MANUAL = next(each for each in load_manual(library_folder() / "tests") if each.control == "CHG-01")


def test_automated_tests_alone_do_not_show_that_a_control_operated_which_a_person_tests_too() -> (
    None
):
    """What the person looks at, no other test sees; a deviation stays a deviation."""
    clean, broken = [run(3, 0, 0, "no exceptions")], [run(2, 1, 0, "exceptions noted")]
    ours = Adoption("Ana", None)

    found = assess_control(CONTROL, clean, adoption=ours, report_type=2, planned=[MANUAL])

    assert (found.evidenced, found.operated, found.is_complete) == (
        Facet.YES,
        Facet.PARTLY,
        False,
    )
    assert any(MANUAL.id in reason and "nobody has" in reason for reason in found.reasons)
    assert MANUAL.id in found.steps[-1]
    worse = assess_control(CONTROL, broken, adoption=ours, report_type=2, planned=[MANUAL])
    assert worse.operated is Facet.NO
    dated = assess_control(CONTROL, clean, adoption=ours, report_type=1, planned=[MANUAL])
    assert dated.operated is Facet.NOT_EXAMINED


def test_a_deviation_is_the_first_thing_to_do() -> None:
    """Before adopting, and before collecting more."""
    found = assess_control(
        CONTROL, [run(2, 1, 0, "exceptions noted")], adoption=None, report_type=2
    )

    assert (
        found.steps[0] == "Find the cause of each deviation (1 of 3 in CHG-01.T1) and put it right."
    )


@pytest.mark.parametrize(
    ("table", "evidenced", "operated"),
    [
        ("population.changes", Facet.PARTLY, Facet.PARTLY),
        ("gitlab.branches", Facet.YES, Facet.YES),
    ],
)
def test_a_population_that_nobody_connected_keeps_a_control_at_partly(
    table: str, evidenced: Facet, operated: Facet
) -> None:
    """What git shows is not what a code host would; but nobody has every code host."""
    unfed = replace(PROCEDURE, id="CHG-01.T3", tables={table: ("system",)})
    found = assess_control(
        CONTROL,
        [run(3, 0, 0, "no exceptions")],
        adoption=Adoption("Ana", None),
        report_type=2,
        unfed=[unfed],
    )

    assert (found.evidenced, found.operated) == (evidenced, operated)
    assert found.steps[-1] == f"Connect a source that fills {table}: then CHG-01.T3 can be run."
    said = "CHG-01.T3: not run, no source in use fills what it reads"
    assert (said in found.reasons) == (operated is Facet.PARTLY)
