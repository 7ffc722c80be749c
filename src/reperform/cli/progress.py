"""Progress on long work: a bar on a terminal, plain lines elsewhere, always on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Steps:
    """So many steps of named work.  Use as a context; enter each step with `step`."""

    def __init__(self, total: int) -> None:
        self._console = Console(stderr=True)
        self._total, self._done = total, 0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show `name` while the block runs."""
        self._bar.update(self._task, description=name)
        if not self._console.is_terminal:
            line = f"[{self._done + 1}/{self._total}] {name}"
            self._console.print(line, markup=False, highlight=False)
        yield
        self._done += 1
        self._bar.update(self._task, advance=1)
