"""Asking git to check signatures with the keys that are given."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from reperform.connectors.answer import Answer
from reperform.connectors.git.keys import verifying_git
from reperform.connectors.git.plumbing import REPAIR, Git, GitFailedError

_LONGEST = 8_000


def commit_signatures(git: Git, keys: Path, chosen: IO[bytes], *, width: int) -> Answer:
    """Return git's verdict on each commit of the file `chosen`, whose lines have `width` bytes.

    A line each: commit, letter, signer, and what the verifier said, on one line.
    """
    ask = ("log", "--no-walk=unsorted", "--stdin", "--encoding=UTF-8")
    lines = "--format=tformat:%H%x09%G?%x09%GS%x09%x00%GG%x00"

    def body() -> Iterator[bytes]:
        chosen.flush()
        wanted = os.fstat(chosen.fileno()).st_size // width
        count = 0
        with verifying_git(git, keys) as verifying:
            # Asked for nothing, git log would show the head.
            said = verifying.stream(*ask, lines, given=chosen) if wanted else iter(())
            for piece in _one_line_each(said):
                count += piece.count(b"\n")
                yield piece
        if count != wanted:
            raise GitFailedError(
                f"signatures were not verified: git answered for {count:,} of {wanted:,} commits",
                why="A commit left out would look as if nobody had signed it.",
                todo=REPAIR,
            )

    return Answer("commit-signatures", f"{git.asked(*ask, lines)} with the keys of {keys}", body())


def _one_line_each(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What stands between two NULs is the verifier's text: its line breaks become blanks."""
    inside = False
    for piece in pieces:
        parts = piece.split(b"\x00")
        for number, part in enumerate(parts):
            if number:
                inside = not inside
            yield part.replace(b"\n", b" ").replace(b"\t", b" ") if inside else part


def tag_signatures(git: Git, keys: Path, tags: Sequence[str]) -> Answer:
    """Return git's verdict on each annotated tag: a line of JSON with id, exit code and text."""

    def body() -> Iterator[bytes]:
        with verifying_git(git, keys) as verifying:
            for tag in tags:
                said = verifying.attempt("verify-tag", "--raw", tag)
                record = {"code": said.code, "id": tag, "said": said.error[:_LONGEST]}
                yield json.dumps(record, sort_keys=True).encode("ascii") + b"\n"

    asked = f"git verify-tag --raw < every annotated tag, with the keys of {keys}"
    return Answer("tag-signatures", asked, body())
