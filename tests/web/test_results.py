"""Results of examinations, as pages and as files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.audit.actions import ExaminationRefusedError, keep_examination
from reperform.audit.models import ExaminationRecord
from reperform.ledger.queries import changes
from web.conftest import AT
from web.examined import results, write_outputs


@pytest.fixture
def kept(larkspur: Organization, tmp_path: Path) -> ExaminationRecord:
    folder = write_outputs(tmp_path / "out")
    return keep_examination(organization=larkspur, folder=folder, by="test", at=AT)


def test_an_examination_is_shown_with_its_tests_and_what_was_not_seen(
    kept: ExaminationRecord, manager: Client
) -> None:
    page = manager.get("/o/larkspur/results/1/").content.decode()

    assert "CHG-01.T1" in page
    assert "exceptions noted" in page
    assert "host/firewall" in page
    assert "needs root" in page


def test_each_exception_stands_on_the_page_of_its_test_as_text(
    kept: ExaminationRecord, manager: Client
) -> None:
    """What a source said is never markup."""
    page = manager.get("/o/larkspur/results/1/tests/CHG-01.T1/").content.decode()

    assert page.count("no &lt;b&gt;review&lt;/b&gt;") == 2


def test_an_output_comes_byte_for_byte_and_never_runs_here(
    kept: ExaminationRecord, manager: Client
) -> None:
    """HTML is handed out as bytes to keep, not as a page of this origin."""
    answer = manager.get("/o/larkspur/results/1/files/report.html")

    assert b"".join(answer) == b"report.html <script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["..%2f..%2fserver.secret", "secret", "results.json.bak", "%00"])
def test_no_other_file_can_be_had(kept: ExaminationRecord, manager: Client, name: str) -> None:
    assert manager.get(f"/o/larkspur/results/1/files/{name}").status_code == 404


def test_another_organizations_examination_does_not_exist(
    kept: ExaminationRecord, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    """Its number in one's own organization leads nowhere."""
    client = signed_in(stranger)

    assert client.get("/o/other/results/1/").status_code == 404
    assert client.get("/o/other/results/1/files/bundle.zip").status_code == 404


def test_keeping_is_recorded_with_the_digest_of_each_file(
    kept: ExaminationRecord, larkspur: Organization
) -> None:
    said = json.loads(bytes(changes(larkspur.log, subject="examination 1")[0].content)[32:])

    assert set(said["after"]) == {
        "report.pdf", "report.html", "gap.pdf", "gap.html", "results.json", "bundle.zip",
        "scope", "library",
    }  # fmt: skip
    assert said["after"]["bundle.zip"] == kept.bundle_sha256


@pytest.mark.parametrize(
    "said",
    ["", "[]", "{}", '{"scope": {"period": {"first": "x", "last": "y"}}}', '{"scope": 1}'],
)
def test_a_folder_that_holds_something_else_is_refused_and_changes_nothing(
    larkspur: Organization, tmp_path: Path, said: str
) -> None:
    folder = write_outputs(tmp_path / "out")
    (folder / "results.json").write_text(said, "utf-8")

    with pytest.raises(ExaminationRefusedError):
        keep_examination(organization=larkspur, folder=folder, by="test", at=AT)

    assert not ExaminationRecord.objects.exists()
    assert changes(larkspur.log).count() == 1  # the founding


def test_ten_thousand_exceptions_are_paged(
    larkspur: Organization, tmp_path: Path, manager: Client
) -> None:
    """A page stays small whatever an examination found."""
    folder = write_outputs(tmp_path / "out", results(exceptions=10_000))
    keep_examination(organization=larkspur, folder=folder, by="test", at=AT)

    answer = manager.get("/o/larkspur/results/1/tests/CHG-01.T1/?page=200")

    assert "c9999" in answer.content.decode()
    assert len(answer.content) < 60_000
