"""A history is read whole or refused, by a name and with what to do."""

import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from reperform.connectors import git
from reperform.connectors.answer import Kept, NotCollectedError, Question

Ask = Callable[[Question], list[Kept]]


def _refusal(ask: Ask, repository: Path, **options: str) -> NotCollectedError:
    with pytest.raises(NotCollectedError) as caught:
        ask(git.question(repository, branch=options.get("branch")))
    return caught.value


def _object(repository: Path, name: str) -> Path:
    return repository / ".git/objects" / name[:2] / name[2:]


def test_a_folder_that_is_no_repository(ask: Ask, tmp_path: Path) -> None:
    """Absent, a file, an empty folder, a name that no folder can have."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")

    for name in ("gone", "file", "empty", "odd\0name"):
        refusal = _refusal(ask, tmp_path / name)
        assert refusal.slug == "not-a-repository"
        assert name.split("\0")[0] in refusal.what


def test_a_folder_inside_a_repository_is_not_that_repository(
    make: Callable[..., Path], commit: Callable[..., str], ask: Ask
) -> None:
    """Only what was named is examined, never a repository that happens to enclose it."""
    repository = make()
    commit(repository)
    (repository / "inner").mkdir()

    assert _refusal(ask, repository / "inner").slug == "not-a-repository"


def test_an_empty_repository(make: Callable[..., Path], ask: Ask) -> None:
    """It has no commit: there is no population."""
    assert _refusal(ask, make()).slug == "empty-repository"


def test_a_shallow_clone(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Ask,
    tmp_path: Path,
) -> None:
    """A part of the history is not taken for the whole, and the way to the rest is named."""
    plain = make("plain")
    commit(plain, "First\n")
    commit(plain, "Second\n")
    run_git(tmp_path, "clone", "-q", "--depth=1", f"file://{plain}", "shallow")

    refusal = _refusal(ask, tmp_path / "shallow")

    assert refusal.slug == "shallow-clone"
    assert "git fetch --unshallow" in str(refusal)


@pytest.mark.parametrize("branch", ["nope", "main~1", "HEAD", "main^{tree}", "--all", "a..b", "v1"])
def test_a_branch_that_is_not_there(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Ask,
    branch: str,
) -> None:
    """Only the name of a branch names a branch; a tag or an expression does not."""
    repository = make()
    commit(repository, "First\n")
    commit(repository, "Second\n")
    run_git(repository, "tag", "v1")

    assert _refusal(ask, repository, branch=branch).slug == "unknown-branch"


@pytest.mark.parametrize("branch", ["main", "refs/heads/main"])
def test_a_branch_by_its_short_or_full_name(
    make: Callable[..., Path], commit: Callable[..., str], branch: str
) -> None:
    """Both forms name it."""
    repository = make()
    commit(repository)

    assert git.describe(repository, branch=branch).release_branch == "refs/heads/main"


def test_a_missing_commit(make: Callable[..., Path], commit: Callable[..., str], ask: Ask) -> None:
    """Below the head git stops; the head itself missing is not an empty repository."""
    repository = make()
    first, second = commit(repository, "First\n"), commit(repository, "Second\n")
    _object(repository, first).unlink()
    below = _refusal(ask, repository)
    _object(repository, second).unlink()
    head = _refusal(ask, repository)

    assert (below.slug, head.slug) == ("git-failed", "git-failed")
    assert "git fsck" in str(below)
    assert below.what.startswith("the repository was not read to the end: error: Could not read")
    assert "refs/heads/main" in head.what


@pytest.mark.parametrize("damage", ["cut", "zlib", "other-content"])
def test_a_corrupt_commit(
    make: Callable[..., Path], commit: Callable[..., str], ask: Ask, damage: str
) -> None:
    """Broken compression stops git; content that is not what its name says stops us."""
    repository = make()
    name = commit(repository, "Approved by nobody\n")
    commit(repository, "The head, which git checks itself\n")
    path = _object(repository, name)
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(
        {
            "cut": content[: len(content) // 2],
            "zlib": content[:20] + b"\xff" * 20 + content[40:],
            "other-content": zlib.compress(
                zlib.decompress(content).replace(b"by nobody", b"by a boss")
            ),
        }[damage]
    )

    refusal = _refusal(ask, repository)

    expected = "object-corrupt" if damage == "other-content" else "git-failed"
    assert refusal.slug == expected
    assert "git fsck" in str(refusal)


def test_kept_bytes_that_were_changed_are_not_shaped(
    make: Callable[..., Path], commit: Callable[..., str], ask: Ask
) -> None:
    """Shaping recomputes every object's name."""
    repository = make()
    commit(repository, "Approved by nobody\n")
    kept = ask(git.question(repository))
    (objects,) = (answer for answer in kept if answer.name == "commit-objects")
    with objects.open() as file:
        path = Path(file.name)
        changed = file.read().replace(b"by nobody", b"by a boss")
    path.write_bytes(changed)

    with pytest.raises(NotCollectedError) as caught:
        list(git.SOURCE.shape(kept))

    assert caught.value.slug == "object-corrupt"


def test_replaced_and_grafted_history_is_not_believed(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., dict[str, list[dict[str, str]]]],
) -> None:
    """What `git replace` and grafts show to others is not what the objects say."""
    repository = make()
    first, second = commit(repository, "First\n"), commit(repository, "Second\n")
    third = commit(repository, "Third\n")
    run_git(repository, "replace", "--graft", third, first)
    grafts = repository / ".git/info/grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{third} {first}\n")

    rows = tables(repository)["git.commits"]

    assert [row["commit_id"] for row in rows] == [third, second, first]


def test_no_program_that_the_repository_names_is_run_and_nothing_is_written(
    *,
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Ask,
    tmp_path: Path,
    unchanged: Callable[[Path], None],
) -> None:
    """Every setting that could start a program points at one that would leave a trace."""
    repository = make()
    commit(repository)
    run_git(repository, "tag", "-a", "-m", "x", "v1.0")
    blob = run_git(repository, "hash-object", "-w", "--stdin", given=b"* @ana\n")
    run_git(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},CODEOWNERS")
    run_git(repository, "commit", "-q", "-m", "Owners")
    _object(repository, blob).unlink()
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\nexit 1\n")
    trap.chmod(0o755)
    for name in (
        *("core.fsmonitor", "core.sshCommand", "core.pager", "core.askPass", "core.editor"),
        *("gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program"),
        *("credential.helper", "diff.external", "core.alternateRefsCommand", "pager.log"),
        *("alias.log", "alias.rev-list", "alias.cat-file", "gpg.ssh.defaultKeyCommand"),
    ):
        run_git(repository, "config", name, f"!{trap}" if "alias" in name else str(trap))
    run_git(repository, "config", "protocol.ext.allow", "always")
    run_git(repository, "config", "remote.origin.url", f"ext::{trap}")
    run_git(repository, "config", "remote.origin.promisor", "true")
    run_git(repository, "config", "extensions.partialClone", "origin")
    run_git(repository, "config", "core.repositoryFormatVersion", "1")
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc"):
        shutil.copy(trap, repository / f".git/hooks/{hook}")
    (tmp_path / "sprung").unlink(missing_ok=True)
    keys = tmp_path / "keys"
    keys.write_text("ana@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghij\n")
    unchanged(repository)

    kept = ask(git.question(repository, signing_keys=keys))

    assert next(answer for answer in kept if answer.name == "code-owners").refused
    assert not (tmp_path / "sprung").exists()


def test_git_that_is_not_installed_or_too_old(
    make: Callable[..., Path],
    commit: Callable[..., str],
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both say which git is needed."""
    repository = make()
    commit(repository)
    old = tmp_path / "bin/git"
    old.parent.mkdir()
    monkeypatch.setenv("PATH", str(old.parent))
    missing = _refusal(ask, repository)
    old.write_text("#!/bin/sh\necho git version 2.17.1\n")
    old.chmod(0o755)
    too_old = _refusal(ask, repository)

    assert (missing.slug, too_old.slug) == ("git-missing", "git-missing")
    assert "2.17.1" in too_old.what


@pytest.mark.parametrize(
    ("stops", "said"),
    [("kill -9 $$", "signal 9"), ("echo out of memory >&2; exit 3", "out of memory")],
)
def test_git_that_stops_in_the_middle(
    make: Callable[..., Path],
    commit: Callable[..., str],
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    stops: str,
    said: str,
) -> None:
    """Half an answer is no answer, and git's own reason is passed on."""
    repository = make()
    commit(repository, "x" * 5_000)
    real = shutil.which("git")
    wrapper = tmp_path / "bin/git"
    wrapper.parent.mkdir()
    wrapper.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *cat-file*) {real} "$@" | head -c 3000; {stops};; esac\n'
        f'exec {real} "$@"\n'
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")

    refusal = _refusal(ask, repository)

    assert refusal.slug == "git-failed"
    assert said in refusal.what


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
def test_a_repository_of_another_user(
    make: Callable[..., Path], commit: Callable[..., str], ask: Ask
) -> None:
    """Its configuration could run that user's programs: git does not open it, nor do we."""
    repository = make()
    commit(repository)
    for path in (repository, repository / ".git"):
        os.chown(path, 12_345, 12_345)

    refusal = _refusal(ask, repository)

    assert refusal.slug == "dubious-ownership"
    assert "safe.directory" in str(refusal)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_repository_that_this_user_may_not_read(
    run_git: Callable[..., str], commit: Callable[..., str]
) -> None:
    """No permission is said as such."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "app"
        folder.mkdir(mode=0o700)
        Path(place).chmod(0o755)
        run_git(folder, "init", "-q", "-b", "main")
        commit(folder)
        os.seteuid(65_534)
        try:
            with pytest.raises(NotCollectedError) as caught:
                git.describe(folder)
        finally:
            os.seteuid(0)

    assert caught.value.slug == "not-a-repository"
    assert "Permission denied" in caught.value.what


def test_a_folder_inside_a_repository_leads_to_the_repository(
    make: Callable[..., Path], commit: Callable[..., str], ask: Ask
) -> None:
    """Only what is named is examined; the refusal says which name was meant."""
    repository = make()
    commit(repository, "First\n")
    inside = repository / "docs" / "guide"
    inside.mkdir(parents=True)

    refusal = _refusal(ask, inside)

    assert refusal.slug == "not-a-repository"
    assert f"inside the repository {repository}" in refusal.what
    assert refusal.todo == (f"name that:  --repo {repository}",)
