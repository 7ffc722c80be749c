"""A parsed document: values as the file spells them, each with its line.

Every scalar stays text: an id `1.10` must not become the number 1.1, nor `no` false.
"""

from dataclasses import dataclass, field

from reperform.base.problem import Problem
from reperform.catalog.fields import shown
from reperform.catalog.imports.unreadable import UnreadableError

_DEEPEST = 64
_MOST_VALUES = 60_000
"""The largest public libraries of controls have about 20,000."""

LONGEST = 131_072
"""Characters of one value: also the limit of Python's CSV reader."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; None when the file says null."""

    line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    line: int
    items: "list[Tree]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the file's order.  A repeated key is a problem, and its first wins."""

    line: int
    entries: "dict[str, tuple[int, Tree]]" = field(default_factory=dict)


Tree = Scalar | Listing | Mapping


class TreeBuilder:
    """Builds a tree from a parser's events, without recursion and within bounds."""

    def __init__(self, where: str) -> None:
        self.problems: list[Problem] = []
        self.root: Tree | None = None
        self._where = where
        self._open: list[Listing | Mapping] = []
        self._keys: list[Scalar | None] = []
        self._values = 0

    @property
    def is_in_mapping(self) -> bool:
        """The innermost open value is a mapping."""
        return bool(self._open) and isinstance(self._open[-1], Mapping)

    @property
    def expects_key(self) -> bool:
        """The next scalar is a key."""
        return self.is_in_mapping and self._keys[-1] is None

    @property
    def depth(self) -> int:
        """How many values are open."""
        return len(self._open)

    def scalar(self, line: int, text: str | None) -> None:
        """Take a scalar: a key where one is expected, a value elsewhere.

        Raises:
            UnreadableError: it is too long to be part of a catalog, or one value too many.
        """
        if text is not None and len(text) > LONGEST:
            what = f"a value has {len(text):,} characters"
            self._refuse(line, what, f"shorten it to {LONGEST:,} at most")
        if self.expects_key:
            self._keys[-1] = Scalar(line, text)
        else:
            self._place(Scalar(line, text))

    def begin(self, value: Listing | Mapping) -> None:
        """Open a list or a mapping.

        Raises:
            UnreadableError: it would be a key, or lies too deep.
        """
        if self.expects_key:
            self._refuse(value.line, "has a key that is not text", "write the key as text")
        if len(self._open) >= _DEEPEST:
            self._refuse(value.line, f"is nested more than {_DEEPEST} deep", "flatten it")
        self._place(value)
        self._open.append(value)
        self._keys.append(None)

    def end(self) -> None:
        """Close the innermost value."""
        self._open.pop()
        self._keys.pop()

    def _place(self, value: Tree) -> None:
        self._values += 1
        if self._values > _MOST_VALUES:
            what = f"holds more than {_MOST_VALUES:,} values"
            self._refuse(value.line, what, "keep only the criteria or controls in it")
        if not self._open:
            self.root = value
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, Listing):
            parent.items.append(value)
        elif key is not None:
            self._keys[-1] = None
            name = key.text or ""
            if name in parent.entries:
                what = (
                    f"the key {shown(name)} is there twice, first in line {parent.entries[name][0]}"
                )
                place = f"{self._where}: line {key.line}"
                self.problems.append(Problem(place, what, "remove one", "catalog-key-twice"))
            else:
                parent.entries[name] = (key.line, value)

    def _refuse(self, line: int, what: str, todo: str) -> None:
        raise UnreadableError(f"{self._where}: line {line}", what, todo=todo)
