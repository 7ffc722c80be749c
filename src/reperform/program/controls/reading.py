"""Reading a control: from what a form or a program sends."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.catalog.controls import FREQUENCIES, KINDS, NATURES
from reperform.catalog.criteria import Criterion
from reperform.program.controls.document import LABELS, ControlDocument

LONGESTCODE = 12
_LONGEST = {"title": 200, "text": 10_000, "owner_role": 120, "population": 2_000}
_LONGEST_LINE = 500
_MOST_LINES = 100
_MAY_BE_EMPTY = ("population",)
CODE = re.compile(r"[A-Z][A-Z0-9]*([-.][A-Z0-9]+)+", re.ASCII)


def read_code(value: object, *, taken: Collection[str], library: Collection[str]) -> list[Problem]:
    """Return what is wrong with a code for a new control.

    Args:
        value: what was sent.
        taken: codes that the organization used, of retired controls too.
        library: ids of the library's controls, which are kept for them.
    """
    if not isinstance(value, str) or not CODE.fullmatch(value) or len(value) > LONGESTCODE:
        todo = f"write capitals and digits in parts, at most {LONGESTCODE} characters: PAY-01"
        return [_problem("code", f"is {_shown(value)}", todo)]
    if value in taken:
        return [_problem("code", f"{value} is or was another control's", "choose a free one")]
    if value in library:
        what = f"{value} is the library's control of this name"
        return [_problem("code", what, "adopt that one, or choose a code of your own")]
    return []


def free_code(wanted: str, taken: Collection[str]) -> str:
    """Return `wanted`, or with the next number when it is or was used: codes are never reused.

    >>> free_code("AC-01", {"AC-01", "AC-01.2"})
    'AC-01.3'
    """
    if wanted not in taken:
        return wanted
    numbers = range(2, len(taken) + 3)
    return next(code for n in numbers if (code := f"{wanted}.{n}") not in taken)


def next_code(taken: Collection[str], family: str = "OWN") -> str:
    """Return the first free code of a family.

    >>> next_code({"OWN-01"})
    'OWN-02'
    """
    numbers = range(1, len(taken) + 2)
    return next(code for n in numbers if (code := f"{family}-{n:02}") not in taken)


def read_control(
    content: object, *, criteria: Sequence[Criterion]
) -> tuple[ControlDocument, list[Problem]]:
    """Return the control that `content` (JSON) says, and every problem with it.

    With a problem the control is not to be kept: what could not be read is empty in it.

    Args:
        content: what `control_content` gives, or what somebody sends in that form.
        criteria: those that exist, with their points of focus.
    """
    if not isinstance(content, Mapping):
        return ControlDocument(), [_problem("control", "is not an object", "send its fields")]
    problems = [
        _problem(_shown(name), "there is no such field", "remove it")
        for name in sorted(map(str, content))
        if name not in LABELS
    ]
    document = ControlDocument(
        title=_text(content, "title", problems),
        text=_text(content, "text", problems),
        criteria=_lines(content, "criteria", problems),
        points_of_focus=_lines(content, "points_of_focus", problems),
        nature=_choice(content, "nature", NATURES, problems),
        kind=_choice(content, "kind", KINDS, problems),
        frequency=_choice(content, "frequency", FREQUENCIES, problems),
        owner_role=_text(content, "owner_role", problems),
        evidence=_lines(content, "evidence", problems),
        policies=_lines(content, "policies", problems),
        population=_text(content, "population", problems),
    )
    problems += _references(document, criteria)
    return document, problems


def read_day(value: object, *, field: str, today: date, problems: list[Problem]) -> date | None:
    """Return a day that is not in the future; None when none is named.  Problems are appended."""
    if value is None or value == "":
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        problems.append(_problem(field, f"is {_shown(value)}", "write a day as 2026-07-31"))
    elif day > today:
        what = f"{day} has not come yet"
        problems.append(_problem(field, what, "name the day once it is there, or leave it empty"))
    return day


def _references(document: ControlDocument, criteria: Sequence[Criterion]) -> list[Problem]:
    points = {point.id: each.id for each in criteria for point in each.points_of_focus}
    known = {each.id for each in criteria}
    found = []
    if not document.criteria:
        found.append(_problem("criteria", "names none", "name the criteria that it serves: CC6.1"))
    for name in document.criteria:
        if name not in known:
            what = f"there is no criterion {_shown(name)}"
            found.append(_problem("criteria", what, "name one of the 61, as in CC6.1"))
    for name in document.points_of_focus:
        if name not in points:
            what = f"there is no point of focus {_shown(name)}"
            found.append(_problem("points_of_focus", what, "name one as in CC6.1-a"))
        elif points[name] not in document.criteria:
            what = f"{name} belongs to {points[name]}, which this control does not serve"
            found.append(_problem("points_of_focus", what, "add the criterion, or remove it"))
    return found


def _text(content: Mapping[str, Any], name: str, problems: list[Problem]) -> str:
    value: object = content.get(name, "")
    if not isinstance(value, str):
        problems.append(_problem(name, "is not text", "write it as text"))
        return ""
    value = "\n".join(line.rstrip() for line in value.strip().splitlines())
    if _is_unprintable(value) or len(value) > _LONGEST[name]:
        what = f"has {len(value):,} characters, or one that no text has"
        problems.append(_problem(name, what, f"write at most {_LONGEST[name]:,} characters"))
        return ""
    if not value and name not in _MAY_BE_EMPTY:
        problems.append(_problem(name, "is empty", "write it"))
    if "\n" in value and name in ("title", "owner_role"):
        problems.append(_problem(name, "has several lines", "write one line"))
    return value


def _lines(content: Mapping[Any, Any], name: str, problems: list[Problem]) -> tuple[str, ...]:
    value = content.get(name) or []
    if not isinstance(value, list) or len(value) > _MOST_LINES:
        todo = f"send a list of at most {_MOST_LINES} texts"
        problems.append(_problem(name, "is not such a list", todo))
        return ()
    for each in value:
        if not isinstance(each, str) or _is_unprintable(each) or len(each) > _LONGEST_LINE:
            todo = f"write at most {_LONGEST_LINE} characters for each, as text"
            problems.append(_problem(name, f"holds {_shown(each)}", todo))
            return ()
    return tuple(dict.fromkeys(line for each in value if (line := " ".join(each.split()))))


def _choice(
    content: Mapping[str, Any], name: str, known: Sequence[str], problems: list[Problem]
) -> str:
    value = content.get(name)
    if not isinstance(value, str) or value not in known:
        what = f"is {_shown(value)}" if value else "is not chosen"
        problems.append(_problem(name, what, f"choose: {', '.join(known)}"))
        return ""
    return value


def _is_unprintable(text: str) -> bool:
    """Tell text that no database keeps: NUL, and halves of surrogate pairs."""
    return any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in text)


def _shown(value: object) -> str:
    return f"'{visible(str(value), limit=60)}'"


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, "control-field")


def read_reason(value: object, *, problems: list[Problem]) -> str:
    """Return why a control is retired.  Problems are appended."""
    reasons: list[Problem] = []
    reason = _text({"text": value}, "text", reasons)
    problems += [_problem("reason", each.what, each.todo) for each in reasons]
    return reason
