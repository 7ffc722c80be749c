"""Is this a repository that can be examined, what is it called, and when did it begin?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.git.plumbing import REPAIR, Git, GitFailedError


class NotARepositoryError(NotCollectedError):
    """There is no git repository at that path, or this user may not read it."""

    slug = "not-a-repository"


class DubiousOwnershipError(NotCollectedError):
    """The repository belongs to another user, and git does not open it."""

    slug = "dubious-ownership"


class EmptyRepositoryError(NotCollectedError):
    """The repository has no commit."""

    slug = "empty-repository"


class ShallowCloneError(NotCollectedError):
    """The repository holds only the newest part of its history."""

    slug = "shallow-clone"


class UnknownBranchError(NotCollectedError):
    """The branch named is not in the repository."""

    slug = "unknown-branch"


_FALLBACKS = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master")
_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Found:
    """A repository that can be examined.

    Attributes:
        name: its folder's name, without `.git`.
        release_branch: full name of the branch, or HEAD when it is detached.
        head: object id of the branch's newest commit.
        is_bare: it has no work tree.
        object_format: sha1 or sha256.
        git_folder: where its refs and reflogs lie.
    """

    name: str
    release_branch: str
    head: str
    is_bare: bool
    object_format: str
    git_folder: Path


@dataclass(frozen=True, slots=True)
class Description:
    """What is needed to choose a period.

    Attributes:
        name: the repository's name.
        release_branch: full name of the branch examined, or HEAD when it is detached.
        newest_on: committer day (UTC) of the branch's newest commit.
        oldest_on: earliest committer day (UTC) that the branch reaches.
        commits: how many commits it reaches.
    """

    name: str
    release_branch: str
    newest_on: date
    oldest_on: date
    commits: int


def describe(repository: Path, *, branch: str | None = None) -> Description:
    """Return what the repository is.

    Raises:
        NotCollectedError: as `find`, or git did not read the branch to its beginning.
    """
    found = find(repository, branch=branch)
    git = Git(repository)
    newest = git.say("rev-list", "--timestamp", "-1", found.head).partition(" ")[0]
    commits, oldest = 0, int(newest)
    with git.open("rev-list", "--timestamp", found.head) as output:
        for line in output:
            commits += 1
            stamp = int(line.partition(b" ")[0])
            # git says 0 for a time that it cannot read: that is no beginning.
            if 0 < stamp < oldest:
                oldest = stamp
    return Description(found.name, found.release_branch, _day(int(newest)), _day(oldest), commits)


def _day(stamp: int) -> date:
    return datetime.fromtimestamp(min(stamp, _LAST_SECOND), UTC).date()


def find(repository: Path, *, branch: str | None = None) -> Found:
    """Return the repository and its release branch, ready to be asked.

    Raises:
        NotARepositoryError: there is none at that path, or this user may not read it.
        DubiousOwnershipError: it belongs to somebody else.
        EmptyRepositoryError: it has no commit.
        ShallowCloneError: its history is cut off.
        UnknownBranchError: it has no such branch.
        GitMissingError: git is not installed, or too old.
        GitFailedError: git cannot read what the branch points at.
    """
    try:
        next(repository.iterdir(), None)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have that name"
        raise _not_a_repository(repository, reason) from error
    git = Git(repository)
    git.refuse_old()
    opened = git.attempt("rev-parse", "--absolute-git-dir", "--is-bare-repository")
    if opened.code != 0:
        raise _not_opened(repository, opened.error)
    folder, is_bare = opened.out.rsplit("\n", 1)
    if git.say("rev-parse", "--is-shallow-repository") == "true":
        raise ShallowCloneError(
            f"{repository} was not examined: it is a shallow clone",
            why="Older commits are missing, and a part of the history would pass for the whole.",
            todo="fetch the rest:  git fetch --unshallow",
        )
    release_branch = _branch(git, repository, branch)
    root = Path(folder) if is_bare == "true" else Path(git.say("rev-parse", "--show-toplevel"))
    return Found(
        name=root.name.removesuffix(".git") or "repository",
        release_branch=release_branch,
        head=_head(git, release_branch),
        is_bare=is_bare == "true",
        object_format=git.say("rev-parse", "--show-object-format"),
        git_folder=Path(git.say("rev-parse", "--path-format=absolute", "--git-common-dir")),
    )


def _head(git: Git, release_branch: str) -> str:
    found = git.attempt("rev-parse", "--verify", "--end-of-options", f"{release_branch}^{{commit}}")
    if found.code != 0:
        raise GitFailedError(
            f"the repository was not read: {release_branch} leads to no commit that git can read",
            why="The history begins at that commit.",
            todo=REPAIR,
        )
    return found.out


def _branch(git: Git, repository: Path, branch: str | None) -> str:
    if branch:
        return _named(git, repository, branch)
    at = git.attempt("symbolic-ref", "-q", "HEAD")
    name = at.out if at.code == 0 else "HEAD"
    for other in (name, *_FALLBACKS):
        if _exists(git, other):
            points = git.attempt("symbolic-ref", "-q", other) if other != "HEAD" else at
            return points.out if points.code == 0 else other
    if git.say("for-each-ref", "--count=1", "--format=%(refname)"):
        raise UnknownBranchError(
            f"{repository} was not examined: {name} has no commit, and other branches do",
            why="Changes are judged on the branch that is released.",
            todo="name it:  --branch NAME",
        )
    raise EmptyRepositoryError(
        f"{repository} was not examined: it has no commit",
        why="A population of changes cannot be drawn from nothing.",
        todo="name a repository with a history, or commit first",
    )


def _named(git: Git, repository: Path, branch: str) -> str:
    full = (branch,) if branch.startswith(("refs/heads/", "refs/remotes/")) else ()
    for name in (*full, f"refs/heads/{branch}", f"refs/remotes/{branch}"):
        # Only names: `main~3` would be a commit of somebody's choice, not a branch.
        if "\x00" in name or git.attempt("check-ref-format", name).code != 0:
            continue
        if _exists(git, name):
            points = git.attempt("symbolic-ref", "-q", name)
            return points.out if points.code == 0 else name
    raise UnknownBranchError(
        f"{repository} was not examined: it has no branch {branch!r}",
        why="Changes are judged on the branch that is released.",
        todo="see `git branch --all` for the names that there are",
    )


def _exists(git: Git, name: str) -> bool:
    """Whether there is such a ref; the object that it names may still be missing."""
    return git.attempt("rev-parse", "--verify", "-q", "--end-of-options", name).code == 0


def _not_opened(repository: Path, said: str) -> NotCollectedError:
    first = said.strip().splitlines()[0] if said.strip() else "git says nothing"
    if "dubious ownership" in said:
        return DubiousOwnershipError(
            f"{repository} was not examined: it belongs to another user",
            why="git does not open it, because its configuration could run that user's programs.",
            todo=(
                "if you trust it:",
                f"git config --global --add safe.directory {repository.absolute()}",
            ),
        )
    return _not_a_repository(repository, first)


def _not_a_repository(repository: Path, what: str) -> NotARepositoryError:
    around = [folder for folder in repository.absolute().parents if (folder / ".git").exists()]
    if around:
        return NotARepositoryError(
            f"{repository} was not examined: it is a folder inside the repository {around[0]}",
            why="A history belongs to a whole repository, and only what you name is examined.",
            todo=f"name that:  --repo {around[0]}",
        )
    return NotARepositoryError(
        f"{repository} was not examined: it is not a git repository ({what})",
        why="Changes are read from the history of a repository.",
        todo="name its folder:  --repo PATH",
    )
