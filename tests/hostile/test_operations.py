"""Whatever is sent to whichever operation: an answer that says why, and nothing is bent.

Operations and the forms of their bodies come from the API's own description.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client

from api.conftest import Program
from api.test_access import operations, url
from hostile.conftest import OWN, SHARED, naughty, packed, put_away
from reperform.accounts.models import Organization
from reperform.api.site import api
from reperform.ledger.queries import changes

JSON = "application/json"
OWN_NUMBERS = 100_000
"""More than an organization has of anything that it numbers itself."""


STRICTER = {
    "y_object_duplicated_key.json",  # a member twice: two readers read it in two ways
    "y_object_duplicated_key_and_value.json",  # as above
    "n_structure_no_data.json",  # no body at all is a body that lacks its fields
}
"""Files of the suite that we read otherwise than its names say."""


ODD: tuple[object, ...] = (None, [], {}, [[]], {"a": {"b": 1}}, 0.5, True, "")
BEYOND: tuple[object, ...] = (-1, 10**30, "a\0b", "x" * 10**6)
"""Of the right kind, and beyond what a database holds."""


@cache
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return found


def bodies() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path and the schema of the body, of each operation that takes one."""
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get(JSON)
            if content:
                yield method, path.removeprefix("/api/v1"), content["schema"]


def filled(schema: dict[str, Any], text: str, number: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return a body of the schema's form: `text` for each text, `number` for each number."""
    if "$ref" in schema:
        return filled(
            described()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], text, number
        )
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], text, number)
    if schema.get("type") == "object":
        named = {k: filled(v, text, number) for k, v in schema.get("properties", {}).items()}
        return named or {"title": text, "name": text, text[:80]: [text, {"a": text}]}
    if schema.get("type") == "array":
        return [filled(schema.get("items", {}), text, number)]
    plain: dict[str, object] = {"boolean": False, "integer": number}
    return schema["enum"][0] if "enum" in schema else plain.get(schema.get("type", ""), text)


def sent(caller: Program, method: str, path: str, body: bytes, kind: str = JSON) -> Any:  # noqa: ANN401 - a response
    client = Client(
        headers={"Authorization": f"Bearer {caller.secret}"}, raise_request_exception=False
    )
    return client.generic(method.upper(), f"/api/v1{url(path)}", body, content_type=kind)


def refused_well(answer: Any) -> bool:  # noqa: ANN401 - a response
    """Return whether it was done, or refused in the one form that refusals have."""
    if answer.status_code < 300:
        return True
    said = json.loads(answer.content)
    return answer.status_code < 500 and {"what", "why", "todo", "slug"} <= set(said)


def test_no_text_breaks_an_operation(caller: Program) -> None:
    """Every string, in every text of every body; and U+0000, which PostgreSQL cannot hold."""
    wrong, tried = [], 0
    for method, path, schema in bodies():
        for text in (*packed(naughty(), 4_000), *OWN, "a\0b"):
            answer = sent(caller, method, path, json.dumps(filled(schema, text)).encode())
            tried += 1
            if not refused_well(answer):
                wrong.append((method, path, text[:30], answer.status_code))

    assert not wrong, wrong[:10]
    assert tried > 100


def broken_by(values: tuple[object, ...], caller: Program) -> list[tuple[str, str, str, str, int]]:
    """Return each operation that broke when a member of its body had one of the values."""
    wrong = []
    for method, path, schema in bodies():
        plain = filled(schema, "word")
        for name in plain if isinstance(plain, dict) else ():
            for value in values:
                answer = sent(caller, method, path, json.dumps(plain | {name: value}).encode())
                if not refused_well(answer):
                    wrong.append((method, path, name, str(value)[:20], answer.status_code))
    return wrong


def test_no_value_of_another_kind_breaks_an_operation(caller: Program) -> None:
    """Each member of each body in turn: null, a list, an object, a number with a fraction."""
    assert broken_by(ODD, caller) == []


def test_no_value_beyond_what_a_database_holds_breaks_an_operation(caller: Program) -> None:
    """As above: a number beyond all numbers, U+0000, a megabyte."""
    assert broken_by(BEYOND, caller) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared lists are not beside the checkout")
def test_the_json_test_suite_is_read_as_its_names_say(caller: Program) -> None:
    """`n_` is refused as no JSON, `y_` is read (and is then no field's text), `i_` is either."""
    wrong, count = [], 0
    for file in sorted((SHARED / "json-test-suite").rglob("*.json")):
        answer = sent(caller, "put", "/description/fields/{str:field}", file.read_bytes())
        count += 1
        is_read = answer.status_code == 422
        is_expected = {"y": is_read, "n": not is_read, "i": True}[file.name[0]]
        if answer.status_code not in (400, 422) or not (is_expected or file.name in STRICTER):
            wrong.append((file.name, answer.status_code, answer.content[:200]))

    assert not wrong
    assert count > 300


def test_a_body_of_another_type_is_refused_everywhere(caller: Program) -> None:
    """415 for what is not sent as JSON; 4xx, with the reason, for what is none."""
    types = ("text/plain", "multipart/form-data; boundary=x", "application/xml")
    bent = (b"", b"\0", b"[" * 100_000, b"\xff", b"{}" * 2_000_000)
    for method, path, schema in bodies():
        body = json.dumps(filled(schema, "word")).encode()

        assert {sent(caller, method, path, body, kind).status_code for kind in types} == {415}, path
        for each in bent:
            assert refused_well(sent(caller, method, path, each)), (path, each[:10])


def test_who_saw_an_old_version_is_told_what_stands(caller: Program) -> None:
    """Each body with `seen`: 409 with what stands now, or what it acts on is not there."""
    told = 0
    for method, path, schema in bodies():
        body = filled(schema, "word", number=77_777)
        if isinstance(body, dict) and "seen" in body:
            current = _current(caller, path)
            answer = sent(caller, method, path, json.dumps(body | current).encode())
            said = json.loads(answer.content)
            assert answer.status_code in (404, 409, 422), (path, answer.status_code)
            if answer.status_code == 409:
                assert said["slug"] == "stale-version"
                assert said["current"]["version"] < 77_777, path
                assert said["current"]["content"], path
                told += 1

    assert told >= 3


def _current(caller: Program, path: str) -> dict[str, Any]:
    """Return the members of a body as a read of the same thing has them."""
    answer = sent(caller, "get", path, b"")
    if answer.status_code != 200:
        return {}
    said = json.loads(answer.content)
    return {name: said[name] for name in ("content", "text", "name") if name in said}


def test_another_organizations_numbers_are_not_found(
    elsewhere: Organization, caller: Program
) -> None:
    """In every number of a path, and in every number of a body that names a thing."""
    stranger = elsewhere.members.order_by("-pk").values_list("pk", flat=True)[0]
    before = changes(elsewhere.log).count()
    wrong = []
    for method, path, _ in operations():
        if "{int:number}" in path:
            asked = url(path).replace("/1", f"/{stranger + OWN_NUMBERS}", 1)
            answer = caller.ask(method, asked, {} if method in ("put", "post") else None)
            if answer.status_code not in (404, 422):
                wrong.append((method, asked, answer.status_code))
    for method, path, schema in bodies():
        body = filled(schema, "word", number=stranger)
        answer = sent(caller, method, path, json.dumps(body).encode())
        if str(stranger) in answer.content.decode() and answer.status_code < 300:
            wrong.append((method, path, answer.status_code))

    assert not wrong
    assert changes(elsewhere.log).count() == before


def test_files_are_kept_and_never_shown(caller: Program) -> None:
    """JSON, or an attachment; never a type that runs at this origin."""
    files = 0
    for method, path, _ in operations():
        if method != "get":
            continue
        answer = sent(caller, method, path, b"")
        kind = answer.headers["Content-Type"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert not kind.startswith(("text/html", "image/svg")), path
        if not kind.startswith(JSON):
            files += 1
            assert answer.headers["Content-Disposition"].startswith("attachment"), path
        put_away(answer)

    assert files > 3
