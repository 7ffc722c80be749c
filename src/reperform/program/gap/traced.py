"""Which of the library's controls each register speaks of: `library/traces.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file

FILE = "traces.yaml"
TOPICS: Mapping[str, tuple[str, ...]] = {
    "people": ("checks", "training"),
    "assets": ("inventory", "disposal"),
    "access-reviews": ("reviews",),
    "incidents": ("judged", "lessons", "notices", "exercises"),
    "risks": ("assessment", "fraud", "change", "treatment"),
}
"""Register -> what it says something of.  The file has each of them, and nothing else."""


def traced(register: str, topic: str) -> tuple[str, ...]:
    """Return ids of the library's controls of which a register says something under `topic`."""
    return traces_of()[register][topic]


@cache
def traces_of(folder: Path | None = None) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what `folder`, by default our own library, lays down.

    Raises:
        LibraryMissingError: there is no library.
        LibraryRefusedError: the file says what cannot be.
    """
    said = load_yaml(read_library_file((folder or library_folder()) / FILE), where=FILE)
    try:
        return _read(said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LibraryRefusedError(
            f"{FILE} was not read: {error!r}"[:300],
            why="Without it nobody can say which control a register speaks of.",
            todo="correct the file, or install reperform again",
        ) from error


def _read(said: Any) -> Mapping[str, Mapping[str, tuple[str, ...]]]:  # noqa: ANN401 - YAML
    found = {
        str(register): {str(topic): tuple(map(str, ids)) for topic, ids in topics.items()}
        for register, topics in said.items()
    }
    if {register: tuple(topics) for register, topics in found.items()} != dict(TOPICS):
        raise ValueError(f"it names these and no others, in this order: {dict(TOPICS)}")
    return found
