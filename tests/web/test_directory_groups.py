"""Which role a group of the directory gives, decided in a browser."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from reperform.accounts.actions.groups import GroupSaid, make_group
from reperform.accounts.actions.provisioning import Said, provision
from reperform.accounts.models import Membership, Organization, ProvisionedGroup, User
from reperform.accounts.permissions import Role
from web.conftest import AT


@pytest.fixture
def group(larkspur: Organization) -> ProvisionedGroup:
    ana = Said("ana", "", "ana@larkspur.example", "Ana", is_active=True, document={"a": 1})
    person = provision(organization=larkspur, said=ana, by="t", at=AT)
    said = GroupSaid("Owners <b>", "", frozenset({person.pk}))
    return make_group(organization=larkspur, said=said, by="t", at=AT)


@pytest.fixture
def browser(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.ADMINISTRATOR))


HOME = "/o/larkspur/members/groups/"


def test_an_administrator_says_which_role_a_group_gives(
    group: ProvisionedGroup, browser: Client
) -> None:
    page = f"{HOME}{group.pk}/"
    assert "Owners &lt;b&gt;" in browser.get(HOME).content.decode()
    assert "ana" in browser.get(page).content.decode()

    answer = browser.post(page, {"role": "control owner", "seen": "1"})

    assert answer.status_code == 302
    assert Membership.objects.get(user__email="ana@larkspur.example").role == "control owner"


def test_the_administrators_role_takes_the_organizations_word(
    group: ProvisionedGroup, browser: Client, larkspur: Organization
) -> None:
    """Off: refused in place, with what to do.  On: given, and then not switched off."""
    page = f"{HOME}{group.pk}/"
    refused = browser.post(page, {"role": "administrator", "seen": "1"})
    assert refused.status_code == 422
    assert "a group makes no administrators here" in unescape(refused.content.decode())
    assert 'value="administrator" selected' in refused.content.decode()

    settings = {"name": "Larkspur", "seen": 0, "groups_make_administrators": "on"}
    assert browser.post("/o/larkspur/settings/", settings).status_code == 302
    assert browser.post(page, {"role": "administrator", "seen": "1"}).status_code == 302
    assert Membership.objects.get(user__email="ana@larkspur.example").role == "administrator"
    off = browser.post("/o/larkspur/settings/", {"name": "Larkspur", "seen": 1})
    assert off.status_code == 422
    assert "groups go on making administrators" in unescape(off.content.decode())


def test_two_who_decide_at_once_see_each_other(group: ProvisionedGroup, browser: Client) -> None:
    """What was chosen stays chosen, beside what stands; saving again means it."""
    page = f"{HOME}{group.pk}/"
    browser.post(page, {"role": "read-only", "seen": "1"})

    late = browser.post(page, {"role": "auditor", "seen": "1"})

    assert late.status_code == 409
    text = late.content.decode()
    assert "<dd>Read-only</dd>" in text
    assert 'value="auditor" selected' in text
    assert 'name="seen" value="2"' in text
    assert browser.post(page, {"role": "auditor", "seen": "2"}).status_code == 302


def test_a_role_that_no_form_offers_is_refused(group: ProvisionedGroup, browser: Client) -> None:
    assert browser.post(f"{HOME}{group.pk}/", {"role": "god", "seen": "1"}).status_code == 400


def test_who_may_only_read_members_sees_the_role_and_no_form(
    group: ProvisionedGroup, manager: Client
) -> None:
    page = manager.get(f"{HOME}{group.pk}/").content.decode()
    assert "<form" not in page.split("<main")[1]
    assert manager.post(f"{HOME}{group.pk}/", {"role": "", "seen": "1"}).status_code == 403


def test_members_come_fifty_a_page(larkspur: Organization, browser: Client) -> None:
    for number in range(60):
        user = User.objects.create(email=f"p{number:02}@larkspur.example", date_joined=AT)
        Membership.objects.create(user=user, organization=larkspur, role="employee", since=AT)

    first = browser.get("/o/larkspur/members/").content.decode()
    second = browser.get("/o/larkspur/members/?page=2").content.decode()

    assert "p10@larkspur.example" in first
    assert "p59@larkspur.example" not in first
    assert "p59@larkspur.example" in second
