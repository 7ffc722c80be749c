"""YAML that people wrote -> JSON values, each with its line.

Not trusted.  Nothing is constructed: values are read off the parser's events, so that aliases, tags
and repeated keys can be refused where they stand, and nothing recurses.  Of plain values only
`null`, `true`, `false` and whole numbers are more than text: `no` is the word, and 2026-01-31 its
ten characters.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from reperform.base.visible import visible

LARGEST = 5_000_000
"""Characters of one file."""
_DEEPEST = 12
_MOST_VALUES = 500_000
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})", re.ASCII)
_FRACTION = re.compile(r"-?(?:0|[1-9]\d{0,20})(?:\.\d{1,20})?(?:e[-+]?\d{1,2})?", re.ASCII)
_NULLS = ("", "~", "null")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARK = "tag:yaml.org,2002:"
_PLAIN_TAGS = {None, "!", f"{_MARK}str", f"{_MARK}map", f"{_MARK}seq"}


class UnreadableError(Exception):
    """A text is no YAML, or none that we take.

    Attributes:
        line: where, counted from 1.
        what: what is there.
        todo: what to do.
    """

    def __init__(self, line: int, what: str, todo: str) -> None:
        """Keep what is wrong."""
        super().__init__(what)
        self.line, self.what, self.todo = line, what, todo


@dataclass(slots=True)
class Node:
    """A value with its line: a scalar, a list of nodes, or nodes by key."""

    line: int
    value: Any

    def plain(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value alone; it is nested only as deep as was read."""
        if isinstance(self.value, dict):
            return {name: each.plain() for name, each in self.value.items()}
        if isinstance(self.value, list):
            return [each.plain() for each in self.value]
        return self.value


def parse_yaml(text: str, *, after: int = 0) -> Node | None:
    """Return the value of one YAML document; None for one without any.

    Args:
        text: the document.
        after: how many lines of the file stand before it.

    Raises:
        UnreadableError: see there.
    """
    if len(text) > LARGEST:
        raise UnreadableError(1, f"has {len(text):,} characters", f"keep to {LARGEST:,}")
    builder = _Builder(after)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or " ".join(str(error).split()))
        line = after + (mark.line + 1 if mark else 1)
        what = f"is not YAML: {visible(reason, limit=200)}"
        raise UnreadableError(line, what, "correct the YAML there") from error
    except (UnicodeEncodeError, ValueError, RecursionError) as error:
        raise UnreadableError(after + 1, "is not YAML", "correct the file") from error
    return builder.root


class _Builder:
    def __init__(self, after: int) -> None:
        self.root: Node | None = None
        self._after, self._values, self._documents = after, 0, 0
        self._open: list[Node] = []
        self._keys: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        line = self._after + (event.start_mark.line + 1 if event.start_mark else 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise UnreadableError(line, "holds a second document", "keep one in a file")
        elif isinstance(event, yaml.AliasEvent):
            raise UnreadableError(line, "uses an alias (*name)", "write the value out")
        elif isinstance(event, yaml.NodeEvent):
            if getattr(event, "tag", None) not in _PLAIN_TAGS:
                raise UnreadableError(line, "uses a tag (!name)", "write a plain value")
            self._node(event, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
            self._keys.pop()

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        if isinstance(event, yaml.ScalarEvent):
            if self._expects_key:
                self._key(event.value, line)
            else:
                self._place(Node(line, _scalar(event)))
            return
        if self._expects_key:
            raise UnreadableError(line, "has a key that is not text", "write the key as text")
        if len(self._open) >= _DEEPEST:
            raise UnreadableError(line, f"is nested more than {_DEEPEST} deep", "flatten it")
        node = Node(line, [] if isinstance(event, yaml.SequenceStartEvent) else {})
        self._place(node)
        self._open.append(node)
        self._keys.append(None)

    @property
    def _expects_key(self) -> bool:
        return (
            bool(self._open) and isinstance(self._open[-1].value, dict) and self._keys[-1] is None
        )

    def _key(self, key: str, line: int) -> None:
        if key in self._open[-1].value:
            what = f"the key “{visible(key, limit=60)}” is there twice"
            raise UnreadableError(line, what, "remove one")
        self._keys[-1] = key
        self._line = line

    def _place(self, node: Node) -> None:
        self._values += 1
        if self._values > _MOST_VALUES:
            what = f"holds more than {_MOST_VALUES:,} values"
            raise UnreadableError(node.line, what, "split it")
        if not self._open:
            self.root = node
            return
        parent = self._open[-1].value
        if isinstance(parent, list):
            parent.append(node)
            return
        key = self._keys[-1]
        if key is not None:
            node.line = self._line
            parent[key] = node
            self._keys[-1] = None


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if event.style:
        return text
    if text in _NULLS:
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
