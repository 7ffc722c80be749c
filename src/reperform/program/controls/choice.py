"""What to begin with: the starter set, or all that the library proposes for the scope."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reperform.catalog.criteria import Criterion
from reperform.program.controls.document import State
from reperform.program.controls.listing import ControlFilter, ControlRow, listed


@dataclass(frozen=True, slots=True)
class Choice:
    """What an organization would have after it adopted one of the two beside what it has.

    Attributes:
        name: `starter` or `all`.
        query: what narrows the list of controls to those that would be adopted.
        count: how many would be adopted.
        controls: how many would then serve a criterion in scope.
        criteria: how many criteria are in scope and applicable.
        firmly: how many of those two controls or more would serve.
        unserved: ids of those that none would.
        points: how many points of focus those criteria have.
        open_points: how many of the points no control would address; they are guidance, and no
            requirements.
    """

    name: str
    query: str
    count: int
    controls: int
    criteria: int
    firmly: int
    unserved: tuple[str, ...]
    points: int
    open_points: int


_QUERIES = {
    "starter": "state=proposed&needed=yes&starter=yes",
    "all": "state=proposed&needed=yes",
}


def choices(rows: Sequence[ControlRow], criteria: Iterable[Criterion]) -> tuple[Choice, ...]:
    """Return the two, the starter set first.

    Args:
        rows: every control, see `control_rows`.
        criteria: those in scope and applicable.
    """
    wanted = tuple(criteria)
    proposed = listed(rows, ControlFilter(state=State.PROPOSED.value, needed="yes"))
    starter = listed(proposed, ControlFilter(starter="yes"))
    adopted = listed(rows, ControlFilter(state=State.ADOPTED.value, needed="yes"))
    return (
        _choice("starter", starter, adopted, wanted),
        _choice("all", proposed, adopted, wanted),
    )


def _choice(
    name: str,
    added: Collection[ControlRow],
    adopted: Collection[ControlRow],
    criteria: Collection[Criterion],
) -> Choice:
    documents = [row.document for row in (*adopted, *added)]
    serving = Counter(criterion for document in documents for criterion in document.criteria)
    addressed = {point for document in documents for point in document.points_of_focus}
    points = [point.id for criterion in criteria for point in criterion.points_of_focus]
    return Choice(
        name=name,
        query=_QUERIES[name],
        count=len(added),
        controls=len(documents),
        criteria=len(criteria),
        firmly=sum(serving[each.id] > 1 for each in criteria),
        unserved=tuple(each.id for each in criteria if not serving[each.id]),
        points=len(points),
        open_points=sum(point not in addressed for point in points),
    )
