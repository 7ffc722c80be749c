"""The code owners file: which part of the source belongs to whom."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reperform.connectors.answer import Kept, Row
from reperform.connectors.git.text import text_of

_EVERYTHING = ("*", "/*", "**", "/**")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_FIELD = re.compile(r"(?:\\.|[^\s\\])+")
# A section of GitLab: [Name], ^[Optional], [Name][2] with the owners of rules that name none.
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?(.*)")
_YAML_LIST = re.compile(r"([A-Za-z_-]+):\s*")
_YAML_ITEM = re.compile(r"\s*-\s+[\"']?([^\s\"']+)[\"']?")
_PER_FILE = re.compile(r"per-file\s+([^=]+)=(.*)")
_MOST = 500


class _Rule(NamedTuple):
    pattern: str
    owners: list[str]


def owner_rows(kept: Kept) -> Iterator[Row]:
    """Yield a row for each rule of a CODEOWNERS or OWNERS file."""
    path = kept.asked.rpartition(":")[2]
    reader = _Owners() if path == "OWNERS" else _CodeOwners()
    at = 0
    with kept.open() as file:
        for number, line in enumerate(file, start=1):
            for pattern, owners in reader.rules(_COMMENT.sub("", text_of(line)).rstrip()):
                values = {
                    "path": path,
                    "line": number,
                    "pattern": pattern[:_MOST],
                    "owners": " ".join(owners)[:_MOST],
                    "owner_count": len(owners),
                    "covers_everything": pattern in _EVERYTHING,
                }
                yield Row("git.code_owners", values, kept.blob, at)
            at += len(line)


class _CodeOwners:
    """A pattern and its owners a line, as GitHub, GitLab, Gitea and Bitbucket read it."""

    def __init__(self) -> None:
        self._by_section: list[str] = []

    def rules(self, line: str) -> Iterator[_Rule]:
        if section := _SECTION.fullmatch(line.strip()):
            self._by_section = section[1].split()
        elif fields := _FIELD.findall(line):
            yield _Rule(fields[0], fields[1:] or self._by_section)


class _Owners:
    """Names for the whole folder: the YAML of Kubernetes (its approvers), or Chromium's lines."""

    def __init__(self) -> None:
        self._list = ""

    def rules(self, line: str) -> Iterator[_Rule]:
        if begins := _YAML_LIST.fullmatch(line):
            self._list = begins[1]
        elif item := _YAML_ITEM.fullmatch(line):
            if self._list == "approvers":
                yield _Rule("*", [item[1]])
        elif rule := _PER_FILE.fullmatch(line.strip()):
            named = re.split(r"[\s,]+", rule[2].strip())
            yield _Rule(rule[1].strip(), [name for name in named if name])
        elif line.strip() and ":" not in line and not line.strip().startswith("set "):
            yield _Rule("*", line.split())
