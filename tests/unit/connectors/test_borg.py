"""A real repository of borg: archives, a check, and a restore that restores and compares."""

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
from reperform.connectors.borg import CONNECTOR
from reperform.connectors.borg.program import Ended, run
from reperform.connectors.borg.restore import _unsafe
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access

pytestmark = pytest.mark.skipif(
    not shutil.which("borg") and os.environ.get("CI") != "true", reason="borg is not installed"
)

SECRET = "s3cret of the repository"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
BACKUPS, RESTORES = "population.backups", "population.restores"


def borg(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["borg", *arguments],
        check=True,
        env={**os.environ, "BORG_BASE_DIR": str(folder / "base"), "BORG_PASSPHRASE": SECRET},
        capture_output=True,
        cwd=folder,
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a repository of three days; nobody changes it."""
    folder = tmp_path_factory.mktemp("borg")
    data = folder / "data"
    (data / "deep").mkdir(parents=True)
    (data / "a").write_bytes(b"a" * 1_000)
    (data / "deep" / "b").write_bytes(os.urandom(20_000))
    (data / "link").symlink_to("a")
    (data / "same").hardlink_to(data / "a")
    Path(os.fsdecode(os.fsencode(data) + b"/\xff")).write_bytes(b"odd")
    borg(folder, "init", "-e", "repokey", "repository")
    for name in ("1", "3.checkpoint", "4"):
        made = f"2026-03-0{name[0]}T02:00:00"
        borg(folder, "create", "--timestamp", made, f"repository::db-{name}", "data")
    return folder


@pytest.fixture
def repository(filled: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may damage."""
    return Path(shutil.copytree(filled / "repository", tmp_path / "repository"))


def access(repository: Path, secret: str = SECRET, most: int = 10**9) -> Access:
    return Access({"repository": str(repository), "most_bytes": most}, {"passphrase": secret})


def collected(tmp_path: Path, found: Access, stream: str, since: date | None = None) -> Collected:
    asked = CONNECTOR.questions(found, Asking(NOW, since=since))
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOW)


def test_archives_of_the_days_are_backups_of_a_whole_repository(
    tmp_path: Path, repository: Path
) -> None:
    """One that was broken off is none; those of earlier days belong to an earlier collection."""
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    found = collected(tmp_path, access(repository), "borg/backups", since=date(2026, 3, 3))

    said = [(row["occurred_at"], row["subject"], row["is_success"]) for row in found.of(BACKUPS)]
    assert found.outcome == "complete"
    assert said == [("2026-03-03 02:00:00", "data", False), ("2026-03-04 02:00:00", "data", True)]
    assert {row["is_encrypted"] for row in found.of(BACKUPS)} == {True}
    assert found.covers[BACKUPS] == Cover(date(2026, 3, 3), date(2026, 3, 4))
    after = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    assert set(after) == set(before)
    assert [path.name for path in before if before[path] != after[path]] in ([], ["nonce"])


def test_a_damaged_repository_has_no_good_backup(tmp_path: Path, repository: Path) -> None:
    """That is a fact; and days long gone are not vouched for."""
    segment = max((repository / "data" / "0").iterdir(), key=lambda each: each.stat().st_size)
    content = segment.read_bytes()
    segment.write_bytes(content[:500] + bytes([content[500] ^ 1]) + content[501:])

    found = collected(tmp_path, access(repository), "borg/backups", since=date(2026, 1, 1))

    assert found.outcome == "complete"
    assert {row["is_success"] for row in found.of(BACKUPS)} == {False}
    assert "may have been removed" in found.covers[BACKUPS].missing
    assert not found.covers[BACKUPS].is_whole


def test_a_check_that_could_not_run_leaves_it_open(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither whole nor damaged."""
    ended = Ended(2, b"", "Connection closed by remote host")
    monkeypatch.setattr("reperform.connectors.borg.backups.run", lambda *_: ended)

    found = collected(tmp_path, access(repository), "borg/backups", since=date(2026, 3, 4))

    assert found.outcome == "partial"
    assert [row["is_success"] for row in found.of(BACKUPS)] == [None]


def test_the_next_collection_begins_where_this_one_ended() -> None:
    """Without a hole; before a day is over there is nothing to ask."""
    found = access(Path("/srv/r"))
    seen = {("borg/backups", "/srv/r"): "2026-03-04"}

    today = CONNECTOR.questions(found, Asking(NOW, cursors=seen))
    tomorrow = CONNECTOR.questions(found, Asking(NOW + timedelta(days=1), cursors=seen))

    assert [one.stream for one in today] == ["borg/restore"]
    assert tomorrow[1].parameters == {"first": "2026-03-05", "last": "2026-03-05"}


def test_the_newest_archive_is_restored_and_compared(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file came back with its content, also one whose name is no text; none is left here."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    found = collected(tmp_path, access(repository), "borg/restore")

    (row,) = found.of(RESTORES)
    assert (row["is_success"], row["files"], row["files_compared"]) == (True, 4, 4)
    assert (row["files_different"], row["bytes"]) == (0, 22_003)
    assert row["backed_up_at"] == "2026-03-04 02:00:00"
    assert list(scratch.iterdir()) == []


def test_a_restore_of_other_content_is_no_success(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although borg itself says that all is well, and the size is the same."""

    def changing(found: Access, command: str, *arguments: str, archive: str, at: str) -> Ended:
        ended = run(found, command, *arguments, archive=archive, at=at)
        Path(at, "data", "deep", "b").write_bytes(b"b" * 20_000)
        return ended

    monkeypatch.setattr("reperform.connectors.borg.restore.run", changing)

    (row,) = collected(tmp_path, access(repository), "borg/restore").of(RESTORES)

    assert (row["is_success"], row["files"], row["files_different"]) == (False, 4, 1)


def test_an_archive_that_is_too_large_is_not_restored() -> None:
    """Judged by its list, before anything is written."""
    nodes = [{"path": name, "type": "-", "size": 60} for name in ("a", "b")]

    assert _unsafe(nodes, 119) == "it restores to 120 bytes, more than 119"
    assert _unsafe(nodes, 120) == ""


@pytest.mark.parametrize("path", ["/etc/x", "a/../../x", "link/x", "link/deep/x"])
def test_an_archive_whose_paths_lead_out_of_the_folder_is_not_restored(path: str) -> None:
    nodes = [{"path": "link", "type": "l", "size": 0}, {"path": path, "type": "-", "size": 1}]

    assert _unsafe(nodes, 10) == "it holds a path that leads out of its folder"


def test_a_repository_without_an_archive_or_a_passphrase_says_so(tmp_path: Path) -> None:
    """Nothing to restore is a fact."""
    borg(tmp_path, "init", "-e", "none", "empty")

    found = collected(tmp_path, access(tmp_path / "empty", secret=""), "borg/restore")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.collection.answers[0].absent == "there is no archive"


@pytest.mark.parametrize(
    ("secret", "name", "why"),
    [("not it", "repository", "is incorrect"), (SECRET, "none", "does not exist")],
)
def test_a_repository_that_does_not_open_is_refused(
    tmp_path: Path, repository: Path, secret: str, name: str, why: str
) -> None:
    """And no passphrase is shown."""
    found = collected(
        tmp_path, access(repository.parent / name, secret), "borg/backups", date(2026, 3, 3)
    )

    assert found.outcome == "refused"
    assert why in found.collection.reason
    assert SECRET not in json.dumps(found.collection.as_record())


def test_the_check_counts_the_archives(repository: Path) -> None:
    """By opening the repository."""
    assert CONNECTOR.check(access(repository)).reached == f"{repository}: 3 archives"
