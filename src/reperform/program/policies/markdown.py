"""A Markdown file with front matter -> a policy, whoever wrote it and for whatever tool.

Pure: bytes in, a `PolicyFile` and problems out; nothing is looked up.  `read_policy_file` takes
ours (`id`, `title`, `placeholders`), files whose head has no opening fence (comply's `name:`),
files with Go or Mustache placeholders, and Markdown with no head at all, whose title is its first
heading.  Fields of a head that are not ours are kept in `others`, so that nothing is lost unseen.
`write_policy_file` is the way back: what it writes is read the same.

Not trusted: anything.  A file is at most `LARGEST_FILE` bytes, and a problem names the file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from reperform.base.front_matter import FrontMatterError, split_front_matter
from reperform.base.placeholders import LONGEST_NAME, Declared
from reperform.base.problem import Problem

LARGEST_FILE = 400_000
LONGEST_TEXT = 100_000
"""Characters: thirty pages and more."""
LONGEST_ID = 60
SLUG = "policy-file"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*:")
_HEADING = re.compile(r"#{1,6}[ \t]*(\S[^\n]*?)[ \t#]*")
_ENDINGS = re.compile(r"(\.md|\.markdown|\.tmpl|\.txt|\.mdx)+$", re.IGNORECASE)
_OURS = ("id", "title", "name", "placeholders")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What a file says.

    Attributes:
        id: small letters, digits and hyphens; of the head, or from the file's name.
        title: of the head, or the first heading.
        text: Markdown with its placeholders.
        placeholders: what the head says of them, by name.
        others: every other field of the head, as it came.
    """

    id: str
    title: str
    text: str
    placeholders: Mapping[str, Declared] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)


def is_policy_id(said: str) -> bool:
    """Return whether a policy can be named so.

    >>> is_policy_id("access-control"), is_policy_id("Access control")
    (True, False)
    """
    return bool(_ID.fullmatch(said)) and len(said) <= LONGEST_ID


def id_of(name: str) -> str:
    """Return the id that a file's name or a title gives; empty when it gives none.

    >>> id_of("policies/Corp Gov.md.tmpl")
    'corp-gov'
    """
    stem = _ENDINGS.sub("", name.replace("\\", "/").rpartition("/")[2])
    found = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:LONGEST_ID]
    return found.strip("-")


def read_policy_file(raw: bytes, *, name: str) -> tuple[PolicyFile | None, list[Problem]]:
    """Return a policy, or None with the problems that keep it from being read.

    Args:
        raw: the whole file.
        name: as the user knows it; gives the id where the head has none.
    """
    if len(raw) > LARGEST_FILE:
        return None, [_problem(name, f"has {len(raw):,} bytes", f"keep to {LARGEST_FILE:,}")]
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None, [_problem(name, "is not UTF-8", "save it as UTF-8")]
    if "\x00" in text:
        return None, [_problem(name, "holds a character that no text has", "remove it")]
    try:
        head, body = _split(text, name)
    except FrontMatterError as error:
        return None, [_problem(name, error.what, error.todo[0])]
    return _policy(head, body.strip("\n") + "\n", name)


def write_policy_file(file: PolicyFile) -> str:
    """Return the file that reads as `file`."""
    head: dict[str, Any] = {"id": file.id, "title": file.title}
    if file.placeholders:
        head["placeholders"] = {
            name: {key: value for key, value in _declared_content(said).items() if value}
            for name, said in file.placeholders.items()
        }
    head |= dict(file.others)
    written = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=96)
    return f"---\n{written}---\n{file.text}"


def declared_content(placeholders: Mapping[str, Declared]) -> dict[str, dict[str, str]]:
    """Return what is declared as JSON values."""
    return {name: _declared_content(said) for name, said in placeholders.items()}


def read_declared(said: object) -> dict[str, Declared]:
    """Return what JSON values declare; what is not of the form is left out."""
    if not isinstance(said, Mapping):
        return {}
    return {
        str(name)[:LONGEST_NAME]: Declared(
            **{key: str(each.get(key) or "")[:300] for key in ("means", "example", "known")}
        )
        for name, each in said.items()
        if isinstance(each, Mapping)
    }


def _declared_content(said: Declared) -> dict[str, str]:
    return {"means": said.means, "example": said.example, "known": said.known}


def _split(text: str, name: str) -> tuple[dict[str, Any], str]:
    lines = text.split("\n")
    if lines[0].rstrip() == "---":
        return split_front_matter(text, where=name)
    ends = [at for at, line in enumerate(lines[:60]) if line.rstrip() == "---"]
    if ends and _FIELD.match(lines[0]):
        return split_front_matter("---\n" + text, where=name)
    return {}, text


def _policy(head: dict[str, Any], body: str, name: str) -> tuple[PolicyFile | None, list[Problem]]:
    problems = []
    title = head.get("title") or head.get("name") or _first_heading(body) or ""
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        problems.append(_problem(name, "has no title", "write `title: ...` in its head"))
    id_ = head.get("id", id_of(name))
    if not isinstance(id_, str) or not is_policy_id(id_):
        todo = "write `id: access-control` in its head: small letters, digits and hyphens"
        problems.append(_problem(name, "has no id that a policy can have", todo))
    if len(body) > LONGEST_TEXT:
        what = f"has {len(body):,} characters"
        problems.append(_problem(name, what, f"keep to {LONGEST_TEXT:,}"))
    if not body.strip():
        problems.append(_problem(name, "has no text", "write the policy below its head"))
    if problems:
        return None, problems
    others = {key: value for key, value in head.items() if key not in _OURS}
    declared = read_declared(head.get("placeholders"))
    return PolicyFile(str(id_), str(title).strip()[:300], body, declared, others), []


def _first_heading(body: str) -> str:
    for line in body.split("\n", 200)[:200]:
        found = _HEADING.fullmatch(line.strip()) if line.startswith("#") else None
        if found:
            return found[1]
    return ""


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, SLUG)
