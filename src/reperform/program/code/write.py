"""What stands -> the files of a program: one folder, one order, nothing that changes by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from reperform.program.code import Content, Kind, digest, in_order, said
from reperform.program.code.emit import comment, yaml_text

LOCK = ".reperform.yaml"
README = "README.md"
FORMAT = "reperform-program/1"
FENCE = "---"
Contents = Mapping[str, Mapping[str, Content]]
"""Contents of items by the name of their kind, and by key."""

_LOCK_ABOUT = """\
Written by `reperform export` and `reperform apply`; do not edit it.

It says with which content each item was taken out, so that applying these files never undoes what
somebody else has changed in the program since.  Keep it with the files."""

_README_ABOUT = """\
# The program as files

These files are the configuration of a SOC 2 program: what management has decided and written. They
were written by `reperform export`, and Reperform takes them back:

    reperform plan DIR    shows what would change, file by file; changes nothing
    reperform apply DIR   makes it: all of it or nothing, each change in the trail by whom and when

| where | what |
|---|---|
"""

_README_REST = f"""\
| `{LOCK}` | with which content each item was taken out |

## What is in no file

Records of what happened are not configuration: the trail, who approved, accepted, reviewed or
decided what and when, who joined, moved and left, proofs and other evidence, incidents,
examinations and their results. They stay where they were made, and no file can make or change one.
Nor do files say who may sign in: a member whom they name by e-mail address must be one already.

## What files cannot do

An item that is not in the files stays as it is. To end one, write it as retired, closed or dropped,
with the day and the reason: nothing in a program is deleted.

A file that was taken out before somebody changed the same thing in the program is refused, with
what would be lost. Export again and merge, or name the item with `--over`.

Dates are days as 2026-01-31. A field that is empty is left out.
"""


def program_files(contents: Contents, kinds: Sequence[Kind]) -> dict[str, bytes]:
    """Return the files of a program by path, in order.

    Args:
        contents: of every item that stands and says something.
        kinds: every register that there is, in the order in which they are applied.
    """
    texts = {README: readme(kinds), LOCK: lock_text(contents, kinds)}
    for kind in kinds:
        texts |= _files_of(kind, contents.get(kind.name, {}))
    return {path: texts[path].encode() for path in sorted(texts)}


def readme(kinds: Sequence[Kind]) -> str:
    """Return the README, which says what is configuration and what is not in it."""
    rows = "".join(f"| `{kind.path}` | {kind.title or kind.name} |\n" for kind in kinds)
    return f"{_README_ABOUT}{rows}{_README_REST}"


def lock_text(contents: Contents, kinds: Sequence[Kind]) -> str:
    """Return the lock: the digest of each item's content."""
    items = {
        kind.named(key): digest(contents[kind.name][key])
        for kind in kinds
        for key in in_order(contents.get(kind.name, ()))
    }
    head = f"{comment(_LOCK_ABOUT)}format: {FORMAT}\n"
    # Not by `yaml_text`: digests always stand in quotation marks, whichever digits they have.
    lines = "".join(f'  {name}: "{items[name]}"\n' for name in items)
    return f"{head}items:\n{lines}" if lines else f"{head}items: {{}}\n"


def _files_of(kind: Kind, contents: Mapping[str, Content]) -> dict[str, str]:
    """Return the files of one kind; a register without any item has a file that says so."""
    keys = in_order(contents)
    if kind.is_folder:
        return {f"{kind.path}{key}.md": document_text(kind, contents[key]) for key in keys}
    if kind.key:
        rows = [{kind.key: _spelled(key), **_ordered(kind, contents[key])} for key in keys]
        # An empty line between rows: what is inserted in one place is a change in one place.
        body = "\n".join(yaml_text([row]) for row in rows) or "[]\n"
        return {kind.path: f"{comment(kind.about)}\n{body}"}
    if not keys:
        return {}
    return {kind.path: f"{comment(kind.about)}\n{yaml_text(_ordered(kind, contents[keys[0]]))}"}


def document_text(kind: Kind, content: Content) -> str:
    """Return one item as Markdown: a head with its fields, and its body."""
    fields = _ordered(kind, content)
    body = fields.pop(kind.body, "")
    head = comment(kind.about) + (yaml_text(fields) if fields else "")
    return f"{FENCE}\n{head}{FENCE}\n" + (f"\n{body}\n" if body else "")


def _ordered(kind: Kind, content: Content) -> dict[str, Any]:
    fields = said(content)
    return {name: fields[name] for name in kind.fields if name in fields}


def _spelled(key: str) -> int | str:
    return int(key) if key.isdecimal() else key
