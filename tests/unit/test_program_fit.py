"""A test of the library counts for a tailored wording only while somebody's confirmation stands."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reperform.catalog.controls import Control
from reperform.program.controls.fit import Fit, fitting
from reperform.program.controls.fit_file import fits_content, read_fits
from reperform.program.controls.tested import is_tested_as, wording_sha256
from reperform.program.gap import Facet
from reperform.program.gap.analysis import GapAnalysis
from reperform.program.gap.controls import Adopted
from reperform.program.gap.seen import SeenControl, SeenTest
from reperform.program.statement import StatementError
from unit.test_program_gap_analysis import ADOPTED, CONTROL, SEEN, analyze

OURS = replace(CONTROL, text="Two others review.")
TEST = SeenTest("CHG-01.T1", "no exceptions", "40 of 40 passed", 40, 0, "a" * 64, is_whole=True)
FIT = Fit("CHG-01.T1", "a" * 64, wording_sha256(OURS), "Ada", date(2026, 8, 2), "Same changes.")
SEEN_IN_PART = SeenControl(Facet.YES, Facet.PARTLY, Facet.PARTLY, (TEST,))


def refused(what: str) -> StatementError:
    return StatementError(what, why="", todo="")


def tailored(*fits: Fit, control: Control = OURS) -> Adopted:
    named = {each.test: each for each in fits}
    return replace(ADOPTED, control=control, is_as_library=False, fits=named)


def judged(adopted: Adopted, found: SeenControl = SEEN_IN_PART) -> GapAnalysis:
    return analyze(adopted, seen=replace(SEEN, controls={"CHG-01": found}))


def test_a_confirmed_test_makes_a_tailored_control_complete_and_is_shown() -> None:
    """Also when the examination looked before it was confirmed, and counted it in part."""
    found = judged(tailored(FIT)).readiness["CHG-01"]

    assert found.is_complete
    assert found.reasons == ()
    assert found.notes == (
        "Ada confirmed on 2026-08-02 that CHG-01.T1 fits this wording: Same changes.",
    )


def test_without_a_confirmation_it_counts_in_part() -> None:
    found = judged(tailored()).readiness["CHG-01"]

    assert (found.implemented, found.evidenced) == (Facet.PARTLY, Facet.PARTLY)
    assert "nobody has confirmed that CHG-01.T1 fits this wording" in found.reasons
    assert any(step.startswith("Compare your wording") for step in found.steps)


@pytest.mark.parametrize(
    ("fit", "changed"),
    [
        (replace(FIT, wording_sha256="b" * 64), "the wording has changed since"),
        (replace(FIT, test_sha256="b" * 64), "the test has changed since"),
        (
            replace(FIT, test_sha256="b" * 64, wording_sha256="b" * 64),
            "the wording and the test have changed since",
        ),
    ],
)
def test_a_change_of_either_makes_it_outdated_visibly(fit: Fit, changed: str) -> None:
    found = judged(tailored(fit)).readiness["CHG-01"]

    assert found.evidenced is Facet.PARTLY
    assert found.notes == ()
    assert f"Ada confirmed on 2026-08-02 that CHG-01.T1 fits, and {changed}" in found.reasons


def test_every_test_that_was_run_needs_its_own() -> None:
    """One of two is not enough."""
    second = replace(TEST, id="CHG-01.T2")
    found = judged(tailored(FIT), replace(SEEN_IN_PART, tests=(TEST, second))).readiness["CHG-01"]

    assert found.evidenced is Facet.PARTLY
    assert "nobody has confirmed that CHG-01.T2 fits this wording" in found.reasons


def test_a_confirmation_lifts_nothing_but_the_wording() -> None:
    """Days without evidence, exceptions, and a control without a test stay what they are."""
    holes = replace(SEEN_IN_PART, tests=(replace(TEST, is_whole=False),))
    failing = replace(
        SEEN_IN_PART, operated=Facet.NO, tests=(replace(TEST, conclusion="exceptions noted"),)
    )
    bare = replace(SEEN_IN_PART, evidenced=Facet.NO, operated=Facet.UNKNOWN, tests=())

    assert judged(tailored(FIT), holes).readiness["CHG-01"].evidenced is Facet.PARTLY
    assert judged(tailored(FIT), failing).readiness["CHG-01"].operated is Facet.NO
    assert judged(tailored(FIT), bare).readiness["CHG-01"].evidenced is Facet.NO
    assert not fitting([], confirmed={"CHG-01.T1": FIT}, wording_sha256="x").is_whole


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"text": "Somebody   else\nreviews."}, True),
        ({"title": "Ours", "owner": "CTO", "evidence": ("x",)}, True),
        ({"text": "Nobody reviews."}, False),
        ({"frequency": "weekly"}, False),
        ({"kind": "automated"}, False),
        ({"population": "tickets"}, False),
    ],
)
def test_a_test_is_of_text_frequency_kind_and_population(
    changes: dict[str, Any], *, is_same: bool
) -> None:
    assert is_tested_as(replace(CONTROL, **changes), CONTROL) is is_same


def test_a_statement_holds_them_and_gives_them_back() -> None:
    fits = {FIT.test: FIT}

    assert read_fits(fits_content(fits), refused=refused) == fits


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"CHG-01.T1": "yes"},
        {"CHG-01.T1": {"by": "Ada"}},
        {"CHG-01.T1": fits_content({"x": FIT})["x"] | {"reason": " "}},
        {"CHG-01.T1": fits_content({"x": FIT})["x"] | {"test_sha256": "short"}},
        {"CHG-01.T1": fits_content({"x": FIT})["x"] | {"on": "soon"}},
    ],
)
def test_what_is_no_confirmation_is_refused(said: object) -> None:
    with pytest.raises(StatementError):
        read_fits(said, refused=refused)
