"""One question over everything that the visitor may view, and nothing else."""

from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.actions import keep_examination
from reperform.program.actions.description import write_field
from reperform.program.actions.policies import NewPolicy, make_policy
from reperform.program.actions.policy_versions import approve_policy, submit_policy, write_policy
from reperform.program.actions.scope import change_scope
from reperform.program.models import AdoptedControl, RemediationTask
from reperform.program.policies import PolicyFields, TextFields
from reperform.program.policies.deciding import Approval
from reperform.program.scope.document import ScopeDocument, Subservice
from web.conftest import AT
from web.examined import write_outputs

WORD = "zebra"
"""In one thing of each kind, and nowhere in the library."""
URL = "/o/larkspur/search/"
MOST_QUERIES = 24

KINDS = {
    "control": "controls.view",
    "policy": "policies.edit",
    "description": "description.view",
    "subservice organization": "scope.view",
    "task": "gap.view",
    "test": "results.view",
    "member": "members.view",
}


def adopt(organization: Organization, code: str, title: str) -> None:
    AdoptedControl.objects.create(
        organization=organization,
        code=code,
        title=title,
        text="Each change is reviewed.",
        criteria=["CC8.1"],
        nature="preventive",
        kind="manual",
        frequency="per event",
        owner_role="Engineering lead",
        adopted_on=date(2026, 1, 1),
        changed_by="test",
        changed_at=AT,
    )


def add_task(
    organization: Organization, number: int, title: str, *, owner: Membership | None = None
) -> None:
    RemediationTask.objects.create(
        organization=organization,
        number=number,
        title=title,
        risk="low",
        owner=owner,
        changed_at=AT,
    )


@pytest.fixture
def full(larkspur: Organization, tmp_path: Path) -> Organization:
    """Larkspur, with one thing of each kind that holds the word."""
    adopt(larkspur, "OWN-01", f"The {WORD} is fed")
    write_field(
        organization=larkspur, field="dc3.people", text=f"A {WORD}", seen=0, by="test", at=AT
    )
    author = Membership.objects.create(
        user=User.objects.create(email="author@larkspur.example", date_joined=AT),
        organization=larkspur,
        role="compliance manager",
        since=AT,
    )
    new = NewPolicy("animals", PolicyFields("Animals"), TextFields(f"Keep one {WORD}.\n"))
    make_policy(organization=larkspur, new=new, author=author, by="test", at=AT)
    supplier = Subservice(f"{WORD.capitalize()} Cloud", "Hosts", "carve-out", (), None)
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(subservices=(supplier,)),
        seen=0,
        library="0" * 64,
        by="test",
        at=AT,
    )
    add_task(larkspur, 1, f"Buy a {WORD}")
    folder = write_outputs(tmp_path / "out")
    text = (folder / "results.json").read_text()
    (folder / "results.json").write_text(text.replace("Each change was", f"Each {WORD} was"))
    keep_examination(organization=larkspur, folder=folder, by="test", at=AT)
    user = User.objects.create(email=f"{WORD}@larkspur.example", date_joined=AT)
    Membership.objects.create(user=user, organization=larkspur, role="employee", since=AT)
    return larkspur


def kinds(client: Client, question: str, url: str = URL) -> list[str]:
    answer = client.get(url, {"q": question})
    assert answer.status_code == 200
    return [found.entry.kind for found in answer.context["found"]]


@pytest.mark.parametrize("role", Role)
def test_a_role_finds_what_it_may_view(
    role: Role, full: Organization, member: Callable[[Role], User], signed_in: Callable[..., Client]
) -> None:
    user = member(role)
    client = signed_in(user)
    permissions = client.get(URL).context["visitor"].permissions

    assert sorted(kinds(client, WORD)) == sorted(
        kind for kind, permission in KINDS.items() if permission in permissions
    )


def test_an_employee_finds_their_own_task_only(
    full: Organization, member: Callable[[Role], User], signed_in: Callable[..., Client]
) -> None:
    user = member(Role.EMPLOYEE)
    add_task(full, 2, f"Ride the {WORD}", owner=user.memberships.get())

    answer = signed_in(user).get(URL, {"q": WORD})

    assert [found.entry.title for found in answer.context["found"]] == [f"Ride the {WORD}"]


def test_who_reads_no_drafts_finds_the_approved_text_of_a_policy_only(
    full: Organization, member: Callable[[Role], User], signed_in: Callable[..., Client]
) -> None:
    employee = signed_in(member(Role.EMPLOYEE))
    assert "policy" not in kinds(employee, "animals")

    who: dict[str, Any] = {"organization": full, "key": "animals", "by": "test", "at": AT}
    submit_policy(seen=1, **who)
    approver = member(Role.ADMINISTRATOR).memberships.get()
    approve_policy(seen=1, approval=Approval(AT.date()), approver=approver, **who)
    author = Membership.objects.get(user__email="author@larkspur.example")
    write_policy(seen=1, text=TextFields("Keep one quagga.\n"), author=author, **who)

    assert kinds(employee, f"keep one {WORD}") == ["policy"]
    assert kinds(employee, "quagga") == []
    assert kinds(signed_in(member(Role.COMPLIANCE_MANAGER)), "quagga") == ["policy"]


def test_nothing_of_another_organization_is_found(
    full: Organization, stranger: User, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(stranger)

    assert kinds(client, WORD, "/o/other/search/") == []
    assert client.get(URL, {"q": WORD}).status_code == 404


def test_each_thing_found_leads_to_its_page(full: Organization, manager: Client) -> None:
    answer = manager.get(URL, {"q": WORD})
    urls = [found.url for found in answer.context["found"]]

    assert urls
    assert [manager.get(url).status_code for url in urls] == [200] * len(urls)


@pytest.mark.parametrize(
    ("question", "kind"),
    [("CC6.1", "criterion"), ("carve-out", "word"), ("examination 1", "examination")],
)
def test_the_id_or_the_title_comes_first(
    question: str, kind: str, full: Organization, manager: Client
) -> None:
    assert kinds(manager, question)[0] == kind


def test_a_control_of_the_library_is_found_until_it_is_adopted(
    larkspur: Organization, manager: Client
) -> None:
    assert kinds(manager, "CHG-01")[0] == "control of the library"
    adopt(larkspur, "CHG-01", "Reviews")
    assert kinds(manager, "CHG-01")[0] == "control"


@pytest.mark.parametrize(
    "question", ["%", "_", "' OR 1=1 --", "\1", "x" * 5_000, "<script>alert(1)</script>", "*"]
)
def test_a_hostile_question_is_words_like_any_other(
    question: str, full: Organization, manager: Client
) -> None:
    """A wildcard of the database finds nothing that does not hold it."""
    answer = manager.get(URL, {"q": question})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert all(
        question.lower() in f"{f.entry.key} {f.entry.title} {f.entry.text}".lower()
        for f in answer.context["found"]
    )


def test_finding_nothing_says_what_to_try(manager: Client) -> None:
    said = unescape(manager.get(URL, {"q": "xyzzy"}).content.decode())

    assert "Nothing holds every word of “xyzzy”" in said
    assert "Every word must occur" in manager.get(URL).content.decode()


def test_the_number_of_queries_does_not_grow(full: Organization, manager: Client) -> None:
    manager.get(URL, {"q": WORD})
    with CaptureQueriesContext(connection) as few:
        manager.get(URL, {"q": WORD})
    for number in range(10, 60):
        add_task(full, number, f"Task {number} of the {WORD}")
    with CaptureQueriesContext(connection) as many:
        manager.get(URL, {"q": WORD})

    assert len(many) == len(few) <= MOST_QUERIES


def test_somebody_of_two_organizations_can_change_to_the_other(
    larkspur: Organization,
    stranger: User,
    member: Callable[[Role], User],
    signed_in: Callable[..., Client],
) -> None:
    """And somebody of one is not offered any."""
    Membership.objects.create(user=stranger, organization=larkspur, role="employee", since=AT)

    both = signed_in(stranger).get("/o/larkspur/").content.decode()
    one = signed_in(member(Role.EMPLOYEE)).get("/o/larkspur/").content.decode()

    assert '<a href="/o/other/">Other</a>' in both
    assert "Other" not in one
