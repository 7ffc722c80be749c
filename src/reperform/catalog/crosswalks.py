"""Crosswalks: which requirements of other frameworks a criterion's subject bears on, by id only.

One file of `library/crosswalks/` for each framework.  It holds ids and our own judgment of how
strongly they belong together, never a framework's text.  Every one of the 61 criteria is decided
in every file: mapped, or named under `none` with a reason, so that "there is no counterpart" is
never confused with "nobody looked".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.base.problem import Problem
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.fields import FieldReader, shown
from reperform.catalog.id_ranges import RangeError, expand_ids

FRAMEWORKS = (
    "ccpa",
    "cis-v8",
    "gdpr",
    "hipaa",
    "iso-iec-27001-2022",
    "nist-csf-2.0",
    "nist-sp-800-53-r5",
)
"""The frameworks that our own library maps to.  A file for another one is read like these."""

_DECISIONS = ("mapping", "none")
_ID = re.compile(r"[A-Z0-9][A-Za-z0-9.()-]*(?: [A-Za-z0-9.()-]+){0,2}")
_LONGEST_ID = 24


class Strength(StrEnum):
    """How far a criterion's subject reaches into a requirement's.

    Attributes:
        FULL: whoever meets the criterion's subject meets the requirement.
        PARTIAL: the criterion covers a part of the requirement; the rest is still to be shown.
        RELATED: both are about one matter, and evidence for one helps with the other; no more.
    """

    FULL = "full"
    PARTIAL = "partial"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework that criteria are mapped to.

    Attributes:
        slug: the name of its file.
        title: its name.
        version: which edition the ids are of.
        publisher: who publishes it.
        official: address of the publisher's own page.
        licence: what of it may be shown, and why.
        source: how our mapping was made.
        ids: every id at the level that we map to, in the framework's order.
    """

    slug: str
    title: str
    version: str
    publisher: str
    official: str
    licence: str
    source: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One criterion and one requirement that belong together."""

    criterion: str
    framework: str
    requirement: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class NoCounterpart:
    """A criterion that was looked at and has no counterpart in a framework."""

    criterion: str
    reason: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What one framework has to do with the 61 criteria.

    Attributes:
        framework: the framework.
        links: in the order of the criteria, the strongest of each first.
        none: the criteria without a link, in the same order.
    """

    framework: Framework
    links: tuple[Link, ...]
    none: tuple[NoCounterpart, ...]


def satisfies(crosswalks: Iterable[Crosswalk], criterion_id: str) -> tuple[Link, ...]:
    """Return what else a criterion serves: for each framework in turn, the strongest first.

    Raises:
        KeyError: it is none of the 61.
    """
    if criterion_id not in CRITERION_IDS:
        raise KeyError(criterion_id)
    return tuple(
        link
        for crosswalk in crosswalks
        for link in crosswalk.links
        if link.criterion == criterion_id
    )


def criteria_for(crosswalk: Crosswalk, requirement_id: str) -> tuple[Link, ...]:
    """Return which criteria bear on a requirement, in the standard's order; empty when none does.

    Raises:
        KeyError: the framework has no such id, which is not the same as an unmapped one.
    """
    if requirement_id not in crosswalk.framework.ids:
        raise KeyError(requirement_id)
    return tuple(link for link in crosswalk.links if link.requirement == requirement_id)


def read_crosswalk(text: str, *, slug: str, where: str, problems: list[Problem]) -> Crosswalk:
    """Return what the file of one framework says; problems are appended.

    Args:
        text: the file.
        slug: its name without `.yaml`.
        where: its name for messages.
        problems: what is wrong is added here; then the result is not to be used.

    Raises:
        FrontMatterError: the file cannot be read as YAML.
    """
    value = load_yaml(text, where=where)
    file = value if isinstance(value, dict) else {}
    head = {name: held for name, held in file.items() if name not in _DECISIONS}
    framework = _framework(head, where=where, problems=problems)
    if framework.slug and framework.slug != slug:
        what = f"is {shown(framework.slug)}"
        problems.append(Problem(f"{where}: framework", what, f"write {slug}", "catalog-field"))
    mapped, unmatched = (
        _by_criterion(file, name, where=where, problems=problems) for name in _DECISIONS
    )
    links = [
        link
        for criterion, entries in mapped.items()
        for link in _links(criterion, entries, framework, where=where, problems=problems)
    ]
    none = [
        NoCounterpart(criterion, _reason(criterion, reason, where=where, problems=problems))
        for criterion, reason in unmatched.items()
    ]
    problems += _undecided(mapped.keys(), unmatched.keys(), where=where)
    return Crosswalk(framework, tuple(links), tuple(none))


def _framework(head: Mapping[str, Any], *, where: str, problems: list[Problem]) -> Framework:
    fields = FieldReader(head, where=where, problems=problems)
    framework = Framework(
        slug=fields.text("framework"),
        title=fields.text("title"),
        version=fields.text("version"),
        publisher=fields.text("publisher"),
        official=fields.text("official"),
        licence=fields.text("licence"),
        source=fields.text("source"),
        ids=_universe(fields.texts("ids"), where=f"{where}: ids", problems=problems),
    )
    fields.refuse_others()
    if framework.official and not framework.official.startswith("https://"):
        what, todo = f"is {shown(framework.official)}", "write an address with https://"
        problems.append(Problem(f"{where}: official", what, todo, "catalog-field"))
    return framework


def _universe(entries: tuple[str, ...], *, where: str, problems: list[Problem]) -> tuple[str, ...]:
    """Return every id that `entries` stand for, each once."""
    ids: dict[str, None] = {}
    for entry in entries:
        try:
            expanded = list(expand_ids([entry]))
        except RangeError as error:
            what = f"{shown(entry)} is no range: {error}"
            problems.append(Problem(where, what, "name its first and last id", "id-range"))
            continue
        for name in expanded:
            if len(name) > _LONGEST_ID or not _ID.fullmatch(name):
                todo = "write the id alone, without a word of the requirement"
                problems.append(Problem(where, f"{shown(name)} is no id", todo, "catalog-field"))
            elif name in ids:
                what = f"{shown(name)} is there twice"
                problems.append(Problem(where, what, "remove one", "requirement-twice"))
            ids[name] = None
    return tuple(ids)


def _by_criterion(
    file: Mapping[str, Any], name: str, *, where: str, problems: list[Problem]
) -> dict[str, Any]:
    """Return what the file says for each criterion under `name`, in the standard's order."""
    held = file.get(name)
    place = f"{where}: {name}"
    if not isinstance(held, dict):
        what = "is missing or empty" if held is None else f"is {shown(held)}"
        todo = "write a mapping of criterion ids; {} when there is none"
        problems.append(Problem(place, what, todo, "catalog-field"))
        return {}
    problems += [
        Problem(place, f"there is no criterion {shown(key)}", "correct the id", "criterion-unknown")
        for key in held
        if key not in CRITERION_IDS
    ]
    return {criterion: held[criterion] for criterion in CRITERION_IDS if criterion in held}


def _links(
    criterion: str,
    entries: object,
    framework: Framework,
    *,
    where: str,
    problems: list[Problem],
) -> list[Link]:
    place = f"{where}: mapping"
    fields = FieldReader({criterion: entries}, where=place, problems=problems)
    links: dict[str, Link] = {}
    for item in fields.mappings(criterion):
        entry = FieldReader(item, where=f"{place}: {criterion}", problems=problems)
        name = entry.text("id")
        strength = entry.choice("strength", tuple(Strength))
        entry.refuse_others()
        if name in links:
            what = f"names {shown(name)} twice"
            problems.append(
                Problem(f"{place}: {criterion}", what, "remove one", "requirement-twice")
            )
        elif name and name not in framework.ids:
            what = f"there is no {shown(name)} among the ids of this framework"
            todo = "name one that it has"
            problems.append(Problem(f"{place}: {criterion}", what, todo, "requirement-unknown"))
        elif name and strength in tuple(Strength):
            links[name] = Link(criterion, framework.slug, name, Strength(strength))
    if entries == []:
        todo = "map it, or move it to `none` with the reason"
        problems.append(Problem(f"{place}: {criterion}", "holds nothing", todo, "catalog-field"))
    return sorted(links.values(), key=lambda link: list(Strength).index(link.strength))


def _reason(criterion: str, reason: object, *, where: str, problems: list[Problem]) -> str:
    fields = FieldReader({criterion: reason}, where=f"{where}: none", problems=problems)
    return fields.text(criterion)


def _undecided(mapped: Iterable[str], unmatched: Iterable[str], *, where: str) -> Iterable[Problem]:
    """Return the criteria that a file does not decide, and those that it decides twice."""
    known, given_up = set(mapped), set(unmatched)
    for criterion in CRITERION_IDS:
        if criterion not in known | given_up:
            todo = "map it, or name it under `none` with the reason"
            what = f"{criterion} is neither mapped nor under `none`"
            yield Problem(where, what, todo, "crosswalk-undecided")
        elif criterion in known & given_up:
            what = f"{criterion} is mapped and also under `none`"
            yield Problem(where, what, "remove one", "crosswalk-undecided")
