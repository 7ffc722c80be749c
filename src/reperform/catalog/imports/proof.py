"""Proves the entries of a catalog against the 61 ids."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reperform.base.problem import Problem
from reperform.catalog.criteria import (
    CATEGORIES,
    CRITERION_IDS,
    DESCRIPTION_IDS,
    category_of,
)
from reperform.catalog.fields import shown
from reperform.catalog.imports.entries import Entry
from reperform.catalog.imports.spelling import canonical_id

_NO_TEXT = {"", "-", "...", "?", "n/a", "na", "none", "null", "tbd", "tbc", "todo", "xxx"}
_MOST_SPELLINGS = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found.

    Attributes:
        counted: what was counted, in sentences, whether or not it is all.
        notes: what a reader should know and need not change.
        problems: what to put right.
    """

    counted: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def prove_criteria(entries: Sequence[Entry], *, categories: Collection[str], where: str) -> Proof:
    """Prove that `entries` are the criteria of `categories`, each once, each with a text.

    Args:
        entries: what the catalog holds.
        categories: the categories that must be there; entries of others are noted.
        where: the catalog's name, for what is missing.
    """
    problems: list[Problem] = []
    first: dict[str, Entry] = {}
    for entry in entries:
        name = canonical_id(entry.id)
        if name not in CRITERION_IDS and name not in DESCRIPTION_IDS:
            problems.append(_unknown(entry))
        elif name in first:
            what = f"{name} is there twice, first at {first[name].where}"
            problems.append(Problem(entry.where, what, "remove one", "criterion-twice"))
        elif name:
            first[name] = entry
        problems += _text_problems(entry)
    wanted = _wanted(categories)
    problems += _missing(first, categories, where)
    kept = [name for name in wanted if name in first]
    of = "criteria" if set(categories) == set(CATEGORIES) else f"criteria of {_said(categories)}"
    notes = [*_spellings(entries), *_beyond(first, wanted)]
    once = "" if any(problem.slug == "criterion-twice" for problem in problems) else ", each once"
    return Proof((f"{len(kept)} of {len(wanted)} {of}{once}",), tuple(notes), tuple(problems))


def prove_controls(entries: Sequence[Entry], *, categories: Collection[str], where: str) -> Proof:
    """Prove that the controls among `entries` reach every criterion of `categories`."""
    problems: list[Problem] = []
    first: dict[str, Entry] = {}
    reached: set[str] = set()
    for entry in entries:
        if not entry.id:
            problems.append(Problem(entry.where, "has no id", "give it one", "catalog-field"))
        elif entry.id in first:
            what = f"{shown(entry.id)} is there twice, first at {first[entry.id].where}"
            problems.append(Problem(entry.where, what, "remove one", "control-twice"))
        first.setdefault(entry.id, entry)
        problems += [*_text_problems(entry), *_reference_problems(entry)]
        reached |= {canonical_id(reference) or "" for reference in entry.references}
    wanted = _wanted(categories)
    unserved = [name for name in wanted if name not in reached]
    if unserved:
        what = f"no control serves {len(unserved)} of {len(wanted)} criteria: {', '.join(unserved)}"
        todo = "map a control to each, or leave a category out with --categories"
        problems.append(Problem(where, what, todo, "criterion-unserved"))
    said = (
        f"{len(first):,} controls, each once",
        f"{len(wanted) - len(unserved)} of {len(wanted)} criteria served by them",
    )
    return Proof(said, (), tuple(problems))


def _wanted(categories: Collection[str]) -> list[str]:
    return [name for name in CRITERION_IDS if category_of(name) in categories]


def _said(categories: Collection[str]) -> str:
    return ", ".join(name for name in CATEGORIES if name in categories)


def _unknown(entry: Entry) -> Problem:
    foreign = sorted({char for char in entry.id if not char.isascii()})
    named = ", ".join(f"U+{ord(char):04X}" for char in foreign[:5])
    what = f"{shown(entry.id)} is none of the 61 ids"
    if not entry.id.strip():
        what = "has no id"
    elif foreign:
        what += f": it is written with {named}"
    todo = "correct the id, or remove the entry: points of focus belong below their criterion"
    return Problem(entry.where, what, todo, "criterion-unknown")


def _text_problems(entry: Entry) -> list[Problem]:
    todo = "write what it asks for"
    if not entry.texts:
        return [Problem(entry.where, f"{shown(entry.id)} has no text", todo, "text-empty")]
    return [
        Problem(cell.where, f"{shown(entry.id)} has no text here", todo, "text-empty")
        for cell in entry.texts
        if all(text.strip().casefold() in _NO_TEXT for text in cell.texts)
    ]


def _reference_problems(entry: Entry) -> list[Problem]:
    todo = "name criteria as in CC6.1"
    if not entry.references:
        what = f"{shown(entry.id)} refers to no criterion"
        return [Problem(entry.where, what, todo, "criterion-unserved")]
    return [
        Problem(
            entry.where,
            f"{shown(entry.id)} refers to {shown(reference)}, which does not exist",
            todo,
            "criterion-unknown",
        )
        for reference in entry.references
        if canonical_id(reference) not in CRITERION_IDS
    ]


def _missing(found: Collection[str], categories: Collection[str], where: str) -> list[Problem]:
    """Return one problem for each category that lacks criteria, and one for DC 1 to 9."""
    problems = []
    for category in CATEGORIES:
        wanted = _wanted([category]) if category in categories else []
        lacking = [name for name in wanted if name not in found]
        if lacking:
            what = f"{len(lacking)} of {len(wanted)} {category} criteria are missing: "
            todo = "add them"
            if len(lacking) == len(wanted):
                todo += ", or leave the category out with --categories"
            problems.append(Problem(where, what + ", ".join(lacking), todo, "criterion-missing"))
    absent = [name for name in DESCRIPTION_IDS if name not in found]
    if absent and len(absent) < len(DESCRIPTION_IDS):
        what = f"{len(absent)} of 9 description criteria are missing: {', '.join(absent)}"
        problems.append(Problem(where, what, "add them", "criterion-missing"))
    return problems


def _spellings(entries: Iterable[Entry]) -> list[str]:
    """Return a note on the ids that were read in another spelling than the standard's."""
    pairs = [(entry.id, canonical_id(entry.id)) for entry in entries]
    other = [f"{shown(raw)} as {name}" for raw, name in pairs if name and name != raw.strip()]
    if not other:
        return []
    more = f" and {len(other) - _MOST_SPELLINGS} more" if len(other) > _MOST_SPELLINGS else ""
    named = ", ".join(other[:_MOST_SPELLINGS])
    return [f"{len(other):,} ids are spelled differently and were read: {named}{more}"]


def _beyond(found: Collection[str], wanted: Collection[str]) -> list[str]:
    beyond = [name for name in CRITERION_IDS if name in found and name not in wanted]
    described = sum(name in found for name in DESCRIPTION_IDS)
    notes = [f"{len(beyond)} criteria of other categories are there too"] if beyond else []
    return notes + ([f"{described} of 9 description criteria are there too"] if described else [])
