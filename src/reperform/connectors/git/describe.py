"""Is this a repository that can be examined, and what is it called?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.git.plumbing import Git


class NotARepositoryError(NotCollectedError):
    """There is no git repository at that path, or git will not open it for this user."""

    slug = "not-a-repository"


class EmptyRepositoryError(NotCollectedError):
    """The repository has no commit."""

    slug = "empty-repository"


class ShallowCloneError(NotCollectedError):
    """The repository holds only the newest part of its history."""

    slug = "shallow-clone"


class UnknownBranchError(NotCollectedError):
    """The branch named is not in the repository."""

    slug = "unknown-branch"


@dataclass(frozen=True, slots=True)
class Description:
    """A repository that can be examined.

    Attributes:
        name: its folder's name, without `.git`.
        release_branch: full name of the branch, or HEAD when it is detached.
        head: object id of the branch's newest commit.
        newest_on: committer day (UTC) of that commit.
        is_bare: it has no work tree.
        object_format: sha1 or sha256.
        git_folder: where its refs and reflogs lie.
    """

    name: str
    release_branch: str
    head: str
    newest_on: date
    is_bare: bool
    object_format: str
    git_folder: Path


def describe(repository: Path, *, branch: str | None = None) -> Description:
    """Return what the repository is.

    Raises:
        NotARepositoryError: there is none, or it belongs to somebody else.
        EmptyRepositoryError: it has no commit.
        ShallowCloneError: its history is cut off.
        UnknownBranchError: it has no such branch.
    """
    if not repository.is_dir():
        raise _not_a_repository(repository, "there is no such folder")
    git = Git(repository)
    code, said = git.attempt("rev-parse", "--absolute-git-dir", "--is-bare-repository")
    if code != 0:
        raise _not_opened(repository, said)
    folder, is_bare = said.splitlines()[:2]
    if git.say("rev-parse", "--is-shallow-repository") == "true":
        raise ShallowCloneError(
            f"{repository} was not examined: it is a shallow clone",
            why="Older commits are missing, and a part of the history would pass for the whole.",
            todo="fetch the rest:  git fetch --unshallow",
        )
    release_branch = _branch(git, repository, branch)
    head = git.say("rev-parse", "--verify", "--end-of-options", f"{release_branch}^{{commit}}")
    newest = int(git.say("log", "-1", "--format=%ct", head))
    root = Path(folder) if is_bare == "true" else Path(git.say("rev-parse", "--show-toplevel"))
    return Description(
        name=root.name.removesuffix(".git") or "repository",
        release_branch=release_branch,
        head=head,
        newest_on=datetime.fromtimestamp(newest, UTC).date(),
        is_bare=is_bare == "true",
        object_format=git.say("rev-parse", "--show-object-format"),
        git_folder=Path(git.say("rev-parse", "--path-format=absolute", "--git-common-dir")),
    )


def _branch(git: Git, repository: Path, branch: str | None) -> str:
    if branch:
        for name in (f"refs/heads/{branch}", f"refs/remotes/{branch}", branch):
            if git.attempt("rev-parse", "--verify", "-q", "--end-of-options", name)[0] == 0:
                return name
        raise UnknownBranchError(
            f"{repository} was not examined: it has no branch {branch!r}",
            why="Changes are judged on the branch that is released.",
            todo="see `git branch --all` for the names that there are",
        )
    code, said = git.attempt("symbolic-ref", "-q", "HEAD")
    name = said.strip() if code == 0 else "HEAD"
    if git.attempt("rev-parse", "--verify", "-q", f"{name}^{{commit}}")[0] == 0:
        return name
    for other in ("refs/heads/main", "refs/heads/master", "refs/remotes/origin/HEAD"):
        if git.attempt("rev-parse", "--verify", "-q", f"{other}^{{commit}}")[0] == 0:
            return other
    if git.attempt("rev-list", "--all", "-n", "1")[1].strip():
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


def _not_opened(repository: Path, said: str) -> NotCollectedError:
    first = said.strip().splitlines()[0] if said.strip() else "git says nothing"
    if "dubious ownership" in said:
        return NotARepositoryError(
            f"{repository} was not examined: it belongs to another user",
            why="git does not open it, because its configuration could run that user's programs.",
            todo=f"if you trust it:  git config --global --add safe.directory {repository}",
        )
    return _not_a_repository(repository, first)


def _not_a_repository(repository: Path, what: str) -> NotARepositoryError:
    return NotARepositoryError(
        f"{repository} was not examined: it is not a git repository ({what})",
        why="Changes are read from the history of a repository.",
        todo="name its folder:  --repo PATH",
    )
