"""Checks a catalog that a user brings: a file, or a folder of files."""

from collections.abc import Collection
from itertools import islice
from pathlib import Path

from reperform.base.problem import Problem
from reperform.catalog.criteria import CATEGORIES
from reperform.catalog.imports.csv_rows import read_rows
from reperform.catalog.imports.entries import Entry, Found, Groups, entries_of
from reperform.catalog.imports.json_tree import parse_json
from reperform.catalog.imports.proof import Proof, prove_controls, prove_criteria
from reperform.catalog.imports.source import (
    LARGEST,
    SUFFIXES,
    catalog_files,
    decoded,
    read_source,
)
from reperform.catalog.imports.texts import line_problems, scalars, value_problems
from reperform.catalog.imports.tree_rows import rows_of_tree
from reperform.catalog.imports.unreadable import UnreadableError
from reperform.catalog.imports.yaml_tree import parse_yaml

_MOST_ENTRIES = 10_000
_MOST_FLAWS = 1_000


def check_import(path: Path, *, categories: Collection[str] = CATEGORIES) -> Proof:
    """Return what a catalog proves and everything that is wrong with it.

    Args:
        path: a file, or a folder whose files together are the catalog.
        categories: the categories whose criteria must be there.
    """
    return read_import(path, categories=categories)[0]


def read_import(path: Path, *, categories: Collection[str]) -> tuple[Proof, tuple[Entry, ...]]:
    """Return what `check_import` does, and the entries with the ids of criteria."""
    gathered = _Gathered()
    try:
        is_folder = path.is_dir()
        files = catalog_files(path) if is_folder else [path]
    except UnreadableError as error:
        return Proof((), (), (error.problem(),)), ()
    except (OSError, ValueError) as error:
        refused = UnreadableError(str(path), f"was not read: {error}", todo="name a file")
        return Proof((), (), (refused.problem(),)), ()
    for file in files:
        gathered.add(file, where=str(file))
    return gathered.proof(categories, where=str(path)), tuple(gathered.criteria)


class _Gathered:
    """What the files so far hold."""

    def __init__(self) -> None:
        self.criteria: list[Entry] = []
        self.controls: list[Entry] = []
        self.problems: list[Problem] = []
        self.without: list[str] = []
        self._bytes_left = LARGEST

    def add(self, file: Path, *, where: str) -> None:
        """Read one more file; what is wrong with it becomes problems."""
        try:
            raw = read_source(file, where=where, largest=self._bytes_left)
            self._bytes_left -= len(raw)
            text, problems = decoded(raw, where=where)
            self.problems += problems
            groups, problems = _parsed(text, where=where, suffix=file.suffix.lower())
        except UnreadableError as error:
            self.problems.append(error.problem())
            return
        self.problems += problems
        self._take(entries_of(groups), where)

    def _take(self, found: Found, where: str) -> None:
        if not found.criteria and not found.controls:
            self.without.append(where)
        if len(self.criteria) + len(self.controls) <= _MOST_ENTRIES:
            self.criteria += found.criteria
            self.controls += found.controls

    def proof(self, categories: Collection[str], *, where: str) -> Proof:
        """Return what all files together prove."""
        if len(self.criteria) + len(self.controls) > _MOST_ENTRIES:
            what, todo = f"holds more than {_MOST_ENTRIES:,} entries", "name a smaller file"
            return Proof((), (), (Problem(where, what, todo, "catalog-unreadable"),))
        parts = [
            prove(entries, categories=categories, where=where)
            for prove, entries in (
                (prove_criteria, self.criteria),
                (prove_controls, self.controls),
            )
            if entries
        ]
        problems = [*self.problems, *(problem for part in parts for problem in part.problems)]
        if not parts and (self.without or not problems):
            what = "no entry in it has the id of a criterion or refers to one"
            todo = "give each entry an id as in CC6.1, or a field `criteria` that names some"
            problems.append(Problem(where, what, todo, "catalog-empty"))
        notes = [f"{name} holds no criteria and no controls" for name in self.without if parts]
        return Proof(
            counted=tuple(said for part in parts for said in part.counted),
            notes=tuple(notes + [note for part in parts for note in part.notes]),
            problems=tuple(dict.fromkeys(problems)),
        )


def _parsed(text: str, *, where: str, suffix: str) -> tuple[Groups, list[Problem]]:
    """Return the rows of one file, and what is wrong with its texts.

    Raises:
        UnreadableError: it cannot be read as what its name says.
    """
    if suffix in (".csv", ".tsv"):
        groups, problems = read_rows(text, where=where)
        cells = [cell for rows in groups.values() for row in rows for cell in row.cells.values()]
        texts = ((cell.where, cell.text) for cell in cells)
        return groups, [*problems, *islice(value_problems(texts), _MOST_FLAWS)]
    if suffix == ".json":
        tree, builder = parse_json(text, where=where)
        problems = []
    elif suffix in (".yaml", ".yml"):
        tree, builder = parse_yaml(text, where=where)
        problems = [*line_problems(text, where=where)]
    else:
        named = ", ".join(SUFFIXES)
        what = "has a name that does not say what it is"
        raise UnreadableError(where, what, todo=f"use one of {named}")
    flaws = islice(value_problems(scalars(tree, where=where)), _MOST_FLAWS)
    return rows_of_tree(tree, where=where), [*problems, *builder.problems, *flaws]
