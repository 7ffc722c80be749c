"""How many items a sample holds by how often a control operates: a table that a firm can change.

`library/sampling/frequency.yaml` holds the judgment; here it is read, proven and applied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reperform.base.front_matter import load_yaml
from reperform.base.problem import Problem
from reperform.catalog.controls import FREQUENCIES
from reperform.catalog.fields import FieldReader

SIZES_FILE = "sampling/frequency.yaml"
_PERCENT = 100
_PER_EVENT = "per event"
_PERIODIC = tuple(name for name in FREQUENCIES if name != _PER_EVENT)


@dataclass(frozen=True, slots=True)
class Sizes:
    """A size, and the next one up for a control that deviated in the period before."""

    usual: int
    after_deviations: int


@dataclass(frozen=True, slots=True)
class Statistical:
    """What a statistical sample is reckoned with unless somebody says otherwise."""

    risk: Fraction
    tolerable: Fraction
    expected_deviations: int
    finite_up_to: int


@dataclass(frozen=True, slots=True)
class SizeTable:
    """A firm's table.

    Attributes:
        periodic: by frequency.
        per_event: the least number of events that must be exceeded, descending, with its sizes.
        statistical: see `Statistical`.
    """

    periodic: Mapping[str, Sizes]
    per_event: Sequence[tuple[int, Sizes]]
    statistical: Statistical


@dataclass(frozen=True, slots=True)
class Size:
    """How many items to look at, whether these are all of them, and why so many."""

    items: int
    is_census: bool
    why: str


def size_by_frequency(
    table: SizeTable, frequency: str, population: int, *, deviated_before: bool = False
) -> Size:
    """Return how many of `population` items are looked at; of none, none."""
    if not population:
        return Size(0, is_census=True, why="the population is empty: there is nothing to look at")
    if frequency == _PER_EVENT:
        above, sizes = next(row for row in table.per_event if population > row[0])
        row = f"an event that occurred more than {above:,} times" if above else "so few events"
    else:
        sizes = table.periodic[frequency]
        row = f"a control that operates with frequency '{frequency}'"
    size = sizes.after_deviations if deviated_before else sizes.usual
    before = (
        ", the next size up because it deviated in the period before" if deviated_before else ""
    )
    if population <= size:
        why = f"all of {population:,}: no more than the {size:,} that {row} would ask for"
        return Size(population, is_census=True, why=f"{why}{before}")
    return Size(size, is_census=False, why=f"{size:,} of {population:,} for {row}{before}")


def read_sizes(text: str, *, where: str = SIZES_FILE) -> tuple[SizeTable | None, list[Problem]]:
    """Return the table that a file says, or None and what is wrong with it.

    Raises:
        FrontMatterError: the file cannot be read as YAML.
    """
    value = load_yaml(text, where=where)
    problems: list[Problem] = []
    file = FieldReader(value if isinstance(value, dict) else {}, where=where, problems=problems)
    periodic = dict(_periodic(file, where, problems))
    per_event = [_event_row(row, where, problems) for row in file.mappings("per_event")]
    statistical = _statistical(file, where, problems)
    file.refuse_others()
    problems += _holes(periodic, [above for above, _ in per_event], where)
    table = SizeTable(periodic, per_event, statistical)
    return (None if problems else table), problems


def _periodic(file: FieldReader, where: str, problems: list[Problem]) -> list[tuple[str, Sizes]]:
    rows = []
    for row in file.mappings("periodic"):
        fields = FieldReader(row, where=where, problems=problems)
        rows.append((fields.choice("frequency", _PERIODIC), _sizes(fields, where, problems)))
        fields.refuse_others()
    return rows


def _event_row(row: Mapping[str, object], where: str, problems: list[Problem]) -> tuple[int, Sizes]:
    fields = FieldReader(row, where=where, problems=problems)
    above = fields.number_or_none("above") or 0
    sizes = _sizes(fields, where, problems)
    fields.refuse_others()
    return above, sizes


def _sizes(fields: FieldReader, where: str, problems: list[Problem]) -> Sizes:
    usual = fields.number_or_none("size") or 0
    after = fields.number_or_none("after_deviations") or 0
    if not 1 <= usual <= after:
        what = f"size {usual:,} and after_deviations {after:,} are no sizes"
        todo = "write a size of at least 1, and after it one that is no smaller"
        problems.append(Problem(where, what, todo, "catalog-field"))
    return Sizes(usual, after)


def _statistical(file: FieldReader, where: str, problems: list[Problem]) -> Statistical:
    fields = FieldReader(file.mapping("statistical"), where=where, problems=problems)
    risk, tolerable = fields.number_or_none("risk") or 0, fields.number_or_none("tolerable") or 0
    expected = fields.number_or_none("expected_deviations") or 0
    finite = fields.number_or_none("finite_up_to") or 0
    fields.refuse_others()
    if not (0 < risk < _PERCENT and 0 < tolerable < _PERCENT and expected >= 0 and finite >= 0):
        what = "statistical holds numbers that cannot be"
        todo = "write risk and tolerable as whole percent from 1 to 99, the others from 0"
        problems.append(Problem(where, what, todo, "catalog-field"))
    return Statistical(Fraction(risk, _PERCENT), Fraction(tolerable, _PERCENT), expected, finite)


def _holes(periodic: Mapping[str, Sizes], above: Sequence[int], where: str) -> list[Problem]:
    found = []
    missing = [name for name in _PERIODIC if name not in periodic]
    if missing:
        what = f"periodic has no row for {', '.join(missing)}"
        found.append(Problem(where, what, "write one", "catalog-field"))
    if list(above) != sorted(set(above), reverse=True) or not above or above[-1] != 0:
        what = "per_event does not go down to above: 0, each number once"
        todo = "order the rows from the greatest number to 0"
        found.append(Problem(where, what, todo, "catalog-field"))
    return found
