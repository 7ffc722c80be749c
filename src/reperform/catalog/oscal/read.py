"""OSCAL JSON -> what we use of it, with every problem by file and line."""

from collections.abc import Iterator
from pathlib import Path

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.catalog.imports.json_tree import parse_json
from reperform.catalog.imports.source import decoded, read_source
from reperform.catalog.imports.tree import Listing, Mapping, Scalar, Tree
from reperform.catalog.imports.unreadable import UnreadableError
from reperform.catalog.oscal import Component, OscalControl, OscalFile, Requirement

KINDS = ("catalog", "profile", "component-definition")
_SLUG = "oscal-unreadable"
_MOST_ITEMS = 20_000


def read_oscal(path: Path) -> tuple[OscalFile | None, list[Problem]]:
    """Return what an OSCAL file in JSON says; None with problems when it is none."""
    where = str(path)
    try:
        text, problems = decoded(read_source(path, where=where), where=where)
        tree, builder = parse_json(text, where=where)
    except UnreadableError as error:
        return None, [error.problem()]
    problems += builder.problems
    reader = _Reader(where, problems)
    found = reader.file(tree)
    return (None if reader.problems else found), reader.problems


class _Reader:
    def __init__(self, where: str, problems: list[Problem]) -> None:
        self._where = where
        self.problems = problems

    def file(self, tree: Tree) -> OscalFile | None:
        entries = tree.entries if isinstance(tree, Mapping) else {}
        kind = next((name for name in KINDS if name in entries), "")
        root = entries[kind][1] if kind else None
        if not isinstance(root, Mapping):
            self._problem(1, "is no OSCAL that is read here", f"name a {', a '.join(KINDS)}")
            return None
        metadata = self._child(root, "metadata")
        title = self._text(metadata, "title") if isinstance(metadata, Mapping) else ""
        if kind == "catalog":
            controls = tuple(self._controls(root))
            self._refuse_repeated(controls)
            return OscalFile(kind, title, controls=controls)
        if kind == "profile":
            return OscalFile(kind, title, selected=self._selected(root))
        components = tuple(self._component(each) for each in self._list(root, "components"))
        if not components:
            self._problem(root.line, "has no component", "name a file that has one")
        return OscalFile(kind, title, components=components)

    def _controls(self, root: Mapping) -> Iterator[OscalControl]:
        """Yield every control below groups and controls, in the file's order."""
        waiting: list[Mapping] = [root]
        count = 0
        while waiting:
            node = waiting.pop()
            inner = [*self._list(node, "groups"), *self._list(node, "controls")]
            waiting += reversed(inner)
            controls = self._list(node, "controls")
            for control in controls:
                count += 1
                if count > _MOST_ITEMS:
                    self._problem(
                        control.line, f"has more than {_MOST_ITEMS:,} controls", "split it"
                    )
                    return
                yield OscalControl(self._needed(control, "id"), self._needed(control, "title"))

    def _refuse_repeated(self, controls: tuple[OscalControl, ...]) -> None:
        seen: set[str] = set()
        for control in controls:
            if control.id in seen:
                self._problem(1, f"has two controls {visible(control.id, limit=40)}", "remove one")
            seen.add(control.id)

    def _selected(self, root: Mapping) -> tuple[str, ...] | None:
        """Return the ids that a profile takes, without those that it leaves out."""
        taken: dict[str, None] = {}
        for each in self._list(root, "imports"):
            if "include-all" in each.entries:
                return None
            for part in (
                *self._list(each, "include-controls"),
                *self._list(each, "exclude-controls"),
            ):
                if "matching" in part.entries:
                    self._problem(part.line, "names controls by a pattern", "name each by its id")
            for part in self._list(each, "include-controls"):
                taken |= dict.fromkeys(self._words(part, "with-ids"))
            for part in self._list(each, "exclude-controls"):
                for name in self._words(part, "with-ids"):
                    taken.pop(name, None)
        if not taken:
            self._problem(root.line, "takes no control by its id", "name a profile that does")
        return tuple(taken)

    def _component(self, node: Mapping) -> Component:
        requirements = tuple(
            self._requirement(each)
            for part in self._list(node, "control-implementations")
            for each in self._list(part, "implemented-requirements")
        )
        return Component(
            where=self._place(node.line),
            title=self._needed(node, "title"),
            kind=self._text(node, "type"),
            description=self._needed(node, "description"),
            requirements=requirements,
        )

    def _requirement(self, node: Mapping) -> Requirement:
        statements = [self._text(each, "description") for each in self._list(node, "statements")]
        said = [self._needed(node, "description"), *statements]
        return Requirement(
            where=self._place(node.line),
            control=self._needed(node, "control-id"),
            description="\n\n".join(text.strip() for text in said if text.strip()),
        )

    def _child(self, node: Mapping, name: str) -> Tree | None:
        return node.entries[name][1] if name in node.entries else None

    def _list(self, node: Mapping, name: str) -> list[Mapping]:
        value = self._child(node, name)
        if value is None:
            return []
        items = value.items if isinstance(value, Listing) else []
        found = [each for each in items if isinstance(each, Mapping)]
        if not isinstance(value, Listing) or len(found) < len(items):
            self._problem(value.line, f"has {name} that are no objects", "correct the file")
        return found

    def _words(self, node: Mapping, name: str) -> list[str]:
        value = self._child(node, name)
        items = value.items if isinstance(value, Listing) else []
        return [each.text for each in items if isinstance(each, Scalar) and each.text]

    def _text(self, node: Mapping, name: str) -> str:
        value = self._child(node, name)
        return (value.text or "") if isinstance(value, Scalar) else ""

    def _needed(self, node: Mapping, name: str) -> str:
        text = self._text(node, name).strip()
        if not text:
            self._problem(node.line, f"has an item without {name}", "write it")
        return text

    def _place(self, line: int) -> str:
        return f"{self._where}: line {line}"

    def _problem(self, line: int, what: str, todo: str) -> None:
        self.problems.append(Problem(self._place(line), what, todo, _SLUG))
