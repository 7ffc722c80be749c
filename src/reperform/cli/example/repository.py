"""The example's git repository, made from the story of its changes by git fast-import."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from reperform.cli.example.signing import allowed_signer, signature
from reperform.cli.example.story import Change, Person, changes
from reperform.connectors.git.plumbing import Git

_NOWHERE = "0" * 40


def write_repository(told: Mapping[str, Any], folder: Path, *, until: date) -> None:
    """Make the repository as a server had it at the end of a day; one that is there is replaced.

    Args:
        told: what `repository.yaml` says.
        folder: where; bare, with the reflog that a server keeps.
        until: the last day of its history.

    Raises:
        GitMissingError: git is not installed, or too old to examine what was made.
    """
    Git(folder.parent).refuse_old()
    shutil.rmtree(folder, ignore_errors=True)
    branch = told["branch"]
    _git(folder.parent, "init", "-q", "--bare", "-b", branch, str(folder))
    story = list(changes(told, until=until))
    marks = folder / "marks"
    stream = _Stream(told)
    _git(folder, "fast-import", "--quiet", f"--export-marks={marks}", given=stream.commits(story))
    ids = dict(line.split() for line in marks.read_text("ascii").splitlines())
    marks.unlink()
    heads = [(change, ids[f":{mark}"]) for change, mark in stream.heads]
    _git(folder, "fast-import", "--quiet", given=_tags(told, heads))
    _write_reflog(folder / "logs" / "refs" / "heads" / branch, heads)


def write_signers(told: Mapping[str, Any], path: Path) -> None:
    """Write the keys of those who release, as `--signing-keys` takes them."""
    path.write_text("".join(map(allowed_signer, told["releases"]["taggers"])), "ascii")


class _Stream:
    """Commits in the form of fast-import, and what they leave on the branch."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self._ref = f"refs/heads/{told['branch']}"
        self._parts: list[bytes] = []
        self._mark = 0
        self.heads: list[tuple[Change, int]] = []

    def commits(self, story: list[Change]) -> bytes:
        """Return the stream of a first commit and every change after it."""
        first = story[0]
        self._commit(first.author, first.steps[0] - timedelta(days=3), "Begin\n", self._begin())
        for change in story:
            base = self._mark
            for step, at in enumerate(change.steps):
                text = f"{change.subject}\nChange {change.number}, step {step + 1}.\n"
                file = (f"{change.path}/change_{change.number:04}.txt", text)
                self._commit(change.author, at, change.message(step), [file])
            if change.merger:
                self._merge(change, base)
            self.heads.append((change, self._mark))
        return b"".join(self._parts)

    def _begin(self) -> list[tuple[str, str]]:
        owners = [f"/{area['path']}/ {area['owner']}\n" for area in self._told["areas"]]
        about = "Larkspur Invoicing, the invented product of an invented company.\n"
        return [("README.md", about), ("CODEOWNERS", "* ana@larkspur.example\n" + "".join(owners))]

    def _merge(self, change: Change, base: int) -> None:
        # The branch goes from `base` to the merge; the change's own commits are its second parent.
        assert change.merger  # noqa: S101 - the caller asked
        tip, self._mark = self._mark, self._mark + 1
        self._head(self._mark, change.merger, change.merged_at, change.merge_message)
        self._parts.append(f"from :{base}\nmerge :{tip}\n".encode())
        for step, _ in enumerate(change.steps):
            text = f"{change.subject}\nChange {change.number}, step {step + 1}.\n"
            self._file(f"{change.path}/change_{change.number:04}.txt", text)

    def _commit(
        self, author: Person, at: datetime, message: str, files: list[tuple[str, str]]
    ) -> None:
        before, self._mark = self._mark, self._mark + 1
        self._head(self._mark, author, at, message)
        if before:
            self._parts.append(f"from :{before}\n".encode())
        for path, text in files:
            self._file(path, text)

    def _head(self, mark: int, who: Person, at: datetime, message: str) -> None:
        stamp = f"{who} {int(at.timestamp())} +0000"
        self._parts.append(
            f"commit {self._ref}\nmark :{mark}\nauthor {stamp}\ncommitter {stamp}\n".encode()
            + _data(message.encode())
        )

    def _file(self, path: str, text: str) -> None:
        self._parts.append(f"M 644 inline {path}\n".encode() + _data(text.encode()))


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _tags(told: Mapping[str, Any], heads: list[tuple[Change, str]]) -> bytes:
    releases, parts = told["releases"], []
    major, minor = releases["first"].split(".")
    since = date.fromisoformat(told["first_day"])
    names = {each["email"]: each["name"] for each in told["authors"]}
    last: date | None = None
    for change, commit in heads:
        day = change.merged_at.date()
        if last and day < last + timedelta(days=releases["every_days"]):
            continue
        last, number = day, int(minor) + (day - since).days // releases["every_days"]
        email = releases["taggers"][number % len(releases["taggers"])]
        at = int((change.merged_at + timedelta(minutes=40)).timestamp())
        name, tagger = f"{major}.{number}", f"{names[email]} <{email}> {at} +0000"
        message = f"Larkspur Invoicing {name.removeprefix('v')}\n".encode()
        object_ = f"object {commit}\ntype commit\ntag {name}\ntagger {tagger}\n\n".encode()
        if day.isoformat() >= releases["signed_since"]:
            message += signature(object_ + message, email)
        parts.append(f"tag {name}\nfrom {commit}\ntagger {tagger}\n".encode() + _data(message))
    return b"".join(parts)


def _write_reflog(path: Path, heads: list[tuple[Change, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines, before = [], _NOWHERE
    for change, commit in heads:
        who = change.merger or change.author
        lines.append(f"{before} {commit} {who} {int(change.merged_at.timestamp())} +0000\tpush\n")
        before = commit
    path.write_text("".join(lines), "utf-8")


def _git(folder: Path, *arguments: str, given: bytes = b"") -> None:
    # No configuration but git's own: a user's hooks or templates would change what is made.
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    program = shutil.which("git")
    assert program  # noqa: S101 - Git found it
    subprocess.run(
        [program, *arguments],
        cwd=folder,
        input=given,
        check=True,
        capture_output=True,
        env={
            **kept,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": os.devnull,
        },
    )
