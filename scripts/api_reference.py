"""The page of the API, from its own OpenAPI description."""

from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """# API

Written by scripts/write_reference.py; a test holds it true. The same for programs:
`/api/v1/openapi.json` (OpenAPI 3.1). How to begin: docs/how-to/use-the-api.md.

Every operation takes the header `Authorization: Bearer rpf_...`: a token of one organization, with
the scope that stands behind the operation. Paths are below `/api/v1`. Bodies are JSON. Lists that
can grow are a `Page`: `offset` and `limit` choose a part of it.

| status | when | changed something |
|---|---|---|
| 200, 201, 204 | done; 201 made something, 204 has nothing to say | as asked |
| 400 | the body is not strict JSON | no |
| 401 | no token, or one that opens nothing (any more) | no |
| 403 | the token lacks the scope | no |
| 404 | no such thing, or another organization's | no |
| 409 | somebody changed it since the version that you saw; `current` is what stands | no |
| 413 | the body is too large | no |
| 415 | the body is not sent as `application/json` | no |
| 422 | something in what was sent has a problem, or a rule forbids it | no |

Each refusal is a `Refused`, whose `slug` is a section of docs/errors.md. 401 and 403 may come from
every operation; the others that may are named with it.

Sending the same PUT again changes nothing and records nothing, when it names the version that
stands; with the version from before it is a 409. A DELETE again is a 404. A POST again makes a
second one, unless a rule forbids it: look before you repeat one whose answer was lost.
"""
_METHODS = ("get", "post", "put", "patch", "delete")
_OF_ALL = {"401", "403"}


def page_of(description: Mapping[str, Any], *, not_offered: Mapping[str, str]) -> str:
    """Return the page that says what an OpenAPI document says, and what is not offered and why."""
    parts = [_HEAD]
    tag = ""
    for path, method, operation in _operations(description):
        if operation["tags"][0] != tag:
            tag = operation["tags"][0]
            parts.append(f"## {tag.capitalize()}\n")
        parts.append(_operation(path, method, operation))
    parts.append("## Not offered\n")
    parts += [f"* `{name}`: {reason}" for name, reason in sorted(not_offered.items())]
    parts.append("\n## Shapes\n")
    for name, schema in sorted(description["components"]["schemas"].items()):
        parts.append(_shape(name, schema))
    return "\n".join(parts)


def _operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in description["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield path.removeprefix("/api/v1"), method, methods[method]


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    scopes = [scope for each in operation.get("security", []) for scope in each["token"]]
    lines = [f"### {method.upper()} {path}\n", f"Scope `{'`, `'.join(scopes)}`.\n"]
    if operation.get("description"):
        lines.append(" ".join(operation["description"].split()) + "\n")
    lines += [_parameter(each) for each in operation["parameters"]]
    if "requestBody" in operation:
        for kind, content in operation["requestBody"]["content"].items():
            lines.append(f"* body: {_type(content.get('schema', {})) or 'a file'}, `{kind}`")
    for status, answer in operation["responses"].items():
        if int(status) < 300:  # noqa: PLR2004 - an answer that is not a refusal
            lines.append(f"* {status}: {_answer(answer)}")
    refusals = [str(status) for status in operation["responses"] if int(status) >= 400]  # noqa: PLR2004 - as above
    lines.append(f"* refused with {', '.join(each for each in refusals if each not in _OF_ALL)}")
    if lines[-1].endswith("with "):
        lines.pop()
    return "\n".join(lines) + "\n"


def _parameter(parameter: Mapping[str, Any]) -> str:
    example = f", as in `{parameter['example']}`" if "example" in parameter else ""
    needed = "" if parameter["required"] else ", may be left out"
    about = f": {parameter['description']}" if parameter.get("description") else ""
    return (
        f"* `{parameter['name']}` ({parameter['in']}, {_type(parameter['schema'])}{needed})"
        f"{example}{about}"
    )


def _answer(answer: Mapping[str, Any]) -> str:
    told = [
        _type(content["schema"]) if content.get("schema") else f"a file, `{kind}`"
        for kind, content in answer.get("content", {}).items()
    ]
    return ", ".join(told) or "nothing"


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    about = " ".join(schema.get("description", "").split())
    rows = [
        f"| `{field}` | {_type(details)} | {_note(field, details, schema)} |"
        for field, details in schema.get("properties", {}).items()
    ]
    table = ["| field | type | |", "|---|---|---|", *rows] if rows else []
    return "\n".join([f"### {name}\n", *([about, ""] if about else []), *table, ""])


def _note(field: str, details: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    needed = "" if field in schema.get("required", []) else "may be left out"
    about = " ".join(details.get("description", "").split())
    return "; ".join(each for each in (about, needed) if each).replace("|", "\\|")


def _type(schema: Mapping[str, Any]) -> str:
    """Return a schema's type in a few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "anything" if schema else ""))
    if kind == "array":
        return f"list of {_type(schema.get('items', {})) or 'anything'}"
    bounds = [
        f"{word} {schema[key]:,}"
        for key, word in (
            ("minimum", "from"),
            ("maximum", "to"),
            ("minLength", "at least"),
            ("maxLength", "at most"),
        )
        if key in schema
    ]
    return " ".join([kind, schema.get("format", ""), *bounds]).replace("  ", " ").strip()
