"""What drifted from one examination to the next: from when it broke, and if it once passed."""

from datetime import UTC, datetime, timedelta

from reperform.audit.outline import outline_of
from reperform.noticing.drift import Outline, deviating, drifted
from reperform.noticing.notice import Kind, Noticed

FIRST = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
PASS, FAIL, UNABLE = "no exceptions", "exceptions noted", "unable to test"


def outlines(*conclusions: str, evidenced: str = "") -> list[Outline]:
    """Return an outline for each conclusion of T1, in order; `-` for a test that was not run."""
    words = evidenced.split() or ["yes"] * len(conclusions)
    made = [
        Outline(
            number=place + 1,
            at=FIRST + timedelta(days=place),
            tests={} if conclusion == "-" else {"T1": conclusion},
            evidenced={"AC-01": word},
        )
        for place, (conclusion, word) in enumerate(zip(conclusions, words, strict=True))
    ]
    return made[::-1]


def found(*conclusions: str, evidenced: str = "", **row: str) -> list[Noticed]:
    said: dict[str, str] = {"id": "T1", "title": "Leavers", "control": "AC-01", **row}
    results = {
        "tests": [] if conclusions[-1] == "-" else [said],
        "controls": [{"id": "AC-01", "title": "Access ends"}],
    }
    return list(drifted(outlines(*conclusions, evidenced=evidenced), results, {"AC-01": 7}))


def test_a_test_that_passed_and_deviates_is_noticed_since_the_examination_that_found_it() -> None:
    (notice,) = found(PASS, PASS, FAIL, FAIL, reason="2 of 40 items deviate\nmore")

    assert (notice.kind, notice.subject, notice.owner) == (Kind.DEVIATES, "T1", 7)
    assert notice.since == FIRST + timedelta(days=2)
    assert notice.key == "4/T1"
    assert notice.text == (
        "it passed in examination 2, and is exceptions noted since examination 3:"
        " 2 of 40 items deviate"
    )


def test_the_same_break_is_the_same_notice_in_the_next_examination() -> None:
    (before,) = found(PASS, FAIL)
    (after,) = found(PASS, FAIL, FAIL)

    assert (before.kind, before.subject, before.since) == (after.kind, after.subject, after.since)


def test_the_next_break_after_a_repair_is_another_notice() -> None:
    (notice,) = found(PASS, FAIL, PASS, FAIL)

    assert notice.since == FIRST + timedelta(days=3)


def test_a_test_that_cannot_be_concluded_any_more_is_noticed_and_so_is_one_that_is_not_run() -> (
    None
):
    (unable,) = found(PASS, UNABLE)
    (gone,) = found(PASS, "-")

    assert unable.kind is gone.kind is Kind.NOT_PASSED
    assert "is unable to test since examination 2" in unable.text
    assert "is not run since examination 2" in gone.text
    assert (gone.page, gone.key) == ("examination", "2")


def test_from_unable_to_deviating_is_a_break_of_its_own() -> None:
    (notice,) = found(PASS, UNABLE, FAIL)

    assert (notice.kind, notice.since) == (Kind.DEVIATES, FIRST + timedelta(days=2))
    assert notice.text.startswith("it passed in examination 1")


def test_what_never_passed_is_no_drift() -> None:
    assert found(FAIL, FAIL) == []
    assert found(UNABLE, FAIL) == []
    assert found("-", FAIL) == []


def test_what_got_better_is_said_once_in_the_examination_after_it() -> None:
    (notice,) = found(FAIL, PASS)

    assert (notice.kind, notice.since) == (Kind.BETTER, FIRST + timedelta(days=1))
    assert found(FAIL, PASS, PASS) == []


def test_a_test_that_was_not_run_before_did_not_get_better() -> None:
    assert found("-", PASS) == []


def test_a_control_that_lost_evidence_is_noticed_and_one_that_gained_is_not() -> None:
    (notice,) = found(PASS, PASS, PASS, evidenced="yes partly partly")

    assert (notice.kind, notice.subject) == (Kind.UNEVIDENCED, "AC-01")
    assert notice.since == FIRST + timedelta(days=1)
    assert "evidenced: yes in examination 1, and is evidenced: partly since" in notice.text
    assert found(PASS, PASS, PASS, evidenced="no partly yes") == []


def test_unknown_is_not_better_than_no() -> None:
    assert found(PASS, PASS, evidenced="no unknown") == []
    (notice,) = found(PASS, PASS, evidenced="partly unknown")
    assert notice.kind is Kind.UNEVIDENCED


def test_a_deviation_counts_from_the_first_examination_of_those_in_a_row() -> None:
    """Also where it never passed: the days for remediation run all the same."""
    ((test, first),) = deviating(outlines(PASS, FAIL, FAIL))
    assert (test, first.number) == ("T1", 2)
    ((_, first),) = deviating(outlines(FAIL, FAIL))
    assert first.number == 1
    assert list(deviating(outlines(FAIL, UNABLE))) == []


def test_an_outline_leaves_out_what_is_no_result() -> None:
    results = {"tests": [{"id": "T1", "conclusion": PASS}, {"id": 3}, None], "controls": "none"}

    assert outline_of(results) == {"tests": {"T1": PASS}, "evidenced": {}}
