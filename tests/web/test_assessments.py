"""Importing an earlier assessment on the pages: dry run, mapping, all or nothing."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.queries import gap_analysis
from reperform.catalog.installed import catalog
from reperform.ledger.models import Change
from reperform.program.models import (
    Assessment,
    ClaimedStatus,
    PendingUpload,
    RemediationTask,
)
from web.conftest import AT
from web.test_plan import change, make

GOOD = b"criterion,status,note\nCC6.1,met,\nCC6.2,not met,Review <b>access</b>\n"


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/gap/import/"


def bring(client: Client, home: str, content: bytes = GOOD, name: str = "old.csv") -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(home, {"file": SimpleUploadedFile(name, content)})


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def form_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the import's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_dry_run_shows_every_row_and_imports_nothing(manager: Client, home: str) -> None:
    answer = bring(manager, home)
    page = said(manager.get(answer.headers["Location"]))

    assert "Claims that CC6.1 is met." in page
    assert "Makes the task “Review <b>access</b>”" in page
    assert "<b>access" not in manager.get(answer.headers["Location"]).content.decode()
    assert not Assessment.objects.exists()
    assert not RemediationTask.objects.exists()


def test_the_import_does_what_the_dry_run_showed(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Claims, tasks, the file's digest in the ledger, and no computed status."""
    bring(manager, home)
    before = gap_analysis(larkspur, catalog=catalog(), at=AT).counts()

    answer = manager.post(f"{home}check/", form_of(said(manager.get(f"{home}check/"))))

    assert answer.status_code == 302
    made = Assessment.objects.get(organization=larkspur)
    assert [each.status for each in made.claims.order_by("row")] == ["met", "not met"]
    assert RemediationTask.objects.get().criterion == "CC6.2"
    entry = change(larkspur.log, "assessment.imported")
    assert entry["after"]["sha256"] == made.sha256
    assert gap_analysis(larkspur, catalog=catalog(), at=AT).counts() == before
    assert not PendingUpload.objects.exists()


def test_the_claim_stands_beside_the_computed_status(
    manager: Client, home: str, larkspur: Organization
) -> None:
    bring(manager, home)
    manager.post(f"{home}check/", form_of(said(manager.get(f"{home}check/"))))

    page = said(manager.get(f"/o/{larkspur.slug}/gap/CC6.1/"))
    listed = said(manager.get(f"/o/{larkspur.slug}/gap/"))

    assert "Claimed by management" in page
    assert "CC6.1 met (old.csv, row 2" in page
    assert "No control is adopted for it" in page
    assert '<th scope="col">Claimed</th>' in listed


def test_a_file_with_one_bad_row_changes_nothing(manager: Client, home: str) -> None:
    bring(manager, home, GOOD + b"CC9.9,met,\n")
    page = said(manager.get(f"{home}check/"))
    answer = manager.post(
        f"{home}check/", {"criterion": "0", "status": "1", "note": "2", "expected": "x"}
    )

    assert "old.csv: row 4: Criterion or point of focus: there is no “CC9.9”" in page
    assert "Import it" not in page
    assert answer.status_code == 422
    assert not ClaimedStatus.objects.exists()


def test_what_changed_since_the_dry_run_is_not_imported(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The same task was made in the meantime: the import would do something else."""
    bring(manager, home)
    form = form_of(said(manager.get(f"{home}check/")))
    make(larkspur, "Review <b>access</b>", criterion="CC6.2")

    answer = manager.post(f"{home}check/", form)

    assert answer.status_code == 422
    assert "would do something else than its dry run showed" in said(answer)
    assert not Assessment.objects.exists()


def test_columns_can_be_chosen(manager: Client, home: str) -> None:
    """A header in another language, mapped by hand."""
    bring(manager, home, b"Kriterium;Stand\nCC6.1;met\n")
    unmapped = said(manager.get(f"{home}check/"))

    mapped = said(manager.get(f"{home}check/", {"criterion": "0", "status": "1"}))

    assert "no column is for Criterion or point of focus" in unmapped
    assert "Claims that CC6.1 is met." in mapped
    assert manager.post(f"{home}check/", form_of(mapped)).status_code == 302
    assert ClaimedStatus.objects.get().criterion == "CC6.1"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04x", b"\x00\x01", b"x" * 2_000_001])
def test_what_is_no_table_is_refused(manager: Client, home: str, content: bytes) -> None:
    assert bring(manager, home, content).status_code == 422
    assert not PendingUpload.objects.exists()


def test_a_file_is_its_members_own_and_goes_after_an_hour(
    manager: Client,
    home: str,
    member: Any,  # noqa: ANN401 - a fixture
    signed_in: Any,  # noqa: ANN401 - a fixture
) -> None:
    bring(manager, home)
    other = signed_in(member(Role.ADMINISTRATOR))
    assert other.get(f"{home}check/").status_code == 302

    kept = PendingUpload.objects.get()
    kept.at -= timedelta(hours=1, minutes=1)
    kept.save()

    assert manager.get(f"{home}check/").status_code == 302
    assert manager.post(f"{home}check/", {"expected": "x"}).status_code == 302
    assert not Assessment.objects.exists()


def test_a_file_of_another_organization_is_not_seen(
    manager: Client, home: str, larkspur: Organization, stranger: User
) -> None:
    """One person in two organizations: the file belongs to the membership."""
    bring(manager, home)
    manager_user = User.objects.get(email="compliance_manager@larkspur.example")
    other = Organization.objects.get(slug="other")
    Membership.objects.create(
        user=manager_user, organization=other, role=Role.ADMINISTRATOR.value, since=other.created_at
    )

    assert manager.get("/o/other/gap/import/check/").status_code == 302


def test_the_name_of_the_file_is_shown_and_never_followed(manager: Client, home: str) -> None:
    bring(manager, home, name="..\\..\\etc\\<i>x\u202efdp.csv")

    kept = PendingUpload.objects.get().file_name

    assert "/" not in kept
    assert "\\" not in kept
    assert "\u202e" not in kept
    assert Change.objects.filter(act="assessment.imported").count() == 0
