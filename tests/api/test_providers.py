"""Identity providers over the API: as on the pages, and the secret goes in only."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from reperform.accounts.models import IdentityProvider

OKTA = {
    "name": "Okta",
    "issuer": "https://id.example.com",
    "client_id": "c",
    "client_secret": "s3cret",
}


def test_a_provider_is_added_changed_and_removed(
    program: Callable[..., Program], strange_program: Program
) -> None:
    caller = program()

    made = caller.ask("post", "/providers/oidc", OKTA)

    assert made.status_code == 201
    key = made.json()["id"]
    assert b"s3cret" not in made.content
    assert [each["name"] for each in caller.get("/providers")] == ["Okta"]
    changed = caller.ask("put", f"/providers/{key}/oidc", {**OKTA, "name": "Okta 2", "seen": 1})
    assert (changed.json()["name"], changed.json()["version"]) == ("Okta 2", 2)
    elsewhere = {**OKTA, "issuer": "https://x.example", "seen": 2}
    moved = caller.ask("put", f"/providers/{key}/oidc", elsewhere)
    assert moved.json()["slug"] == "provider-refused"
    assert (
        caller.ask(
            "put", f"/providers/{key}/saml", {"name": "X", "metadata": "<a/>", "seen": 2}
        ).status_code
        == 422
    )
    for method, path in (("put", f"/providers/{key}/oidc"), ("delete", f"/providers/{key}")):
        assert strange_program.ask(method, path, {**OKTA, "seen": 2}).status_code == 404
    assert caller.ask("delete", f"/providers/{key}").status_code == 204
    assert caller.get("/providers") == []


def test_two_who_change_a_provider_at_once_lose_nothing(program: Callable[..., Program]) -> None:
    """The second is told what the first wrote; no secret is told."""
    caller = program()
    key = caller.ask("post", "/providers/oidc", OKTA).json()["id"]
    path = f"/providers/{key}/oidc"
    caller.ask("put", path, {**OKTA, "client_id": "first", "seen": 1})

    second = caller.ask("put", path, {**OKTA, "client_id": "second", "seen": 1})

    assert (second.status_code, second.json()["slug"]) == (409, "stale-version")
    assert b"s3cret" not in second.content
    assert IdentityProvider.objects.get().client_id == "first"


@pytest.mark.parametrize(
    ("path", "wrong", "slug"),
    [
        ("oidc", {"issuer": "http://id.example.com"}, "provider-unreachable"),
        ("oidc", {"issuer": "ftp://id.example.com"}, "provider-unreachable"),
        ("oidc", {"client_secret": ""}, "provider-refused"),
        ("oidc", {"name": " "}, "content-refused"),
        ("saml", {"metadata": "<a/>"}, "metadata-refused"),
    ],
)
def test_what_is_no_provider_is_refused(
    path: str, wrong: dict[str, str], slug: str, program: Callable[..., Program]
) -> None:
    answer = program().ask("post", f"/providers/{path}", {**OKTA, **wrong})

    assert answer.status_code == 422
    assert answer.json().get("slug") == slug
    assert not IdentityProvider.objects.exists()
