"""Files with a YAML head: the form of everything in `library/` that is judgment."""

from collections.abc import Hashable
from typing import Any

import yaml

from reperform.base.refusal import RefusalError


class FrontMatterError(RefusalError):
    """The head of a file cannot be read."""

    slug = "front-matter"


class _StrictLoader(yaml.SafeLoader):
    """YAML without the two features that let a file say something other than it seems.

    Aliases let nine lines stand for a billion items; a repeated key silently drops the first.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(
                problem="an alias (*name) is not accepted", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable) or key in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} is there twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def load_yaml(text: str, *, where: str) -> Any:  # noqa: ANN401 - YAML holds any value
    """Return the value of one YAML document.

    Args:
        text: the document.
        where: the file's name, for the message.

    Raises:
        FrontMatterError: it is not YAML, or uses an alias, or repeats a key.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader subclass
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split()) or "it is nested too deeply"
        raise FrontMatterError(
            f"{where} was not read: {reason}",
            why="A head that is read in part would change what the file says.",
            todo="correct the YAML at that place",
        ) from error


def split_front_matter(text: str, *, where: str, comment: str = "") -> tuple[dict[str, Any], str]:
    r"""Return the head and the body of a file.

    The head stands between two lines `---`, first in the file.  With `comment` (such as
    `-- ` in SQL) every line of the head, and both fences, begin with it.

    Raises:
        FrontMatterError: there is no closed head, it is not YAML, or it is not a mapping.

    >>> split_front_matter("---\nid: AC-01\n---\nText\n", where="x.md")
    ({'id': 'AC-01'}, 'Text\n')
    """
    fence = f"{comment}---"
    lines = text.splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if line.rstrip() == fence][:2]
    if len(ends) < 2 or ends[0] != 0:  # noqa: PLR2004 - two fences
        raise FrontMatterError(
            f"{where} was not read: it has no head between two lines {fence!r}",
            why="Without its head nobody knows which control or criterion the text is about.",
            todo=f"begin the file with {fence!r}, the fields, and {fence!r} again",
        )
    head_lines = lines[1 : ends[1]]
    if any(not line.startswith(comment.rstrip()) for line in head_lines):
        raise FrontMatterError(
            f"{where} was not read: a line of its head does not begin with {comment!r}",
            why="The head must be a comment, so that the file stays plain SQL.",
            todo=f"begin each line of the head with {comment!r}",
        )
    head = load_yaml("".join(line[len(comment) :] or "\n" for line in head_lines), where=where)
    if not isinstance(head, dict):
        raise FrontMatterError(
            f"{where} was not read: its head is not a list of `field: value`",
            why="Fields are found by their names.",
            todo="write one `field: value` a line",
        )
    return head, "".join(lines[ends[1] + 1 :])
