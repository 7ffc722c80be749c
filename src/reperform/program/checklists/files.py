"""The checklists of `library/checklists`, which an organization takes and makes its own."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reperform.base.front_matter import FrontMatterError, load_yaml
from reperform.base.problem import Problem
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file
from reperform.program.checklists import NAMES, Checklist, read_checklist

FOLDER = "checklists"


@cache
def checklist_library(folder: Path | None = None) -> Mapping[str, Checklist]:
    """Return the checklists of `folder`, by default of our own library, by name.

    Raises:
        LibraryMissingError: there is no library.
        LibraryRefusedError: a file is missing, cannot be read, or says what cannot be.
    """
    found, problems = read_checklist_library(folder or library_folder())
    if problems:
        raise LibraryRefusedError(
            f"the checklists were not read: first {problems[0]}",
            why="A step that is lost would be missing when somebody leaves.",
            todo=f"correct library/{FOLDER}, or install reperform again",
        )
    return found


def read_checklist_library(folder: Path) -> tuple[dict[str, Checklist], list[Problem]]:
    """Return the checklists that could be read, by name, and what is wrong with the files."""
    found: dict[str, Checklist] = {}
    problems: list[Problem] = []
    for name in NAMES:
        where = f"{FOLDER}/{name}.yaml"
        try:
            value = load_yaml(read_library_file(folder / where), where=where)
        except FrontMatterError as error:
            problems.append(Problem(where, error.what, error.todo[0], "catalog-unreadable"))
        except (OSError, UnicodeDecodeError) as error:
            what = f"was not read: {error}"
            problems.append(Problem(where, what, "correct the file", "catalog-unreadable"))
        else:
            found[name], wrong = read_checklist(value if isinstance(value, dict) else {}, name)
            problems += [Problem(f"{where}: {p.where}", p.what, p.todo, p.slug) for p in wrong]
    return found, problems
