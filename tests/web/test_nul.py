"""U+0000 is part of no address: 400 or 404 everywhere, before any database is asked.

PostgreSQL has no such character, so there a query that holds one fails; SQLite takes it.
"""

import json
import re
from collections.abc import Callable

from django.test import Client

from api.test_access import operations
from reperform.accounts.actions.tokens import make_token
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role, granted
from web.conftest import AT
from web.test_permissions import PAGES, SAMPLES

QUERY = "?q=a%00b"
NAMES = ("page", "criterion", "status", "owner", "subject", "act", "by", "state", "sort", "limit")


def addresses(plain: str, parts: set[str]) -> list[str]:
    """Return an address with U+0000 in its query under every name, and in each part of its path."""
    asked = [plain + QUERY, f"{plain}?{'&'.join(f'{name}=%00' for name in NAMES)}"]
    return asked + [plain.replace(f"/{part}", "/a%00b", 1) for part in parts if f"/{part}" in plain]


def test_no_page_has_it_in_its_address(
    larkspur: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(member(Role.ADMINISTRATOR))
    client.raise_request_exception = False
    wrong, tried = [], 0
    for page in PAGES:
        plain = page.url(larkspur.slug)
        for url in addresses(plain, {*SAMPLES.values(), larkspur.slug}):
            for ask in (client.get, client.post):
                status = ask(url).status_code
                tried += 1
                if status not in (400, 404):
                    wrong.append((url, status))

    assert not wrong
    assert tried > 200


def test_nobody_has_it_in_an_address(larkspur: Organization) -> None:
    """Neither who is not signed in, nor where signing in begins, nor a file."""
    client = Client(raise_request_exception=False)
    plain = ("/", "/accounts/login/", "/static/web/app.css", "/scim/v2/Users", "/no-such/")
    asked = [f"{url}?next=%00" for url in plain[:2]] + [f"{url}a%00" for url in plain]

    asked += ["/invitation/a%00b/", "/sso/a%00b/"]

    assert {client.get(url).status_code for url in asked} <= {400, 404}


def test_no_operation_has_it_in_its_address(
    larkspur: Organization, member: Callable[[Role], User]
) -> None:
    """Refused in the form that refusals have."""
    _, secret = make_token(
        membership=member(Role.ADMINISTRATOR).memberships.get(),
        name="nul",
        scopes=granted(Role.ADMINISTRATOR),
        days=300,
        by="test",
        at=AT,
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)
    wrong = []
    for method, path, _ in operations():
        plain = "/api/v1" + re.sub(r"{[^}]*}", "1", path)
        asked = [*addresses(plain, set()), "/api/v1" + re.sub(r"{[^}]*}", "a%00b", path) + QUERY]
        for url in asked:
            answer = client.generic(method.upper(), url, "{}", content_type="application/json")
            if answer.status_code not in (400, 404) or "slug" not in json.loads(answer.content):
                wrong.append((method, url, answer.status_code))

    assert not wrong
