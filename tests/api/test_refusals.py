"""Every refusal of the API has one shape, a status that says what happened, and changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from api.conftest import AT, Program
from filled import fill
from reperform.accounts.models import Organization
from reperform.ledger.models import Change

FIELD = "/description/fields/dc3.data"


def put(caller: Program, body: bytes, *, content_type: str = "application/json") -> tuple[int, str]:
    client = Client(headers={"Authorization": f"Bearer {caller.secret}"})
    answer = client.put(f"/api/v1{FIELD}", body, content_type=content_type)
    said = json.loads(answer.content)
    assert set(said) == {"what", "why", "todo", "slug", "problems", "current"}
    return answer.status_code, said["slug"]


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (b"", 422, "content-refused"),
        (b"{", 400, "body-refused"),
        (b"[]", 422, "content-refused"),
        (b'{"seen": 0}', 422, "content-refused"),
        (b'{"seen": 0, "text": 7}', 422, "content-refused"),
        (b'{"seen": "0x1", "text": "a"}', 422, "content-refused"),
        (b'{"seen": -1, "text": "a"}', 422, "content-refused"),
        (b'{"seen": 0, "seen": 0, "text": "a"}', 400, "body-refused"),
        (b'{"seen": NaN, "text": "a"}', 400, "body-refused"),
        (b'{"seen": 1e999, "text": "a"}', 400, "body-refused"),
        (b'{"seen": ' + b"9" * 5_000 + b', "text": "a"}', 400, "body-refused"),
        (b'{"seen": 0, "text": "\\u0000"}', 422, "content-refused"),
        (b'{"seen": 0, "text": "\\ud800"}', 422, "content-refused"),
        (b'{"seen": 0, "text": "\xff"}', 400, "body-refused"),
        ('{"seen": 0, "text": "a"}'.encode("utf-16"), 400, "body-refused"),
        (b'\xef\xbb\xbf{"seen": 0, "text": "a"}', 400, "body-refused"),
        (b"[" * 70 + b"]" * 70, 400, "body-refused"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "body-refused"),
        (b'{"seen": 0, "text": "' + b"a" * 20_001 + b'"}', 422, "content-refused"),
        (b'{"seen": 0, "text": "' + b"a" * 3_000_000 + b'"}', 413, "too-large"),
        (b'{"seen": 1, "text": "a"}', 409, "stale-version"),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else "",
)
def test_a_body_that_says_nothing_clear_is_refused(
    program: Callable[..., Program], body: bytes, status: int, slug: str
) -> None:
    """Each with its reason, never 5xx, and without a change."""
    caller = program()
    before = Change.objects.count()

    assert put(caller, body) == (status, slug)
    assert Change.objects.count() == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
def test_a_body_that_is_sent_as_something_else_is_not_read(
    program: Callable[..., Program], content_type: str
) -> None:
    answer = put(program(), b'{"seen": 0, "text": "a"}', content_type=content_type)

    assert answer == (415, "media-type")


@pytest.mark.parametrize(
    "path", ["/nothing", "/scope/", "/members/999", "/members/x", "/scope/%00"]
)
def test_what_is_not_there_is_said_as_json(program: Callable[..., Program], path: str) -> None:
    """A program gets the answer of a program, also where no operation is."""
    answer = program().ask("get", path)

    assert answer.status_code == 404
    assert answer.json()["slug"] == "nothing-here"


@pytest.mark.django_db
def test_without_a_token_the_answer_says_which_one_is_wanted() -> None:
    """RFC 6750, section 3: a 401 names the scheme."""
    answer = Program("").ask("get", "/scope")

    assert answer.status_code == 401
    assert answer.json()["slug"] == "token-needed"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_who_comes_second_is_told_what_stands(
    program: Callable[..., Program], larkspur: Organization, tmp_path: Path
) -> None:
    """Status 409 with the version and the text of the other: the caller has its own."""
    fill(larkspur, tmp_path, at=AT)
    caller = program()

    answer = caller.ask("put", FIELD, {"seen": 1, "text": "Mine."})

    assert answer.status_code == 409
    assert answer.json()["current"] == {
        "version": 2,
        "content": {"text": "Invoicing and archive: invoices."},
    }
    assert caller.get(FIELD)["text"] == "Invoicing and archive: invoices."
