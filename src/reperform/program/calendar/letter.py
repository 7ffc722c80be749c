"""The letter that reminds somebody: one a day at most, of what is late and what comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.program.work import Item

SOON = timedelta(days=7)
"""How long before its day something is named."""
MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Overdue:
    """A time that somebody else let pass, for whoever looks after the program."""

    code: str
    title: str
    due_on: date
    owner_name: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is to be reminded of.

    Attributes:
        items: their own work that is late or comes soon, in the order of its days.
        overdue: what is overdue of others; for a compliance manager only.
        today: the day of the letter.
    """

    items: tuple[Item, ...]
    overdue: tuple[Overdue, ...]
    today: date

    @property
    def is_empty(self) -> bool:
        """Nobody is written to about nothing."""
        return not self.items and not self.overdue

    @property
    def late(self) -> tuple[Item, ...]:
        """The items whose day is past."""
        return tuple(each for each in self.items if each.is_late(self.today))


def digest(items: Sequence[Item], overdue: Sequence[Overdue], *, today: date) -> Digest:
    """Return what is late or comes within a week; what has no day is no reminder."""
    near = tuple(each for each in items if each.due_on and each.due_on <= today + SOON)
    return Digest(near, tuple(overdue), today)


def letter(found: Digest, *, organization: str, url: str) -> tuple[str, str]:
    """Return subject and text.

    Args:
        found: not empty.
        organization: its name.
        url: of the organization's pages, without a slash at the end.
    """
    name = " ".join(organization.split())
    late = f", {len(found.late)} late" if found.late else ""
    subject = f"{name}: {len(found.items)} to do{late}"
    if not found.items:
        subject = f"{name}: {len(found.overdue)} overdue of others"
    return subject[:200], "\n".join(_lines(found, name, url)) + "\n"


def _lines(found: Digest, name: str, url: str) -> Iterator[str]:
    yield f"{name}, {found.today:%d %B %Y}"
    soon = [each for each in found.items if not each.is_late(found.today)]
    for title, items in (("Late", found.late), ("In the next seven days", soon)):
        if items:
            yield ""
            yield f"{title}:"
            yield from (f"- {_said(each)}" for each in items[:MOST_NAMED])
            yield from _more(len(items))
    if found.overdue:
        yield ""
        yield "Overdue, and others do it:"
        yield from (
            f"- {each.due_on}: {each.code} {' '.join(each.title.split())}"
            f" ({each.owner_name or 'nobody'})"
            for each in found.overdue[:MOST_NAMED]
        )
        yield from _more(len(found.overdue))
    yield ""
    yield f"{url}/calendar/"
    yield "This letter is sent at most once a day, and only when there is something in it."


def _said(each: Item) -> str:
    return f"{each.due_on}: {' '.join(each.what.split())} ({each.kind.lower()})"


def _more(count: int) -> Iterator[str]:
    if count > MOST_NAMED:
        yield f"- and {count - MOST_NAMED} more"
