"""How many queries each page and each GET of the API makes: bounded, and not more as rows grow.

A page that asks once for each row is found here, not by a customer with many rows.  One that needs
more queries than most is named with its number, so that somebody looks at why.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.test_access import OPERATIONS
from api.test_access import url as api_url
from grown import Size, grow
from reperform.accounts.actions.tokens import make_token
from reperform.accounts.models import (
    IdentityProvider,
    Membership,
    Organization,
    ProvisionedGroup,
    User,
)
from reperform.accounts.permissions import Role, granted
from web.examined import results
from web.test_permissions import PAGES, SAMPLES

AT = datetime.now(UTC) - timedelta(minutes=1)
TIMES = 10
ORDINARY = 12
"""Queries that any page may make; three of them find the session, the user and their role."""
PAGE_BOUNDS: dict[str, int] = {
    "overview": 53,  # it counts what is due in every part of the program, and what is noticed
    # What follows rests on the gap analysis, which asks every register for its traces.
    "control": 46,  # it tells everything about one, its times too
    **dict.fromkeys(("gap_criterion", "plan", "task"), 41),
    **dict.fromkeys(("gap", "gap_output", "plan_propose", "plan_start", "task_new"), 39),
    # What waits for whom is counted, and the visitor's own acceptances are shown.
    **dict.fromkeys(("policies", "policy"), 16),
    "program_files_zip": 24,  # it takes out every register
    "work": 24,  # what every part of the program asks of a member
    "person": 18,  # it tells everything about somebody: events, steps, training, checks
}
"""Pages that may make more."""
API_ORDINARY = 8
"""Queries that any GET of the API may make; one of them finds the token."""
API_BOUNDS: dict[str, int] = {
    "/search": 24,  # each kind of thing that is found is a table of its own
    "/description/problems": 14,  # it compares with every register
    # As on the pages, the gap analysis asks every register.
    **dict.fromkeys(("/gap/files/{str:name}", "/plan", "/tasks/proposed"), 37),
    **dict.fromkeys(("/gap", "/gap/{str:criterion}"), 34),
    "/program/files": 24,  # it takes out every register
    "/my-work": 24,  # what every part of the program asks of a member
}
"""Paths that may make more."""
OTHERS = {
    "checklist": ("report.pdf", "leaver-employee"),
    "population_file": ("report.pdf", "joiners"),
    "assets_file": ("report.pdf", "assets.xlsx"),
    "risks_file": ("report.pdf", "risks.xlsx"),
    "/risks/files/{str:name}": ("report.pdf", "risks.csv"),
    "policy_version_output": ("policy.csv", "policy.md"),
    "gap_output": ("report.pdf", "gap-analysis.xlsx"),
    "/search": ("/search", "/search?q=backup"),
    "vendor_report_edit": ("system", "cuecs"),
    "/vendors/files/{str:name}": ("report.pdf", "vendors.csv"),
    "/policies/files/{str:name}": ("report.pdf", "policies.csv"),
    "/policies/{str:policy}/versions/{int:number}/{str:name}": ("report.pdf", "policy.md"),
    "/policies/{str:policy}/versions/{int:number}/difference": ("difference", "difference?to=2"),
    "/policies/{str:policy}/acceptances/{str:name}": ("report.pdf", "acceptances.csv"),
    "/gap/files/{str:name}": ("report.pdf", "gap-analysis.xlsx"),
    "/calendar/{code}": ("CHG-01", "AC-01"),
    "control_fit": ("AC-01/fits", "CHG-01/fits"),
    "/controls/{str:code}/fits": ("AC-01/fits", "CHG-01/fits"),
}
"""Page or path -> the sample of the walks, and what is there instead."""
NUMBERED = pytest.mark.django_db(transaction=True, reset_sequences=True)
"""The walks name the first row of everything: PostgreSQL would count on from other tests."""


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what a page asks when something was recorded since the last."""
    monkeypatch.setattr("reperform.audit.queries.last_entry", lambda _: b"")


@pytest.fixture
def browser(larkspur: Organization, member: Callable[[Role], User]) -> Client:
    client = Client()
    client.force_login(
        member(Role.ADMINISTRATOR), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def counted(client: Client, url: str) -> tuple[int, int]:
    """Return the status of a page and the queries that it makes when it is not asked first."""
    _read(client.get(url))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    _read(answer)
    return answer.status_code, len(queries)


def _read(answer: Any) -> None:  # noqa: ANN401 - a response of the test client
    """Read a download to its end, which closes its file and leaves the test's connection open."""
    if answer.streaming:
        b"".join(answer)


def address(name: str, url: str) -> str:
    """Return an address with what really is there, where the sample of the walks is not."""
    there, named = OTHERS.get(name, ("", ""))
    return url.replace(there, named) if there else url


def add_provider(organization: Organization) -> None:
    """Add the identity provider that the walks name."""
    IdentityProvider.objects.create(
        id=SAMPLES["provider"],
        organization=organization,
        kind="oidc",
        name="Directory",
        issuer="https://directory.example",
        created_at=AT,
    )


def add_group(organization: Organization) -> None:
    """Add the group of the directory that the walks name."""
    ProvisionedGroup.objects.create(
        id=SAMPLES["group"],
        organization=organization,
        display_name="Engineers",
        created_at=AT,
        changed_at=AT,
    )


def of_pages(client: Client, organization: Organization) -> dict[str, int]:
    found = {}
    for page in PAGES:
        status, count = counted(client, address(page.name, page.url(organization.slug)))
        assert status in (200, 302, 405), page.name
        found[page.name] = count
    return found


def of_api(secret: str) -> dict[str, int]:
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    found = {}
    for method, path, _ in OPERATIONS:
        if method == "get":
            status, count = counted(client, address(path, "/api/v1" + api_url(path)))
            assert status == 200, path
            found[path] = count
    return found


def growing(few: dict[str, int], many: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Return what makes more queries when there are more rows."""
    return {name: (few[name], many[name]) for name in few if many[name] > few[name]}


def above(found: dict[str, int], ordinary: int, bounds: dict[str, int]) -> dict[str, int]:
    """Return what exceeds its bound."""
    return {name: count for name, count in found.items() if count > bounds.get(name, ordinary)}


def needless(found: dict[str, int], ordinary: int, bounds: dict[str, int]) -> set[str]:
    """Return bounds that nothing needs any more, and those of pages that are gone."""
    return {name for name in bounds if found.get(name, 0) <= ordinary}


@NUMBERED
def test_pages_make_few_queries_however_many_rows_there_are(
    larkspur: Organization, browser: Client
) -> None:
    """Once with some rows of everything, once with ten times as many."""
    add_provider(larkspur)
    add_group(larkspur)
    grow(larkspur, Size(), results=results(), at=AT)
    few = of_pages(browser, larkspur)
    grow(larkspur, Size().times(TIMES), results=results(), at=AT)
    many = of_pages(browser, larkspur)

    assert not growing(few, many)
    assert not above(many, ORDINARY, PAGE_BOUNDS)
    assert not needless(many, ORDINARY, PAGE_BOUNDS)


@NUMBERED
def test_the_api_makes_few_queries_however_many_rows_there_are(
    larkspur: Organization, member: Callable[[Role], User]
) -> None:
    """As the pages."""
    _, secret = make_token(
        membership=member(Role.ADMINISTRATOR).memberships.get(),
        name="count",
        scopes=granted(Role.ADMINISTRATOR),
        days=7,
        by="test",
        at=AT,
    )
    add_group(larkspur)
    grow(larkspur, Size(), results=results(), at=AT)
    few = of_api(secret)
    grow(larkspur, Size().times(TIMES), results=results(), at=AT)
    many = of_api(secret)

    assert not growing(few, many)
    assert not above(many, API_ORDINARY, API_BOUNDS)
    assert not needless(many, API_ORDINARY, API_BOUNDS)


def test_the_count_finds_a_query_for_each_row(larkspur: Organization) -> None:
    """A check that cannot fail would be worth nothing."""
    grow(larkspur, Size(), results=results(), at=AT)
    with CaptureQueriesContext(connection) as queries:
        for membership in Membership.objects.filter(organization=larkspur):
            str(membership.user)

    assert len(queries) > Size().members


def test_using_a_session_is_noted_now_and_then_and_from_another_browser_at_once(
    larkspur: Organization, browser: Client
) -> None:
    """Reading a page writes nothing, or readers would wait for writers."""
    url = f"/o/{larkspur.slug}/results/"
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        browser.get(url)
    with CaptureQueriesContext(connection) as elsewhere:
        browser.get(url, headers={"User-Agent": "another"})

    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert [query for query in elsewhere if query["sql"].startswith("UPDATE")]
    assert UserSession.objects.get().user_agent == "another"
