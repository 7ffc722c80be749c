"""Incidents as values: reading, order of times, closing, deadlines, and what DC 4 says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.grid import read_grid
from reperform.program.incidents import (
    IncidentFields,
    Kind,
    State,
    incident_content,
    read_incident,
)
from reperform.program.incidents.closing import Kept, lacking_to_close, targets
from reperform.program.incidents.disclosure import Known, disclose
from reperform.program.incidents.duties import (
    DutyFields,
    Standing,
    deadline,
    duty_content,
    read_duty,
    read_term,
    standing,
    term_content,
)
from reperform.program.incidents.importing import COLUMNS, Held, plan_incidents
from reperform.program.incidents.library import incident_library
from reperform.program.incidents.reports import read_report
from reperform.program.incidents.timeline import read_entry

NOW = datetime(2026, 2, 20, 12, 0, tzinfo=UTC)
BEGAN = datetime(2026, 2, 11, 9, 0, tzinfo=UTC)
LEVELS = incident_library().severities
HELD = Held(LEVELS, {"ben@larkspur.example": 3}, {"CHG-01"}, {}, NOW)


def read(**content: Any) -> tuple[IncidentFields, set[str]]:  # noqa: ANN401 - any JSON
    """Return the incident, and the fields that are wrong."""
    fields, problems = read_incident(
        {"title": "x", "noticed_at": "2026-02-11 09:00 UTC", **content}, severities=LEVELS, at=NOW
    )
    return fields, {each.where for each in problems}


def whole() -> IncidentFields:
    """Return an incident of which everything is known."""
    return IncidentFields(
        title="Invoices could not be opened",
        what="A schema change was deployed before its program",
        severity="sev2",
        state=State.RESOLVED,
        began_at=BEGAN,
        noticed_at=BEGAN + timedelta(minutes=5),
        reported_at=BEGAN + timedelta(minutes=6),
        contained_at=BEGAN + timedelta(minutes=47),
        resolved_at=BEGAN + timedelta(minutes=47),
        personal_data=False,
        cause="Nothing compared the versions.",
        control_failed=True,
        failed_controls=("CHG-01",),
        commitment_missed=False,
        is_reportable=True,
        reportable_because="A control failed.",
        extent="About 300 customers.",
        disposition="Deployments stop when versions differ.",
        lessons="Compare versions.",
        reviewed_on=NOW.date(),
    )


def test_what_is_not_said_is_neither_yes_nor_no() -> None:
    fields, wrong = read()

    assert not wrong
    assert (fields.personal_data, fields.control_failed, fields.is_reportable) == (None, None, None)
    assert (fields.began_at, fields.kind, fields.severity) == (None, Kind.NOT_DECIDED, "")


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"began_at": "2026-02-11 10:00 UTC"}, "noticed_at"),
        ({"reported_at": "2026-02-10T08:00Z"}, "reported_at"),
        (
            {"contained_at": "2026-02-12 09:00 UTC", "resolved_at": "2026-02-11 09:00Z"},
            "resolved_at",
        ),
        ({"noticed_at": "2026-02-11 09:00"}, "noticed_at"),
        ({"noticed_at": "yesterday"}, "noticed_at"),
        ({"noticed_at": "2026-02-20 12:01 UTC"}, "noticed_at"),
        ({"noticed_at": ""}, "noticed_at"),
        ({"noticed_at": ["2026"]}, "noticed_at"),
        ({"severity": "sev9"}, "severity"),
        ({"state": "gone"}, "state"),
        ({"state": "false alarm"}, "reason"),
        ({"failed_controls": "CHG-01"}, "failed_controls"),
        ({"is_reportable": True}, "reportable_because"),
        (
            {"is_reportable": True, "reportable_because": "x", "control_failed": False},
            "is_reportable",
        ),
        ({"is_exercise": True, "is_reportable": True, "reportable_because": "x"}, "is_reportable"),
        ({"criteria": "CC99.1"}, "criteria"),
        ({"surprise": 1}, "surprise"),
        ({"title": ""}, "title"),
        ({"reviewed_on": "2026-02-21"}, "reviewed_on"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(content: dict[str, Any], where: str) -> None:
    assert where in read(**content)[1]


def test_times_of_other_zones_are_compared_in_utc() -> None:
    """09:30 in Berlin is half an hour before 09:00 UTC."""
    fields, wrong = read(began_at="2026-02-11 09:30+01:00")

    assert not wrong
    assert fields.began_at == datetime(2026, 2, 11, 8, 30, tzinfo=UTC)


@given(
    state=st.sampled_from(State),
    severity=st.sampled_from(["", *LEVELS]),
    decided=st.booleans() | st.none(),
    controls=st.lists(st.sampled_from(["CHG-01", "AC-01"]), unique=True),
    at=st.integers(0, 60_000_000).map(lambda ago: BEGAN - timedelta(seconds=ago)),
)
def test_an_incident_reads_back_as_it_was_written(
    *, state: State, severity: str, decided: bool | None, controls: list[str], at: datetime
) -> None:
    """JSON values and back: nothing is lost between ledger, form and API."""
    fields = replace(
        whole(),
        state=state,
        severity=severity,
        personal_data=decided,
        controls=tuple(controls),
        began_at=at,
        reason="said",
        is_reportable=False,
    )

    again, problems = read_incident(incident_content(fields), severities=LEVELS, at=NOW)

    assert (again, problems) == (fields, [])


def test_closing_takes_cause_notices_and_lessons() -> None:
    bare = IncidentFields("x", noticed_at=BEGAN)

    lacking = {each.where for each in lacking_to_close(bare, [Standing.NOT_DECIDED])}

    assert lacking == {
        *("severity", "cause", "control_failed", "is_reportable", "duties", "lessons"),
    }
    assert not lacking_to_close(whole(), [Standing.DONE_LATE, Standing.DOES_NOT_APPLY])
    assert [e.where for e in lacking_to_close(whole(), [Standing.LATE])] == ["duties"]
    unknown = replace(whole(), cause="", reason="The logs of that week are gone.")
    assert not lacking_to_close(unknown, [])


def test_an_exercise_needs_lessons_only() -> None:
    exercise = IncidentFields("x", is_exercise=True, noticed_at=BEGAN)

    assert [each.where for each in lacking_to_close(exercise, [])] == ["lessons"]


def test_a_deadline_runs_from_when_it_was_noticed_over_weekends_too() -> None:
    """72 hours from a Friday evening end on Monday evening."""
    friday = datetime(2026, 2, 13, 18, 0, tzinfo=UTC)
    applies = DutyFields(applies=True, reason="x")

    due = deadline(applies, hours=72, noticed_at=friday)

    assert due == datetime(2026, 2, 16, 18, 0, tzinfo=UTC)
    later = replace(applies, counted_from=friday + timedelta(hours=5))
    assert deadline(later, hours=72, noticed_at=friday) == due + timedelta(hours=5)
    assert deadline(replace(applies, due_by=friday), hours=72, noticed_at=friday) == friday
    assert deadline(applies, hours=72, noticed_at=None) is None
    assert deadline(applies, hours=None, noticed_at=friday) is None
    assert deadline(DutyFields(applies=False, reason="x"), hours=72, noticed_at=friday) is None


@pytest.mark.parametrize(
    ("applies", "done", "due", "was_late", "expected"),
    [
        (None, None, None, False, Standing.NOT_DECIDED),
        (False, None, None, False, Standing.DOES_NOT_APPLY),
        (True, None, 1, False, Standing.RUNNING),
        (True, None, -1, False, Standing.LATE),
        (True, None, None, False, Standing.NO_TERM),
        (True, -2, -1, False, Standing.DONE),
        (True, -1, -2, False, Standing.DONE_LATE),
        (True, -2, -1, True, Standing.DONE_LATE),
        (True, -2, None, False, Standing.DONE_WITHOUT_TERM),
    ],
)
def test_a_notice_that_was_late_stays_late(
    *,
    applies: bool | None,
    done: int | None,
    due: int | None,
    was_late: bool,
    expected: Standing,
) -> None:
    """Hours from now; without a deadline nothing is called in time."""

    def at(hours: int | None) -> datetime | None:
        return None if hours is None else NOW + timedelta(hours=hours)

    fields = DutyFields(applies=applies, done_at=at(done))

    assert standing(fields, due_at=at(due), was_late=was_late, now=NOW) is expected


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"applies": True}, "reason"),
        ({"reason": "x"}, "applies"),
        ({"applies": False, "reason": "x", "done_at": "2026-02-11 09:00Z", "how": "x"}, "done_at"),
        ({"applies": True, "reason": "x", "done_at": "2026-02-11 09:00Z"}, "how"),
        ({"applies": True, "reason": "x", "done_at": "2027-02-11 09:00Z", "how": "x"}, "done_at"),
        ({"applies": "perhaps"}, "applies"),
    ],
)
def test_a_decision_says_why(content: dict[str, Any], where: str) -> None:
    assert where in {each.where for each in read_duty(content, at=NOW)[1]}


def test_decisions_and_terms_read_back_as_they_were_written() -> None:
    decided = DutyFields(
        applies=True, reason="x", counted_from=BEGAN, due_by=NOW, done_at=NOW, how="e", proof=3
    )
    term, problems = read_term({"title": "Bank", "hours": "24", "concerns": "yes"})

    assert read_duty(duty_content(decided), at=NOW) == (decided, [])
    assert not problems
    assert read_term(term_content(term)) == (term, [])
    assert read_term({"title": "Bank", "concerns": "no"})[1][0].where == "reason"


def test_targets_say_what_was_kept_and_what_is_not_known() -> None:
    level = incident_library().level("sev2")

    answered, contained = targets(whole(), level, now=NOW)

    assert (answered.kept, contained.kept) == (Kept.OVERDUE, Kept.KEPT)
    closed = replace(whole(), state=State.CLOSED)
    assert targets(closed, level, now=NOW)[0].kept is Kept.NOT_KNOWN
    late = replace(whole(), confirmed_at=BEGAN + timedelta(hours=3))
    assert targets(late, level, now=NOW)[0].kept is Kept.MISSED
    assert targets(whole(), None, now=NOW) == ()


def test_dc_4_tells_of_what_must_be_told_and_of_nothing_else() -> None:
    not_told = replace(whole(), is_reportable=False)
    alarm = replace(whole(), state=State.FALSE_ALARM, is_reportable=False, reason="x")
    exercise = IncidentFields("Ransom", is_exercise=True, noticed_at=BEGAN)

    found = disclose([Known(7, whole()), Known(8, not_told), Known(9, alarm), Known(10, exercise)])

    assert [each.reference for each in found.told] == ["INC-7"]
    assert "INC-7, Invoices could not be opened. From 2026-02-11 09:00 UTC to" in found.text
    for said in ("Nature: A schema", "CHG-01", "Extent: About 300", "Disposition: Deployments"):
        assert said in found.text
    assert found.text.endswith("No other incident in the period came from a failed control or kept "
                               "a commitment from being met.")  # fmt: skip
    assert disclose([]).text.startswith("No incident in the period")


def test_dc_4_does_not_deny_what_nobody_decided() -> None:
    """An undecided incident could have to be told: there is no word that there was no other."""
    undecided = replace(whole(), is_reportable=None, reportable_because="")

    found = disclose([Known(7, undecided)])

    assert found.text == ""
    assert [each.reference for each in found.undecided] == ["INC-7"]


def test_dc_4_says_what_the_register_does_not_know() -> None:
    bare = replace(whole(), extent="", began_at=None, resolved_at=None, contained_at=None)

    found = disclose([Known(7, bare)])

    assert "Extent: not stated in the register yet." in found.text
    assert "From a time not known; when it ended is not known." in found.text
    assert found.told[0].lacks == ("timing", "extent")


def test_the_tables_are_whole() -> None:
    """Levels get slower downwards, and each duty says whom, when and by when."""
    library = incident_library()

    assert [each.respond for each in library.levels] == sorted(e.respond for e in library.levels)
    assert [each.contain for each in library.levels] == sorted(e.contain for e in library.levels)
    assert all(each.source and each.whom and each.when and each.term for each in library.duties)
    assert {each.key: each.hours for each in library.duties}["gdpr-33"] == 72
    assert {each.key: each.hours for each in library.duties}["hipaa-404"] == 60 * 24


def test_a_report_asks_little() -> None:
    found, problems = read_report({"title": "Laptop lost", "what": "On the train"}, at=NOW)

    assert not problems
    made = found.incident(at=NOW)
    assert (made.state, made.reported_at, made.personal_data) == (State.REPORTED, NOW, None)
    assert {each.where for each in read_report({}, at=NOW)[1]} == {"title", "what"}


def test_an_entry_is_not_of_the_future() -> None:
    assert read_entry({"said": "x"}, at=NOW)[1] == []
    wrong = read_entry({"said": "", "happened_at": "2030-01-01 00:00Z", "corrects": "x"}, at=NOW)
    assert {each.where for each in wrong[1]} == {"said", "happened_at", "corrects"}


def test_a_file_says_row_by_row_what_it_would_do() -> None:
    grid = read_grid(
        b"Title,Noticed,State,Controls,Handler\n"
        b"Lost laptop,2026-01-02 10:00 UTC,closed,CHG-01,ben@larkspur.example\n"
        b"Lost laptop,2026-01-02 11:00 UTC,,,\n",
        name="old.csv",
    )

    plan = plan_incidents(grid, HELD)

    assert not plan.every_problem
    (entered,) = plan.entered
    assert (entered.state, entered.handler, entered.controls) == (State.RESOLVED, 3, ("CHG-01",))
    assert [row.does for row in plan.rows][1] == "is in a row above already: left out"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"Titel\nx\n", "row 1"),
        (b"Title\n", "old.csv"),
        (b"Title,Noticed\nx,2026-01-02 10:00\n", "row 2: Noticed"),
        (b"Title,Noticed,Controls\nx,2026-01-02 10:00Z,ZZZ-9\n", "row 2: Controls"),
        (b"Title,Noticed,Handler\nx,2026-01-02 10:00Z,eve@other.example\n", "row 2: Handler"),
        (b"Title,Noticed,Severity\nx,2026-01-02 10:00Z,bad\n", "row 2: Severity"),
        (b"Title,Title,Noticed\nx,y,2026-01-02 10:00Z\n", "row 1"),
        (b"Title,Noticed\nx,2026-01-02 10:00Z,more\n", "row 2"),
    ],
)
def test_a_row_that_cannot_be_imported_is_named(content: bytes, where: str) -> None:
    plan = plan_incidents(read_grid(content, name="old.csv"), HELD)

    assert any(where in each.where for each in plan.every_problem), plan.every_problem
    assert not plan.entered or plan.every_problem


def test_every_field_has_a_column() -> None:
    assert set(COLUMNS) == set(IncidentFields.__dataclass_fields__)
