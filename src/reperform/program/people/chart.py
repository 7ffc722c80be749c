"""The org chart of a day: who reports to whom, as lines and as a picture to be drawn.

Whoever leads nobody is a line in the box of the person they report to, so that a chart of
hundreds stays readable: it grows by managers, not by people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, INDENT, HEAD, ROW, GAP = 320, 36, 46, 18, 14
MOST_NAMES = 10
"""Names in a box; the others are counted, and stand in the list below the picture."""
_LONGEST = 44


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody who works there on the day.

    Attributes:
        number: of the person.
        name: of the person.
        position: what they are; may be empty.
        manager: number of whom they report to; None for nobody.
        is_contractor: by their contract.
    """

    number: int
    name: str
    position: str
    manager: int | None
    is_contractor: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chart as a nested list.

    Attributes:
        person: who it is.
        depth: 0 for who reports to nobody.
        leads: how many report to them.
        is_astray: whoever they report to does not work there on the day.
        closes: how many levels end after this line.
    """

    person: Placed
    depth: int
    leads: int
    is_astray: bool
    closes: range


def chart_lines(people: Iterable[Placed]) -> list[Line]:
    """Return everybody once, each below whom they report to, by name.

    Whoever reports to somebody who is not there stands at the top, and says so.
    """
    by_number = {each.number: each for each in people}
    below: dict[int | None, list[Placed]] = {}
    for each in sorted(by_number.values(), key=lambda person: (person.name, person.number)):
        is_known = each.manager in by_number and each.manager != each.number
        below.setdefault(each.manager if is_known else None, []).append(each)
    flat: list[tuple[Placed, int]] = []
    waiting = [(each, 0) for each in reversed(below.get(None, []))]
    while waiting:
        person, depth = waiting.pop()
        flat.append((person, depth))
        waiting += [(each, depth + 1) for each in reversed(below.get(person.number, []))]
    following = [depth for _, depth in flat[1:]] + [0]
    return [
        Line(
            person=person,
            depth=depth,
            leads=len(below.get(person.number, ())),
            is_astray=depth == 0 and person.manager is not None,
            closes=range(max(0, depth - after)),
        )
        for (person, depth), after in zip(flat, following, strict=False)
    ]


@dataclass(frozen=True, slots=True)
class Box:
    """One person who leads others, with those who lead nobody as text; pixels."""

    x: int
    y: int
    height: int
    number: int
    name: str
    position: str
    texts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be drawn; `links` are paths of SVG from each box to those below it."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    links: tuple[str, ...]


def picture(lines: Sequence[Line]) -> Picture:
    """Return where everything of a chart stands."""
    names: dict[int | None, list[str]] = {}
    for line in lines:
        if not line.leads:
            above = line.person.manager if line.depth else None
            astray = "manager not there" if line.is_astray else ""
            said = (line.person.name, line.person.position, astray)
            names.setdefault(above, []).append(_cut(", ".join(filter(None, said))))
    boxes: list[Box] = []
    links: list[str] = []
    open_: list[Box] = []
    y = GAP
    for line in lines:
        if not line.leads:
            continue
        person = line.person
        title = person.name + (" (manager not there)" if line.is_astray else "")
        box = _box(
            GAP + line.depth * INDENT,
            y,
            person.number,
            name=title,
            position=person.position,
            below=names.get(person.number, []),
        )
        del open_[line.depth :]
        if open_:
            upper = open_[-1]
            at = upper.x + GAP
            links.append(f"M{at} {upper.y + upper.height}V{y + HEAD // 2}H{box.x}")
        open_.append(box)
        boxes.append(box)
        y += box.height + GAP
    if None in names:
        title = "Report to nobody, lead nobody"
        box = _box(GAP, y, 0, name=title, position="", below=names[None])
        boxes.append(box)
        y += box.height + GAP
    width = max((box.x for box in boxes), default=0) + WIDTH + GAP
    return Picture(width, y, tuple(boxes), tuple(links))


def _box(x: int, y: int, number: int, *, name: str, position: str, below: list[str]) -> Box:
    shown = below if len(below) <= MOST_NAMES else below[: MOST_NAMES - 1]
    texts = [*shown, *([f"and {len(below) - len(shown)} more"] if len(below) > len(shown) else [])]
    return Box(
        x=x,
        y=y,
        height=HEAD + ROW * len(texts) + (8 if texts else 0),
        number=number,
        name=_cut(name),
        position=_cut(position),
        texts=tuple((y + HEAD + ROW * at + 12, text) for at, text in enumerate(texts)),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
