"""Streams of what happened that are asked for in whole days (UTC), without gap or overlap."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Protocol, TypeVar

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Question
from reperform.connectors.contract import Asking
from reperform.connectors.kept import by_name, json_of

DAY = timedelta(days=1)
_DEFAULT_DAYS = 90
_REASONS = 5


def spans(
    asking: Asking,
    cursor: str,
    *,
    late: timedelta,
    at_once: int = 7,
    kept_days: int | None = None,
) -> list[tuple[date, date]]:
    """Return the first and last days of the questions to ask; 90 days where nobody names one.

    Args:
        asking: when, and since which day.
        cursor: last day of the question before, see `last_day`; empty for none.
        late: how long the source may take until it tells of what happened.
        at_once: days of one question.
        kept_days: for how many days the source keeps what it tells; None for ever.  What it
            keeps no longer is not asked for, and no question covers it.
    """
    last = (asking.at - late).date() - DAY
    default = asking.at.date() - timedelta(days=_DEFAULT_DAYS)
    first = date.fromisoformat(cursor) + DAY if cursor else asking.since or default
    if kept_days is not None:
        first = max(first, asking.at.date() - timedelta(days=kept_days - 1))
    found = []
    while first <= last:
        end = min(first + timedelta(days=at_once - 1), last)
        found.append((first, end))
        first = end + DAY
    return found


_Source = TypeVar("_Source")
_Asked_contra = TypeVar("_Asked_contra", contravariant=True)


class AskDays(Protocol[_Asked_contra]):
    """Asks what happened on the days from the first to the last, both included."""

    def __call__(self, source: _Asked_contra, /, *, first: date, last: date) -> Iterator[Answer]:
        """Yield the answers; they begin with `observed`, which says the days."""


def questions(
    stream: str,
    target: str,
    found: Sequence[tuple[date, date]],
    reach: Callable[[], _Source],
    ask: AskDays[_Source],
) -> list[Question]:
    """Return a question for each of the `spans` found.

    Args:
        stream: that they are of.
        target: what is asked.
        found: first and last days.
        reach: returns the source that `ask` is given; called when a question is put.
        ask: see `AskDays`.
    """

    def put(*, first: date, last: date) -> Iterator[Answer]:
        yield from ask(reach(), first=first, last=last)

    return [
        Question(
            stream,
            target,
            partial(put, first=first, last=last),
            {"first": str(first), "last": str(last)},
        )
        for first, last in found
    ]


def last_day(parameters: Mapping[str, str], _: Sequence[Kept]) -> str:
    """Return the last day of a question that was answered whole: the cursor of such a stream."""
    return parameters["last"]


def each_day(first: date, last: date) -> list[date]:
    """Return the days from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def covers_days(answers: Sequence[Kept], needed: Mapping[str, Sequence[str]]) -> dict[str, Cover]:
    """Return the days that `observed` says were asked for, unless something was refused.

    Args:
        answers: what was kept.
        needed: table -> beginnings of the names of the answers that it needs whole; `("",)` for
            all of them.
    """
    kept = by_name(answers).get("observed")
    facts = json_of(kept) if kept else None
    if not isinstance(facts, dict) or "first" not in facts:
        return {table: Cover(None, None, "nobody asked for days") for table in needed}
    first, last = (date.fromisoformat(str(facts[name])) for name in ("first", "last"))
    found = {}
    for table, names in needed.items():
        refused = [
            f"{answer.name}: {answer.refused}"
            for answer in answers
            if answer.refused and answer.name.startswith(tuple(names))
        ]
        said = "; ".join(refused[:_REASONS])
        found[table] = Cover(first, last, said, is_whole=not refused)
    return found


def remembered(cover: Cover, oldest: date) -> Cover:
    """Return a cover without the days before the oldest that the source still remembers."""
    if cover.last is None or (cover.first is not None and cover.first >= oldest):
        return cover
    said = f"the source remembers nothing from before {oldest}"
    missing = "; ".join(filter(None, [cover.missing, said]))
    if cover.last < oldest:
        return Cover(None, None, missing)
    return Cover(oldest, cover.last, missing, cover.of, is_whole=cover.is_whole)


def is_asked(facts: Mapping[str, object], at: str | None) -> bool:
    """Return whether a moment is on the days that were asked for; also one that nobody can read.

    Args:
        facts: of `observed`.
        at: as `kept.moment` returns it.
    """
    return at is None or str(facts.get("first")) <= at[:10] <= str(facts.get("last"))


def covers_history(answers: Sequence[Kept], tables: Sequence[str]) -> dict[str, Cover]:
    """Return all days from the first that was wanted to the last whole one, of a snapshot.

    Args:
        answers: what was kept; `observed` says `last`, and `first` where not all was wanted.
        tables: that it fills.
    """
    kept = by_name(answers).get("observed")
    facts = json_of(kept) if kept else None
    if not isinstance(facts, dict) or "last" not in facts:
        return {table: Cover(None, None, "nobody asked for days") for table in tables}
    refused = [f"{answer.name}: {answer.refused}" for answer in answers if answer.refused]
    first = date.fromisoformat(str(facts["first"])) if "first" in facts else None
    last, said = date.fromisoformat(str(facts["last"])), "; ".join(refused[:_REASONS])
    return {table: Cover(first, last, said, is_whole=not refused) for table in tables}
