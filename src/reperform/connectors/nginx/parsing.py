"""Reading what `nginx -T` prints: every file of its configuration, one after the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from reperform.connectors.content import NotReadError

_SECTION = re.compile(r"^# configuration file (/\S.*):$", re.MULTILINE)
_TOKEN = re.compile(
    r"""\s+ | \#[^\n]*
    | (?P<end>[;{}])
    | "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)'
    | (?P<word>(?!["'])(?:\\.|\$\{[^}\s]*\}|[^\s;{}\\])+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BRACE = re.compile(r"""[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
_DEEPEST, _MOST = 40, 200_000
_FOREIGN = "_by_lua_block"


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive; `block` is None for one that ends with a semicolon."""

    name: str
    arguments: tuple[str, ...]
    at: int
    block: "list[Directive] | None" = field(default=None)


def configuration(text: str) -> list[Directive]:
    """Return the whole configuration, with what it includes in its places.

    Raises:
        NotReadError: it is none, is cut off, or includes a file that is not there.
    """
    found = list(_SECTION.finditer(text))
    if not found:
        raise NotReadError("is no configuration of nginx: print it with `nginx -T`")
    ends = [*(each.start() for each in found[1:]), len(text)]
    files = {
        each[1]: _parse(text[each.end() : end], each[1], each.end())
        for each, end in zip(found, ends, strict=True)
    }
    main = found[0][1]
    return _Whole(files, str(PurePosixPath(main).parent)).of(files[main], 0)


def _parse(text: str, name: str, begin: int) -> list[Directive]:
    """Return the directives of one file, which must be whole."""
    try:
        return _read(text, _File(begin))
    except NotReadError as error:
        raise NotReadError(f"{name}: {error}") from error


def _read(text: str, file: "_File") -> list[Directive]:
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise NotReadError(f"what stands at character {at:,} is no configuration")
        at = token.end()
        if token["end"] is None:
            file.take(_word(token), token.start())
        elif token["end"] == "}":
            file.close()
        elif file.end(is_block=token["end"] == "{").endswith(_FOREIGN):
            at = _behind(text, at)
            file.close()
    return file.whole()


class _File:
    """Directives of one file, as far as they were read."""

    def __init__(self, begin: int) -> None:
        self._begin, self._at = begin, begin
        self._stack: list[list[Directive]] = [[]]
        self._words: list[str] = []

    def take(self, word: str | None, at: int) -> None:
        """Take up a word of a directive; None for what stands between words."""
        if word is not None:
            self._at = self._at if self._words else self._begin + at
            self._words.append(word)

    def end(self, *, is_block: bool) -> str:
        """End a directive, or begin its block; return its name."""
        if not self._words:
            raise NotReadError("a directive without a name")
        block: list[Directive] | None = [] if is_block else None
        name, *arguments = self._words
        self._stack[-1].append(Directive(name, tuple(arguments), self._at, block))
        self._words = []
        if block is not None:
            self._stack.append(block)
        if len(self._stack) > _DEEPEST:
            raise NotReadError("its blocks are nested too deep")
        return name if is_block else ""

    def close(self) -> None:
        """End a block."""
        if self._words or len(self._stack) == 1:
            raise NotReadError("a block ends where none does")
        self._stack.pop()

    def whole(self) -> list[Directive]:
        """Return the directives, which must have come to their end."""
        if self._words or len(self._stack) > 1:
            raise NotReadError("it ends in the middle")
        return self._stack[0]


def _word(token: re.Match[str]) -> str | None:
    """Return a word, without its quotes; None for what stands between words."""
    for kind in ("double", "single"):
        if token[kind] is not None:
            return _ESCAPED.sub(r"\1", token[kind])
    return token["word"]


def _behind(text: str, at: int) -> int:
    """Return where a block of Lua ends: its braces are counted, but for those in quotes."""
    depth = 1
    for found in _BRACE.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise NotReadError("it ends in the middle of a block of Lua")


class _Whole:
    """Puts what is included in its places, within bounds."""

    def __init__(self, files: Mapping[str, Sequence[Directive]], folder: str) -> None:
        self._files, self._folder, self._count = files, folder, 0

    def of(self, directives: Sequence[Directive], depth: int) -> list[Directive]:
        """Return directives with what they include.

        Raises:
            NotReadError: a file includes itself, one is not there, or there are too many.
        """
        if depth > _DEEPEST:
            raise NotReadError("its files include each other in a circle")
        found: list[Directive] = []
        for each in directives:
            self._count += 1
            if self._count > _MOST:
                raise NotReadError(f"it has more than {_MOST:,} directives")
            if each.name == "include" and each.arguments:
                for name in self._included(each.arguments[0]):
                    found += self.of(self._files[name], depth + 1)
            elif each.block is not None:
                inner = self.of(each.block, depth + 1)
                found.append(Directive(each.name, each.arguments, each.at, inner))
            else:
                found.append(each)
        return found

    def _included(self, pattern: str) -> Iterator[str]:
        path = pattern if pattern.startswith("/") else f"{self._folder}/{pattern}"
        found = [
            name
            for name in self._files
            if fnmatchcase(name, path) and name.count("/") == path.count("/")
        ]
        if not found and not set("*?[") & set(path):
            raise NotReadError(f"it includes {path}, which is not there: it is cut off")
        yield from sorted(found)
