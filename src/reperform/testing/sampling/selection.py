"""Which items a sample holds: decided by the population itself, and drawn again by anyone.

Nobody picks.  The seed is made of the engagement, the control and the digest of the frozen
population; the population in order of time is cut into contiguous runs, and one item of each run
is drawn.  Another population has another digest, and with it another sample, visibly.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reperform.base.refusal import RefusalError


class SelectionRefusedError(RefusalError):
    """A sample that cannot be drawn so that others draw the same."""

    slug = "selection-refused"


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """An item of a population: when it occurred, None sorting first, and its identifier."""

    occurred_at: datetime | None
    item: str


@dataclass(frozen=True, slots=True)
class Draw:
    """One drawn item, with all that is needed to draw it by hand.

    Attributes:
        run: its number, from 1.
        first: position of the run's first item in the ordered population, from 1.
        last: of its last.
        digest: SHA-256 of `seed|run`, hexadecimal.
        position: of the drawn item: `first` plus the remainder of the digest, as a number, divided
            by the length of the run.
        item: its identifier.
    """

    run: int
    first: int
    last: int
    digest: str
    position: int
    item: str


def selection_seed(*, engagement: str, control: str, population_sha256: str) -> str:
    """Return the seed: SHA-256 of the three, joined by `|`, in UTF-8; hexadecimal.

    Raises:
        SelectionRefusedError: one of them is empty or holds `|`, so that two joins could agree.

    >>> selection_seed(engagement="ENG-1", control="CHG-02", population_sha256="ab" * 32)[:12]
    'c4ac94557e52'
    """
    parts = (engagement, control, population_sha256)
    if not all(part and "|" not in part for part in parts):
        raise SelectionRefusedError(
            f"no seed was made of {' and '.join(map(repr, parts))}",
            why="A part that is empty or holds '|' would let two samples share a seed.",
            todo="give the engagement, the control and the digest, each without '|'",
        )
    return _sha256("|".join(parts))


def in_order(population: Sequence[Candidate]) -> list[Candidate]:
    """Return the population by time, then by identifier; what has no time comes first.

    Raises:
        SelectionRefusedError: an item is there twice, so that an order would not be the only one.
    """
    seen: set[str] = set()
    for each in population:
        if each.item in seen:
            raise SelectionRefusedError(
                f"no sample was drawn: {each.item!r} is in the population twice",
                why="Its two places could be exchanged, and another item would be drawn.",
                todo="give each item an identifier of its own",
            )
        seen.add(each.item)
    return sorted(population, key=_key)


def select(population: Sequence[Candidate], size: int, *, seed: str) -> tuple[Draw, ...]:
    """Return `size` items, one of each of as many contiguous runs of the ordered population.

    The runs are as equal as possible: the first ones have one item more when it does not divide.

    Raises:
        SelectionRefusedError: an item is there twice, or `size` is below 1 or above their number.
    """
    ordered = in_order(population)
    if not 1 <= size <= len(ordered):
        raise SelectionRefusedError(
            f"no sample of {size:,} was drawn from {len(ordered):,} items",
            why="A sample has at least one item and is no larger than its population.",
            todo="look at every item, or ask for fewer",
        )
    shortest, longer = divmod(len(ordered), size)
    draws, first = [], 1
    for run in range(1, size + 1):
        length = shortest + (run <= longer)
        digest = _sha256(f"{seed}|{run}")
        position = first + int(digest, 16) % length
        item = ordered[position - 1].item
        draws.append(Draw(run, first, first + length - 1, digest, position, item))
        first += length
    return tuple(draws)


def _key(candidate: Candidate) -> tuple[bool, float, str]:
    at = candidate.occurred_at
    return at is not None, 0.0 if at is None else at.timestamp(), candidate.item


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
