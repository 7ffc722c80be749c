"""A real repository of restic: snapshots, a check, and a restore that restores and compares."""

import json
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking
from reperform.connectors.restic import CONNECTOR
from reperform.connectors.restic.program import Ended, run
from reperform.connectors.settings import Access

pytestmark = pytest.mark.skipif(
    not shutil.which("restic") and os.environ.get("CI") != "true", reason="restic is not installed"
)

SECRET = "s3cret of the repository"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
BACKUPS, RESTORES = "population.backups", "population.restores"


def restic(repository: Path, *arguments: str) -> None:
    subprocess.run(
        ["restic", "-r", str(repository), "--no-cache", "-q", *arguments],
        check=True,
        env={**os.environ, "RESTIC_PASSWORD": SECRET},
        capture_output=True,
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a repository of three days; nobody changes it."""
    folder = tmp_path_factory.mktemp("restic")
    data = folder / "data"
    (data / "deep").mkdir(parents=True)
    (data / "a").write_bytes(b"a" * 1_000)
    (data / "deep" / "b").write_bytes(os.urandom(20_000))
    (data / "link").symlink_to("a")
    Path(os.fsdecode(os.fsencode(data) + b"/\xff")).write_bytes(b"odd")
    restic(folder / "repository", "init")
    for day in (1, 3, 4):
        made = f"2026-03-0{day} 02:00:00"
        restic(folder / "repository", "backup", str(data), "--host", "db", "--time", made)
    return folder


@pytest.fixture
def repository(filled: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may damage."""
    return Path(shutil.copytree(filled / "repository", tmp_path / "repository"))


def access(repository: Path, secret: str = SECRET, most: int = 10**9) -> Access:
    return Access({"repository": str(repository), "most_bytes": most}, {"password": secret})


def collected(tmp_path: Path, found: Access, stream: str, since: date | None = None) -> Collected:
    asked = CONNECTOR.questions(found, Asking(NOW, since=since))
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOW)


def damage(repository: Path) -> None:
    for path in (repository / "data").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-40])


def test_snapshots_of_the_days_are_backups_of_a_whole_repository(
    tmp_path: Path, repository: Path
) -> None:
    """Those of earlier days belong to an earlier collection."""
    found = collected(tmp_path, access(repository), "restic/backups", since=date(2026, 3, 3))

    said = [(row["occurred_at"], row["host"], row["is_success"]) for row in found.of(BACKUPS)]
    assert found.outcome == "complete"
    assert said == [("2026-03-03 02:00:00", "db", True), ("2026-03-04 02:00:00", "db", True)]
    assert found.covers[BACKUPS] == Cover(date(2026, 3, 3), date(2026, 3, 4))


def test_days_long_gone_are_not_vouched_for(tmp_path: Path, repository: Path) -> None:
    """Retention may have removed what was there: then a day without one proves nothing."""
    found = collected(tmp_path, access(repository), "restic/backups", since=date(2026, 1, 1))

    assert len(found.of(BACKUPS)) == 3
    assert not found.covers[BACKUPS].is_whole
    assert "may have been removed" in found.covers[BACKUPS].missing


def test_the_next_collection_begins_where_this_one_ended(repository: Path) -> None:
    """Without a hole; before a day is over there is nothing to ask."""
    cursor = CONNECTOR.stream("restic/backups").cursor
    assert cursor is not None
    ended = cursor({"first": "2026-03-03", "last": "2026-03-04"}, [])
    seen = {("restic/backups", str(repository)): ended}

    today = CONNECTOR.questions(access(repository), Asking(NOW, cursors=seen))
    tomorrow = CONNECTOR.questions(
        access(repository), Asking(NOW + timedelta(days=1), cursors=seen)
    )

    assert [one.stream for one in today] == ["restic/restore"]
    assert tomorrow[1].parameters == {"first": "2026-03-05", "last": "2026-03-05"}


def test_a_damaged_repository_has_no_good_backup(tmp_path: Path, repository: Path) -> None:
    """That is a fact, and the check's words are kept."""
    damage(repository)

    found = collected(tmp_path, access(repository), "restic/backups", since=date(2026, 3, 3))

    assert found.outcome == "complete"
    assert {row["is_success"] for row in found.of(BACKUPS)} == {False}


def test_the_newest_snapshot_is_restored_and_compared(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file came back with its content, also one whose name is no text; none is left here."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    found = collected(tmp_path, access(repository), "restic/restore")

    (row,) = found.of(RESTORES)
    assert (row["is_success"], row["files"], row["files_compared"]) == (True, 3, 3)
    assert (row["files_different"], row["bytes"]) == (0, 21_003)
    assert row["backed_up_at"] == "2026-03-04 02:00:00"
    assert list(scratch.iterdir()) == []


def test_a_restore_that_lacks_a_file_is_no_success(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although restic itself says that all is well: what came back is counted by us."""

    def lossy(found: Access, *arguments: str) -> Ended:
        ended = run(found, *arguments)
        target = Path(arguments[arguments.index("--target") + 1])
        next(path for path in target.rglob("b") if path.is_file()).unlink()
        return ended

    monkeypatch.setattr("reperform.connectors.restic.restore.run", lossy)

    (row,) = collected(tmp_path, access(repository), "restic/restore").of(RESTORES)

    assert (row["is_success"], row["files"], row["files_different"]) == (False, 2, 1)


def test_a_snapshot_that_is_too_large_is_refused(tmp_path: Path, repository: Path) -> None:
    """Nothing is restored, and the day has no evidence of one."""
    found = collected(tmp_path, access(repository, most=100), "restic/restore")

    assert found.outcome == "refused"
    assert "bytes, more than 100" in found.collection.reason


def test_a_repository_without_a_snapshot_says_so(tmp_path: Path) -> None:
    """Nothing to restore is a fact."""
    restic(tmp_path / "empty", "init")

    found = collected(tmp_path, access(tmp_path / "empty"), "restic/restore")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.collection.answers[0].absent == "there is no snapshot"


@pytest.mark.parametrize(
    ("secret", "name", "why"),
    [("not it", "repository", "wrong password"), (SECRET, "none", "unable to open")],
)
def test_a_repository_that_does_not_open_is_refused(
    tmp_path: Path, repository: Path, secret: str, name: str, why: str
) -> None:
    """And no password is shown."""
    found = collected(
        tmp_path, access(repository.parent / name, secret), "restic/backups", date(2026, 3, 3)
    )

    assert found.outcome == "refused"
    assert why in found.collection.reason
    assert SECRET not in json.dumps(found.collection.as_record())


def test_nothing_is_written_to_the_repository(tmp_path: Path, repository: Path) -> None:
    """No lock, no cache, no index."""
    before = {path: path.stat().st_mtime_ns for path in repository.rglob("*")}
    collected(tmp_path, access(repository), "restic/backups", since=date(2026, 3, 3))
    collected(tmp_path, access(repository), "restic/restore")

    assert {path: path.stat().st_mtime_ns for path in repository.rglob("*")} == before


def test_the_check_counts_the_snapshots(repository: Path) -> None:
    """By opening the repository."""
    assert CONNECTOR.check(access(repository)).reached == f"{repository}: 3 snapshots"
