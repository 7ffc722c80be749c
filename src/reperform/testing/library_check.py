"""Checks the folder of tests of controls: both kinds together, and how manual ones are written."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from reperform.base.front_matter import FrontMatterError
from reperform.base.problem import Problem
from reperform.catalog.flaws import file_problems
from reperform.catalog.library import read_library_file
from reperform.testing.manual import ManualProcedure, read_manuals
from reperform.testing.procedure import ProcedureMalformedError, load_procedures

_VAGUE = re.compile(
    r"\b(?:as (?:appropriate|needed|necessary|required)|(?:if|where|when) (?:appropriate|necessary)"
    r"|periodic(?:ally)?|regular(?:ly)?|timely|adequate(?:ly)?|sufficient(?:ly)?"
    r"|from time to time|best practices?)\b",
    re.IGNORECASE,
)
"""Words that two auditors would read in two ways."""


def problems_of_tests(folder: Path, *, controls: Collection[str]) -> list[Problem]:
    """Return everything that is wrong with the tests of controls in `folder`, sorted by file.

    The SQL of the others is judged by `checker`, which needs to know the tables.

    Args:
        folder: the library's `tests`.
        controls: ids of the controls that exist.
    """
    manual, problems = read_manuals(folder)
    for procedure in manual:
        problems += manual_problems(procedure, controls=controls)
    problems += _ids_of_both(folder, manual)
    for path in sorted(folder.rglob("*")):
        problems += _file(path, path.relative_to(folder).as_posix())
    return sorted({replace(found, where=f"tests/{found.where}") for found in problems})


def manual_problems(procedure: ManualProcedure, *, controls: Collection[str]) -> list[Problem]:
    """Return what keeps a manual procedure from being performed by any auditor alike."""
    found = [
        Problem(
            f"{procedure.path}: {name}",
            f"says '{match[0].lower()}'",
            "say who, what, when and how many",
            "procedure-vague",
        )
        for name, text in _texts(procedure)
        for match in _VAGUE.finditer(text)
    ]
    if procedure.control and procedure.control not in controls:
        what, todo = f"there is no control {procedure.control}", "name the control that it tests"
        found.append(Problem(procedure.path, what, todo, "procedure"))
    return found


def _texts(procedure: ManualProcedure) -> Iterator[tuple[str, str]]:
    yield "title", procedure.title
    yield "population", procedure.population
    yield "completeness", procedure.completeness
    for text in procedure.request:
        yield "request", text
    yield "pass", procedure.passes
    yield "deviation", procedure.deviates
    yield "unable", procedure.unable
    yield "blind", procedure.blind
    for step in procedure.steps:
        yield f"step {step.number}", step.act
        for attribute in step.attributes:
            yield attribute.letter, attribute.text


def _ids_of_both(folder: Path, manual: tuple[ManualProcedure, ...]) -> list[Problem]:
    try:
        sql = {procedure.id: procedure.path for procedure in load_procedures(folder)}
    except (ProcedureMalformedError, FrontMatterError) as error:
        return [Problem("*.sql", error.what, error.todo[0], error.slug)]
    return [
        Problem(
            procedure.path,
            f"{procedure.id} is also the id of {sql[procedure.id]}",
            "give it the next number",
            "procedure",
        )
        for procedure in manual
        if procedure.id in sql
    ]


def _file(path: Path, where: str) -> list[Problem]:
    if path.is_dir():
        return []
    if path.suffix not in (".md", ".sql"):
        todo = "remove it: nothing reads it"
        return [Problem(where, "is no test of a control", todo, "procedure-malformed")]
    try:
        return file_problems(read_library_file(path), where=where)
    except (OSError, UnicodeDecodeError):
        return []  # the readers have said so
