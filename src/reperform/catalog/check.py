"""Checks the library: the exact set, every field, every reference, and how it is written."""

import re
from collections.abc import Mapping
from pathlib import Path

from reperform.base.problem import Problem
from reperform.catalog.controls import Control
from reperform.catalog.criteria import CRITERION_IDS, SERIES, category_of
from reperform.catalog.crosswalks import FRAMEWORKS, Crosswalk
from reperform.catalog.flaws import file_problems
from reperform.catalog.library import LibraryParts, read_library, read_library_file
from reperform.catalog.policies import POLICIES_FILE
from reperform.catalog.policy_templates import template_problems
from reperform.catalog.starter import STARTER_FILE, starter_problems

FEWEST_CONTROLS = 60
_CRITERIA = {f"{name}.yaml" for name in (*SERIES, "description")}
_WORDS = (25, 220)

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_FREQUENCY_WORDS: Mapping[str, str] = {
    "per event": r"\beach\b|\bevery\b|\bbefore\b|\bwhen|\bafter\b|\bupon\b|\bon\b|\bany\b|within",
    "daily": r"dail|nightl|\b(each|every|one|per|working|business) (\w+ )?(day|night)|24 hours",
    "weekly": r"week|7 days|(each|every|on) (mon|tues|wednes|thurs|fri|satur|sun)day",
    "monthly": r"month|30 days",
    "quarterly": r"quarter|three months|90 days",
    "annual": rf"annual|year|12 months|365 days|\b(each|every|in) ({_MONTHS})\b",
}
"""One of these is in the text of a control that says how often.

A lint, not a proof.  A continuous control is a state, and its text need not say that it lasts.
"""


def check_library(folder: Path) -> list[Problem]:
    """Return everything that is wrong with the library in `folder`, sorted by file."""
    return problems_of(read_library(folder), folder)


def problems_of(parts: LibraryParts, folder: Path) -> list[Problem]:
    """Return everything that is wrong with a library of which `parts` could be read."""
    problems = list(parts.problems)
    for control in parts.controls:
        problems += incomplete(control)
        problems += prose_problems(control)
    problems += coverage_problems(parts.controls)
    problems += policy_problems(parts)
    problems += template_problems(parts.templates, parts.policies)
    problems += starter_problems(parts.starter, parts.controls)
    problems += crosswalk_problems(parts.crosswalks)
    for name in ("criteria", "controls", "crosswalks", "policies"):
        for path in sorted(folder.glob(f"{name}/*")):
            problems += _file(path, folder)
    if (folder / STARTER_FILE).is_file():
        problems += _written(folder / STARTER_FILE, where=STARTER_FILE)
    return sorted(set(problems))


def _file(path: Path, folder: Path) -> list[Problem]:
    where = path.relative_to(folder).as_posix()
    is_known = {
        "criteria": path.name in _CRITERIA,
        "controls": path.suffix == ".md",
        "crosswalks": path.suffix == ".yaml",
        "policies": path.name == Path(POLICIES_FILE).name or path.suffix == ".md",
    }
    if not is_known[path.parent.name] or not path.is_file():
        todo = "remove it: nothing reads it"
        return [Problem(where, "is no file of the library", todo, "catalog-unreadable")]
    return _written(path, where=where)


def _written(path: Path, *, where: str) -> list[Problem]:
    """Return what is wrong with how a file is written."""
    try:
        return file_problems(read_library_file(path), where=where)
    except (OSError, UnicodeDecodeError):
        return []  # read_library has said so


def coverage_problems(controls: tuple[Control, ...]) -> list[Problem]:
    """Return whether there are enough controls, and which common criteria none reaches."""
    found = []
    if len(controls) < FEWEST_CONTROLS:
        what = f"there are {len(controls)} controls"
        todo = f"a program needs about {FEWEST_CONTROLS} or more: write the missing ones"
        found.append(Problem("controls", what, todo, "controls-few"))
    reached = {criterion for control in controls for criterion in control.criteria}
    unserved = [
        name for name in CRITERION_IDS if category_of(name) == "security" and name not in reached
    ]
    if unserved:
        what = f"no control serves {len(unserved)} common criteria: {', '.join(unserved)}"
        found.append(Problem("controls", what, "write one for each", "criterion-unserved"))
    return found


def crosswalk_problems(crosswalks: tuple[Crosswalk, ...]) -> list[Problem]:
    """Return which of the frameworks that we map to have no file that could be read."""
    read = {crosswalk.framework.slug for crosswalk in crosswalks}
    what, todo = "could not be read, or is not there", "add it, or correct what is said of it"
    return [
        Problem(f"crosswalks/{slug}.yaml", what, todo, "crosswalk-missing")
        for slug in FRAMEWORKS
        if slug not in read
    ]


def policy_problems(parts: LibraryParts) -> list[Problem]:
    """Return whether the policies are there, and which of them no control carries out."""
    if not parts.policies:
        what, todo = "could not be read, or is not there", "list the policies that controls rest on"
        return [Problem(POLICIES_FILE, what, todo, "policies-missing")]
    carried_out = {name for control in parts.controls for name in control.policies}
    return [
        Problem(
            f"{POLICIES_FILE}: {policy.id}",
            "no control carries it out",
            "name it in the controls that it demands",
            "policy-unserved",
        )
        for policy in parts.policies
        if policy.id not in carried_out
    ]


def incomplete(control: Control) -> list[Problem]:
    """Return what a control of ours must say and does not.

    Reading does not ask for it: a bundle may hold a library from before these fields were there,
    and must still be examined as it was.
    """
    asked = (
        ("points_of_focus", control.points_of_focus, "name those that its text addresses"),
        ("policies", control.policies, f"name those of {POLICIES_FILE} that demand it"),
        ("population", control.population, "say every what an auditor would take, and from where"),
    )
    return [
        Problem(f"controls/{control.id}.md: {name}", "is missing", todo, "control-incomplete")
        for name, value, todo in asked
        if not value
    ]


def prose_problems(control: Control) -> list[Problem]:
    """Return what keeps the text of a control from being one that an auditor could test."""
    where, found = f"controls/{control.id}.md", []
    words = len(control.text.split())
    fewest, most = _WORDS
    if control.text and not fewest <= words <= most:
        what, todo = f"has {words} words", f"write {fewest} to {most}"
        found.append(Problem(where, what, todo, "control-prose"))
    if len(control.text.split("\n\n")) > 2:  # noqa: PLR2004 - one paragraph or two
        what, todo = "has more than two paragraphs", "say it in one or two"
        found.append(Problem(where, what, todo, "control-prose"))
    pattern, said = _FREQUENCY_WORDS.get(control.frequency), " ".join(control.text.split())
    if said and pattern and not re.search(pattern, said, re.IGNORECASE):
        what = f"does not say in its text that it is {control.frequency}"
        found.append(Problem(where, what, "say how often", "control-prose"))
    return found
