"""The year of the example company, acted out without its examinations, which tests/app runs."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Protocol

import pytest
from django.db import transaction

from reperform.accounts.models import Organization
from reperform.audit.models import OutcomeRecord
from reperform.base.period import Period
from reperform.catalog.criteria import CRITERION_IDS
from reperform.cli.example import people
from reperform.cli.example.folder import example_folder
from reperform.cli.example.year import acts
from reperform.evidence.models import Job
from reperform.ledger.queries import changes
from reperform.program.calendar.year import WindowState
from reperform.program.description.check import is_checked
from reperform.program.description.contradictions import check_description
from reperform.program.description.files import description_library
from reperform.program.description.scope import criteria_in_scope
from reperform.program.models import (
    AccessReview,
    AccountDecision,
    AdoptedControl,
    Asset,
    DataFlow,
    DescriptionVersion,
    Incident,
    IncidentDuty,
    KeptFile,
    OccurrenceEntry,
    Policy,
    PolicyVersion,
    RemediationTask,
    ScopeVersion,
    SocReport,
    Vendor,
)
from reperform.program.queries import current_description
from reperform.program.queries.access_reviews import progress_of
from reperform.program.queries.files import file_content
from reperform.program.queries.occurrences import years
from reperform.program.queries.people import held, people_on
from reperform.program.queries.registers import current_registers
from reperform.program.queries.risks import current_scales, listed, risk_rows
from reperform.program.scope.document import lacking, scope_content

pytestmark = pytest.mark.django_db
PERIOD = Period(date(2025, 8, 1), date(2026, 7, 31))
THE_DAY_AFTER = date(2026, 8, 5)


class Blocker(Protocol):
    """What keeps tests from the database unless they ask for it."""

    def unblock(self) -> AbstractContextManager[None]:
        """Let them."""


@pytest.fixture(scope="module")
def larkspur(
    django_db_setup: None,  # noqa: ARG001 - it makes the database
    django_db_blocker: Blocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Organization]:
    """The company at the end of its year, acted out once; what a test changes is taken back."""
    work = tmp_path_factory.mktemp("work")
    with django_db_blocker.unblock(), transaction.atomic():
        organization = people.found(example_folder())
        for act in acts(example_folder(), work):
            if not act.name:
                act.do(organization)
        yield organization
        transaction.set_rollback(True)


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


def test_times_that_controls_were_due_went_as_they_go(larkspur: Organization) -> None:
    """Most were done in time with a proof; some late, some never, some not for a reason."""
    found = list(years(larkspur, PERIOD, today=THE_DAY_AFTER))
    states = Counter(each.state for _, year in found for each in year.windows)
    missed = {
        (control.code, str(each.slot.due_on)): bool(each.entry)
        for control, year in found
        for each in year.windows
        if each.state is WindowState.MISSED
    }

    assert states[WindowState.DONE] == 173, "docs/tutorials/a-year-of-larkspur.md says so"
    assert states[WindowState.DONE_LATE] == 6
    assert states[WindowState.NOT_EXPECTED] == 5
    assert states.keys() == {
        WindowState.DONE,
        WindowState.DONE_LATE,
        WindowState.MISSED,
        WindowState.NOT_EXPECTED,
    }
    assert missed == {
        ("AC-08", "2026-04-30"): False,
        ("AC-12", "2026-07-14"): False,
        ("AVL-01", "2025-12-31"): True,
        ("AVL-03", "2026-07-31"): True,
        ("CON-02", "2026-03-31"): True,
        ("RSK-06", "2026-01-04"): False,
        ("RSK-06", "2026-02-15"): True,
        ("RSK-06", "2026-07-19"): False,
    }


def test_each_time_that_was_done_has_a_proof_by_its_owner(larkspur: Organization) -> None:
    """A file or a register's row; and only the steward speaks for somebody else."""
    entries = OccurrenceEntry.objects.filter(organization=larkspur, kind="done", is_current=True)

    assert not entries.filter(files=None, linked="").exists()
    for entry in entries.select_related("control__owner__user", "done_by__user"):
        assert entry.control.owner is not None
        assert entry.by in (entry.control.owner.user.email, "jonas@larkspur.example")


def test_each_file_of_the_example_says_that_it_is_one(larkspur: Organization) -> None:
    """Whoever finds a proof of it somewhere else cannot take it for real evidence."""
    files = KeptFile.objects.filter(organization=larkspur)

    assert files.count() > 150
    assert {file.kind for file in files} >= {"csv", "pdf", "txt"}
    unlabelled = [f.name for f in files if b"invented example" not in file_content(f).lower()]
    assert unlabelled == []


def test_the_inventory_is_drawn_and_not_all_of_it_is_decided(larkspur: Organization) -> None:
    """Assets in and outside of the boundary, two retired, one flow of which nobody knows enough."""
    rows = Asset.objects.filter(organization=larkspur)
    flows = DataFlow.objects.filter(organization=larkspur)

    assert rows.count() == 23
    assert Counter(rows.filter(retired_on=None).values_list("in_boundary", flat=True)) == {
        True: 17,
        False: 3,
        None: 1,
    }
    assert set(rows.exclude(retired_on=None).values_list("disposal", flat=True)) == {
        "",
        "deleted at its vendor",
    }
    assert flows.filter(encrypted=None, ended_on=None).count() == 1
    operators = set(rows.exclude(vendor="").values_list("vendor", flat=True))
    assert operators <= set(Vendor.objects.values_list("name", flat=True))


def test_removals_of_the_first_review_of_access_are_shown_by_later_lists(
    larkspur: Organization,
) -> None:
    """One account was gone in time, one only the second list did not have; one review is late."""
    reviews = AccessReview.objects.filter(organization=larkspur).order_by("number")
    decisions = AccountDecision.objects.filter(system__review=reviews[0]).exclude(decision="keep")

    assert {d.account.key: d.settled_as for d in decisions} == {
        "noor": "gone",
        "sam": "changed",
        "svc-old-sync": "gone",
    }
    for each in decisions.exclude(account__key="svc-old-sync"):
        assert each.settled_in is not None
        assert each.due_on is not None
        assert each.settled_in.taken_at.date() <= each.due_on
    late = decisions.get(account__key="svc-old-sync")
    assert late.seen_in is not None
    assert late.settled_in is not None
    assert late.due_on is not None
    assert late.settled_in.taken_at.date() > late.due_on
    progress = progress_of([reviews[2]])[reviews[2].pk]
    assert [bool(each.finished_on) for each in reviews] == [True, True, False]
    assert (progress.decided, progress.without_list) == (18, 1)


def test_the_description_counts_each_team_as_the_register_has_it(larkspur: Organization) -> None:
    """On the day on which it was written."""
    for version in DescriptionVersion.objects.filter(organization=larkspur, field="dc3.people"):
        day = version.at.date()
        there = Counter(each.department for each in held(people_on(larkspur, day), day))
        told = re.findall(r"(Engineering|platform|Support)[^(\n]*\((\d+) people\)", version.text)

        assert {name.capitalize(): int(count) for name, count in told} == {
            name: there[name] for name in ("Engineering", "Platform", "Support")
        }, day


def test_no_report_of_a_supplier_is_named_before_it_was_issued(larkspur: Organization) -> None:
    """And each that the register of vendors has is in the scope that was decided next."""
    reports = SocReport.objects.filter(vendor__organization=larkspur).select_related("vendor")
    issued = {(each.vendor.name, str(each.last)): each.issued_on for each in reports}
    for version in ScopeVersion.objects.filter(organization=larkspur):
        for supplier in version.content.get("subservices") or ():
            report = supplier.get("report")
            if report:
                on = issued.get((supplier["name"], report["last"]))
                assert report["last"] < version.at.date().isoformat()
                assert on is None or on <= version.at.date()
    now = scope_content(current_description(larkspur).scope.document)["subservices"]
    newest = {name: max(last for who, last in issued if who == name) for name, _ in issued}
    assert {each["name"]: each["report"]["last"] for each in now} == {
        each["name"]: newest[each["name"]] for each in now
    }


def test_policies_are_as_many_as_the_description_says(larkspur: Organization) -> None:
    """And what they promise after a disaster is what customers are promised."""
    said = current_description(larkspur)
    in_force = PolicyVersion.objects.filter(
        policy__organization=larkspur, approved_at__isnull=False
    ).values("policy")
    backup = Policy.objects.get(organization=larkspur, key="backup-and-recovery")
    promised = [each.text for each in said.scope.document.commitments or ()]

    assert Policy.objects.filter(pk__in=in_force).count() == 14
    assert "Fourteen policies" in said.texts["dc3.procedures"]
    values = PolicyVersion.objects.filter(policy=backup).latest("number").values
    assert (values["recovery_time"], values["recovery_point"]) == ("8 hours", "1 hour")
    assert any("within 8 hours, and at most 1 hour" in each for each in promised)


def test_suppliers_that_texts_name_are_in_the_register(larkspur: Organization) -> None:
    """Whoever hosts the source and signs people in is the vendor whose report is read."""
    software = current_description(larkspur).texts["dc3.software"]
    named = Vendor.objects.filter(organization=larkspur).values_list("name", flat=True)

    assert {name for name in named if name in software} == {
        *("Birchpay", "Copperline", "Heron Monitoring", "Kestrel Mail", "Pinebadge")
    }


def test_the_sources_were_asked_by_themselves_and_three_weeks_failed(
    larkspur: Organization,
) -> None:
    """A week in which nothing answered, two without the permission, and one late pull."""
    jobs = Job.objects.filter(organization=larkspur, kind="collection").order_by("due_at")
    weeks = jobs.filter(state="failed")
    assert [(f"{each.due_at:%F}", each.attempts) for each in weeks] == [
        ("2026-03-23", 4),
        ("2026-05-18", 4),
        ("2026-05-25", 4),
    ]
    assert "the token lacks the right to list users" in weeks[1].reason
    (late,) = (each for each in jobs if each.ended_at and (each.ended_at - each.due_at).days > 1)
    assert (f"{late.due_at:%F}", f"{late.ended_at:%F}", late.state) == (
        "2026-06-02",
        "2026-06-04",
        "done",
    )


def test_a_test_of_a_control_drifts_from_one_month_to_the_next(larkspur: Organization) -> None:
    """Computed, each time, from what the sources had brought by then."""
    said = [
        (f"{each.at:%Y-%m}", each.conclusion, each.deviations)
        for each in OutcomeRecord.objects.filter(organization=larkspur).order_by("at")
    ]
    assert said == [
        ("2026-02", "unable to test", 0),
        ("2026-03", "unable to test", 0),
        ("2026-04", "unable to test", 0),
        ("2026-05", "unable to test", 0),
        ("2026-06", "exceptions noted", 1),
        ("2026-07", "exceptions noted", 1),
    ]
