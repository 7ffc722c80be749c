"""The starter set: which of the library's controls a small company begins with, and why.

`library/starter.yaml` holds the judgment; here it is read and proven.  Security holds for every
scope, and each other category adds to it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reperform.base.front_matter import load_yaml
from reperform.base.problem import Problem
from reperform.catalog.controls import FAMILIES, Control
from reperform.catalog.criteria import CATEGORIES, CRITERION_IDS, category_of
from reperform.catalog.fields import FieldReader, shown

STARTER_FILE = "starter.yaml"


@dataclass(frozen=True, slots=True)
class StarterGroup:
    """What one family gives to the starter set for one category.

    Attributes:
        category: for which they are there, see `CATEGORIES`.
        family: see `FAMILIES`.
        controls: ids of those to begin with.
        why: what they do for the set.
        waits: what the others of the family are for, and when to take them up.
    """

    category: str
    family: str
    controls: tuple[str, ...]
    why: str
    waits: str

    @property
    def title(self) -> str:
        """Return what the family is about."""
        return FAMILIES[self.family]


def starter_groups(
    starter: Iterable[StarterGroup], categories: Collection[str]
) -> tuple[StarterGroup, ...]:
    """Return what is there for a scope: security, and what its other categories add."""
    return tuple(
        group for group in starter if group.category == "security" or group.category in categories
    )


def starter_ids(starter: Iterable[StarterGroup], categories: Collection[str]) -> frozenset[str]:
    """Return the ids of the controls to begin with for a scope."""
    return frozenset(
        name for group in starter_groups(starter, categories) for name in group.controls
    )


def read_starter(text: str, *, where: str, problems: list[Problem]) -> tuple[StarterGroup, ...]:
    """Return the starter set that the file says, by category; problems are appended.

    Raises:
        FrontMatterError: the file cannot be read as YAML.
    """
    value = load_yaml(text, where=where)
    file = FieldReader(value if isinstance(value, dict) else {}, where=where, problems=problems)
    found = []
    for category in CATEGORIES:
        for item in file.mappings(category):
            place = f"{where}: {category}: {item.get('family', '?')}"
            fields = FieldReader(item, where=place, problems=problems)
            group = StarterGroup(
                category=category,
                family=fields.choice("family", FAMILIES),
                controls=fields.texts("controls"),
                why=fields.text("why"),
                waits=fields.text("waits"),
            )
            fields.refuse_others()
            found.append(group)
    file.refuse_others()
    return tuple(found)


def unknown_controls(starter: Iterable[StarterGroup], controls: Iterable[Control]) -> list[Problem]:
    """Return which of the set are no controls, or are named under another family."""
    families = {control.id: control.family for control in controls}
    found = []
    for group in starter:
        where = f"{STARTER_FILE}: {group.category}: {group.family}"
        for name in group.controls:
            if name not in families:
                what, todo = f"there is no control {shown(name)}", "name one of the library"
                found.append(Problem(where, what, todo, "control-unknown"))
            elif families[name] != group.family:
                what = f"{name} is of the family {families[name]}"
                found.append(Problem(where, what, "move it there", "catalog-field"))
    return found


def starter_problems(starter: Sequence[StarterGroup], controls: Iterable[Control]) -> list[Problem]:
    """Return what keeps the set from being one to begin with.

    It is proven category by category, each with security alone: a scope need not hold the category
    that another one leans on.
    """
    if not starter:
        what, todo = "could not be read, or is not there", "name the controls to begin with"
        return [Problem(STARTER_FILE, what, todo, "starter-missing")]
    serves = {control.id: control.criteria for control in controls}
    found = []
    for category in CATEGORIES:
        where = f"{STARTER_FILE}: {category}"
        named = Counter(
            name for group in starter_groups(starter, [category]) for name in group.controls
        )
        found += [
            Problem(where, f"{name} is there twice", "name it once", "starter-twice")
            for name, times in named.items()
            if times > 1
        ]
        reached = {criterion for name in named for criterion in serves.get(name, ())}
        found += [
            Problem(where, f"no control of it reaches {criterion}", "add one", "starter-unserved")
            for criterion in CRITERION_IDS
            if category_of(criterion) == category and criterion not in reached
        ]
    return found


def starter_counted(starter: Sequence[StarterGroup], controls: Iterable[Control]) -> str:
    """Return in a line how many controls the set holds, and how firmly it reaches the criteria."""
    ids = starter_ids(starter, CATEGORIES)
    reached = Counter(
        name for control in controls if control.id in ids for name in control.criteria
    )
    security = len(starter_ids(starter, ()))
    added = ", ".join(
        f"{len(starter_ids(starter, [category])) - security} more for {category}"
        for category in CATEGORIES[1:]
    )
    firmly = sum(times > 1 for times in reached.values())
    return (
        f"{len(ids)} controls in the starter set: {security} for security, {added}; "
        f"{len(reached)} criteria reached, {firmly} of them by two or more"
    )
