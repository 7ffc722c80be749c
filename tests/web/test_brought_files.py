"""Files that people bring to a connection: kept, read by the next run, and taken back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.evidence.actions.running import run_connection
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.models import CollectedTable, CollectionRecord, Connection
from reperform.ledger.models import Change
from reperform.program.files import LARGEST_FILE
from reperform.program.models import KeptFile

HOME = "/o/larkspur/connections/"
SCAN = {
    "SchemaVersion": 2,
    "CreatedAt": "2026-03-01T10:00:00Z",
    "ArtifactName": "app:1",
    "Results": [
        {
            "Target": "lock",
            "Vulnerabilities": [
                {"VulnerabilityID": "CVE-2026-1", "PkgName": "x", "Severity": "HIGH"}
            ],
        }
    ],
}


def collect() -> None:
    run_connection(
        organization=Organization.objects.get(slug="larkspur"),
        number=1,
        by="test",
        clock=lambda: datetime.now(UTC),
    )


def text(answer: Any) -> str:  # noqa: ANN401 - a response
    return unescape(answer.content.decode())


@pytest.fixture
def scans(manager: Client, larkspur: Organization) -> str:
    """The page of the files of a connection that reads no folder."""
    answer = manager.post(f"{HOME}new/scans/", {"title": "Scans"})
    assert answer["Location"] == f"{HOME}1/", text(answer)
    return f"{HOME}1/files/"


def bring(client: Client, page: str, name: str, content: bytes) -> Any:  # noqa: ANN401 - a response
    return client.post(page, {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_brought_collected_and_taken_back(manager: Client, scans: str) -> None:
    """No folder of the server is opened for it; what it brought stays."""
    assert scans in text(manager.get(f"{HOME}1/"))
    assert "No file is here yet" in text(manager.get(scans))
    assert bring(manager, scans, "trivy.json", json.dumps(SCAN).encode()).status_code == 302
    file = KeptFile.objects.get()
    assert file.sha256[:12] in text(manager.get(scans))
    collect()
    row = CollectionRecord.objects.get()
    assert (row.outcome, row.target) == ("complete", "files of CON-1")
    assert CollectedTable.objects.get(table="population.vulnerabilities").rows == 1
    assert manager.post(scans, {"take_back": file.number}).status_code == 302
    assert "No file is here yet" in text(manager.get(scans))
    assert manager.get(f"/o/larkspur/files/{file.number}/").status_code == 200
    collect()
    latest = CollectionRecord.objects.latest("sequence")
    assert latest.outcome == "refused"
    assert "no folder is named, and no file was brought" in latest.reason
    acts = Change.objects.filter(act__startswith="connection.file_").values_list("act", flat=True)
    assert list(acts) == ["connection.file_brought", "connection.file_taken_back"]


def test_two_who_bring_a_file_at_once_both_do_and_a_name_is_there_once(
    manager: Client, scans: str
) -> None:
    """Neither form carries the other's list away."""
    bring(manager, scans, "a.json", b"{}")
    bring(manager, scans, "b.json", b"{}")
    again = bring(manager, scans, "a.json", b'{"other": 1}')
    assert again.status_code == 422
    assert "a.json is there already" in text(again)
    assert Connection.objects.get().settings["files"] == ["1", "2"]
    assert KeptFile.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\x7fELF\x02\x01\x01" + b"\0" * 60, b"x" * (LARGEST_FILE + 1)],
    ids=["empty", "a program", "too large"],
)
def test_a_file_that_is_no_report_is_refused(manager: Client, scans: str, content: bytes) -> None:
    """Nothing of it is kept."""
    assert bring(manager, scans, "a.json", content).status_code == 422
    assert manager.post(scans, {}).status_code == 422
    assert KeptFile.objects.count() == 0


def test_a_file_of_another_register_is_not_read_by_naming_its_number(
    manager: Client, scans: str, larkspur: Organization
) -> None:
    """Settings are written by hand too: only what was brought to a connection is read."""
    said = {"title": "Minutes", "request": "PBC-1", "first": "2026-01-01"}
    file = SimpleUploadedFile("a.txt", b"secret")
    manager.post("/o/larkspur/evidence/new/", {**said, "file": file})
    number = KeptFile.objects.get(organization=larkspur).number
    manager.post(f"{HOME}1/edit/", {"title": "Scans", "files": str(number), "seen": 1})
    with pytest.raises(ConnectionNotKeptError, match="was not brought to a connection"):
        collect()
    assert manager.post(f"{HOME}1/", {"do": "check"}).status_code == 422
    assert CollectionRecord.objects.count() == 0


def test_a_connection_that_reads_a_folder_takes_no_files(
    manager: Client, larkspur: Organization
) -> None:
    """Nobody wonders which of the two was read."""
    manager.post(f"{HOME}new/tls/", {"title": "Endpoints", "endpoints": "app.example:443"})
    assert manager.get(f"{HOME}1/files/")["Location"] == f"{HOME}1/"


def test_another_organization_brings_nothing(
    manager: Client, scans: str, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    """Not to this connection, and not by its number in their own."""
    other = signed_in(stranger)
    slug = Organization.objects.exclude(slug="larkspur").get().slug
    for address in (scans, f"/o/{slug}/connections/1/files/"):
        assert bring(other, address, "a.json", b"{}").status_code == 404
    assert KeptFile.objects.count() == 0
