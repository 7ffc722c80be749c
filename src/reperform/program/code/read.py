"""The files of a program -> its items, with every problem by file, line and field.

Not trusted: names, sizes, encodings and values.  Nothing is guessed: a file that belongs to no
register is a problem, because what is misspelled would otherwise be left out in silence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.code import Item, Kind
from reperform.program.code.parse import Node, UnreadableError, parse_yaml
from reperform.program.code.write import FENCE, FORMAT, LOCK, README

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_NAMES = (".md", ".yaml", ".yml")
MOST_ITEMS = 50_000


@dataclass(slots=True)
class Program:
    """What a folder of files says.

    Attributes:
        items: in the files' order, by name.
        lock: digest of each item with which the files were taken out, by name.
        problems: what could not be read.
    """

    items: dict[str, Item] = field(default_factory=dict)
    lock: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Item]:
        """Return the items of one kind."""
        return [item for item in self.items.values() if item.kind.name == kind.name]

    def add(self, item: Item) -> None:
        """Keep an item; one that is there already is a problem."""
        first = self.items.get(item.name)
        if first:
            what = f"{item.name} is there twice, first in {first.place()}"
            self.problem(item.place(), what, "keep one of the two")
        elif len(self.items) >= MOST_ITEMS:
            raise UnreadableError(item.line, f"is item {MOST_ITEMS:,}", "split the program")
        else:
            self.items[item.name] = item

    def problem(self, where: str, what: str, todo: str) -> None:
        """Note what is wrong with a file."""
        self.problems.append(Problem(where, what, todo, "program-file"))


def read_program(files: Mapping[str, bytes], kinds: Sequence[Kind]) -> Program:
    """Return what files say, by path with slashes; what cannot be read is a problem.

    Args:
        files: every file of the folder; those whose path has a part that begins with a dot are
            none of the program's, the lock excepted.
        kinds: every register that there is.
    """
    program = Program()
    ours = 0
    for path in sorted(files):
        if path != LOCK and any(part.startswith(".") for part in path.split("/")):
            continue
        kind = _kind_of(path, kinds)
        if kind is None and path not in (LOCK, README):
            if path.lower().endswith(_NAMES):
                todo = "correct its name, or keep it outside of the program's folder"
                program.problem(visible(path), "is no file of a program", todo)
            continue
        ours += 1
        try:
            _read_file(program, kind, path, files[path])
        except UnreadableError as error:
            program.problem(f"{path}: line {error.line}", error.what, error.todo)
    if not ours:
        what = "holds no file of a program"
        program.problem("the folder", what, "name a folder that `reperform export` wrote")
    return program


def _kind_of(path: str, kinds: Sequence[Kind]) -> Kind | None:
    for kind in kinds:
        if kind.is_folder:
            name = path.removeprefix(kind.path)
            if name != path and "/" not in name and name.endswith(".md"):
                return kind
        elif path == kind.path:
            return kind
    return None


def _read_file(program: Program, kind: Kind | None, path: str, raw: bytes) -> None:
    if path == README:
        return
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "is not UTF-8", "save the file as UTF-8") from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UnreadableError(line, "holds a character that no text has", "remove it")
    if kind is None:
        program.lock = _lock(parse_yaml(text))
    elif kind.is_folder:
        program.add(_document(kind, path, text))
    elif kind.key:
        for item in _rows(kind, path, parse_yaml(text)):
            program.add(item)
    else:
        node = parse_yaml(text)
        if node is None or not isinstance(node.value, dict):
            raise UnreadableError(1, "is not a list of `field: value`", "write its fields")
        program.add(_item(kind, kind.name, path, node))


def _lock(node: Node | None) -> dict[str, str]:
    value = node.plain() if node else None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise UnreadableError(1, f"is not of the format {FORMAT}", "take the files out again")
    items = value.get("items") or {}
    if not isinstance(items, dict) or not all(isinstance(each, str) for each in items.values()):
        raise UnreadableError(1, "is not as it was written", "take the files out again")
    return dict(items)


def _document(kind: Kind, path: str, text: str) -> Item:
    """Return the item of a Markdown file: a head between two lines `---`, and the body."""
    key = path.removeprefix(kind.path).removesuffix(".md")
    _refuse_key(key, 1)
    lines = text.split("\n")
    if lines[0] != FENCE or FENCE not in lines[1:]:
        todo = f"begin the file with a line {FENCE}, its fields, and a line {FENCE}"
        raise UnreadableError(1, f"has no head between two lines {FENCE}", todo)
    end = lines.index(FENCE, 1)
    node = parse_yaml("\n".join(lines[1:end]) + "\n", after=1) or Node(1, {})
    if not isinstance(node.value, dict):
        raise UnreadableError(2, "has a head that is not `field: value`", "write its fields")
    first = end + 2
    body = "\n".join(lines[end + 1 :]).removeprefix("\n").removesuffix("\n")
    if kind.body in node.value:
        line = node.value[kind.body].line
        raise UnreadableError(line, f"has {kind.body} in its head", "write it below the head")
    node.value[kind.body] = Node(first + 1, body)
    return _item(kind, key, path, node)


def _rows(kind: Kind, path: str, node: Node | None) -> Iterator[Item]:
    if node is None:
        return
    if not isinstance(node.value, list):
        raise UnreadableError(node.line, "is not a list", f"begin each row with `- {kind.key}: `")
    for row in node.value:
        if not isinstance(row.value, dict) or kind.key not in row.value:
            what = f"is a row without {kind.key}"
            todo = f"begin it with `- {kind.key}: `: a row is known by it"
            raise UnreadableError(row.line, what, todo)
        said = row.value.pop(kind.key)
        key = str(said.value)
        if isinstance(said.value, bool) or not isinstance(said.value, str | int):
            key = ""
        _refuse_key(key, said.line)
        if kind.key == "number" and not _NUMBER.fullmatch(key):
            todo = "write 1, 2, and so on, and one that was never used for what is new"
            raise UnreadableError(said.line, "has a number that no row has", todo)
        yield _item(kind, key, path, row)


def _refuse_key(key: str, line: int) -> None:
    if not _KEY.fullmatch(key):
        shown = visible(key, limit=60)
        todo = "use letters, digits, dots and dashes, at most 80"
        raise UnreadableError(line, f"has a name that no item has: “{shown}”", todo)


def _item(kind: Kind, key: str, path: str, node: Node) -> Item:
    lines = {name: each.line for name, each in node.value.items()}
    return Item(kind, key, node.plain(), path, node.line, lines)
