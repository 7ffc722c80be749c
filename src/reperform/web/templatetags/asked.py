"""What forms and dry runs show: fields by the fieldset they stand in, and where a problem is."""

from collections.abc import Iterable

from django import template

from reperform.base.problem import Problem
from reperform.web.asked import Field

register = template.Library()


@register.filter
def groups(fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
    """Return title and fields of each group, in order; those before the first have no title."""
    found: list[tuple[str, list[Field]]] = []
    for field in fields:
        if field.asked.group or not found:
            found.append((field.asked.group, []))
        found[-1][1].append(field)
    return found


@register.filter
def place_in(problem: Problem, row: int) -> str:
    """Return where in a row of a file a problem is; empty for the row as a whole."""
    return problem.where.partition(f"row {row}: ")[2]
