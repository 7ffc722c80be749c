"""The program as files over the API: out, planned, applied, and the lock that comes back."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.code.archive import unzip_program, zip_program

FILES = {
    "scope.yaml": b"system: Invoicing\n",
    "description/dc3.data.md": b"---\n---\n\nInvoices.\n",
}


def send(program: Program, path: str, files: dict[str, bytes], **fields: str) -> Any:  # noqa: ANN401 - a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    sent = SimpleUploadedFile("program.zip", zip_program(files), "application/zip")
    return client.post(f"/api/v1/program/{path}", {"file": sent, **fields})


def test_a_program_goes_in_and_comes_out(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    caller = program(Role.COMPLIANCE_MANAGER)
    planned = send(caller, "plan", FILES).json()
    assert [each["item"] for each in planned["changes"]] == ["scope", "description/dc3.data"]
    assert planned["changes"][0]["fields"][0] == {
        "name": "system",
        "before": None,
        "after": "Invoicing",
    }
    count = changes(larkspur.log).count()

    wrong = send(caller, "apply", FILES, expected="0" * 64)
    assert (wrong.status_code, wrong.json()["slug"]) == (409, "program-moved")
    assert changes(larkspur.log).count() == count
    applied = send(caller, "apply", FILES, expected=planned["fingerprint"])

    assert applied.status_code == 200
    assert changes(larkspur.log).count() == count + 2
    out = caller.ask("get", "/program/files")
    assert out["Content-Type"] == "application/zip"
    files = unzip_program(out.content)
    assert files[".reperform.yaml"].decode() == applied.json()["lock"]
    assert send(caller, "apply", files).json()["changes"] == []
    assert changes(larkspur.log).count() == count + 2
    assert caller.ask("get", "/program/files").content == out.content


def test_what_is_newer_is_a_conflict_until_it_is_named(program: Callable[..., Program]) -> None:
    caller = program(Role.COMPLIANCE_MANAGER)
    send(caller, "apply", FILES)
    other = {"scope.yaml": b"system: Archive\n"}

    refused = send(caller, "apply", other)

    assert (refused.status_code, refused.json()["slug"]) == (409, "program-newer")
    assert send(caller, "plan", other).json()["changes"][0]["is_newer"] is True
    assert send(caller, "apply", other, over="scope").status_code == 200


def test_problems_are_answered_with_file_line_and_field(program: Callable[..., Program]) -> None:
    caller = program(Role.COMPLIANCE_MANAGER)

    planned = send(caller, "plan", {"scope.yaml": b"system: A\ntype: 7\n"})
    applied = send(caller, "apply", {"scope.yaml": b"system: A\ntype: 7\n"})

    assert planned.status_code == 200
    assert planned.json()["problems"][0]["where"] == "scope.yaml: line 2: type"
    assert applied.status_code == 422
    assert applied.json()["problems"] == planned.json()["problems"]
