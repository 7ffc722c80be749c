"""Evidence that people bring: kept as it is, with what it is of, of when, and where it is from."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.evidence.models import ManualEvidence
from reperform.ledger.models import Change
from reperform.program.files import LARGEST_FILE
from reperform.program.models import KeptFile
from web.test_controls import adopt

HOME = "/o/larkspur/evidence/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SAID = {"title": "Firewall of the office", "request": "PBC-7", "first": "2025-03-01"}
SCREEN = {"source": "https://firewall.example/rules", "taken_at": "2025-03-01 14:05 +01:00"}


def text(answer: Any) -> str:  # noqa: ANN401 - a response
    return unescape(answer.content.decode())


def bring(
    client: Client, content: bytes = b"allow 443\n", name: str = "rules.txt", **said: str
) -> Any:  # noqa: ANN401 - a response
    return client.post(f"{HOME}new/", {**SAID, **said, "file": SimpleUploadedFile(name, content)})


def state() -> tuple[int, int, int]:
    return ManualEvidence.objects.count(), KeptFile.objects.count(), Change.objects.count()


def test_a_file_is_kept_byte_for_byte_with_what_is_said_of_it(
    manager: Client, larkspur: Organization
) -> None:
    """The page shows its days, who brought it, and the digest of what is handed out."""
    answer = bring(manager, last="2025-03-31", given_by="the landlord")
    assert answer["Location"] == f"{HOME}1/", text(answer)
    row = ManualEvidence.objects.get(organization=larkspur)
    shown = text(manager.get(f"{HOME}1/"))
    for said in ("EV-1", "2025-03-31", "the landlord", row.brought_by, row.file.sha256, "PBC-7"):
        assert said in shown
    handed = manager.get(f"/o/larkspur/files/{row.file.number}/")
    assert handed.content == b"allow 443\n"
    assert handed["Content-Disposition"].startswith("attachment")
    (entry,) = Change.objects.filter(act="evidence.brought")
    assert json.loads(bytes(entry.content)[32:])["after"]["sha256"] == row.file.sha256


def test_one_day_is_enough_and_is_not_the_day_of_bringing(
    manager: Client, larkspur: Organization
) -> None:
    """A state of March that is brought in November is of March."""
    bring(manager)
    row = ManualEvidence.objects.get(organization=larkspur)
    assert (row.first.isoformat(), row.last.isoformat()) == ("2025-03-01", "2025-03-01")


@pytest.mark.parametrize("lacks", ["source", "taken_at"])
def test_a_picture_without_its_source_or_its_time_is_refused(
    manager: Client, larkspur: Organization, lacks: str
) -> None:
    """By its content: another name does not help."""
    before = state()
    said = {name: value for name, value in SCREEN.items() if name != lacks}
    answer = bring(manager, PNG, "rules.txt", **said)
    assert answer.status_code == 422
    assert "and the file is a picture" in text(answer)
    assert state() == before
    assert bring(manager, PNG, "rules.txt", **SCREEN).status_code == 302


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": ""}, "say in a few words what it is"),
    "no day": ({"first": ""}, "give the day"),
    "a day in the future": ({"first": "2999-01-01"}, "has not come yet"),
    "days that run backwards": ({"last": "2025-02-01"}, "is before the first day"),
    "taken in the future": ({"taken_at": "2999-01-01 00:00 UTC"}, "future"),
    "a time without a zone": ({"taken_at": "2025-03-01 14:05"}, "zone"),
    "of nothing": ({"request": ""}, "name a control, a table or what was asked for"),
    "an unknown control": ({"control": "XX-99"}, "is no adopted control"),
    "an unknown table": ({"table": "population.unicorns"}, "is no table"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_its_place_and_nothing_is_kept(
    manager: Client, larkspur: Organization, case: str
) -> None:
    """What was written stays in the form."""
    said, words = WRONG[case]
    before = state()
    answer = bring(manager, **said)
    assert answer.status_code == 422
    shown = text(answer)
    assert words in shown
    assert said.get("title", SAID["title"]) in shown
    assert state() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b""),
        ("a.pdf", b"\x7fELF\x02\x01\x01" + b"\0" * 60),
        ("a.txt", b"x" * (LARGEST_FILE + 1)),
    ],
    ids=["empty", "a program", "too large"],
)
def test_a_file_that_proves_nothing_is_refused(
    manager: Client, larkspur: Organization, name: str, content: bytes
) -> None:
    """Judged by its content, and bounded."""
    before = state()
    assert bring(manager, content, name).status_code == 422
    assert state() == before


def test_without_a_file_nothing_is_kept(manager: Client, larkspur: Organization) -> None:
    """Words alone are no evidence."""
    answer = manager.post(f"{HOME}new/", SAID)
    assert answer.status_code == 422
    assert "choose the file" in text(answer)
    assert ManualEvidence.objects.count() == 0


def test_the_same_file_for_the_same_thing_is_kept_once(
    manager: Client, larkspur: Organization
) -> None:
    """Two people who bring it at once, or one who sends the form twice."""
    bring(manager)
    answer = bring(manager, title="Again")
    assert answer.status_code == 422
    assert "as EV-1" in text(answer)
    assert bring(manager, request="PBC-8").status_code == 302


def test_a_control_shows_what_was_brought_for_it(manager: Client, larkspur: Organization) -> None:
    """And its link fills in the form."""
    adopt(manager, "AC-01")
    page = text(manager.get("/o/larkspur/controls/AC-01/"))
    assert f"{HOME}new/?control=AC-01" in page
    assert 'value="AC-01"' in text(manager.get(f"{HOME}new/?control=AC-01"))
    bring(manager, control="AC-01", title="List of leavers")
    assert "List of leavers" in text(manager.get("/o/larkspur/controls/AC-01/"))


def test_what_was_wrong_is_withdrawn_with_a_reason_and_stays(
    manager: Client, larkspur: Organization
) -> None:
    """The second who withdraws it is told what stands."""
    bring(manager)
    assert manager.post(f"{HOME}1/withdraw/", {"seen": 1, "reason": " "}).status_code == 422
    said = {"seen": 1, "reason": "of another office"}
    assert manager.post(f"{HOME}1/withdraw/", said).status_code == 302
    late = manager.post(f"{HOME}1/withdraw/", said)
    assert late.status_code == 409
    assert "of another office" in text(late)
    assert "of another office" in text(manager.get(f"{HOME}1/"))
    assert manager.get(f"/o/larkspur/files/{KeptFile.objects.get().number}/").status_code == 200
    assert bring(manager, title="The right one").status_code == 302


def test_the_list_narrows_and_counts(manager: Client, larkspur: Organization) -> None:
    """By words, by control, by state."""
    assert "Nobody has brought evidence yet" in text(manager.get(HOME))
    bring(manager)
    bring(manager, b"minutes", title="Board minutes", request="PBC-9")
    manager.post(f"{HOME}1/withdraw/", {"seen": 1, "reason": "wrong"})
    listed = text(manager.get(HOME))
    assert "1 in use, 1 withdrawn" in listed
    found = text(manager.get(f"{HOME}?q=board&state=in+use"))
    assert "Board minutes" in found
    assert "Firewall of the office" not in found
    assert "Nothing fits" in text(manager.get(f"{HOME}?q=unicorn"))


def test_another_organization_sees_none_of_it(
    manager: Client,
    larkspur: Organization,
    stranger: User,
    signed_in: Callable[[User], Client],
    member: Callable[[Role], User],
) -> None:
    """Not the page, not the file, not by a number of theirs."""
    bring(manager)
    other = signed_in(stranger)
    number = ManualEvidence.objects.get().file.number
    slug = Organization.objects.exclude(slug="larkspur").get().slug
    for address in (f"{HOME}1/", f"/o/larkspur/files/{number}/", f"/o/{slug}/evidence/1/"):
        assert other.get(address).status_code == 404
    reader = signed_in(member(Role.EMPLOYEE))
    assert reader.get(f"/o/larkspur/files/{number}/").status_code == 403
