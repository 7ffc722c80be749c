"""A test of a control that a person performs: a head, and numbered steps with attributes.

See docs/spec/procedure.md for the format.  Such a procedure has no outcome of its own: it says
what to ask for, what to look at and what to write down, and the auditor does it.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from reperform.base.canonical import sha256_hex
from reperform.base.front_matter import FrontMatterError, split_front_matter
from reperform.base.problem import Problem
from reperform.catalog.fields import FieldReader, shown
from reperform.catalog.library import read_library_file
from reperform.testing.procedure import NATURES, ProcedureMalformedError

SELECTIONS = ("census", "by-frequency", "none")
"""Every item; as many as the table of sample sizes says; a single document or setting."""

FEWEST_ATTRIBUTES = 2

_ID = re.compile(r"([A-Z]{2,3}-\d{2})\.T[1-9]\d*", re.ASCII)
_STEP = re.compile(r"(\d+)\. (\S.*)", re.ASCII)
_ATTRIBUTE = re.compile(r" {3,4}- ([A-Z])\. (\S.*)", re.ASCII)
_CONTINUED = re.compile(r" {3,}(?!- |\d+\. )(\S.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is true or false of an item, to be written down under its letter."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One act, and what it shows."""

    number: int
    act: str
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class ManualProcedure:
    """One test of a control that a person performs.

    Attributes:
        id: the control's id and `.T<n>`, unique together with the SQL ones.
        title: what is tested, as a sentence.
        control: id of the control.
        nature: some of inquiry, observation, inspection, reperformance; never inquiry alone.
        population: which items, and the system that lists them.
        completeness: how the auditor learns that the list is complete and accurate.
        selection: one of `SELECTIONS`.
        request: what to ask the organization for, one document or list each.
        passes: when an item passes.
        deviates: when it deviates.
        unable: when evidence does not say.
        blind: what this procedure cannot see.
        steps: the acts, in order.
        sha256: digest of the whole file.
        path: where the file was read from, for messages.
    """

    id: str
    title: str
    control: str
    nature: tuple[str, ...]
    population: str
    completeness: str
    selection: str
    request: tuple[str, ...]
    passes: str
    deviates: str
    unable: str
    blind: str
    steps: tuple[Step, ...]
    sha256: str
    path: str

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Return what is written down for each item, in the order of the letters."""
        return tuple(attribute for step in self.steps for attribute in step.attributes)


def read_manual(text: str, *, where: str, problems: list[Problem]) -> ManualProcedure:
    """Return the manual procedure that a file says; what is wrong with it goes to `problems`.

    Args:
        text: the file's content.
        where: the file's name, for messages.
        problems: is appended to.

    Raises:
        FrontMatterError: it has no head that can be read.
    """
    head, body = split_front_matter(text, where=where)
    fields = FieldReader(head, where=where, problems=problems)
    procedure = ManualProcedure(
        id=fields.text("id"),
        title=fields.text("title"),
        control=fields.text("control"),
        nature=fields.texts("nature"),
        population=fields.text("population"),
        completeness=fields.text("completeness"),
        selection=fields.choice("selection", SELECTIONS),
        request=fields.texts("request"),
        passes=fields.text("pass"),
        deviates=fields.text("deviation"),
        unable=fields.text("unable"),
        blind=fields.text("blind"),
        steps=_steps(body, where, problems),
        sha256=sha256_hex(text.encode()),
        path=where,
    )
    fields.refuse_others()
    problems += _head_problems(procedure)
    problems += _step_problems(procedure)
    return procedure


def load_manual(folder: Path) -> tuple[ManualProcedure, ...]:
    """Return every manual procedure below `folder`, sorted by id.

    Raises:
        ProcedureMalformedError: a file is not one, or two have the same id.
    """
    found, problems = read_manuals(folder)
    if problems:
        count = len(problems)
        raise ProcedureMalformedError(
            f"the manual procedures were not read: {count:,} problem{'s' if count > 1 else ''}, "
            f"first {problems[0]}",
            why="An auditor must be able to read what is tested, and what cannot be seen.",
            todo="see docs/spec/procedure.md for the fields of the head and the form of the steps",
        )
    return found


def read_manuals(folder: Path) -> tuple[tuple[ManualProcedure, ...], list[Problem]]:
    """Return every manual procedure below `folder` that could be read, and every problem."""
    problems: list[Problem] = []
    found: dict[str, ManualProcedure] = {}
    for path in sorted(folder.rglob("*.md")):
        where = path.relative_to(folder).as_posix()
        try:
            procedure = read_manual(read_library_file(path), where=where, problems=problems)
        except FrontMatterError as error:
            problems.append(Problem(where, error.what, error.todo[0], "procedure-malformed"))
            continue
        except (OSError, UnicodeDecodeError) as error:
            what = f"was not read: {error}"
            problems.append(Problem(where, what, "correct the file", "procedure-malformed"))
            continue
        if procedure.id in found:
            what = f"{procedure.id} is also the id of {found[procedure.id].path}"
            problems.append(_problem(where, what, "give it the next number"))
        found.setdefault(procedure.id, procedure)
    return tuple(found[key] for key in sorted(found)), problems


def _head_problems(procedure: ManualProcedure) -> list[Problem]:
    where, found = procedure.path, []
    form = _ID.fullmatch(procedure.id)
    if procedure.id and procedure.control and (not form or form[1] != procedure.control):
        todo = f"name it {procedure.control}.T1, .T2, ..."
        found.append(_problem(f"{where}: id", f"is {shown(procedure.id)}", todo))
    for nature in procedure.nature:
        if nature not in NATURES:
            todo = f"choose from: {', '.join(NATURES)}"
            found.append(_problem(f"{where}: nature", f"is {shown(nature)}", todo))
    if procedure.nature == ("inquiry",):
        what, todo = "is inquiry alone", "look at something beside what people say"
        found.append(_problem(f"{where}: nature", what, todo))
    return found


def _step_problems(procedure: ManualProcedure) -> list[Problem]:
    where, found = procedure.path, []
    numbers = [step.number for step in procedure.steps]
    if numbers != list(range(1, len(numbers) + 1)):
        what = f"its steps are numbered {', '.join(map(str, numbers))}"
        found.append(_problem(where, what, "number them 1, 2, 3, ..."))
    letters = "".join(attribute.letter for attribute in procedure.attributes)
    if letters != "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(letters)]:
        what = f"its attributes are lettered {', '.join(letters)}"
        found.append(_problem(where, what, "letter them A, B, C, ... through all steps"))
    if len(letters) < FEWEST_ATTRIBUTES:
        what = f"has {len(letters)} attribute{'' if len(letters) == 1 else 's'}"
        todo = f"write at least {FEWEST_ATTRIBUTES}, as in `   - A. The ticket names its approver.`"
        found.append(_problem(where, what, todo))
    found += [
        _problem(where, f"step {step.number} has no attribute", "say what to write down of it")
        for step in procedure.steps
        if not step.attributes
    ]
    return found


def _steps(body: str, where: str, problems: list[Problem]) -> tuple[Step, ...]:
    """Return the steps; a line that belongs to none is a problem, and never lost in silence."""
    steps: list[Step] = []
    for line in filter(str.strip, body.splitlines()):
        if match := _STEP.fullmatch(line):
            steps.append(Step(int(match[1]), match[2].rstrip()))
        elif steps and (match := _ATTRIBUTE.fullmatch(line)):
            attribute = Attribute(match[1], match[2].rstrip())
            steps[-1] = replace(steps[-1], attributes=(*steps[-1].attributes, attribute))
        elif steps and (match := _CONTINUED.fullmatch(line)):
            steps[-1] = _continued(steps[-1], match[1].rstrip())
        else:
            todo = "write `1. ` before an act, and `   - A. ` before what to write down of it"
            problems.append(_problem(where, f"the line {shown(line)} belongs to no step", todo))
    return tuple(steps)


def _continued(step: Step, more: str) -> Step:
    if not step.attributes:
        return replace(step, act=f"{step.act} {more}")
    *before, last = step.attributes
    return replace(step, attributes=(*before, replace(last, text=f"{last.text} {more}")))


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, "procedure")
