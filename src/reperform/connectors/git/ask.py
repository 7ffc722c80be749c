"""The question put to a repository, and its answers in order."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.connectors.answer import Answer, Question
from reperform.connectors.git.describe import Found, find
from reperform.connectors.git.graph import listed, request
from reperform.connectors.git.moves import reflogs
from reperform.connectors.git.objects import GitObject, ObjectMissingError, read_objects
from reperform.connectors.git.plumbing import REPAIR, Git
from reperform.connectors.git.remotes import remote_hosts
from reperform.connectors.git.signatures import commit_signatures, tag_signatures
from reperform.connectors.git.tags import nested

STREAM = "git/history"
OWNERS_PATHS = (
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    "OWNERS",
)
_REFS = "%(objectname) %(objecttype) %(creatordate:unix) %(refname)"
_HELD = 1 << 20


def question(
    repository: Path,
    *,
    branch: str | None = None,
    signing_keys: Path | None = None,
    period: Period | None = None,
) -> Question:
    """Return the question for a repository's history.

    Args:
        repository: a local repository, bare or not.
        branch: the release branch; None takes the one that is checked out.
        signing_keys: public keys to verify signatures with; None leaves them unchecked.
        period: keeps the objects of commits of these days (UTC) and a day on either side; None
            keeps all.  The list of all commits is always whole.
    """
    parameters = {
        "branch": branch or "",
        "period": str(period or ""),
        "signing_keys": _shown(signing_keys) if signing_keys else "",
    }
    return Question(
        stream=STREAM,
        target=_shown(repository.absolute()),
        ask=lambda: _ask(repository, branch, signing_keys, period),
        parameters=parameters,
    )


def _shown(path: Path) -> str:
    """A file name can hold bytes that are no text; JSON cannot."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def _ask(
    repository: Path, branch: str | None, signing_keys: Path | None, period: Period | None
) -> Iterator[Answer]:
    found = find(repository, branch=branch)
    git = Git(repository)
    yield _repository(git, found, period)
    yield from _commits(git, found, signing_keys, period)
    yield from _tags(git, found, signing_keys)
    yield _code_owners(git, found)
    yield from reflogs(git, found)


def _repository(git: Git, found: Found, period: Period | None) -> Answer:
    """What the repository is.  Remote addresses can hold credentials: only host names are kept."""
    facts = {
        "repository": found.name,
        "release_branch": found.release_branch,
        "head_commit": found.head,
        "is_bare": found.is_bare,
        "object_format": found.object_format,
        "remote_hosts": remote_hosts(git),
        "commits_first": period.first.isoformat() if period else None,
        "commits_last": period.last.isoformat() if period else None,
    }
    asked = "git rev-parse, git config (remote addresses reduced to host names)"
    return Answer("repository", asked, [canonical_json(facts)])


def _commits(
    git: Git, found: Found, signing_keys: Path | None, period: Period | None
) -> Iterator[Answer]:
    with tempfile.TemporaryFile() as chosen:
        graph = git.asked(*request(found))
        yield Answer("graph", graph, listed(git, found, chosen, period))
        asked = f"git cat-file --batch < the commits of {period or 'every day'} (UTC)"
        yield Answer("commit-objects", asked, _objects(git, found, chosen))
        if signing_keys is not None:
            yield commit_signatures(git, signing_keys, chosen, width=_width(found))


def _width(found: Found) -> int:
    """How long a line is that holds one object id."""
    return 65 if found.object_format == "sha256" else 41


def _objects(git: Git, found: Found, chosen: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of every object that the file `chosen` names, each checked."""
    chosen.flush()
    wanted = os.fstat(chosen.fileno()).st_size // _width(found)
    count = 0
    with git.open("cat-file", "--batch", "--buffer", given=chosen) as output:
        held: list[bytes] = []
        size = 0
        for one in read_objects(output, found.object_format):
            count += 1
            held += (one.header, one.content)
            size += len(one.content)
            if size > _HELD:
                yield b"".join(held)
                held.clear()
                size = 0
        yield b"".join(held)
    if count != wanted:
        raise ObjectMissingError(
            f"the repository was not read to the end: {count:,} of {wanted:,} commits were given",
            why="A history with a hole would pass for a whole one.",
            todo=REPAIR,
        )


def _tags(git: Git, found: Found, signing_keys: Path | None) -> Iterator[Answer]:
    tags: list[str] = []
    refs = ("for-each-ref", f"--format={_REFS}")
    yield Answer("refs", git.asked(*refs), _refs(git, refs, tags))
    yield Answer(
        "tag-objects", "git cat-file --batch < every annotated tag", _tag_objects(git, found, tags)
    )
    if signing_keys is not None:
        yield tag_signatures(git, signing_keys, tags)


def _refs(git: Git, refs: tuple[str, ...], tags: list[str]) -> Iterator[bytes]:
    """Yield the list of refs, and note the annotated tags, each once."""
    seen: dict[str, None] = {}
    with git.open(*refs) as output:
        for line in output:
            object_id, kind, rest = line.split(b" ", 2)
            if kind == b"tag" and b" refs/tags/" in b" " + rest:
                seen[object_id.decode("ascii")] = None
            yield line
    tags.extend(seen)


def _tag_objects(git: Git, found: Found, tags: list[str]) -> Iterator[bytes]:
    """Yield tag objects, and then those that they name, until they name something else."""
    wanted, seen = list(tags), set(tags)
    while wanted:
        deeper: list[str] = []
        for one in _batch(git, found, wanted):
            yield one.header + one.content
            inner = (nested(one) or b"").decode("ascii", errors="replace")
            if inner and inner not in seen:
                seen.add(inner)
                deeper.append(inner)
        wanted = deeper


def _batch(git: Git, found: Found, objects: list[str]) -> Iterator[GitObject]:
    with tempfile.TemporaryFile() as given:
        given.writelines(f"{name}\n".encode() for name in objects)
        with git.open("cat-file", "--batch", given=given) as output:
            yield from read_objects(output, found.object_format)


def _code_owners(git: Git, found: Found) -> Answer:
    """The owners' file of the head.  A file that cannot be looked for is refused, never absent."""
    places = ", ".join(OWNERS_PATHS)
    name = "code-owners"
    looked = git.attempt("ls-tree", "-z", "--full-tree", found.head, "--", *OWNERS_PATHS)
    if looked.code != 0:
        return Answer(name, places, refused="the folders of the newest commit cannot be read")
    entries = (entry.partition("\t") for entry in looked.out.split("\0") if entry)
    files = {path: about.split(" ") for about, _, path in entries if " blob " in about}
    for path in OWNERS_PATHS:
        if path in files:
            blob = files[path][2]
            asked = f"git cat-file --batch < {blob} {found.head}:{path}"
            try:
                contents = [one.body for one in _batch(git, found, [blob])]
            except ObjectMissingError as error:
                return Answer(name, asked, refused=error.what)
            return Answer(name, asked, contents)
    return Answer(name, places, absent=f"the newest commit has none of {places}")
