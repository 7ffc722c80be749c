"""The pages of access reviews: lists brought, accounts decided, signed off, removals followed."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.models import Change
from reperform.program.access_reviews import ReviewFields
from reperform.program.actions.access_reviews import make_review
from reperform.program.actions.assets import make_asset
from reperform.program.assets import AssetFields
from reperform.program.models import AccessReview, Account, AccountDecision, AccountList, Person

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
ACCOUNTS = (
    "user,email,role,status,last login\n"
    "ada,ada@larkspur.example,reader,active,2099-01-01\n"
    "boss,control_owner@larkspur.example,reader,active,2099-01-01\n"
    "liam,liam@larkspur.example,admin,active,2020-01-01\n"
    "svc-backup,,writer,active,never\n"
)
"""Ada needs nothing but a look; the second is the reviewer's own; Liam left; nobody is the last."""


@pytest.fixture
def reviewer(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.CONTROL_OWNER))


@pytest.fixture
def home(larkspur: Organization, manager: Client, reviewer: Client) -> str:
    """A review of one system, run by the manager, with a workforce of three."""
    for number, (name, left) in enumerate(
        [("ada", None), ("control_owner", None), ("liam", date(2026, 1, 16))], start=1
    ):
        Person.objects.create(
            organization=larkspur,
            number=number,
            name=name.title(),
            email=f"{name}@larkspur.example",
            started_on=date(2025, 1, 1),
            ended_on=left,
            changed_by="test",
            changed_at=AT,
        )
    fields = AssetFields("Console", has_accounts=True, review_months=3, since=date(2025, 1, 1))
    make_asset(organization=larkspur, fields=fields, by="test", at=AT)
    members = {m.role: m.pk for m in Membership.objects.filter(organization=larkspur)}
    make_review(
        organization=larkspur,
        fields=ReviewFields(
            "Access in June",
            members["compliance manager"],
            date(2099, 1, 1),
            ((1, members["control owner"]),),
        ),
        by="test",
        at=AT,
    )
    return f"/o/{larkspur.slug}/access-reviews/"


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def last(log: str) -> dict[str, Any]:
    content = Change.objects.filter(log=log).latest("pk").content
    found: dict[str, Any] = json.loads(bytes(content or b"")[32:])
    return found


def bring(
    client: Client,
    home: str,
    content: str = ACCOUNTS,
    *,
    review: str = "1",
    taken_at: str = "",
    whole: str = "yes",
) -> Any:  # noqa: ANN401 - a response of the test client
    file = SimpleUploadedFile("accounts.csv", content.encode())
    client.post(f"{home}accounts/1/?review={review}", {"file": file})
    moment = taken_at or f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return client.post(
        f"{home}accounts/1/check/",
        {
            "source": "Console",
            "query": "list-users --all",
            "taken_at": moment,
            "taken_by": "Ada",
            "is_whole": whole,
            "privileged_words": "admin",
            "review": review,
        },
    )


def decide(client: Client, home: str, **said: str) -> Any:  # noqa: ANN401 - a response of the test client
    """Decide: `d3="remove"`, with `r3` as its reason and `s3` as the version seen."""
    names = {"d": "decision", "r": "reason", "c": "change_to", "s": "seen"}
    sent = {f"{names[name[0]]}-{name[1:]}": value for name, value in said.items()}
    return client.post(f"{home}1/systems/1/", sent)


def finish(client: Client, home: str) -> Any:  # noqa: ANN401 - a response of the test client
    return client.post(f"{home}1/finish/", {"seen": str(AccessReview.objects.get().version)})


def test_a_list_is_shown_then_kept_with_its_origin_and_matched(
    manager: Client, home: str, larkspur: Organization
) -> None:
    file = SimpleUploadedFile("accounts.csv", ACCOUNTS.encode())
    manager.post(f"{home}accounts/1/?review=1", {"file": file})
    dry_run = said(manager.get(f"{home}accounts/1/check/?review=1"))
    assert "4 accounts, 3 matched to a person" in dry_run
    assert not AccountList.objects.exists()

    assert bring(manager, home).headers["Location"] == f"{home}1/"
    made = AccountList.objects.get()
    assert (made.rows, made.source, made.is_whole) == (4, "Console", True)
    assert last(larkspur.log)["after"]["file"]["sha256"] == made.file.sha256
    matched = dict(Account.objects.values_list("key", "matched_by"))
    assert matched == {"ada": "email", "boss": "email", "liam": "email", "svc-backup": ""}


def test_a_list_without_its_origin_is_not_kept(manager: Client, home: str) -> None:
    file = SimpleUploadedFile("accounts.csv", ACCOUNTS.encode())
    manager.post(f"{home}accounts/1/", {"file": file})

    answer = manager.post(f"{home}accounts/1/check/", {"source": "Console"})

    assert answer.status_code == 422
    assert "Query is empty: say what it was asked, exactly" in said(answer)
    assert not AccountList.objects.exists()


def test_accounts_that_need_a_look_are_marked(manager: Client, reviewer: Client, home: str) -> None:
    bring(manager, home)

    page = said(reviewer.get(f"{home}1/systems/1/"))

    for mark in ("of somebody who left", "matched to nobody", "privileged", "not used"):
        assert f">{mark}</span>" in page
    assert "Keep the 1 without a mark" in page


def test_a_reviewer_finishes_and_nobody_decides_on_an_own_account(
    manager: Client, reviewer: Client, home: str, larkspur: Organization
) -> None:
    """The reviewer decides three, whoever runs the review the reviewer's own; then the sign-off."""
    bring(manager, home)
    assert finish(manager, home).status_code == 422

    reviewer.post(f"{home}1/systems/1/keep/")
    own = decide(reviewer, home, d2="keep")
    assert own.status_code == 422
    assert "boss is not yours to decide" in said(own)
    without = decide(reviewer, home, d4="keep")
    assert without.status_code == 422
    assert "row 4: svc-backup is kept though it is matched to nobody" in said(without)
    decide(reviewer, home, d3="remove", d4="keep", r4="The backup's service account, of Ben.")
    not_mine = decide(manager, home, d1="remove", s1="1")
    assert "ada is not yours to decide" in said(not_mine)
    decide(manager, home, d2="keep")

    assert finish(manager, home).status_code == 302
    review = AccessReview.objects.get()
    assert review.finished_by == "compliance_manager@larkspur.example"
    assert last(larkspur.log)["after"]["accounts"] == 4
    assert "finished on" in said(manager.get(home))


def test_what_a_reviewer_leaves_stays_open_until_another_decides(
    manager: Client, reviewer: Client, home: str
) -> None:
    bring(manager, home, "user\nada@larkspur.example\n")
    decide(reviewer, home, d1="not mine", r1="Ask the head of infrastructure")

    assert finish(manager, home).status_code == 422
    decide(manager, home, d1="keep", s1="1")
    assert finish(manager, home).status_code == 302


def test_a_finished_review_changes_only_after_it_was_reopened_for_a_reason(
    manager: Client, reviewer: Client, home: str
) -> None:
    bring(manager, home, "user\nada@larkspur.example\n")
    decide(reviewer, home, d1="keep")
    finish(manager, home)

    assert decide(reviewer, home, d1="remove", s1="1").status_code == 422
    url, version = f"{home}1/finish/", AccessReview.objects.get().version
    assert manager.post(url, {"seen": str(version), "reason": " "}).status_code == 422
    manager.post(url, {"seen": str(version), "reason": "Ada moved"})
    assert decide(reviewer, home, d1="remove", s1="1").status_code == 302
    assert "Opened again:" in said(manager.get(f"{home}1/"))


def test_two_people_decide_at_once_and_the_second_is_told(
    manager: Client, reviewer: Client, home: str
) -> None:
    bring(manager, home)
    decide(reviewer, home, d3="remove")

    second = decide(reviewer, home, d3="keep", r3="known", s3="0")

    assert second.status_code == 409
    assert AccountDecision.objects.get().decision == "remove"
    assert 'value="known"' in said(second), "what was written is still there"


def removal(manager: Client, reviewer: Client, home: str) -> None:
    """Decide that Liam's account is removed, a day before any later list."""
    bring(manager, home, taken_at="2026-07-01 08:00")
    decide(reviewer, home, d3="remove")
    past = datetime.now(UTC) - timedelta(days=1)
    AccountDecision.objects.update(at=past, due_on=past.date() - timedelta(days=1))


def test_a_removal_is_open_and_not_known_until_a_later_list(
    manager: Client, reviewer: Client, home: str
) -> None:
    removal(manager, reviewer, home)

    assert "not known, overdue" in said(manager.get(f"{home}removals/"))


def test_a_removal_that_a_later_list_still_has_is_overdue(
    manager: Client, reviewer: Client, home: str
) -> None:
    removal(manager, reviewer, home)

    bring(manager, home, review="")

    page = said(manager.get(f"{home}removals/"))
    assert "still there" in page
    assert "overdue" in page


@pytest.mark.parametrize(("whole", "settled"), [("yes", "gone"), ("no", ""), ("", "")])
def test_only_a_later_list_that_has_every_account_closes_a_removal(
    manager: Client, reviewer: Client, home: str, whole: str, settled: str
) -> None:
    removal(manager, reviewer, home)

    bring(manager, home, ACCOUNTS.replace("liam,", "other,"), review="", whole=whole)

    decision = AccountDecision.objects.get()
    assert decision.settled_as == settled
    assert (decision.settled_in is not None) == bool(settled)


def test_a_list_that_was_taken_before_the_decision_shows_nothing(
    manager: Client, reviewer: Client, home: str
) -> None:
    removal(manager, reviewer, home)

    without = ACCOUNTS.replace("liam,", "other,")
    bring(manager, home, without, review="", taken_at="2026-07-02 08:00")

    assert AccountDecision.objects.get().settled_in is None


def test_a_list_of_other_keys_shows_nothing_as_gone(
    manager: Client, reviewer: Client, home: str
) -> None:
    """Somebody exported addresses instead of names: everybody would seem to be gone."""
    removal(manager, reviewer, home)

    bring(manager, home, "user\nada@larkspur.example\nboss@larkspur.example\n", review="")

    assert AccountDecision.objects.get().settled_as == ""


def test_a_list_of_which_accounts_are_decided_is_not_replaced(
    manager: Client, reviewer: Client, home: str
) -> None:
    bring(manager, home)
    decide(reviewer, home, d3="remove")

    assert bring(manager, home).status_code == 422
    assert AccountDecision.objects.count() == 1
    assert AccountList.objects.count() == 1


def test_another_organizations_assets_members_and_reviews_are_not_found(
    manager: Client, home: str, stranger: User
) -> None:
    outsider = Membership.objects.get(user=stranger)
    other = outsider.organization
    make_asset(organization=other, fields=AssetFields("Theirs", has_accounts=True), by="eve", at=AT)
    content = {"title": "x", "due_on": "2026-09-01"}
    own = str(Membership.objects.get(role="compliance manager").pk)

    owner = manager.post(f"{home}new/", {**content, "owner": str(outsider.pk), "reviewer-1": own})
    reviewed = manager.post(f"{home}new/", {**content, "owner": own, "reviewer-1": outsider.pk})
    asset = manager.post(f"{home}new/", {**content, "owner": own, "reviewer-2": own})

    assert [each.status_code for each in (owner, reviewed, asset)] == [422, 422, 422]
    assert AccessReview.objects.count() == 1
    client = Client()
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"{home}1/").status_code == 404
    assert client.get(f"/o/{other.slug}/access-reviews/1/").status_code == 404


def test_a_review_is_started_and_changed_in_its_form(manager: Client, home: str) -> None:
    own = str(Membership.objects.get(role="compliance manager").pk)
    content = {"title": "Second", "owner": own, "due_on": "2026-09-01", "reviewer-1": own}

    made = manager.post(f"{home}new/", content)
    assert made.headers["Location"] == f"{home}2/"
    changed = manager.post(f"{home}2/edit/", {**content, "title": "Third", "seen": "1"})
    assert changed.status_code == 302
    stale = manager.post(f"{home}2/edit/", {**content, "title": "Fourth", "seen": "1"})
    assert stale.status_code == 409
    assert 'value="Fourth"' in said(stale)


def test_the_workbook_has_the_digest_of_each_list_and_no_formula(
    manager: Client, reviewer: Client, home: str
) -> None:
    bring(manager, home, ACCOUNTS.replace("svc-backup", "=cmd()"))
    decide(reviewer, home, d3="remove")

    content = manager.get(f"{home}1/review.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)

    lists = list(book["Lists"].values)
    accounts = [row[2] for row in book["Accounts"].values]
    assert lists[1][3] == AccountList.objects.get().file.sha256
    assert accounts == ["Account", "ada", "boss", "liam", "'=cmd()"]


def test_a_system_without_a_review_in_its_cycle_is_overdue(manager: Client, home: str) -> None:
    page = said(manager.get(home))

    assert "Console" in page
    assert "overdue" in page
