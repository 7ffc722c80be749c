"""The order of tasks: what must be done first comes first, then risk, then the day it is due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from heapq import heappop, heappush

from reperform.program.plan import PlannedTask, Risk

_RANKS = {risk: rank for rank, risk in enumerate(Risk)}


def find_circle(depends_on: Mapping[int, Iterable[int]]) -> tuple[int, ...]:
    """Return tasks that wait for each other in a circle, the first again at the end.

    Args:
        depends_on: each task with those that it waits for; one that is not a key waits for none.

    Returns:
        The circle; empty when there is none.

    >>> find_circle({1: [2], 2: [3], 3: [1]})
    (1, 2, 3, 1)
    >>> find_circle({1: [2, 3], 2: [3]})
    ()
    """
    finished: set[int] = set()
    for start in sorted(depends_on):
        path: list[int] = []
        on_path: set[int] = set()
        # Each entry is a task and what of it is still to follow; no recursion, however long it is.
        stack = [(start, iter(sorted(depends_on.get(start, ()))))]
        while stack:
            task, following = stack[-1]
            if task not in on_path:
                path.append(task)
                on_path.add(task)
            step = next(following, None)
            if step is None:
                stack.pop()
                finished.add(path.pop())
                on_path.discard(task)
            elif step in on_path:
                return (*path[path.index(step) :], step)
            elif step not in finished:
                stack.append((step, iter(sorted(depends_on.get(step, ())))))
    return ()


def in_order(tasks: Sequence[PlannedTask]) -> list[PlannedTask]:
    """Return `tasks` in the order of work: dependency, then risk, then due day, then number.

    The order does not look at efforts, so an estimate that grows moves no task before another.

    Raises:
        ValueError: tasks wait for each other in a circle; keeping them refuses that.
    """
    by_number = {task.number: task for task in tasks}
    waiting = {
        task.number: {each for each in task.fields.depends_on if each in by_number}
        for task in tasks
    }
    followers: dict[int, list[int]] = {}
    for number, needed in waiting.items():
        for each in needed:
            followers.setdefault(each, []).append(number)
    ready: list[tuple[int, date, int]] = []
    for number, needed in waiting.items():
        if not needed:
            heappush(ready, _key(by_number[number]))
    ordered = []
    while ready:
        number = heappop(ready)[2]
        ordered.append(by_number[number])
        for follower in followers.get(number, ()):
            waiting[follower].discard(number)
            if not waiting[follower]:
                heappush(ready, _key(by_number[follower]))
    if len(ordered) != len(by_number):
        raise ValueError("tasks wait for each other in a circle")
    return ordered


def _key(task: PlannedTask) -> tuple[int, date, int]:
    return _RANKS[task.fields.risk], task.fields.due_on or date.max, task.number
