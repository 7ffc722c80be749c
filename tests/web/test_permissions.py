"""Every page, for every role, a stranger, and somebody who is not signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import PERMISSIONS, Role, may

SAMPLES = {
    "number": "1",
    "policy": "access-control",
    "condition": "1",
    "report": "1",
    "asset": "1",
    "part": "system",
    "test_id": "CHG-01.T1",
    "name": "report.pdf",
    "field": "dc3.data",
    "provider": "11111111-1111-4111-8111-111111111111",
    "group": "11111111-1111-4111-8111-111111111111",
    "criterion": "CC6.1",
    "code": "AC-01",
    "kind": "csv",
    "duty": "gdpr-33",
    "posting": "1",
    "event": "joiner",
    "connector": "tls",
    "run": "1",
    "table": "git.tags",
}
"""A value for each part of a URL; what it names need not exist."""
PUBLIC = {
    "home",
    "invitation",
    "second_factor_needed",
    "session_end",
    "sso",
    "sso_organization",
    "sso_link",
}
"""Pages that belong to no organization, each with tests of its own."""
ELSEWHERE = {"accounts/", "api/v1/", "scim/v2/"}
"""Sign-in is django-allauth's; the API and SCIM have walking tests of their own."""


@dataclass(frozen=True)
class Page:
    name: str
    route: str
    view: Any

    def url(self, organization: str) -> str:
        route = self.route.replace("<slug:organization>", organization)
        while "<" in route:
            begin, end = route.index("<"), route.index(">")
            route = (
                route[:begin] + SAMPLES[route[begin + 1 : end].split(":")[-1]] + route[end + 1 :]
            )
        return f"/{route}"


def every_page() -> Iterator[Page]:
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) not in ELSEWHERE:
            yield from _below(resolver, "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[Page]:
    route = prefix + str(resolver.pattern)
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield Page(str(entry.name), route + str(entry.pattern), entry.callback)
        else:
            yield from _below(entry, route)


PAGES = [page for page in every_page() if page.name not in PUBLIC]


def test_every_page_of_an_organization_says_which_permission_it_takes() -> None:
    """A page without a permission would be open to all."""
    unguarded = [page.name for page in PAGES if not hasattr(page.view, "permission")]
    unknown = [
        page.name
        for page in PAGES
        for permission in (page.view.permission, page.view.post)
        if permission and permission not in PERMISSIONS
    ]

    assert PAGES
    assert not unguarded
    assert not unknown


def test_every_permission_is_somebodys() -> None:
    """A permission that nobody has is a mistake in the table."""
    assert all(PERMISSIONS.values())


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_what_the_table_says(
    role: Role,
    larkspur: Organization,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    """GET and POST of every page: 403 exactly where the table does not have the role."""
    client = signed_in(member(role))
    wrong = []
    for page in PAGES:
        url = page.url(larkspur.slug)
        for method, permission in (("get", page.view.permission), ("post", page.view.post)):
            status = getattr(client, method)(url).status_code
            if not permission:
                expected = status == 405
            elif may(role, permission):
                expected = status in (200, 302, 404, 409, 422)
            else:
                expected = status == 403
            if not expected:
                wrong.append((page.name, method, status))

    assert not wrong


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing(
    method: str, larkspur: Organization, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    """Another organization's member gets the answer of an organization that does not exist."""
    client = signed_in(stranger)
    asked = [(page, getattr(client, method)(page.url(larkspur.slug))) for page in PAGES]
    nowhere = [(page, getattr(client, method)(page.url("no-such"))) for page in PAGES]

    expected = {page.name: 404 if method == "get" or page.view.post else 405 for page in PAGES}
    assert {page.name: answer.status_code for page, answer in asked} == expected
    assert {page.name: answer.status_code for page, answer in nowhere} == expected
    for (page, theirs), (_, none) in zip(asked, nowhere, strict=True):
        assert theirs.content == none.content, page.name


def test_somebody_who_is_not_signed_in_is_asked_to(larkspur: Organization, client: Client) -> None:
    """Every page leads to the sign-in, and back."""
    for page in PAGES:
        url = page.url(larkspur.slug)
        answer = client.get(url)

        assert answer.status_code == 302, page.name
        assert answer.headers["Location"].startswith("/accounts/login/?next="), page.name


def test_a_member_who_was_let_go_is_a_stranger(
    larkspur: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    """An inactive membership opens nothing, also for a session that is still open."""
    user = member(Role.ADMINISTRATOR)
    client = signed_in(user)
    user.memberships.update(is_active=False)

    assert {client.get(page.url(larkspur.slug)).status_code for page in PAGES} == {404}
