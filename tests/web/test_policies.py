"""Policies on the pages: from a template through approval by another to acceptance."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.catalog.installed import catalog
from reperform.program.actions.policies import NewPolicy, make_policy
from reperform.program.actions.policy_versions import approve_policy, submit_policy, write_policy
from reperform.program.models import Person, Policy, PolicyAcceptance, PolicyVersion
from reperform.program.policies import PolicyFields, TextFields
from reperform.program.policies.deciding import Approval
from reperform.program.policies.life import Counts
from reperform.program.queries.policies import in_force, policies_like, standing_of
from reperform.program.queries.policy_acceptances import counts, pending_acceptances

Members = Callable[[Role], User]
Browsers = Callable[[User], Client]
NOW = datetime.now(UTC)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/policies/"


@pytest.fixture
def second(member: Members, signed_in: Browsers) -> Client:
    """A browser of another member who may approve."""
    return signed_in(member(Role.ADMINISTRATOR))


@pytest.fixture
def employee(member: Members, signed_in: Browsers, larkspur: Organization) -> Client:
    """A browser of an employee, who is in the register of people for a year."""
    user = member(Role.EMPLOYEE)
    person(larkspur, 1, user.email, days=400)
    return signed_in(user)


def person(organization: Organization, number: int, email: str, *, days: int) -> Person:
    return Person.objects.create(
        organization=organization,
        number=number,
        name=f"Person {number}",
        email=email,
        started_on=(NOW - timedelta(days=days)).date(),
        changed_by="test",
        changed_at=NOW,
    )


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def approved(
    organization: Organization, member: Members, *, days_ago: int = 0, text: str = "Ask first.\n"
) -> Policy:
    """Make a policy, or write it anew, and have it approved so many days ago."""
    at = NOW - timedelta(days=days_ago)
    author = member(Role.COMPLIANCE_MANAGER).memberships.get()
    policy = Policy.objects.filter(organization=organization, key="access").first()
    who: dict[str, Any] = {"organization": organization, "by": "test", "at": at}
    seen = 1
    if policy is None:
        new = NewPolicy("access", PolicyFields("Access"), TextFields(text))
        policy = make_policy(new=new, author=author, **who)
    else:
        seen = policy.versions.count() + 1
        write_policy(key="access", text=TextFields(text), seen=seen - 1, author=author, **who)
    submit_policy(key="access", seen=seen, **who)
    approver = member(Role.ADMINISTRATOR).memberships.get()
    approval = Approval(at.date())
    approve_policy(key="access", seen=seen, approval=approval, approver=approver, **who)
    return Policy.objects.get(pk=policy.pk)


def test_a_policy_goes_from_a_template_to_its_acceptance(
    manager: Client, second: Client, employee: Client, home: str, larkspur: Organization
) -> None:
    """Filled, submitted, refused to its author, approved by another, accepted by an employee."""
    template = next(each for each in catalog().templates if each.id == "access-control")
    answer = manager.post(f"{home}new/", {"template": "access-control"})
    assert answer.headers["Location"] == f"{home}access-control/fill/"
    assert "Fill placeholders" in said(manager.get(f"{home}access-control/"))

    blocked = manager.post(f"{home}access-control/submit/", {"seen": 1})
    assert blocked.status_code == 422
    assert "placeholders are not filled" in said(blocked)

    values = {f"fill-{name}": each.example for name, each in template.placeholders.items()}
    manager.post(f"{home}access-control/fill/", {"seen": 1, **values})
    manager.post(f"{home}access-control/submit/", {"seen": 2})
    own = manager.post(f"{home}access-control/decide/", {"seen": 2, "decision": "approve"})
    assert own.status_code == 422
    assert "wrote a part of it" in said(own)
    assert employee.get(f"{home}access-control/").status_code == 404

    second.post(f"{home}access-control/decide/", {"seen": 2, "decision": "approve"})
    text = said(employee.get(f"{home}access-control/"))
    assert "I have read it and will follow it" in text
    assert "{{" not in text

    employee.post(f"{home}access-control/", {"seen": 2})
    made = PolicyAcceptance.objects.get()
    assert (made.person.number, made.version.number) == (1, 2)
    assert made.sha256 == PolicyVersion.objects.get(number=2).sha256
    assert "You accepted it on" in said(employee.get(f"{home}access-control/"))
    assert "1 of 1" in said(manager.get(home))


def test_whoever_wrote_a_version_since_the_last_approval_is_an_author_of_the_next(
    larkspur: Organization, member: Members, manager: Client, second: Client, home: str
) -> None:
    """The administrator's words are in version 3, which the manager wrote last."""
    approved(larkspur, member)
    second.post(f"{home}access/write/", {"seen": 1, "text": "Ask twice."})
    manager.post(f"{home}access/write/", {"seen": 2, "text": "Ask twice, in writing."})
    manager.post(f"{home}access/submit/", {"seen": 3})

    for client in (manager, second):
        answer = client.post(f"{home}access/decide/", {"seen": 3, "decision": "approve"})
        assert answer.status_code == 422
    assert PolicyVersion.objects.get(number=3).approved_at is None


def test_a_draft_changes_nothing_of_what_is_in_force(
    larkspur: Organization, member: Members, manager: Client, employee: Client, home: str
) -> None:
    """And somebody who reads no drafts does not find them, nor in files."""
    approved(larkspur, member)
    manager.post(f"{home}access/write/", {"seen": 1, "text": "A secret plan."})
    policy = Policy.objects.get()

    assert in_force(policy, NOW.date()).number == 1  # type: ignore[union-attr]
    assert "Ask first." in said(employee.get(f"{home}access/"))
    for part in ("versions/2/", "versions/2/policy.md", "versions/2/policy.pdf"):
        assert employee.get(f"{home}access/{part}").status_code == 404
        assert manager.get(f"{home}access/{part}").status_code == 200
    assert "secret" not in said(employee.get(f"{home}access/versions/1/?from=2"))


def test_two_who_write_at_once_lose_nothing(
    larkspur: Organization, member: Members, manager: Client, second: Client, home: str
) -> None:
    approved(larkspur, member)
    manager.post(f"{home}access/write/", {"seen": 1, "text": "Mine."})
    answer = second.post(f"{home}access/write/", {"seen": 1, "text": "Theirs."})

    assert answer.status_code == 409
    assert "Mine." in said(answer)
    assert "Theirs." in said(answer)
    assert PolicyVersion.objects.count() == 2


def test_a_new_version_asks_again_and_a_minor_correction_does_not(
    *,
    larkspur: Organization,
    member: Members,
    manager: Client,
    second: Client,
    employee: Client,
    home: str,
) -> None:
    approved(larkspur, member)
    employee.post(f"{home}access/", {"seen": 1})
    someone = Person.objects.get()
    assert pending_acceptances(someone, NOW.date()) == []

    manager.post(f"{home}access/write/", {"seen": 1, "text": "Ask frist."})
    manager.post(f"{home}access/submit/", {"seen": 2})
    minor = {"seen": 2, "decision": "approve", "minor_because": "A typing error."}
    second.post(f"{home}access/decide/", minor)
    assert PolicyVersion.objects.get(number=2).asks_from == 1
    assert pending_acceptances(someone, NOW.date()) == []

    approved(larkspur, member, text="Ask twice.\n")
    (pending,) = pending_acceptances(someone, NOW.date())
    assert (pending.version, pending.due_on) == (3, NOW.date() + timedelta(days=30))
    stale = employee.post(f"{home}access/", {"seen": 2})
    assert stale.status_code == 409


def test_who_is_late_and_who_cannot_accept_here_is_seen(
    larkspur: Organization, member: Members, manager: Client, employee: Client, home: str
) -> None:
    """Forty days in force: the employee is late, a new worker has time, one has no account."""
    approved(larkspur, member, days_ago=40)
    person(larkspur, 2, "new@larkspur.example", days=3)
    person(larkspur, 3, "", days=300)
    rows = policies_like(larkspur, NOW.date())

    assert counts(rows, NOW.date()) == {"access": Counts(asked=3, accepted=0, late=2)}
    text = said(manager.get(f"{home}access/acceptances/"))
    assert text.count("cannot accept here: no account") == 2
    assert "2 late, 1 waiting" in text

    proof = SimpleUploadedFile("signed.csv", b"name,day\nPerson 3,today\n")
    manager.post(f"{home}access/acceptances/", {"seen": 1, "person": 3, "on": "", "file": proof})
    text = said(manager.get(f"{home}access/acceptances/"))
    assert "accepted elsewhere" in text
    assert "signed.csv" in text
    assert counts(rows.all(), NOW.date())["access"] == Counts(asked=3, accepted=1, late=1)
    for kind in ("csv", "xlsx"):
        assert manager.get(f"{home}access/acceptances/acceptances.{kind}").status_code == 200
        assert manager.get(f"{home}files/policies.{kind}").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [{"person": 99}, {"person": "x"}, {"on": "2999-01-01"}, {"file": ""}, {"on": "2020-01-01"}],
)
def test_an_acceptance_without_person_proof_or_a_right_day_is_refused(
    *,
    larkspur: Organization,
    member: Members,
    manager: Client,
    employee: Client,
    home: str,
    sent: dict[str, Any],
) -> None:
    approved(larkspur, member)
    whole = {"seen": 1, "person": 1, "on": "", "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    answer = manager.post(f"{home}access/acceptances/", whole | sent)

    assert answer.status_code == 422
    assert not PolicyAcceptance.objects.exists()


def test_a_policy_meant_for_nobody_or_retired_asks_nobody(
    larkspur: Organization, member: Members, manager: Client, employee: Client, home: str
) -> None:
    approved(larkspur, member)
    settings = {"title": "Access", "review_months": 6, "accept_days": "", "seen": 1}
    assert manager.post(f"{home}access/edit/", settings).status_code == 302
    assert employee.post(f"{home}access/", {"seen": 1}).status_code == 409
    assert not PolicyAcceptance.objects.exists()
    assert Policy.objects.get().review_months == 6

    assert manager.post(f"{home}access/retire/", {"seen": 2, "reason": ""}).status_code == 422
    manager.post(f"{home}access/retire/", {"seen": 2, "reason": "Merged into another."})
    assert "Merged into another." in said(employee.get(f"{home}access/"))
    assert manager.post(f"{home}access/write/", {"seen": 1, "text": "x"}).status_code == 422
    assert "No policy is like this" in said(manager.get(f"{home}?state=in force"))


def test_an_overdue_review_is_seen_until_somebody_reviews(
    larkspur: Organization, member: Members, manager: Client, home: str
) -> None:
    """That nothing changes is an act, too."""
    approved(larkspur, member, days_ago=400)
    assert "overdue" in said(manager.get(home))
    assert manager.post(f"{home}access/review/", {"seen": 1, "reason": ""}).status_code == 422

    manager.post(f"{home}access/review/", {"seen": 1, "reason": "Read it with the team."})
    standing = standing_of(policies_like(larkspur, NOW.date()).get(), NOW.date())
    assert not standing.is_overdue
    assert "Read it with the team." in said(manager.get(f"{home}access/"))


def test_a_version_sent_back_says_why_and_the_next_can_be_approved(
    larkspur: Organization, member: Members, manager: Client, second: Client, home: str
) -> None:
    manager.post(f"{home}new/", {"id": "access", "title": "Access", "text": "Ask."})
    manager.post(f"{home}access/submit/", {"seen": 1})
    second.post(f"{home}access/decide/", {"seen": 1, "decision": "return", "reason": "Too short."})
    assert "Too short." in said(manager.get(f"{home}access/"))

    manager.post(f"{home}access/write/", {"seen": 1, "text": "Ask the owner."})
    manager.post(f"{home}access/submit/", {"seen": 2})
    past = {"seen": 2, "decision": "approve", "effective_on": "2020-01-01"}
    assert second.post(f"{home}access/decide/", past).status_code == 422
    coming = (NOW + timedelta(days=9)).date()
    second.post(f"{home}access/decide/", {**past, "effective_on": coming.isoformat()})
    assert "approved" in said(manager.get(home))
    assert in_force(Policy.objects.get(), NOW.date()) is None
    assert in_force(Policy.objects.get(), coming) is not None


def test_hostile_markdown_is_shown_as_text(
    larkspur: Organization, member: Members, manager: Client, home: str
) -> None:
    text = (
        "<script>x</script> [a](javascript:x) ![i](https://e.example/i.png)\n\n| a |\n|-|\n| b |\n"
    )
    approved(larkspur, member, text=text)
    page = manager.get(f"{home}access/").content.decode()

    assert "<script>x" not in page
    assert "javascript:" not in page.partition("policy-text")[2].replace("[a](javascript:x)", "")
    assert "e.example/i.png" not in page or "<img" not in page.partition("policy-text")[2]
    assert manager.get(f"{home}access/versions/1/policy.pdf").content.startswith(b"%PDF")


def test_an_import_is_a_dry_run_first_and_then_drafts(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """A ZIP of files of other tools; what is not filled is named, and blocks submission."""
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        file.writestr("policies/conduct.md", "name: Conduct\nacronym: C\n---\n\n# P\n\n{{.Name}}\n")
        file.writestr("policies/access.md.tmpl", "# Access\n\n{{company}} {{#gdpr}}x{{/gdpr}}\n")
        file.writestr("README.md", "# Not a policy\n")
    brought = SimpleUploadedFile("policies.zip", packed.getvalue())
    answer = manager.post(f"{home}import/", {"file": brought}, follow=True)
    text = said(answer)
    assert "2 drafts to make" in text
    assert "{{#gdpr}}" in text
    assert not Policy.objects.exists()

    expected = text.partition('name="expected" value="')[2].partition('"')[0]
    assert manager.post(f"{home}import/check/", {"expected": "x"}).status_code == 422
    manager.post(f"{home}import/check/", {"expected": expected})
    assert set(Policy.objects.values_list("key", flat=True)) == {"conduct", "access"}
    assert manager.post(f"{home}access/submit/", {"seen": 1}).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.md", b"\xff", "not UTF-8"),
        ("a.zip", b"PK\x03\x04broken", "damaged"),
        ("new.md", b"# New\n\nx\n", "not an id"),
        ("a.md", b"x" * 500_000, "bytes"),
    ],
)
def test_a_file_that_cannot_be_read_imports_nothing(
    manager: Client, home: str, name: str, content: bytes, found: str
) -> None:
    answer = manager.post(
        f"{home}import/", {"file": SimpleUploadedFile(name, content)}, follow=True
    )

    assert found in said(answer)
    assert "nothing can be imported" in said(answer)


def test_other_organizations_policies_and_members_are_not_found(
    manager: Client, home: str, stranger: User
) -> None:
    """As owner, as template and as address."""
    manager.post(f"{home}new/", {"id": "access", "title": "Access", "text": "Ask."})
    foreign = stranger.memberships.get().pk
    answer = manager.post(f"{home}access/edit/", {"title": "Access", "owner": foreign, "seen": 1})
    assert answer.status_code == 422
    assert "is not a member" in said(answer)
    assert manager.post(f"{home}new/", {"template": "nothing"}).status_code == 404
    assert manager.get(f"{home}nothing/").status_code == 404
