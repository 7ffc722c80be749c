"""The program as files: what management configures, as YAML and Markdown that a person can read.

The way out: what stands in each register -> `Kind` says which file -> `write` -> files, in one
order, with nothing in them that changes by itself.  The way back: files -> `read_program` ->
`plan_of` (against what stands) -> the register's own actions.  docs/spec/program-files.md is the
format.

Three words.  A *kind* is a register as files: where its files are and which fields an item has.
An *item* is one thing of it, such as a control, and has a *name*, as in `controls/CHG-01` or
`tasks/7`.  *Content* is its fields as JSON values, by name.

To add a register, write one module `program/actions/code/REGISTER.py` and add its `REGISTER` to
`program/actions/code/registers.py` after everything that its items refer to:

    KIND = Kind(
        name="risks",
        path="risks.yaml",          # rows of one file; "risks/" for one Markdown file each
        key="number",               # the field that names a row
        fields=("title", "owner", ...),
        about="The register of risks ...",      # a comment on top of the file
    )
    REGISTER = Register(KIND, standing=_standing, read=_read, apply=_apply)

`standing(organization)` returns what there is, by key, as `Standing`.  `read(given, item)` returns
the content of an item of the files in the same form (call the register's pure reader and its
`..._content`), with problems whose `where` is the field's name.  `apply(given, change)` makes or
changes one item by the register's action; what that refuses is said with the item's place.  Give
`order` where rows refer to rows of the same register, and `finish` where others still name what
ends.  When everything is made, what stands must be what the files say, or nothing is done.

Content refers to others as files do: to members by e-mail address, to controls by code, to rows by
number.  A field that is empty (None, "", [], {}) is not written, and one that is absent is empty.
What somebody did (approved, accepted, decided, proved) is a record and belongs in no file.  An
item that goes is written as retired, closed or dropped, with day and reason; one that is merely
not in the files stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex

Content = Mapping[str, Any]
"""JSON values by field name."""
_DIGEST = 16
"""Hexadecimal digits: it tells edits apart by mistake, nothing is proven with it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A register as files.

    Attributes:
        name: of the register, as items are named by it.
        path: of its only file, or of its folder, which ends with a slash.
        fields: of an item, in the order in which they are written.
        about: what the file is, for a person who opens it; lines of at most 96 characters.
        key: the field that names a row of the file; empty when the file is one item.
        body: the field that is the text below the head of a Markdown file; for a folder.
        title: what the README calls it.
    """

    name: str
    path: str
    fields: tuple[str, ...]
    about: str
    key: str = ""
    body: str = ""
    title: str = ""

    @property
    def is_folder(self) -> bool:
        """Each item has a file of its own."""
        return self.path.endswith("/")

    def named(self, key: str) -> str:
        """Return the name of an item.

        >>> Kind("tasks", "tasks.yaml", (), "", key="number").named("7")
        'tasks/7'
        >>> Kind("scope", "scope.yaml", (), "").named("scope")
        'scope'
        """
        return f"{self.name}/{key}" if self.is_folder or self.key else self.name


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as it stands in the program.

    Attributes:
        content: its fields.
        version: counts its changes; what the actions take as `seen`.
        by: who changed it last.
    """

    content: Content
    version: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as a file says it.

    Attributes:
        kind: of which register.
        key: its code, number or other name within the register.
        content: its fields; a field may have any JSON value.
        file: in which it stands.
        line: where it begins there.
        lines: where each of its fields begins.
    """

    kind: Kind
    key: str
    content: Content
    file: str = ""
    line: int = 1
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in the program."""
        return self.kind.named(self.key)

    def place(self, where: str = "") -> str:
        """Return file, line and field of something in it; `where` begins with a field's name.

        >>> kind = Kind("tasks", "tasks.yaml", (), "", key="number")
        >>> Item(kind, "7", {}, "tasks.yaml", 12, {"title": 13}).place("title")
        'tasks.yaml: line 13: title'
        """
        first = where.replace(":", " ").partition(" ")[0]
        said = f"{self.file}: line {self.lines.get(first, self.line)}"
        return f"{said}: {where}" if where else said


def is_empty(value: object) -> bool:
    """Return whether a field of this value is not written."""
    return value is None or value in ("", [], {}, ())


def said(content: Content) -> dict[str, Any]:
    """Return the fields of a content that are not empty."""
    return {name: value for name, value in content.items() if not is_empty(value)}


def same(one: Content | None, other: Content | None) -> bool:
    """Return whether two contents say the same."""
    return said(one or {}) == said(other or {})


def digest(content: Content) -> str:
    """Return by what the lock recognizes a content; a field that is empty does not count.

    >>> digest({"title": "x"}) == digest({"title": "x", "note": "", "owner": None})
    True
    """
    return sha256_hex(canonical_json(said(content)))[:_DIGEST]


def order_of(key: str) -> tuple[bool, int, str]:
    """Return by what keys are sorted in files: numbers as numbers, before texts.

    >>> sorted(["10", "9", "B", "A"], key=order_of)
    ['9', '10', 'A', 'B']
    """
    is_number = key.isdecimal()
    return (not is_number, len(key) * is_number, key)


def in_order(keys: Iterable[str]) -> list[str]:
    """Return keys in the order of files."""
    return sorted(keys, key=order_of)
