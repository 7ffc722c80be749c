"""JSON (RFC 8259) -> tree, with line numbers, strict, without recursion."""

import re
from json import JSONDecodeError, JSONDecoder

from reperform.catalog.fields import shown
from reperform.catalog.imports.tree import Listing, Mapping, Tree, TreeBuilder
from reperform.catalog.imports.unreadable import UnreadableError

_SPACE = re.compile(r"[ \t\n\r]*")


def parse_json(text: str, *, where: str) -> tuple[Tree, TreeBuilder]:
    """Return the tree of a JSON text, and its builder with the problems met.

    Numbers stay as they are spelled.

    Raises:
        UnreadableError: it is not JSON (NaN is not), or it is too deep or too large.
    """
    reader = _Reader(text, where)
    return reader.read(), reader.builder


class _Reader:
    def __init__(self, text: str, where: str) -> None:
        self.builder = TreeBuilder(where)
        self._text, self._where = text, where
        self._at = self._counted = 0
        self._line = 1
        self._decoder = JSONDecoder(parse_int=str, parse_float=str, parse_constant=self._constant)

    def read(self) -> Tree:
        while self.builder.root is None or self.builder.depth:
            if self._takes_whole_value():
                while self.builder.depth and not self._expects_more():
                    pass
        if self._peek():
            raise self._refused("the end")
        return self.builder.root

    def _takes_whole_value(self) -> bool:
        """Take a scalar or an empty container whole, or open a container before its first value."""
        char = self._peek()
        if char not in ("{", "["):
            self._scalar()
            return True
        self._at += 1
        is_mapping = char == "{"
        self.builder.begin(Mapping(self._here) if is_mapping else Listing(self._here))
        if self._peek() == ("}" if is_mapping else "]"):
            self._at += 1
            self.builder.end()
            return True
        if is_mapping:
            self._key()
        return False

    def _expects_more(self) -> bool:
        """After a value: stand before the next one, or close the container."""
        char, is_mapping = self._peek(), self.builder.is_in_mapping
        self._at += 1
        if char == ",":
            if is_mapping:
                self._key()
            return True
        if char != ("}" if is_mapping else "]"):
            self._at -= 1
            raise self._refused("a comma or the closing bracket")
        self.builder.end()
        return False

    def _key(self) -> None:
        if self._peek() != '"':
            raise self._refused("a key in quotation marks")
        self._scalar()
        if self._peek() != ":":
            raise self._refused("a colon")
        self._at += 1

    def _scalar(self) -> None:
        line = self._here
        try:
            value, self._at = self._decoder.raw_decode(self._text, self._at)
        except JSONDecodeError as error:
            raise self._refused("a value") from error
        if isinstance(value, bool):
            value = str(value).lower()
        self.builder.scalar(line, value)

    def _constant(self, name: str) -> str:
        raise UnreadableError(
            f"{self._where}: line {self._here}",
            f"is not JSON: {name} is no JSON value",
            todo="write null or a number",
        )

    def _peek(self) -> str:
        """Return the next character that is not a blank; empty at the end."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    @property
    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _refused(self, wanted: str) -> UnreadableError:
        found = shown(self._text[self._at : self._at + 20]) if self._peek() else "the end"
        return UnreadableError(
            f"{self._where}: line {self._here}",
            f"is not JSON: {wanted} was expected, and there is {found}",
            todo="correct the JSON there",
        )
