"""The mapping of a list: tried on the files that are there, and kept as a setting with versions."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.evidence.actions.running import run_connection
from reperform.evidence.actions.working import work_once
from reperform.evidence.models import CollectedTable, CollectionRecord, Connection
from reperform.ledger.models import Change
from reperform.web.page import now

HOME = "/o/larkspur/connections/"
ROSTER = "id,mail,hired,salary\n1,Ana@Example.org,17-06-2013,100\n2,bo@example.org,2024,90\n"
GOOD = {"person_uid": "id", "email": "mail | lower", "do": "try"}


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
def roster(manager: Client, larkspur: Organization, tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 - pytest-django's
    """A connection to a folder with one file, without a mapping."""
    settings.LOCAL_SOURCES = (str(tmp_path),)
    (tmp_path / "hr.csv").write_text(ROSTER)
    said = {"title": "HR", "folder": str(tmp_path), "table": "people", "system": "hr"}
    answer = manager.post(f"{HOME}new/lists/", {**said, "dated": "collected"})
    assert answer["Location"] == f"{HOME}1/", text(answer)
    return tmp_path


def test_a_mapping_is_tried_corrected_and_kept(manager: Client, roster: Path) -> None:
    """First rows as they are, what they become, errors by row and column; then it collects."""
    assert f"{HOME}1/mapping/" in text(manager.get(f"{HOME}1/"))
    page = text(manager.get(f"{HOME}1/mapping/"))
    assert "Its first rows, as they are" in page
    assert "17-06-2013" in page
    wrong = text(manager.post(f"{HOME}1/mapping/", {**GOOD, "started_on": "hired | DD-MM-YYYY"}))
    assert "1 error" in wrong
    assert "'2024' is not as the mapping says" in wrong
    assert "hired | DD-MM-YYYY" in wrong
    tried = text(manager.post(f"{HOME}1/mapping/", GOOD))
    assert "every row can be read" in tried
    assert "Not used: hired, salary" in tried
    assert "ana@example.org" in tried
    assert Connection.objects.get().settings["mapping"] == []
    kept = manager.post(f"{HOME}1/mapping/", {**GOOD, "do": "save", "seen": 1})
    assert kept["Location"] == f"{HOME}1/", text(kept)
    row = Connection.objects.get()
    assert (row.version, row.settings["mapping"]) == (
        2,
        ["person_uid = id", "email = mail | lower"],
    )
    assert Change.objects.filter(act="connection.changed").count() == 1
    collect()
    work_once(clock=now)
    assert CollectedTable.objects.get(table="population.people").rows == 2


def test_a_line_that_cannot_be_followed_is_said_and_not_kept(manager: Client, roster: Path) -> None:
    """What was written stays in the form."""
    sent = {"person_uid": "id", "started_on": "hired | soon", "do": "save", "seen": 1}
    answer = manager.post(f"{HOME}1/mapping/", sent)
    assert answer.status_code == 422
    assert "'soon' is no pattern of a day" in text(answer)
    assert "hired | soon" in text(answer)
    assert Connection.objects.get().version == 1


def test_the_second_who_keeps_a_mapping_is_told_what_stands(manager: Client, roster: Path) -> None:
    """Nobody's lines are lost."""
    manager.post(f"{HOME}1/mapping/", {**GOOD, "do": "save", "seen": 1})
    late = manager.post(f"{HOME}1/mapping/", {"person_uid": "mail", "do": "save", "seen": 1})
    assert late.status_code == 409
    assert "person_uid = id" in text(late)
    assert Connection.objects.get().settings["mapping"][0] == "person_uid = id"


def test_a_file_with_one_wrong_row_is_refused_whole(manager: Client, roster: Path) -> None:
    """A list that lacks a person would look as if nobody of that name worked here."""
    sent = {"person_uid": "id", "started_on": "hired | DD-MM-YYYY", "do": "save", "seen": 1}
    manager.post(f"{HOME}1/mapping/", sent)
    collect()
    work_once(clock=now)
    row = CollectionRecord.objects.get()
    assert row.outcome == "partial"
    assert "row 3, started_on: '2024' is not as the mapping says" in row.reason
    assert CollectedTable.objects.get().rows == 0


def test_a_folder_that_is_closed_again_is_not_read(
    manager: Client,
    roster: Path,
    settings: Any,  # noqa: ANN401 - pytest-django's
) -> None:
    """The preview reads no more of the machine than a collection may."""
    settings.LOCAL_SOURCES = ()
    page = text(manager.get(f"{HOME}1/mapping/"))
    assert "is not below a folder that is open to connections" in page
    assert "17-06-2013" not in page


def test_only_a_list_in_use_has_a_mapping_and_only_its_own_organization(
    manager: Client,
    roster: Path,
    stranger: User,
    signed_in: Callable[[User], Client],
) -> None:
    """Not of another connector, not by another organization."""
    other = signed_in(stranger)
    slug = Organization.objects.exclude(slug="larkspur").get().slug
    for address in (f"{HOME}1/mapping/", f"/o/{slug}/connections/1/mapping/"):
        assert other.get(address).status_code == 404
    manager.post(f"{HOME}1/retire/", {"seen": 1, "reason": "another tool"})
    assert manager.get(f"{HOME}1/mapping/")["Location"] == f"{HOME}1/"
