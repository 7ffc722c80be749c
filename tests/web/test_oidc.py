"""Signing in by OpenID Connect, against a real provider on this machine."""

from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread
from pytest_django import Settings

from reperform.accounts.actions.members import invite
from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.actions.providers import ProviderSettings, put_provider
from reperform.accounts.models import (
    AutomaticLink,
    IdentityProvider,
    Membership,
    Organization,
    User,
)
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.web.page import now
from web.conftest import AT

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]
PASSWORD = "a sentence of nobody in particular"
SECRET = "s3cret-of-the-client"
PEOPLE = {
    "ana": {"email": "employee@larkspur.example", "email_verified": True, "name": "Ana"},
    "eva": {"email": "eva@larkspur.example", "email_verified": True, "name": "Eva Stone"},
    "root": {"email": "administrator@larkspur.example", "email_verified": True},
    "unproved": {"email": "administrator@larkspur.example", "email_verified": False},
    "silent": {"email": "employee@larkspur.example"},
    "nameless": {},
    "victim": {"email": "stranger@other.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = [Person(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(issuer: str, larkspur: Organization) -> IdentityProvider:
    return put_provider(
        organization=larkspur,
        provider=None,
        said=ProviderSettings(
            kind="oidc", name="Staff", issuer=issuer, client_id="reperform", client_secret=SECRET
        ),
        by="test",
        at=AT,
    )


def begin(client: Client, provider: IdentityProvider, process: str = "login") -> str:
    """Return where the provider is asked."""
    answer = client.get(f"/accounts/oidc/{provider.key}/login/?process={process}")
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def consent(asked: str, sub: str) -> str:
    """Let a person agree at the provider; return where it sends their browser."""
    answer = requests.post(asked, data={"sub": sub}, allow_redirects=False, timeout=10)
    return answer.headers["Location"].removeprefix("http://testserver")


def sign_in(provider: IdentityProvider, sub: str, client: Client | None = None) -> Any:  # noqa: ANN401 - a response of the test client
    client = client or Client()
    return client.get(consent(begin(client, provider), sub))


def is_in(client: Client, slug: str = "larkspur") -> bool:
    return client.get(f"/o/{slug}/").status_code == 200


def text(answer: Any) -> str:  # noqa: ANN401 - as above
    return unescape(answer.content.decode())


def test_a_member_signs_in_and_is_known_from_then_on(
    provider: IdentityProvider, larkspur: Organization, member: Callable[[Role], User]
) -> None:
    """The first time by the proved address; later by what the provider calls them."""
    ana = member(Role.EMPLOYEE)
    client = Client()

    assert sign_in(provider, "ana", client).status_code == 302

    assert is_in(client)
    link = SocialAccount.objects.get()
    assert (link.user, link.uid, link.extra_data) == (ana, "ana", {})
    assert changes(larkspur.log)[0].act == "member.linked"
    User.objects.filter(pk=ana.pk).update(email="ana.new@larkspur.example")
    again = Client()
    sign_in(provider, "ana", again)
    assert is_in(again)
    assert SocialAccount.objects.count() == 1


def test_who_is_invited_becomes_a_member_with_the_role_of_the_invitation(
    provider: IdentityProvider, larkspur: Organization
) -> None:
    invite(
        organization=larkspur,
        email="eva@larkspur.example",
        role=Role.CONTROL_OWNER,
        by="t",
        at=now(),
    )
    client = Client()

    sign_in(provider, "eva", client)

    assert is_in(client)
    made = Membership.objects.get(user__email="eva@larkspur.example")
    assert (made.role, made.user.name) == ("control owner", "Eva Stone")
    assert not made.user.has_usable_password()


def test_who_is_not_invited_stays_out_unless_the_provider_makes_members(
    provider: IdentityProvider,
) -> None:
    answer = sign_in(provider, "eva")
    assert answer.status_code == 403
    assert "neither a member of Larkspur nor invited" in text(answer)
    assert not User.objects.exists()

    IdentityProvider.objects.update(makes_members=True)
    sign_in(provider, "eva")

    assert Membership.objects.get().role == "employee"


@pytest.mark.parametrize("sub", ["unproved", "silent", "nameless"])
def test_an_address_that_the_provider_did_not_prove_opens_nothing(
    sub: str, provider: IdentityProvider, member: Callable[[Role], User]
) -> None:
    """Somebody who may choose their address at the provider would choose the administrator's."""
    member(Role.ADMINISTRATOR)
    member(Role.EMPLOYEE)

    assert sign_in(provider, sub).status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_provider_can_be_trusted_to_have_proved_addresses(
    provider: IdentityProvider, member: Callable[[Role], User]
) -> None:
    member(Role.EMPLOYEE)
    IdentityProvider.objects.update(trusts_addresses=True)
    client = Client()

    sign_in(provider, "silent", client)

    assert is_in(client)


def test_a_provider_never_opens_an_account_of_another_organization(
    provider: IdentityProvider, stranger: User
) -> None:
    """Larkspur's provider says that somebody is Other's administrator: it is not believed."""
    answer = sign_in(provider, "victim")

    assert answer.status_code == 403
    assert "not an active member of Larkspur" in text(answer)
    assert not SocialAccount.objects.exists()


def test_nor_when_that_person_is_made_a_member_of_the_provider_s_organization(
    provider: IdentityProvider, larkspur: Organization, stranger: User
) -> None:
    """The takeover: Larkspur makes the victim its member, and lets its provider name them."""
    Membership.objects.create(user=stranger, organization=larkspur, role="employee", since=AT)
    client = Client()

    answer = sign_in(provider, "victim", client)

    assert answer.status_code == 403
    assert "belongs to another organization too" in text(answer)
    assert not is_in(client, "other")
    assert not is_in(client)


def test_nor_when_the_person_joins_the_other_organization_later(
    provider: IdentityProvider, member: Callable[[Role], User]
) -> None:
    """A link that was made by itself does not outlast that."""
    ana = member(Role.EMPLOYEE)
    sign_in(provider, "ana")
    assert AutomaticLink.objects.exists()
    other = found_organization(name="Other", by="test", at=AT)
    Membership.objects.create(user=ana, organization=other, role="employee", since=AT)

    answer = sign_in(provider, "ana")

    assert answer.status_code == 403
    assert "link it yourself" in text(answer)


def test_a_person_in_two_organizations_links_it_themselves(
    provider: IdentityProvider, larkspur: Organization, stranger: User
) -> None:
    """Signed in otherwise, having just shown their password, by a form of ours."""
    Membership.objects.create(user=stranger, organization=larkspur, role="employee", since=AT)
    stranger.set_password(PASSWORD)
    stranger.save()
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=True, primary=True)
    client = Client()
    client.post("/accounts/login/", {"login": stranger.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Link it" in text(client.get("/accounts/3rdparty/"))

    assert client.post(f"/sso/link/{provider.pk}/").status_code == 200
    client.get(consent(begin(client, provider, "connect"), "victim"))

    assert not AutomaticLink.objects.exists()
    assert changes(larkspur.log)[0].by == stranger.email
    later = Client()
    sign_in(provider, "victim", later)
    assert is_in(later, "other")
    assert is_in(later)
    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_a_link_that_was_not_asked_for_here_is_refused(
    provider: IdentityProvider, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    """A page elsewhere cannot tie its author's identity to who visits it."""
    client = signed_in(member(Role.EMPLOYEE))

    answer = client.get(consent(begin(client, provider, "connect"), "eva"))

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_provider_of_another_organization_cannot_be_linked(
    provider: IdentityProvider, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(stranger).post(f"/sso/link/{provider.pk}/").status_code == 404


def test_who_was_let_go_stays_out(
    provider: IdentityProvider, member: Callable[[Role], User]
) -> None:
    member(Role.EMPLOYEE)
    sign_in(provider, "ana")
    Membership.objects.update(is_active=False)

    assert sign_in(provider, "ana").status_code == 403


def test_an_answer_is_used_once_and_in_the_browser_that_asked(
    provider: IdentityProvider, member: Callable[[Role], User]
) -> None:
    """Neither replayed, nor carried to somebody else's browser, nor without a question."""
    member(Role.EMPLOYEE)
    client, other = Client(), Client()
    answer = consent(begin(client, provider), "ana")

    other.get(answer)
    assert not is_in(other)
    client.get(answer)
    assert is_in(client)
    client.post("/accounts/logout/")
    client.get(answer)
    assert not is_in(client)


def test_the_secret_is_sealed_and_shown_nowhere(
    provider: IdentityProvider, larkspur: Organization, administrator_browser: Client
) -> None:
    shown = [
        text(administrator_browser.get(f"/o/larkspur/settings/providers/{tail}"))
        for tail in ("", f"{provider.pk}/")
    ]

    assert SECRET not in "".join(shown)
    assert SECRET not in str(IdentityProvider.objects.values())
    assert SECRET.encode() not in b"".join(bytes(c.content) for c in changes(larkspur.log))


@pytest.fixture
def administrator_browser(
    member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> Client:
    return signed_in(member(Role.ADMINISTRATOR))


def test_only_by_the_provider_is_a_rule_that_an_administrator_shows_first(
    provider: IdentityProvider,
    member: Callable[[Role], User],
    administrator_browser: Client,
    manager: Client,
) -> None:
    """Then a password opens nothing here any more, and the provider does."""
    rule = {"name": "Larkspur", "requires_provider": "on"}
    refused = administrator_browser.post("/o/larkspur/settings/", {**rule, "seen": 0})
    assert refused.status_code == 422
    assert "no administrator is linked" in text(refused)

    root = Client()
    sign_in(provider, "root", root)
    assert root.post("/o/larkspur/settings/", {**rule, "seen": 0}).status_code == 302

    assert is_in(root)
    assert manager.get("/o/larkspur/").headers["Location"] == "/sso/larkspur/"
    removed = root.post(f"/o/larkspur/settings/providers/{provider.pk}/remove/")
    assert removed.status_code == 422
    assert IdentityProvider.objects.exists()


def test_a_provider_is_added_changed_and_removed_on_the_pages(
    issuer: str, larkspur: Organization, administrator_browser: Client
) -> None:
    home = "/o/larkspur/settings/providers/"
    said = {"name": "Okta", "issuer": issuer, "client_id": "c", "client_secret": SECRET}

    made = administrator_browser.post(f"{home}oidc/", said)

    page = text(administrator_browser.get(made.headers["Location"]))
    key = IdentityProvider.objects.get().key
    assert f"http://testserver/accounts/oidc/{key}/login/callback/" in page
    sealed = IdentityProvider.objects.get().sealed_secret
    changed = {**said, "name": "Okta new", "client_secret": "", "seen": 1}
    assert administrator_browser.post(made.headers["Location"], changed).status_code == 302
    late = administrator_browser.post(made.headers["Location"], {**changed, "name": "Mine"})
    assert late.status_code == 409
    assert "Okta new" in text(late)
    assert 'value="Mine"' in late.content.decode()
    assert 'name="seen" value="2"' in late.content.decode()
    assert IdentityProvider.objects.get().sealed_secret == sealed
    moved = {**changed, "issuer": "https://elsewhere.example", "seen": 2}
    assert administrator_browser.post(made.headers["Location"], moved).status_code == 422
    administrator_browser.post(f"{made.headers['Location']}remove/")
    assert not IdentityProvider.objects.exists()
    assert [change.act for change in changes(larkspur.log)][:3] == [
        "provider.removed",
        "provider.changed",
        "provider.added",
    ]


@pytest.mark.parametrize(
    "issuer_url",
    [
        "http://id.example.com",
        "https://user:pass@id.example.com",
        "file:///etc/passwd",
        "gopher://127.0.0.1",
        "https://",
        "javascript:alert(1)",
        "http://169.254.169.254",
        "https://[::1",
    ],
)
def test_an_issuer_that_is_not_to_be_called_is_refused_in_place(
    issuer_url: str, larkspur: Organization, administrator_browser: Client
) -> None:
    said = {"name": "X", "issuer": issuer_url, "client_id": "c", "client_secret": "s"}

    answer = administrator_browser.post("/o/larkspur/settings/providers/oidc/", said)

    assert answer.status_code == 422
    assert not IdentityProvider.objects.exists()


def test_a_name_that_leads_to_a_private_address_is_not_called(
    provider: IdentityProvider, issuer: str, settings: Settings
) -> None:
    """As in production: what the name led to counts, and this machine is not a provider."""
    settings.HTTPS = True
    IdentityProvider.objects.update(issuer=issuer.replace("http:", "https:"))

    answer = Client().get(f"/accounts/oidc/{provider.key}/login/")

    assert answer.status_code in (401, 502)
    assert "did not sign you in" in text(answer)


def test_nobody_is_told_which_organizations_have_providers(
    provider: IdentityProvider, client: Client
) -> None:
    """Neither the sign-in nor an unknown name lists any."""
    assert "Staff" not in text(client.get("/accounts/login/"))
    assert client.get("/sso/no-such/").status_code == 404
    assert "Continue with Staff" in text(client.get("/sso/larkspur/"))
    assert client.get("/sso/?name=larkspur").headers["Location"] == "/sso/larkspur/"
    assert client.get("/accounts/oidc/oidc-00/login/").status_code == 404
