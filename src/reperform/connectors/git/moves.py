"""Asking for reflogs, and whether each move that they show went forward."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from reperform.connectors.answer import Answer
from reperform.connectors.git.describe import Found
from reperform.connectors.git.plumbing import Git
from reperform.connectors.git.reflog import REFLOG

_MOVE = re.compile(rb"^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) ", re.MULTILINE)
_ANSWERS = {0: "yes", 1: "no"}
_LARGEST = 256 << 20


def reflogs(git: Git, found: Found) -> Iterator[Answer]:
    """Yield the reflogs of the release branch and of where it was published, then `ancestry`."""
    moves: set[tuple[bytes, bytes]] = set()
    if found.release_branch == "HEAD":
        yield Answer(f"{REFLOG}HEAD", "logs/HEAD", absent="HEAD is detached: no branch is examined")
        return
    for ref in _refs(git, found):
        name, asked = f"{REFLOG}{ref}", f"logs/{ref}"
        try:
            content = _read(found, ref)
        except FileNotFoundError:
            yield Answer(name, asked, absent=f"{ref} has no reflog")
        except OSError as error:
            yield Answer(name, asked, refused=f"{asked}: {error.strerror or error}")
        else:
            yield Answer(name, asked, [content])
            moves.update(_MOVE.findall(content))
    yield Answer("ancestry", "git merge-base --is-ancestor OLD NEW", _ancestry(git, found, moves))


def _refs(git: Git, found: Found) -> list[str]:
    _, kind, rest = found.release_branch.split("/", 2)
    short = rest.partition("/")[2] if kind == "remotes" else rest
    # git's own list: the names of remotes in the configuration could lead anywhere.
    published = git.say("for-each-ref", "--format=%(refname)", "refs/remotes").splitlines()
    ours = [ref for ref in published if ref.split("/", 3)[3:] == [short]]
    return list(dict.fromkeys([found.release_branch, *ours]))


def _read(found: Found, ref: str) -> bytes:
    """Return a reflog's bytes.

    Raises:
        OSError: it cannot be read, or is not a file of this repository.
    """
    if (found.git_folder / "reftable").is_dir():
        raise OSError(0, "the repository keeps its reflogs in reftables, which are not read")
    logs = found.git_folder / "logs"
    path = logs / ref
    if Path(os.path.realpath(path)) != Path(os.path.realpath(found.git_folder)) / "logs" / ref:
        raise OSError(0, "it is a link that leads elsewhere")
    # A pipe in its place would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor has no path
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            raise OSError(0, "it is not a file, or larger than 256 MiB")
        return file.read(_LARGEST)


def _ancestry(git: Git, found: Found, moves: set[tuple[bytes, bytes]]) -> Iterator[bytes]:
    asked = sorted(
        (old, new) for old, new in moves if old != new and old.strip(b"0") and new.strip(b"0")
    )
    wanted = {commit for move in asked for commit in move}
    place: dict[bytes, int] = {}
    if asked:
        # Most moves go along the branch's own line, where the order is the answer.
        with git.open("rev-list", "--first-parent", found.head) as output:
            for number, line in enumerate(output):
                commit = line.rstrip(b"\n")
                if commit in wanted:
                    place[commit] = number
    for old, new in asked:
        if old in place and new in place:
            answer = "yes" if place[old] > place[new] else "no"
        else:
            test = ("merge-base", "--is-ancestor", old.decode(), new.decode())
            # Anything but yes or no, such as an old commit that is gone, cannot be known.
            answer = _ANSWERS.get(git.attempt(*test).code, "unknown")
        yield b"%b %b %b\n" % (old, new, answer.encode())
