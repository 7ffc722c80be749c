"""Real repositories, made by git in a folder of the test's own."""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from reperform.base.table import Cover
from reperform.connectors import git
from reperform.connectors.answer import Kept, Question

Tables = dict[str, list[dict[str, Any]]]
WHEN = 1_750_000_000  # 2025-06-15 15:06:40 UTC


@dataclass(frozen=True)
class KeptFile:
    """An answer in a file."""

    name: str
    asked: str
    refused: str
    absent: str
    blob: str
    path: Path

    def open(self) -> IO[bytes]:
        return self.path.open("rb")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests reaches git."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def run_git() -> Callable[..., str]:
    """Run git in a folder and return what it prints."""

    def run(folder: Path, *arguments: str, given: bytes = b"", when: int = WHEN) -> str:
        variables = {
            "GIT_AUTHOR_NAME": "Ana",
            "GIT_AUTHOR_EMAIL": "ana@example.org",
            "GIT_COMMITTER_NAME": "Ben",
            "GIT_COMMITTER_EMAIL": "ben@example.org",
            "GIT_AUTHOR_DATE": f"{when} +0000",
            "GIT_COMMITTER_DATE": f"{when} +0000",
        }
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given,
            env=os.environ | variables,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    return run


@pytest.fixture
def make(tmp_path: Path, run_git: Callable[..., str]) -> Callable[..., Path]:
    """Make an empty repository whose branch is `main`."""

    def made(name: str = "app", *options: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        run_git(folder, "init", "-q", "-b", "main", *options)
        return folder

    return made


@pytest.fixture
def commit(run_git: Callable[..., str]) -> Callable[..., str]:
    """Add a commit to `main` with that message, and return its id."""

    def committed(folder: Path, message: str | bytes = "Change\n", when: int = WHEN) -> str:
        text = message.encode() if isinstance(message, str) else message
        arguments = ("commit", "-q", "--allow-empty", "--allow-empty-message")
        run_git(folder, *arguments, "--cleanup=verbatim", "-F", "-", given=text, when=when)
        return run_git(folder, "rev-parse", "HEAD")

    return committed


@pytest.fixture
def raw_commit(run_git: Callable[..., str]) -> Callable[..., str]:
    """Make a commit of exactly these bytes, point `main` at it, and return its id."""

    def made(folder: Path, body: bytes) -> str:
        arguments = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
        name = run_git(folder, *arguments, given=body)
        # update-ref would refuse a commit that git itself cannot parse.
        path = folder / ".git/refs/heads/main"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n")
        return name

    return made


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[Question], list[Kept]]:
    """Put a question and keep each answer in a file."""

    def asked(question: Question) -> list[Kept]:
        folder = tmp_path / f"kept-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        kept: list[Kept] = []
        for number, answer in enumerate(question.ask()):
            path = folder / str(number)
            path.write_bytes(b"".join(answer.body))
            blob = hashlib.sha256(path.read_bytes()).hexdigest()
            if answer.refused or answer.absent:
                blob = ""
            kept.append(
                KeptFile(answer.name, answer.asked, answer.refused, answer.absent, blob, path)
            )
        return kept

    return asked


@pytest.fixture
def rows() -> Callable[[Sequence[Kept]], Tables]:
    """Shape kept answers: table name -> rows."""

    def shaped(kept: Sequence[Kept]) -> Tables:
        tables: Tables = {table.name: [] for table in git.SOURCE.tables}
        for row in git.SOURCE.shape(kept):
            tables[row.table].append({**row.values, "evidence_at": row.at})
        return tables

    return shaped


@pytest.fixture
def tables(
    ask: Callable[[Question], list[Kept]], rows: Callable[[Sequence[Kept]], Tables]
) -> Callable[..., Tables]:
    """Collect a repository and shape it."""

    def collected(repository: Path, **options: Any) -> Tables:  # noqa: ANN401 - as git.question
        return rows(ask(git.question(repository, **options)))

    return collected


@pytest.fixture
def cover(ask: Callable[[Question], list[Kept]]) -> Callable[..., dict[str, Cover]]:
    """Collect a repository on 10 September 2025 and say what that covers."""

    def covered(repository: Path, **options: Any) -> dict[str, Cover]:  # noqa: ANN401 - as above
        kept = ask(git.question(repository, **options))
        return dict(git.SOURCE.covers(kept, datetime(2025, 9, 10, 12, tzinfo=UTC)))

    return covered


@pytest.fixture
def unchanged() -> Iterator[Callable[[Path], None]]:
    """Remember a folder; after the test no file in it is new, gone or different."""
    before: dict[Path, dict[str, bytes]] = {}

    def state(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    def remember(folder: Path) -> None:
        before[folder] = state(folder)

    yield remember
    for folder, files in before.items():
        assert state(folder) == files
