"""Asking a Linux host: files and programs, each answer whole, refused, or shown to be absent."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer
from reperform.connectors.programs import Said, TooMuchError, run_bounded

_FOLDERS = ("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin")
_SECONDS = 20
_LARGEST = 64 << 20
_SAID = 300


Run = Callable[[Sequence[str]], Said]
"""Argument vector, the program by its absolute path -> what it said; raises as `run_program`."""


def run_program(argv: Sequence[str]) -> Said:
    """Run a program without a shell and without input, for at most 20 seconds.

    Raises:
        TimeoutError: it did not end; it and what it started were killed.
        TooMuchError: it printed more than 64 MB; it and what it started were killed.
    """
    environment = {"LC_ALL": "C", "PATH": ":".join(_FOLDERS), "TERM": "dumb"}
    return run_bounded(argv, environment=environment, seconds=_SECONDS, most=_LARGEST)


@dataclass(frozen=True, slots=True)
class Machine:
    """The host that is asked.

    Attributes:
        root: where its file system is; tests prepare one.
        run: how a program is run.
    """

    root: Path = Path("/")
    run: Run = run_program

    def path(self, name: str) -> Path:
        """Return where the absolute path `name` is."""
        return self.root / name.lstrip("/")

    def observed(self) -> Answer:
        """Return who asked and when: every question begins with it."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        facts = {"at": now, "euid": os.geteuid()}
        return Answer("observed", "clock, geteuid", [canonical_json(facts)])

    def program(self, name: str) -> str | None:
        """Return the absolute path of a program, or None when it is in no usual folder."""
        for folder in _FOLDERS:
            if os.access(self.path(f"{folder}/{name}"), os.X_OK):
                return f"{folder}/{name}"
        return None

    def command(self, name: str, *arguments: str, absent: str = "") -> Answer:
        """Return what a program prints when it succeeds.

        Args:
            name: the program.
            arguments: its arguments.
            absent: what it means that the program is not there, when that is a fact; empty when
                it only means that the question cannot be asked.
        """
        label, asked = " ".join((name, *arguments)), " ".join((name, *arguments))
        program = self.program(name)
        if program is None:
            if absent:
                return Answer(label, asked, absent=f"{absent}: no {name} in {', '.join(_FOLDERS)}")
            return Answer(label, asked, refused=f"the program {name} is not installed")
        try:
            said = self.run((program, *arguments))
        except (TimeoutError, TooMuchError, OSError) as error:
            return Answer(label, asked, refused=str(error))
        if said.code != 0:
            why = said.words[:_SAID] or f"it ended with exit code {said.code}"
            return Answer(label, asked, refused=f"{program}: {why}")
        return Answer(label, asked, [said.output])

    def file(
        self, name: str, *, reduce: Callable[[bytes], bytes] | None = None, note: str = ""
    ) -> Answer:
        """Return a file's bytes.

        Args:
            name: absolute path.
            reduce: takes out what must not become evidence, before anything is kept.
            note: what `reduce` does, for the record of the request.
        """
        asked = f"{name} ({note})" if note else name
        try:
            path = self.path(name)
            if path.stat().st_size > _LARGEST:
                return Answer(name, asked, refused=f"it is larger than {_LARGEST:,} bytes")
            content = path.read_bytes()
        except FileNotFoundError:
            return Answer(name, asked, absent=f"{name} does not exist")
        except OSError as error:
            return Answer(name, asked, refused=f"{name}: {error.strerror}")
        return Answer(name, asked, [reduce(content) if reduce else content])

    def names(self, folder: str) -> tuple[list[str], Answer | None]:
        """Return the sorted names in a folder, or none and the answer that says why."""
        try:
            return sorted(path.name for path in self.path(folder).iterdir()), None
        except FileNotFoundError:
            return [], Answer(folder, folder, absent=f"{folder} does not exist")
        except OSError as error:
            return [], Answer(folder, folder, refused=f"{folder}: {error.strerror}")

    def files(self, folder: str) -> Iterable[Answer]:
        """Yield every ordinary file in a folder, or why it cannot be listed."""
        names, problem = self.names(folder)
        if problem:
            yield problem
        for name in names:
            if self.path(f"{folder}/{name}").is_file():
                yield self.file(f"{folder}/{name}")
