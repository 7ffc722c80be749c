"""What a test of a control is given: declared tables as files, and what they cover."""

from dataclasses import dataclass
from pathlib import Path

from reperform.base.table import Cover, TableSpec


@dataclass(frozen=True, slots=True)
class TableInput:
    """One table.

    Attributes:
        spec: its declaration.
        path: its Parquet file; None when it was never collected.
        sha256: of that file; empty when there is none.
        covers: the days that each collection vouches for.
        refused: why every collection that should feed it was refused; empty when not all were.
        partly: why some of them were refused; empty when none was.
    """

    spec: TableSpec
    path: Path | None
    sha256: str
    covers: tuple[Cover, ...]
    refused: str = ""
    partly: str = ""
