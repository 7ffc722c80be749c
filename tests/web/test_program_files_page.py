"""The page of the program as files: out, back in with a dry run, and applied."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization
from reperform.ledger.queries import changes
from reperform.program.actions.scope import change_scope
from reperform.program.code.archive import unzip_program, zip_program
from reperform.program.models import PendingUpload, RemediationTask
from reperform.program.queries import current_scope
from reperform.program.scope.document import ScopeDocument
from web.conftest import AT

HOME = "/o/larkspur/program-files/"
FILES = {
    "scope.yaml": b"system: Invoicing <b>\n",
    "tasks.yaml": b"- number: 1\n  title: Review\n  note: |\n    one\n    two\n",
}


def bring(manager: Client, files: dict[str, bytes]) -> str:
    sent = SimpleUploadedFile("program.zip", zip_program(files), "application/zip")
    answer = manager.post(HOME, {"file": sent})
    assert answer.status_code == 302, answer.content.decode()
    return manager.get(f"{HOME}check/").content.decode()


def expected(page: str) -> str:
    return page.partition('name="expected" value="')[2].partition('"')[0]


def test_what_files_would_do_is_shown_and_then_done(
    manager: Client, larkspur: Organization
) -> None:
    page = bring(manager, FILES)

    assert "2 to make, 0 to change" in page
    assert "nothing -&gt; Invoicing &lt;b&gt;" in page
    assert "<pre>" in page
    assert not RemediationTask.objects.exists()
    answer = manager.post(f"{HOME}check/", {"expected": expected(page)}, follow=True)
    assert "program.zip is applied: 2 to make, 0 to change" in answer.content.decode()
    assert RemediationTask.objects.get().note == "one\ntwo"
    assert not PendingUpload.objects.exists()
    assert {each.by for each in changes(larkspur.log)[:2]} == {
        "compliance_manager@larkspur.example"
    }

    out = manager.get(f"{HOME}program.zip")
    assert out["Content-Disposition"] == 'attachment; filename="program.zip"'
    with zipfile.ZipFile(io.BytesIO(out.content)) as archive:
        assert "program/README.md" in archive.namelist()
    page = bring(manager, unzip_program(out.content))
    assert "The program is as the files say." in page


def test_what_is_newer_is_lost_only_when_it_is_ticked(
    manager: Client, larkspur: Organization
) -> None:
    page = bring(manager, FILES)
    manager.post(f"{HOME}check/", {"expected": expected(page)})
    files = unzip_program(manager.get(f"{HOME}program.zip").content)
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(system="Of Bo"),
        seen=1,
        library="0" * 64,
        by="bo@larkspur.example",
        at=AT,
    )

    page = bring(manager, files)

    assert "scope, changed by bo@larkspur.example" in page
    assert not expected(page)
    answer = manager.post(f"{HOME}check/", {"expected": "x"})
    assert answer.status_code == 422
    assert current_scope(larkspur).document.system == "Of Bo"
    page = manager.get(f"{HOME}check/", {"over": "scope"}).content.decode()
    assert "What others wrote in scope will be lost." in page
    manager.post(f"{HOME}check/", {"over": "scope", "expected": expected(page)})
    assert current_scope(larkspur).document.system == "Invoicing <b>"


def test_a_problem_is_shown_with_its_place_and_nothing_can_be_applied(manager: Client) -> None:
    page = bring(manager, {"tasks.yaml": b"- number: 1\n  title: ''\n  risk: huge\n"})

    assert "tasks.yaml: line 2: title: is empty" in page
    assert "tasks.yaml: line 3: risk: is none of the choices" in page
    assert not expected(page)
    assert manager.post(f"{HOME}check/", {"expected": ""}).status_code == 422
    assert not RemediationTask.objects.exists()


@pytest.mark.parametrize("sent", [None, b"", b"system: A", b"PK\x03\x04 and so on"])
def test_what_is_no_program_is_said_to_be_none(manager: Client, sent: bytes | None) -> None:
    fields = {} if sent is None else {"file": SimpleUploadedFile("x.zip", sent)}

    answer = manager.post(HOME, fields)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PendingUpload.objects.exists()


def test_without_files_there_is_nothing_to_apply(manager: Client) -> None:
    answer = manager.get(f"{HOME}check/", follow=True)

    assert "There are no files to apply" in answer.content.decode()
