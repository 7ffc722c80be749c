"""The files of `library/criteria/`: one for each series, and one for DC 1 to 9."""

from collections.abc import Mapping, Sequence
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.base.problem import Problem
from reperform.catalog.criteria import (
    CATEGORIES,
    COSO_PRINCIPLES,
    DESCRIPTION_IDS,
    SERIES,
    Criterion,
    DescriptionCriterion,
    PointOfFocus,
    category_of,
)
from reperform.catalog.fields import FieldReader, shown

_POINTS_FEWEST, _POINTS_MOST = 3, 8


def read_series(
    text: str, *, series: str, where: str, problems: list[Problem]
) -> tuple[Criterion, ...]:
    """Return the criteria that the file of one series says; problems are appended.

    Raises:
        FrontMatterError: the file cannot be read as YAML.
    """
    items = _listed(text, "criteria", where=where, problems=problems)
    criteria = tuple(_criterion(item, where=where, problems=problems) for item in items)
    wanted = [f"{series}.{number}" for number in range(1, SERIES[series][1] + 1)]
    problems += _set_problems([criterion.id for criterion in criteria], wanted, where=where)
    return criteria


def read_description(
    text: str, *, where: str, problems: list[Problem]
) -> tuple[DescriptionCriterion, ...]:
    """Return DC 1 to 9 as the file says them; problems are appended.

    Raises:
        FrontMatterError: the file cannot be read as YAML.
    """
    found = []
    for item in _listed(text, "description_criteria", where=where, problems=problems):
        place = f"{where}: {item.get('id', '?')}"
        fields = FieldReader(item, where=place, problems=problems)
        criterion = DescriptionCriterion(
            id=fields.text("id"),
            title=fields.text("title"),
            guidance=fields.text("guidance"),
            fields=fields.texts("fields"),
            types=fields.numbers("types"),
        )
        fields.refuse_others()
        wanted = (2,) if criterion.id == "DC9" else (1, 2)
        if criterion.types != wanted:
            what, todo = f"is {list(criterion.types)}", f"write {list(wanted)}"
            problems.append(Problem(f"{place}: types", what, todo, "catalog-field"))
        found.append(criterion)
    ids = [criterion.id for criterion in found]
    problems += _set_problems(ids, DESCRIPTION_IDS, where=where)
    return tuple(found)


def _listed(text: str, name: str, *, where: str, problems: list[Problem]) -> list[dict[str, Any]]:
    value = load_yaml(text, where=where)
    fields = FieldReader(value if isinstance(value, dict) else {}, where=where, problems=problems)
    items = fields.mappings(name)
    fields.refuse_others()
    return items


def _criterion(item: Mapping[str, Any], *, where: str, problems: list[Problem]) -> Criterion:
    place = f"{where}: {item.get('id', '?')}"
    fields = FieldReader(item, where=place, problems=problems)
    criterion = Criterion(
        id=fields.text("id"),
        title=fields.text("title"),
        text=fields.text("text"),
        category=fields.choice("category", CATEGORIES),
        coso=fields.number_or_none("coso"),
        points_of_focus=tuple(
            _point(point, where=place, problems=problems)
            for point in fields.mappings("points_of_focus")
        ),
    )
    fields.refuse_others()
    problems += _facts(criterion, place)
    return criterion


def _point(item: Mapping[str, Any], *, where: str, problems: list[Problem]) -> PointOfFocus:
    place = f"{where}: points_of_focus: {item.get('id', '?')}"
    fields = FieldReader(item, where=place, problems=problems)
    point = PointOfFocus(id=fields.text("id"), label=fields.text("label"))
    fields.refuse_others()
    return point


def _facts(criterion: Criterion, place: str) -> list[Problem]:
    """Return where a criterion contradicts the standard, or its points are not in order."""
    found = []
    coso = COSO_PRINCIPLES.get(criterion.id)
    if criterion.coso != coso:
        what = f"is {criterion.coso or 'absent'}"
        todo = f"write {coso}" if coso else "remove it"
        found.append(Problem(f"{place}: coso", what, todo, "catalog-field"))
    if criterion.id.partition(".")[0] in SERIES and criterion.category != category_of(criterion.id):
        todo = f"write {category_of(criterion.id)}"
        what = f"is {shown(criterion.category)}"
        found.append(Problem(f"{place}: category", what, todo, "catalog-field"))
    ids = [point.id for point in criterion.points_of_focus]
    wanted = [f"{criterion.id}-{letter}" for letter in "abcdefgh"[: len(ids)]]
    if not _POINTS_FEWEST <= len(ids) <= _POINTS_MOST or ids != wanted:
        what = f"are {', '.join(map(shown, ids)) or 'absent'}"
        todo = f"give {_POINTS_FEWEST} to {_POINTS_MOST}, named {criterion.id}-a and on"
        found.append(Problem(f"{place}: points_of_focus", what, todo, "catalog-field"))
    return found


def _set_problems(ids: Sequence[str], wanted: Sequence[str], *, where: str) -> list[Problem]:
    """Return what keeps `ids` from being exactly `wanted`, in that order."""
    found = [
        Problem(where, f"{name} is missing", "add it", "criterion-missing")
        for name in wanted
        if name not in ids
    ]
    for index, name in enumerate(ids):
        if name not in wanted:
            todo = f"this file holds {wanted[0]} to {wanted[-1]}: remove it"
            found.append(Problem(where, f"{shown(name)} does not exist", todo, "criterion-unknown"))
        elif name in ids[:index]:
            found.append(Problem(where, f"{name} is there twice", "remove one", "criterion-twice"))
    if not found and list(ids) != list(wanted):
        found.append(Problem(where, "is not in order", "sort it by id", "catalog-field"))
    return found
