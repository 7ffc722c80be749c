"""Incidents over the API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.program.models import Incident, IncidentDuty

NOW = datetime.now(UTC).replace(microsecond=0)
BEGAN = f"{NOW - timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
CONTENT = {"title": "Laptop lost", "noticed_at": BEGAN}


def sent(program: Program, path: str, **data: Any) -> Any:  # noqa: ANN401 - a form, and a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    return client.post(f"/api/v1{path}", data)


def test_an_incident_goes_from_report_to_closed(program: Callable[..., Program]) -> None:
    """Reported with an employee's token, handled with a manager's."""
    employee, caller = program(Role.EMPLOYEE), program(Role.COMPLIANCE_MANAGER)
    made = employee.ask("post", "/incidents/reports", {"title": "Odd mail", "what": "A link."})
    assert (made.status_code, made.json()["reference"]) == (201, "INC-1")
    assert employee.ask("get", "/incidents").status_code == 403

    content = caller.get("/incidents/1")["content"]
    assert content["personal_data"] is None
    early = {"seen": 1, "content": content | {"state": "closed"}}
    refused = caller.ask("put", "/incidents/1", early)
    assert refused.status_code == 422
    assert {each["where"] for each in refused.json()["problems"]} >= {"duties", "lessons", "cause"}

    caller.ask("post", "/incidents/1/notices", {"reason": "Nobody opened it."})
    done = {
        "state": "closed",
        "severity": "sev4",
        "cause": "Spam",
        "control_failed": False,
        "is_reportable": False,
        "reportable_because": "No control failed.",
        "lessons": "None.",
        "reviewed_on": str(NOW.date()),
    }
    closed = caller.ask("put", "/incidents/1", {"seen": 1, "content": content | done})
    stale = caller.ask("put", "/incidents/1", {"seen": 1, "content": content})

    assert closed.json()["state"] == "closed"
    assert (stale.status_code, stale.json()["slug"]) == (409, "stale-version")
    assert employee.get("/incidents/reports")["items"][0]["state"] == "closed"
    assert caller.get("/incidents?state=open")["total"] == 0


def test_a_deadline_is_computed_and_a_late_notice_shows(program: Callable[..., Program]) -> None:
    caller = program()
    caller.ask("post", "/incidents", {"content": CONTENT})
    late = {"applies": True, "reason": "Names.", "done_at": f"{NOW:%Y-%m-%dT%H:%MZ}", "how": "Form"}

    answer = caller.ask("put", "/incidents/1/notices/gdpr-33", {"seen": 0, "content": late})
    unknown = caller.ask("put", "/incidents/1/notices/none", {"seen": 0, "content": late})
    stale = caller.ask("put", "/incidents/1/notices/gdpr-33", {"seen": 0, "content": late})

    assert answer.json()["standing"] == "done late"
    assert answer.json()["due_at"].startswith(f"{NOW - timedelta(days=6):%Y-%m-%d}")
    assert (unknown.status_code, stale.status_code) == (422, 409)


@pytest.mark.parametrize("reason", ["", " ", "x" * 10_001])
def test_notices_are_dismissed_for_a_reason_that_is_kept_whole(
    reason: str, program: Callable[..., Program]
) -> None:
    caller = program()
    caller.ask("post", "/incidents", {"content": CONTENT})

    answer = caller.ask("post", "/incidents/1/notices", {"reason": reason})

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == ["reason"]
    assert not IncidentDuty.objects.exists()


def test_entries_and_proofs_are_added(program: Callable[..., Program]) -> None:
    caller = program()
    caller.ask("post", "/incidents", {"content": CONTENT})

    caller.ask("post", "/incidents/1/timeline", {"said": "Wiped", "happened_at": BEGAN})
    file = SimpleUploadedFile("wipe.txt", b"done")
    proof = sent(caller, "/incidents/1/proofs", said="The log", file=file)
    bad = sent(caller, "/incidents/1/proofs", said="x", file=SimpleUploadedFile("x", b"MZ\x00"))

    assert proof.status_code == 201
    entries = caller.get("/incidents/1/timeline")
    assert [each["said"] for each in entries] == ["Wiped", "The log"]
    assert caller.ask("get", f"/files/{entries[1]['proof']}").content == b"done"
    assert (bad.status_code, bad.json()["slug"]) == (422, "upload-refused")


def test_dc_4_is_read_and_put_in(program: Callable[..., Program]) -> None:
    caller = program()
    told = CONTENT | {"is_reportable": True, "reportable_because": "x", "control_failed": True}
    caller.ask("post", "/incidents", {"content": told})
    caller.ask("post", "/incidents", {"content": CONTENT | {"title": "Another"}})

    found = caller.get("/incidents/dc4")
    answer = caller.ask("put", "/incidents/dc4", {"seen": 0, "text": found["proposal"]})

    assert (found["told"], found["undecided"]) == (["INC-1"], ["INC-2"])
    assert "No other incident" not in found["proposal"]
    assert answer.json()["says"] == found["proposal"]
    assert caller.ask("put", "/incidents/dc4", {"seen": 0, "text": "x"}).status_code == 409


def test_a_file_is_imported_as_its_dry_run_said(program: Callable[..., Program]) -> None:
    caller = program()
    content = b"Title,Noticed\nLost,2026-01-02 10:00 UTC\n"

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("old.csv", content)

    shown = sent(caller, "/incidents/import/dry-run", file=file()).json()
    assert not Incident.objects.exists()
    wrong = sent(caller, "/incidents/import", file=file(), expected="x")
    made = sent(caller, "/incidents/import", file=file(), expected=shown["fingerprint"])

    assert shown["rows"][0]["does"] == "enters an incident of 2026-01-02"
    assert (wrong.status_code, made.status_code) == (422, 201)
    assert made.json()[0]["reference"] == "INC-1"


def test_a_statement_that_there_was_none_and_what_speaks_against_it(
    program: Callable[..., Program],
) -> None:
    caller = program()
    day = str((NOW - timedelta(days=9)).date())
    said = {"first": day, "last": day, "basis": "Tickets."}
    assert caller.ask("post", "/incidents/none", said).status_code == 201

    caller.ask("post", "/incidents", {"content": CONTENT})

    assert caller.get("/incidents/none")[0]["contradicted_by"] == ["INC-1"]
    assert caller.ask("post", "/incidents/none", said | {"basis": "More"}).status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"title": "x"},
        CONTENT | {"handler": 10**8},
        CONTENT | {"controls": ["ZZZ-1"]},
        CONTENT | {"surprise": 1},
        CONTENT | {"state": "closed"},
        CONTENT | {"noticed_at": "9999-12-31 23:59-23:59"},
        CONTENT | {"assets": [["x"]]},
        CONTENT | {"is_exercise": "perhaps"},
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_saved(
    program: Callable[..., Program], content: dict[str, Any]
) -> None:
    answer = program().ask("post", "/incidents", {"content": content})

    assert (answer.status_code, bool(answer.json()["problems"])) == (422, True)
    assert not Incident.objects.exists()


def test_what_is_another_organizations_is_not_found(
    program: Callable[..., Program], strange_program: Program, larkspur: Organization
) -> None:
    """By number, by handler, and by the file of another's timeline."""
    strange_program.ask("post", "/incidents", {"content": CONTENT | {"title": "Theirs"}})
    file = SimpleUploadedFile("p.txt", b"proof")
    sent(strange_program, "/incidents/1/proofs", said="x", file=file)
    caller = program()

    assert caller.ask("get", "/incidents/1").status_code == 404
    caller.ask("post", "/incidents", {"content": CONTENT})
    said = {"applies": True, "reason": "x", "proof": 1}
    answer = caller.ask("put", "/incidents/1/notices/gdpr-33", {"seen": 0, "content": said})
    assert (answer.status_code, answer.json()["problems"][0]["where"]) == (422, "proof")
