"""`reperform catalog`: proves our own library, or a catalog that a user brings."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.catalog.check import problems_of
from reperform.catalog.criteria import CATEGORIES, CRITERION_IDS, DESCRIPTION_IDS
from reperform.catalog.imports.check import check_import
from reperform.catalog.imports.proof import Proof
from reperform.catalog.library import LibraryParts, library_folder, read_library
from reperform.catalog.licensed import load_official, unload_official
from reperform.catalog.starter import starter_counted
from reperform.program.controls.wording import read_wording
from reperform.program.description.files import read_description_library
from reperform.program.scope import parse_categories
from reperform.testing.library_check import problems_of_tests

_MOST_SHOWN = 200

catalog_app = typer.Typer(help="The criteria and controls that a program is examined against.")


@catalog_app.callback()
def _catalog() -> None:
    """The criteria and controls that a program is examined against."""


@catalog_app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A catalog in YAML, JSON or CSV, or a folder of such files. "
            "Without it, reperform's own library.",
            metavar="[FILE|DIR]",
        ),
    ] = None,
    categories: Annotated[
        str | None,
        typer.Option(
            help="Prove only the criteria of these categories, for example "
            "security,availability. All five when not given."
        ),
    ] = None,
) -> None:
    """Prove that a catalog holds the 61 Trust Services criteria, each once.

    Finds missing, repeated and invented ids, empty texts, trailing blanks and broken encoding.
    A catalog of controls is proven by the criteria that it refers to. Exits 0 when everything
    holds, and 1 with a list of problems.
    """
    if categories is not None and (path is None or _is_library(path)):
        raise typer.BadParameter("a library is proven whole; name a catalog's file", param_hint="")
    if path is None or _is_library(path):
        proof = _library_proof(path or library_folder())
    else:
        proof = check_import(path, categories=_asked(categories))
    _show(proof)
    raise typer.Exit(1 if proof.problems else 0)


@catalog_app.command()
def load(
    path: Annotated[
        Path,
        typer.Argument(
            help="The publisher's wording in YAML, JSON or CSV, or a folder of such files.",
            metavar="FILE|DIR",
        ),
    ],
    categories: Annotated[
        str | None,
        typer.Option(help="The categories that it must hold. All five when not given."),
    ] = None,
) -> None:
    """Show the official wording of the criteria, to which you hold a license, beside ours.

    It is kept in this installation's folder and shown on the pages of the criteria only: never in
    a report, a bundle, an export or an answer of the API. With any problem nothing is loaded and
    the exit code is 1.
    """
    proof = load_official(path, categories=_asked(categories))
    _show(proof)
    raise typer.Exit(1 if proof.problems else 0)


@catalog_app.command()
def unload() -> None:
    """Remove the official wording of the criteria from this installation."""
    was_there = unload_official()
    typer.echo("the official wording was removed" if was_there else "there was none")


def _is_library(path: Path) -> bool:
    """Tell a library, built as ours is, from a folder of files to import."""
    try:
        return (path / "criteria").is_dir()
    except (OSError, ValueError):
        return False


def _asked(categories: str | None) -> tuple[str, ...]:
    """Return the categories named, and security only when it is named.

    Raises:
        UnknownCategoryError: a name is not one of the five.
    """
    if categories is None:
        return CATEGORIES
    chosen = parse_categories(categories)
    named = {name.strip().casefold() for name in categories.split(",")}
    return tuple(name for name in chosen if name != "security" or name in named) or chosen


def _library_proof(folder: Path) -> Proof:
    parts = read_library(folder)
    controls = {control.id for control in parts.controls}
    description, of_description = read_description_library(folder)
    _, of_wording = read_wording(folder)
    problems = (
        *problems_of(parts, folder),
        *of_wording,
        *of_description,
        *problems_of_tests(folder / "tests", controls=controls),
    )
    counted = (
        *_counted(parts),
        f"{len(description.fields)} fields of the system description, each with guidance",
        *_tests_counted(folder / "tests"),
    )
    return Proof(counted, (), problems)


def _tests_counted(tests: Path) -> tuple[str, ...]:
    automatic, manual = (len(list(tests.rglob(f"*.{kind}"))) for kind in ("sql", "md"))
    return (f"{automatic} automatic and {manual} manual tests of controls",)


def _counted(parts: LibraryParts) -> tuple[str, ...]:
    ids = Counter(criterion.id for criterion in parts.criteria)
    once = sum(ids[name] == 1 for name in CRITERION_IDS)
    points = {point.id for criterion in parts.criteria for point in criterion.points_of_focus}
    addressed = points & {name for control in parts.controls for name in control.points_of_focus}
    described = {criterion.id for criterion in parts.description_criteria}
    served = {name for control in parts.controls for name in control.criteria}
    links = sum(len(crosswalk.links) for crosswalk in parts.crosswalks)
    return (
        f"{once} of {len(CRITERION_IDS)} criteria, each once, with {len(points)} points of focus",
        f"{len(described & set(DESCRIPTION_IDS))} of {len(DESCRIPTION_IDS)} description criteria",
        f"{len(parts.controls)} controls, each once",
        f"{len(served & set(CRITERION_IDS))} of {len(CRITERION_IDS)} criteria served by them",
        f"{len(addressed)} of {len(points)} points of focus addressed by them",
        starter_counted(parts.starter, parts.controls),
        f"{len(parts.policies)} policies that they rest on",
        f"{len(parts.crosswalks)} crosswalks to other frameworks, with {links:,} links",
    )


def _show(proof: Proof) -> None:
    """Print what was counted and the problems: a table on a terminal, a line for each elsewhere."""
    console = Console()
    for line in (*proof.counted, *(f"note: {note}" for note in proof.notes)):
        _print(console, line)
    shown = proof.problems[:_MOST_SHOWN]
    if shown and console.is_terminal:
        console.print(_table(console, shown))
    else:
        for problem in shown:
            _print(console, str(problem))
    count = len(proof.problems)
    if count > len(shown):
        _print(console, f"and {count - len(shown):,} more")
    _print(console, f"{count:,} problem{'' if count == 1 else 's'}" if count else "no problems")


def _print(console: Console, line: str) -> None:
    text = _printable(console, line)
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _table(console: Console, problems: Sequence[Problem]) -> Table:
    table = Table(title="Problems", title_justify="left")
    for name in ("where", "what", "what to do", "name"):
        table.add_column(name, overflow="fold")
    for problem in problems:
        cells = (problem.where, problem.what, problem.todo, problem.slug)
        table.add_row(*(Text(_printable(console, cell)) for cell in cells))
    return table


def _printable(console: Console, text: str) -> str:
    """Return `text` as the terminal's encoding can show it: what it cannot comes out as a code."""
    encoding = console.encoding
    return visible(text, limit=2_000).encode(encoding, "backslashreplace").decode(encoding)
