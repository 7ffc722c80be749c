"""The year of the example company, acted out without its examinations, which tests/app runs."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from reperform.accounts.models import Organization
from reperform.catalog.criteria import CRITERION_IDS
from reperform.cli.example import people
from reperform.cli.example.folder import example_folder
from reperform.cli.example.year import acts
from reperform.ledger.queries import changes
from reperform.program.description.check import is_checked
from reperform.program.description.contradictions import check_description
from reperform.program.description.files import description_library
from reperform.program.description.scope import criteria_in_scope
from reperform.program.models import AdoptedControl, Incident, IncidentDuty, RemediationTask
from reperform.program.queries import current_description
from reperform.program.queries.registers import current_registers
from reperform.program.queries.risks import current_scales, listed, risk_rows
from reperform.program.scope.document import lacking


@pytest.fixture
def larkspur(db: None, tmp_path: Path) -> Organization:  # noqa: ARG001 - it opens the database
    """The company at the end of its year."""
    organization = people.found(example_folder())
    for act in acts(example_folder(), tmp_path):
        if not act.name:
            act.do(organization)
    return organization


def test_the_year_ends_with_one_contradiction_and_three_reports_that_end_early(
    larkspur: Organization,
) -> None:
    """What the tour leads to is there, and nothing else is wrong by accident."""
    said = current_description(larkspur)
    problems = check_description(
        said.texts,
        library=description_library(),
        scope=said.scope.document,
        registers=current_registers(larkspur, said.scope.document),
        organization=larkspur.name,
    )

    assert [problem.slug for problem in problems if is_checked(problem)] == ["description-date"]
    assert [part for part, _ in lacking(said.scope.document)] == ["subservices"] * 3


def test_every_criterion_in_scope_has_a_control_or_a_reason(larkspur: Organization) -> None:
    """Some controls are not at work yet, and one is retired: a company as there are many."""
    scope = current_description(larkspur).scope.document
    in_force = AdoptedControl.objects.filter(organization=larkspur, retired_on=None)
    served = {name for control in in_force for name in control.criteria}

    assert set(scope.not_applicable or {}) == {"CC6.4"}
    assert set(criteria_in_scope(scope)) - served <= {"CC6.4"}
    assert served <= set(CRITERION_IDS)
    assert in_force.filter(implemented_on=None).exists()
    assert in_force.filter(library_id="").count() == 2
    assert in_force.filter(is_tailored=True).count() == 3
    assert AdoptedControl.objects.exclude(retired_on=None).count() == 1
    assert set(RemediationTask.objects.values_list("state", flat=True)) == {
        "open",
        "done",
        "dropped",
    }


def test_the_ledger_tells_the_year_in_its_order(larkspur: Organization) -> None:
    """Each act is recorded when the files say, the invitations before those whom they invite."""
    told = [change.at for change in changes(larkspur.log).order_by("leaf")]
    founded, ended = told[0], told[-1]

    assert (founded.date().isoformat(), ended.date().isoformat()) == ("2025-04-07", "2026-08-04")
    assert all(later >= earlier for earlier, later in pairwise(told))


def test_the_year_had_incidents_as_real_ones_are(larkspur: Organization) -> None:
    """One is told in DC 4, one notice was late for good, and one incident is still open."""
    rows = Incident.objects.filter(organization=larkspur)
    states = Counter(rows.values_list("state", flat=True))

    assert states == {"closed": 7, "false alarm": 2, "contained": 1}
    assert list(rows.filter(is_reportable=True).values_list("number", flat=True)) == [7]
    assert rows.filter(is_exercise=True).count() == 1
    assert rows.filter(personal_data=True, number=5).exists()
    late = IncidentDuty.objects.get(was_late=True)
    assert (late.incident.number, late.duty) == (5, "own-1")


def test_the_register_of_risks_has_lived_for_a_year(larkspur: Organization) -> None:
    """One acceptance is over, one risk is closed, one review is late, one is not judged."""
    end = datetime(2026, 8, 4, 8, 30, tzinfo=UTC).date()
    now = current_scales(larkspur)
    entries = listed(risk_rows(larkspur), now, today=end)

    assert len(entries) == 18
    assert sum(entry.is_acceptance_over for entry in entries) == 1
    assert [entry.row.title for entry in entries if entry.row.state == "closed"] == [
        "The office in Portland is broken into"
    ]
    assert [entry.row.category for entry in entries if entry.is_review_due] == ["law and contracts"]
    assert sum(entry.judged is None for entry in entries) == 1
    assert now.number == 2
    assert sum(bool(entry.judged and entry.judged.is_earlier) for entry in entries) >= 2
    assert {"fraud", "significant change"} <= {entry.row.category for entry in entries}
