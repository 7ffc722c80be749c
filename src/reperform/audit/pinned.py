"""What an examination was pinned to, beside what the organization decided."""

from collections.abc import Iterator, Mapping
from typing import Any

from reperform.program.scope.document import ScopeDocument


def departures(results: Mapping[str, Any], scope: ScopeDocument) -> tuple[str, ...]:
    """Return how the scope of an examination's results departs from the one that was decided.

    Args:
        results: what results.json holds, see docs/spec/results.md.
        scope: the version of the scope that the examination is pinned to.

    Returns:
        A sentence for each difference; none when they agree.  What the organization had not
        decided is a difference too: nobody said that it is meant so.
    """
    return tuple(_departures(results["scope"], scope))


def _departures(examined: Mapping[str, Any], scope: ScopeDocument) -> Iterator[str]:
    if scope.type != examined["type"]:
        decided = f"a Type {scope.type} was decided" if scope.type else "no type was decided"
        yield f"It examined a Type {examined['type']}; {decided}."
    elif scope.period is None:
        yield "The period was not decided."
    else:
        yield from _period(examined, scope)
    more = [name for name in examined["categories"] if name not in scope.categories]
    fewer = [name for name in scope.categories if name not in examined["categories"]]
    if more:
        yield f"It examined {', '.join(more)}, which is not in the scope."
    if fewer:
        yield f"It did not examine {', '.join(fewer)}, which is in the scope."


def _period(examined: Mapping[str, Any], scope: ScopeDocument) -> Iterator[str]:
    decided = scope.period
    assert decided is not None  # noqa: S101 - the caller saw to it
    first, last = examined["period"]["first"], examined["period"]["last"]
    if scope.type == 1:
        if last != str(decided.last):
            yield f"It examined the state of {last}; {decided.last} was decided."
    elif (first, last) != (str(decided.first), str(decided.last)):
        yield f"It examined {first} to {last}; {decided.first} to {decided.last} was decided."
