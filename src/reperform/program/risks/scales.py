"""An organization's own scales: what each likelihood and impact means, and how they are rated."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file

FIRST = "risks/scales.yaml"
FEWEST, MOST = 3, 7
"""Levels of a scale.  With two nothing is told apart; more than seven nobody tells apart."""
_SLUG = "risk-scales"


class Rating(StrEnum):
    """How much a risk matters, from the matrix of the scales."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def order(self) -> int:
        """Its place, from 0 for low."""
        return list(Rating).index(self)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale.

    Attributes:
        name: a word or two.
        meaning: how somebody recognizes it.
        loss_from: of an impact, the loss from which it counts, in whole units of money; None for
            not said.
        loss_to: the loss up to which it counts; None for not said, or for no end.
    """

    name: str
    meaning: str
    loss_from: int | None = None
    loss_to: int | None = None


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales of one version.

    Attributes:
        likelihood: levels from the least likely; level 1 is the first.
        impact: levels from the least.
        matrix: a row for each likelihood, with a rating for each impact.
        appetite: the highest rating that needs nobody's acceptance.
    """

    likelihood: tuple[Level, ...]
    impact: tuple[Level, ...]
    matrix: tuple[tuple[Rating, ...], ...]
    appetite: Rating

    def rating(self, likelihood: int, impact: int) -> Rating:
        """Return the rating of a pair of levels, each counted from 1.

        Raises:
            IndexError: there is no such level.
        """
        if likelihood < 1 or impact < 1:
            raise IndexError(f"levels are counted from 1: {likelihood}, {impact}")
        return self.matrix[likelihood - 1][impact - 1]

    def exceeds_appetite(self, rating: Rating) -> bool:
        """Return whether somebody must accept it, or do something about it."""
        return rating.order > self.appetite.order


def read_scales(content: Mapping[str, Any]) -> tuple[Scales, list[Problem]]:
    """Return the scales that `content` says, and what is wrong with them.

    With a problem among them, the scales are not to be used.
    """
    reader = Reader(content, _SLUG)
    reader.refuse_others(("likelihood", "impact", "matrix", "appetite"), "scales")
    likelihood = _levels(reader, "likelihood", has_loss=False)
    impact = _levels(reader, "impact", has_loss=True)
    matrix = _matrix(reader, len(likelihood), len(impact))
    appetite = reader.choice("appetite", Rating, Rating.MODERATE)
    return Scales(likelihood, impact, matrix, appetite), reader.problems


def _levels(reader: Reader, name: str, *, has_loss: bool) -> tuple[Level, ...]:
    said = reader.content.get(name)
    if not isinstance(said, list | tuple) or not FEWEST <= len(said) <= MOST:
        reader.problem(name, "is no list of levels", f"write {FEWEST} to {MOST} levels")
        return ()
    found = []
    for number, row in enumerate(said, start=1):
        if not isinstance(row, Mapping):
            reader.problem(name, f"level {number} is no level", "give it a name and a meaning")
            continue
        one = Reader(row, _SLUG)
        losses = ("loss_from", "loss_to") if has_loss else ()
        level = Level(
            one.line("name", needed="name the level", longest=40),
            one.line("meaning", needed="say how somebody recognizes it"),
            *(one.number(each, least=least) for least, each in enumerate(losses)),
        )
        if level.loss_to is not None and level.loss_to <= (level.loss_from or 0):
            one.problem("loss_to", "is not above where it begins", "write a larger loss")
        one.refuse_others(("name", "meaning", *losses), "a level")
        for each in one.problems:
            reader.problem(name, f"level {number}: {each.where} {each.what}", each.todo)
        found.append(level)
    if len({level.name for level in found}) != len(found):
        reader.problem(name, "has two levels of one name", "name each differently")
    return tuple(found)


def _matrix(reader: Reader, rows: int, columns: int) -> tuple[tuple[Rating, ...], ...]:
    said = reader.content.get("matrix")
    words = {each.value for each in Rating}
    fits = (
        isinstance(said, list | tuple)
        and len(said) == rows
        and all(isinstance(row, list | tuple) and len(row) == columns for row in said)
        and all(isinstance(cell, str) and cell in words for row in said for cell in row)
    )
    if not fits:
        todo = f"write {rows} rows of {columns} of: {', '.join(each.value for each in Rating)}"
        reader.problem("matrix", "is not a rating for each pair of levels", todo)
        return ()
    matrix = tuple(tuple(Rating(cell) for cell in row) for row in said or ())
    if not _rises(matrix) or not _rises(tuple(zip(*matrix, strict=True))):
        todo = "let a rating never fall when likelihood or impact rises"
        reader.problem("matrix", "rates something worse as less", todo)
    return matrix


def _rises(rows: Sequence[Sequence[Rating]]) -> bool:
    return all(before.order <= after.order for row in rows for before, after in pairwise(row))


def scales_content(scales: Scales) -> dict[str, Any]:
    """Return scales as JSON values, as `read_scales` reads them."""
    return {
        "likelihood": [{"name": each.name, "meaning": each.meaning} for each in scales.likelihood],
        "impact": [
            {name: value for name, value in asdict(each).items() if value is not None}
            for each in scales.impact
        ],
        "matrix": [[cell.value for cell in row] for row in scales.matrix],
        "appetite": scales.appetite.value,
    }


@cache
def first_scales() -> Scales:
    """Return the scales that a new organization begins with.

    Raises:
        LibraryRefusedError: the library's file is not what it should be.
    """
    text = read_library_file(library_folder() / FIRST)
    scales, problems = read_scales(load_yaml(text, where=FIRST))
    if problems:
        raise LibraryRefusedError(
            f"no scales of risks: {FIRST} is not what it should be",
            why="Risks that are judged by broken scales cannot be compared.",
            todo=[str(each) for each in problems],
        )
    return scales
