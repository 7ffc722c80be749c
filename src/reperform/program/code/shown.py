"""A plan in words, for a terminal: file by file, field by field."""

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from reperform.base.visible import visible
from reperform.program.code import is_empty
from reperform.program.code.emit import yaml_text
from reperform.program.code.plan import Change, FieldChange, Plan

_SHORT = 60
_MOST_ABSENT = 20
_MOST_LINES = 40


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield what a plan says, line by line; nothing in it moves a terminal's cursor."""
    for change in plan.changes:
        yield from _change_lines(change)
    if plan.absent:
        named = ", ".join(plan.absent[:_MOST_ABSENT])
        more = len(plan.absent) - _MOST_ABSENT
        yield f"not in the files, and left as they are: {named}" + (
            f" and {more:,} more" if more > 0 else ""
        )
    for problem in plan.problems:
        yield f"problem: {visible(str(problem), limit=1_000)}"
    yield summary(plan)


def summary(plan: Plan) -> str:
    """Return one sentence about the whole plan."""
    said = Counter("change" if change.before else "make" for change in plan.changes)
    counts = f"{said['make']:,} to make, {said['change']:,} to change"
    if plan.problems:
        return f"refused: {len(plan.problems):,} problem{'' if len(plan.problems) == 1 else 's'}"
    if plan.losses:
        count = len(plan.losses)
        return f"refused: {counts}, of which {count:,} would undo what is newer"
    return counts if plan.changes else "no change"


def _change_lines(change: Change) -> Iterator[str]:
    act = "change" if change.before else "make"
    yield f"{act} {change.item.name}  ({change.item.place()})"
    if change.is_newer and change.before:
        by = f" by {change.before.by}" if change.before.by else ""
        yield f"  ! changed since the files were taken out{visible(by)}; this would be lost:"
    for each in change.fields:
        yield from (f"  {line}" for line in field_lines(each))


def field_lines(change: FieldChange) -> Iterator[str]:
    """Yield one field: on one line where it is short, else what goes and what comes."""
    before, after = _text(change.before), _text(change.after)
    if max(len(before), len(after)) <= _SHORT and "\n" not in before + after:
        yield f"{change.name}: {_said(before)} -> {_said(after)}"
        return
    yield f"{change.name}:"
    pairs = difflib.unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm="")
    lines = [line for line in list(pairs)[3:] if not line.startswith("@@")]
    for line in lines[:_MOST_LINES]:
        yield f"  {line[0]} {visible(line[1:])}" if line[1:] else f"  {line[0]}"
    if len(lines) > _MOST_LINES:
        yield f"  and {len(lines) - _MOST_LINES:,} more lines"


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if is_empty(value):
        return ""
    if isinstance(value, str):
        return value
    return yaml_text(value).rstrip() if isinstance(value, dict | list) else str(value)


def _said(text: str) -> str:
    return visible(text) or "nothing"
