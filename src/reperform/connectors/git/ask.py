"""The question put to a repository, and its answers in order."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import IO

from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.connectors.answer import Answer, Question
from reperform.connectors.git.describe import Description, describe
from reperform.connectors.git.keys import verifying_git
from reperform.connectors.git.objects import read_objects
from reperform.connectors.git.plumbing import Git
from reperform.connectors.git.remotes import remote_hosts

STREAM = "git/history"
OWNERS_PATHS = (
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    "OWNERS",
)
_REFS = ("%(objectname)", "%(objecttype)", "%(*objectname)", "%(*objecttype)", "%(refname)")
_MARGIN = timedelta(days=1)
_BATCH = 4_096


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
        "signing_keys": str(signing_keys or ""),
    }
    return Question(
        stream=STREAM,
        target=str(repository.absolute()),
        ask=lambda: _ask(repository, branch, signing_keys, period),
        parameters=parameters,
    )


def _ask(
    repository: Path, branch: str | None, signing_keys: Path | None, period: Period | None
) -> Iterator[Answer]:
    found = describe(repository, branch=branch)
    git = Git(repository)
    yield _repository(git, found)
    refs = ("for-each-ref", f"--format={' '.join(_REFS)}")
    yield Answer("refs", git.asked(*refs), git.stream(*refs))
    yield from _commits(git, found, signing_keys, period)
    yield from _tags(git, found, signing_keys)
    yield _code_owners(git, found)
    yield from _reflogs(git, found)


def _repository(git: Git, found: Description) -> Answer:
    """What the repository is.  Remote addresses can hold credentials: only host names are kept."""
    facts = {
        "repository": found.name,
        "release_branch": found.release_branch,
        "head_commit": found.head,
        "is_bare": found.is_bare,
        "object_format": found.object_format,
        "remote_hosts": remote_hosts(git),
    }
    asked = "git rev-parse, git config (remote addresses reduced to host names)"
    return Answer("repository", asked, [canonical_json(facts)])


def _commits(
    git: Git, found: Description, signing_keys: Path | None, period: Period | None
) -> Iterator[Answer]:
    graph = ("rev-list", "--timestamp", found.head)
    line = ("rev-list", "--first-parent", found.head)
    with tempfile.TemporaryFile() as chosen:
        yield Answer("graph", git.asked(*graph), _choose(git, graph, chosen, period))
        yield Answer("first-parents", git.asked(*line), git.stream(*line))
        batch = ("cat-file", "--batch")
        asked = f"{git.asked(*batch)} < the commits of {period or 'every day'} (UTC)"
        yield Answer("commit-objects", asked, _objects(git, found, chosen))
        if signing_keys is not None:
            yield _commit_signatures(git, signing_keys, chosen)


def _choose(
    git: Git, graph: tuple[str, ...], chosen: IO[bytes], period: Period | None
) -> Iterator[bytes]:
    """Yield the whole list of commits, and note those of the period."""
    first, last = 0, 1 << 62
    if period:
        midnight = datetime.combine(period.first, time(), UTC)
        first = int((midnight - _MARGIN).timestamp())
        end = datetime.combine(period.last, time(), UTC)
        last = int((end + 2 * _MARGIN).timestamp())
    with git.open(*graph) as output:
        while lines := output.readlines(1 << 18):
            for line in lines:
                stamp, _, commit = line.partition(b" ")
                if first <= int(stamp) < last:
                    chosen.write(commit)
            yield b"".join(lines)


def _objects(git: Git, found: Description, chosen: IO[bytes]) -> Iterator[bytes]:
    chosen.flush()
    chosen.seek(0)
    with git.open("cat-file", "--batch", lines=chosen) as output:
        held: list[bytes] = []
        for one in read_objects(output, found.object_format):
            held.append(one.raw)
            if len(held) >= _BATCH:
                yield b"".join(held)
                held.clear()
        yield b"".join(held)


def _commit_signatures(git: Git, keys: Path, chosen: IO[bytes]) -> Answer:
    chosen.seek(0)
    commits = chosen.read().decode("ascii").split()
    ask = ("log", "--no-walk=unsorted", "--stdin", "--format=%H%x09%G?%x09%GS")

    def body() -> Iterator[bytes]:
        with verifying_git(git, keys) as verifying:
            yield from verifying.stream(*ask, lines=commits) if commits else ()

    return Answer("commit-signatures", f"{git.asked(*ask)} with the keys of {keys}", body())


def _tags(git: Git, found: Description, signing_keys: Path | None) -> Iterator[Answer]:
    listed = git.say("for-each-ref", "--format=%(objecttype) %(objectname)", "refs/tags")
    tags = [line.split()[1] for line in listed.splitlines() if line.startswith("tag ")]

    def objects() -> Iterator[bytes]:
        with git.open("cat-file", "--batch", lines=tags) as output:
            for one in read_objects(output, found.object_format):
                yield one.raw

    yield Answer("tag-objects", "git cat-file --batch < every annotated tag", objects())
    if signing_keys is not None:

        def signatures() -> Iterator[bytes]:
            with verifying_git(git, signing_keys) as verifying:
                for tag in tags:
                    code, said = verifying.attempt("verify-tag", "--raw", tag)
                    record = {"id": tag, "exit": code, "said": said[:4_000]}
                    yield json.dumps(record, sort_keys=True).encode("ascii") + b"\n"

        yield Answer(
            "tag-signatures", f"git verify-tag --raw, keys of {signing_keys}", signatures()
        )


def _code_owners(git: Git, found: Description) -> Answer:
    for path in OWNERS_PATHS:
        blob = f"{found.head}:{path}"
        if git.attempt("cat-file", "-e", blob)[0] == 0:
            return Answer(
                "code-owners",
                git.asked("cat-file", "blob", blob),
                git.stream("cat-file", "blob", blob),
            )
    places = ", ".join(OWNERS_PATHS)
    return Answer("code-owners", places, absent=f"the newest commit has none of {places}")


def _reflogs(git: Git, found: Description) -> Iterator[Answer]:
    """The reflogs as files, and for each move whether the old commit leads to the new one."""
    refs = [found.release_branch]
    short = found.release_branch.removeprefix("refs/heads/")
    remotes = git.attempt("remote")[1].split()
    refs += [f"refs/remotes/{remote}/{short}" for remote in remotes]
    moves: set[tuple[str, str]] = set()
    for ref in dict.fromkeys(refs):
        path = found.git_folder / "logs" / ref
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            yield Answer(f"reflog {ref}", f"logs/{ref}", absent=f"{ref} has no reflog")
            continue
        except OSError as error:
            yield Answer(f"reflog {ref}", f"logs/{ref}", refused=error.strerror or "unreadable")
            continue
        yield Answer(f"reflog {ref}", f"logs/{ref}", [content])
        moves |= {(line[:40], line[41:81]) for line in content.decode("latin-1").splitlines()}
    yield Answer("ancestry", "git merge-base --is-ancestor OLD NEW", _ancestry(git, moves))


def _ancestry(git: Git, moves: set[tuple[str, str]]) -> Iterator[bytes]:
    for old, new in sorted(moves):
        if set(old) <= {"0"} or set(new) <= {"0"} or old == new:
            continue
        code, _ = git.attempt("merge-base", "--is-ancestor", old, new)
        # 0 yes, 1 no; anything else (the old commit is gone) cannot be known.
        answer = {0: "yes", 1: "no"}.get(code, "unknown")
        yield f"{old} {new} {answer}\n".encode()
