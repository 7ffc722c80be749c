"""Pages of incidents: from an employee's report to lessons and DC 4."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.actions.incidents import make_incident
from reperform.program.incidents import IncidentFields, State, incident_content
from reperform.program.models import DescriptionVersion, Incident, IncidentDuty, RemediationTask
from reperform.program.queries import current_scope
from reperform.program.queries.incidents import incident_fields, registered_incidents
from reperform.program.queries.registers import current_registers

NOW = datetime.now(UTC).replace(microsecond=0)
BEGAN = NOW - timedelta(days=10)
HOSTILE = '=HYPERLINK("https://evil.example")<script>alert(1)</script>'


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/incidents/"


@pytest.fixture
def employee(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.EMPLOYEE))


def text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def made(organization: Organization, **fields: Any) -> Incident:  # noqa: ANN401 - of IncidentFields
    said = IncidentFields(**{"title": "Laptop lost", "noticed_at": BEGAN, **fields})
    return make_incident(organization=organization, fields=said, by="test", at=NOW)


def form(row: Incident, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of a form
    """Return what the form of an incident sends when only `changes` are made."""
    content = incident_content(incident_fields(row)) | changes
    del content["is_exercise"]
    shown = {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in content.items()
    }
    words = {True: "yes", False: "no", None: ""}
    return {"seen": row.version} | {
        name: words[value] if value is None or isinstance(value, bool) else value
        for name, value in shown.items()
    }


def report(client: Client, slug: str, **said: str) -> Any:  # noqa: ANN401 - a response
    content = {"title": "Odd mail", "what": "It asked for my password.", **said}
    return client.post(f"/o/{slug}/incident-report/", content, follow=True)


def test_an_employee_reports_and_sees_what_became_of_it(
    larkspur: Organization, employee: Client, manager: Client, home: str
) -> None:
    """Without the right to see the register, and without seeing anybody else's report."""
    made(larkspur, title="Secret incident")

    answer = report(employee, larkspur.slug)

    page = answer.content.decode()
    assert "INC-2" in page
    assert "Nobody has taken it up yet." in page
    assert "Secret incident" not in page
    assert employee.get(home).status_code == 403
    row = Incident.objects.get(number=2)
    manager.post(f"{home}2/edit/", form(row, state="false alarm", reason="A test of ours."))
    assert (
        "A test of ours." in employee.get(f"/o/{larkspur.slug}/incident-report/").content.decode()
    )


def test_a_report_without_a_word_is_not_taken(larkspur: Organization, employee: Client) -> None:
    answer = report(employee, larkspur.slug, what="", noticed_at="this morning")

    assert answer.status_code == 422
    assert "is not a time with its zone" in answer.content.decode()
    assert not Incident.objects.exists()


def test_an_incident_cannot_be_closed_before_its_work_is_done(
    larkspur: Organization, manager: Client, home: str
) -> None:
    """Severity, cause, DC 4, notices and lessons; then it closes, and the history shows all."""
    row = made(larkspur)

    answer = manager.post(f"{home}1/edit/", form(row, state="closed"))
    assert answer.status_code == 422
    assert "decide whom to notify, and why" in answer.content.decode()

    manager.post(f"{home}1/notices/", {"reason": "An encrypted disk."})
    done = {
        "state": "closed",
        "severity": "sev3",
        "cause": "It lay on a train.",
        "control_failed": "no",
        "is_reportable": "no",
        "reportable_because": "No control failed.",
        "lessons": "Carry it in a bag.",
        "reviewed_on": str(NOW.date()),
    }
    assert manager.post(f"{home}1/edit/", form(row, **done)).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.severity_version) == ("closed", 1)
    assert row.closed_at is not None
    page = manager.get(f"{home}1/").content.decode()
    assert "incident.closed" in page
    assert "Before it can be closed" not in page


def test_two_who_change_at_once_lose_nothing(
    larkspur: Organization, manager: Client, home: str
) -> None:
    row = made(larkspur)
    manager.post(f"{home}1/edit/", form(row, affected="A laptop"))

    answer = manager.post(f"{home}1/edit/", form(row, affected="Two laptops"))

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A laptop" in page
    assert "Two laptops" in page
    row.refresh_from_db()
    assert row.affected == "A laptop"


def test_the_timeline_is_added_to_and_never_changed(
    larkspur: Organization, manager: Client, home: str
) -> None:
    """A correction is an entry that names the other; a proof is kept byte for byte."""
    made(larkspur)
    url = f"{home}1/timeline/"
    file = SimpleUploadedFile("wipe.log", b"wiped 14:05")

    manager.post(url, {"said": "Wiped", "happened_at": text(BEGAN), "file": file})
    manager.post(url, {"said": "It was at 14:06", "corrects": "1"})
    missing = manager.post(url, {"said": "x", "corrects": "9"})
    future = manager.post(url, {"said": "x", "happened_at": text(NOW + timedelta(days=2))})

    entries = list(Incident.objects.get().entries.order_by("number"))
    assert [each.said for each in entries] == ["Wiped", "It was at 14:06"]
    assert entries[1].corrects == entries[0]
    assert (missing.status_code, future.status_code) == (422, 422)
    assert "there is no entry 9" in missing.content.decode()
    proof = entries[0].proof
    assert proof is not None
    assert manager.get(f"/o/{larkspur.slug}/files/{proof.number}/").content == b"wiped 14:05"


def test_a_file_that_is_no_proof_leaves_no_entry(
    larkspur: Organization, manager: Client, home: str
) -> None:
    made(larkspur)
    file = SimpleUploadedFile("proof.pdf", b"MZ\x90\x00\x03\x00")

    answer = manager.post(f"{home}1/timeline/", {"said": "See file", "file": file})

    assert answer.status_code == 422
    assert "See file" in answer.content.decode()
    assert not Incident.objects.get().entries.exists()


def test_a_late_notice_stays_late_whatever_is_written_later(
    larkspur: Organization, manager: Client, home: str
) -> None:
    """Neither a later time of noticing nor another start makes it one in time."""
    row = made(larkspur, personal_data=True)
    url = f"{home}1/notices/gdpr-33/"
    late = BEGAN + timedelta(hours=80)
    said = {
        "applies": "yes",
        "reason": "Names of customers.",
        "done_at": text(late),
        "how": "Portal of the authority.",
    }
    assert manager.post(url, {"seen": 0, **said}).status_code == 302

    manager.post(f"{home}1/edit/", form(row, noticed_at=text(BEGAN + timedelta(hours=20))))
    manager.post(url, {"seen": 1, **said, "counted_from": text(BEGAN + timedelta(hours=30))})

    duty = IncidentDuty.objects.get()
    assert (duty.was_late, duty.version) == (True, 2)
    assert "done late" in manager.get(f"{home}1/").content.decode()
    assert "Notices that were late" in manager.get(home).content.decode()


def test_a_deadline_that_runs_follows_the_time_of_noticing(
    larkspur: Organization, manager: Client, home: str
) -> None:
    row = made(larkspur)
    manager.post(f"{home}1/notices/gdpr-33/", {"seen": 0, "applies": "yes", "reason": "Names."})
    earlier = BEGAN - timedelta(hours=5)

    manager.post(f"{home}1/edit/", form(row, noticed_at=text(earlier)))

    due = IncidentDuty.objects.get().due_at
    assert due is not None
    assert text(due) == text(earlier + timedelta(hours=72))


def test_terms_of_contracts_are_asked_and_laws_that_do_not_concern_us_are_not(
    larkspur: Organization, manager: Client, home: str
) -> None:
    made(larkspur)
    term = {"title": "Bank of Elm", "hours": "24", "concerns": "yes"}
    manager.post(f"{home}terms/new/", term)
    no = {"title": "HIPAA", "concerns": "no", "reason": "We hold no health data."}
    manager.post(f"{home}terms/new/?duty=hipaa-404", no)

    page = manager.get(f"{home}1/").content.decode()

    assert "Bank of Elm" in page
    assert "Individuals (HIPAA)" not in page
    twice = manager.post(f"{home}terms/new/?duty=hipaa-404", no)
    assert (twice.status_code, "was decided on before" in twice.content.decode()) == (422, True)


def test_dc_4_is_put_in_by_one_press_and_checked_against_the_register(
    larkspur: Organization, manager: Client, home: str
) -> None:
    """The checks of the description then find nothing that it does not tell."""
    made(
        larkspur,
        title="Invoices could not be opened",
        what="A schema change was deployed too early.",
        began_at=BEGAN,
        control_failed=True,
        is_reportable=True,
        reportable_because="A control failed.",
    )
    problems = f"/o/{larkspur.slug}/description/"
    manager.post(f"{problems}dc4.incidents/", {"seen": 0, "text": "There was no incident."})
    assert "the register has INC-1" in manager.get(problems).content.decode()

    page = manager.get(f"{home}dc4/").content.decode()
    proposal = page.split('<textarea id="text"')[1].split(">\n")[1].split("</textarea>")[0]
    stale = manager.post(f"{home}dc4/", {"seen": 0, "text": proposal})
    answer = manager.post(f"{home}dc4/", {"seen": 1, "text": proposal})

    assert (stale.status_code, answer.status_code) == (409, 302)
    assert "INC-1, Invoices could not be opened." in DescriptionVersion.objects.latest("pk").text
    assert "the register has INC-1" not in manager.get(problems).content.decode()
    preview = manager.get(f"{problems}preview/").content.decode()
    assert "INC-1, Invoices could not be opened." in preview


def test_an_empty_register_says_nothing_until_somebody_says_that_there_was_none(
    larkspur: Organization, manager: Client, home: str
) -> None:
    """None is not checked; a statement with who and when is none."""
    scope = current_scope(larkspur).document
    assert current_registers(larkspur, scope).incidents is None

    day = str(NOW.date() - timedelta(days=1))
    said = {"first": day, "last": day, "basis": "Alerts and tickets."}
    assert manager.post(f"{home}none/", said).status_code == 302

    assert registered_incidents(larkspur, None) == ()
    made(larkspur, noticed_at=NOW - timedelta(days=1))
    assert "not so" in manager.get(f"{home}none/").content.decode()
    assert manager.post(f"{home}none/", said | {"basis": "Again"}).status_code == 422


def test_exercises_and_false_alarms_are_no_incidents_of_the_description(
    larkspur: Organization,
) -> None:
    made(larkspur, title="Ransom at the table", is_exercise=True)
    made(larkspur, title="Nothing", state=State.FALSE_ALARM, reason="A test.")
    made(larkspur, title="Real")

    found = registered_incidents(larkspur, None)

    assert [each.title for each in found or ()] == ["Real"]


def test_an_exercise_stays_one(larkspur: Organization, manager: Client, home: str) -> None:
    """Nothing real is turned into one, so that DC 4 cannot lose it that way."""
    row = made(larkspur)

    manager.post(f"{home}1/edit/", form(row) | {"is_exercise": "yes"})

    row.refresh_from_db()
    assert not row.is_exercise


def test_a_lesson_becomes_a_task_of_the_plan(
    larkspur: Organization, manager: Client, home: str
) -> None:
    made(larkspur)

    manager.post(f"{home}1/tasks/", {"title": "Buy bags", "risk": "low"})

    task = RemediationTask.objects.get()
    assert list(Incident.objects.get().tasks.all()) == [task]
    assert "Buy bags" in manager.get(f"{home}1/").content.decode()
    assert manager.post(f"{home}1/tasks/", {"title": ""}).status_code == 422


def test_what_is_another_organizations_is_not_found(
    larkspur: Organization, manager: Client, home: str, stranger: User
) -> None:
    """Handler, control and incident of others, by form and by address."""
    theirs = stranger.memberships.get()
    made(theirs.organization, title="Theirs")
    row = made(larkspur)

    handler = manager.post(f"{home}1/edit/", form(row, handler=theirs.pk))
    control = manager.post(f"{home}1/edit/", form(row, controls="ZZZ-01"))

    assert "is not a member of the organization" in handler.content.decode()
    assert "there is no control ZZZ-01" in control.content.decode()
    assert manager.get(f"{home}2/").status_code == 404
    assert manager.get(f"{home}1/notices/own-9/").status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_population_is_exported_and_no_cell_of_it_runs(
    larkspur: Organization, manager: Client, home: str, kind: str
) -> None:
    made(larkspur, title=HOSTILE)

    answer = manager.get(f"{home}population.{kind}?first={BEGAN:%Y-%m-%d}&last={NOW:%Y-%m-%d}")

    assert "attachment" in answer.headers["Content-Disposition"]
    assert f"-1.{kind}" in answer.headers["Content-Disposition"]
    if kind == "csv":
        assert "'=HYPERLINK" in answer.content.decode("utf-8-sig")
    else:
        book = openpyxl.load_workbook(BytesIO(answer.content))
        assert book["Incidents"]["B2"].value == f"'{HOSTILE}"
        facts = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
        assert (facts["Count"], facts["Numbers"]) == (1, "INC-1 to INC-1")
    assert manager.get(f"{home}population.pdf").status_code == 404


def test_a_table_is_imported_as_its_dry_run_showed(
    larkspur: Organization, manager: Client, home: str
) -> None:
    """What the register wrote can be read back; what is there already is left out."""
    made(larkspur)
    out = manager.get(f"{home}population.csv").content
    header, first = out.splitlines(keepends=True)[:2]
    cells = header.decode("utf-8-sig").strip().split(",")
    row = ",".join({"Title": "Old", "Noticed": "2024-01-01T10:00:00Z"}.get(c, "") for c in cells)

    file = SimpleUploadedFile("old.csv", header + first + row.encode())
    answer = manager.post(f"{home}import/", {"file": file}, follow=True)

    page = answer.content.decode()
    assert "Is INC-1 already: left out" in page
    expected = page.split('name="expected" value="')[1].split('"')[0]
    refused = manager.post(f"{home}import/check/", {"expected": "0" * 64})
    assert refused.status_code == 422
    manager.post(f"{home}import/check/", {"expected": expected})
    assert [each.title for each in Incident.objects.order_by("number")] == ["Laptop lost", "Old"]
    assert changes(larkspur.log)[0].act == "incidents.imported"


def test_what_somebody_wrote_is_shown_and_never_run(
    larkspur: Organization, manager: Client, home: str
) -> None:
    made(larkspur, title=HOSTILE, what=HOSTILE, assets=(HOSTILE,), customers=(HOSTILE,))

    for url in (home, f"{home}1/", f"{home}1/edit/", f"{home}dc4/", f"{home}?q=evil"):
        assert "<script>alert" not in manager.get(url).content.decode()


def test_the_list_is_narrowed_down_by_its_address(
    larkspur: Organization, manager: Client, home: str
) -> None:
    made(larkspur, title="Laptop lost", severity="sev3")
    made(larkspur, title="Ransom", is_exercise=True)
    made(larkspur, title="Old", noticed_at=BEGAN - timedelta(days=400))

    def titles(query: str) -> set[str]:
        page = manager.get(f"{home}?{query}").content.decode()
        return {each for each in ("Laptop lost", "Ransom", "Old") if f"<td>{each}" in page}

    assert titles("severity=sev3") == {"Laptop lost"}
    assert titles("exercise=only") == {"Ransom"}
    assert titles(f"first={BEGAN:%Y-%m-%d}") == {"Laptop lost", "Ransom"}
    assert titles("q=INC-3") == {"Old"}
    assert titles("state=open&first=x&severity=%27&page=99") == set()
    assert titles("state=closed") == set()
