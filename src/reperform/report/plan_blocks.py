"""The remediation plan as blocks of a document."""

from collections.abc import Iterator, Sequence
from datetime import date

from reperform.program.plan import PlannedTask, Risk
from reperform.program.plan.schedule import Schedule, ScheduledTask
from reperform.program.plan.start import EarliestStart
from reperform.report.document import (
    Block,
    Bullets,
    Callout,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
)
from reperform.report.phrases import counted, day, sentence
from reperform.report.text import Cell, Text, Tone, bold, line, lines

_RISK_TONES = {Risk.HIGH: Tone.BAD, Risk.MEDIUM: Tone.UNSURE, Risk.LOW: Tone.MUTED}
_NAMED = 25


def plan_blocks(
    tasks: Sequence[PlannedTask], schedule: Schedule, start: EarliestStart, *, today: date
) -> Iterator[Block]:
    """Yield the earliest period start with its reasons, then every task."""
    yield Heading(2, "Earliest feasible period start", "start")
    yield from _start(start)
    yield Heading(2, "Tasks", "tasks")
    if not tasks:
        yield Paragraph(line("The plan has no task yet."))
        return
    late = sum(task.is_late(today) for task in tasks)
    yield Paragraph(
        line(
            f"{counted(len(schedule.tasks), 'task')} open, {late} late. The order is that of work: "
            "what others wait for first, then risk, then the day it is due. Holidays and absences "
            "are not known, so each day is the earliest."
        )
    )
    closed = [task for task in tasks if not task.is_open]
    yield Table(
        caption="Remediation tasks",
        columns=(
            Column("Task", 42),
            Column("Risk", 10),
            Column("Owner", 16),
            Column("Due", 12),
            Column("Can be done", 20),
        ),
        rows=(
            *(Row(_open_cells(each, today)) for each in schedule.tasks),
            *(Row(_closed_cells(task)) for task in closed),
        ),
    )


def _start(start: EarliestStart) -> Iterator[Block]:
    if start.day is None:
        items = tuple(line(_capital(sentence(each))) for each in start.obstacles[:_NAMED])
        more = len(start.obstacles) - _NAMED
        if more > 0:
            items = (*items, line(f"And {more} more."))
        yield Callout(Tone.UNSURE, "It cannot be said, because", (), items)
        return
    yield Paragraph(line(bold(day(start.day)), f": {sentence(start.bounds[0].because)}"))
    yield Table(
        caption="What a period then means",
        columns=(Column("Period", 30), Column("First day", 35), Column("Last day", 35)),
        rows=tuple(
            Row((lines(f"{months} months"), lines(day(start.day)), lines(day(last))))
            for months, last in start.ends
        ),
    )
    if start.chain:
        yield Paragraph(line("The chain of tasks that decides the day:"), leads=True)
        yield Bullets(
            tuple(
                line(f"Task {each.task.number}: {each.task.fields.title}, {_days(each)}")
                for each in start.chain
            )
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _days(scheduled: ScheduledTask) -> str:
    if scheduled.ends is None:
        return f"not known: {scheduled.because}"
    return f"{scheduled.starts} to {scheduled.ends}"


def _about(task: PlannedTask) -> Cell:
    said = task.fields
    about = " ".join(each for each in (said.criterion, said.control) if each)
    waits = f"waits for {', '.join(map(str, said.depends_on))}" if said.depends_on else ""
    effort = counted(said.effort_days, "working day") if said.effort_days else "not estimated"
    facts = "; ".join(each for each in (about, effort, waits) if each)
    return lines(line(bold(f"{task.number}. "), said.title), Text(facts, tone=Tone.MUTED))


def _open_cells(scheduled: ScheduledTask, today: date) -> tuple[Cell, ...]:
    task = scheduled.task
    due: list[str | Text] = [str(task.fields.due_on) if task.fields.due_on else "no day"]
    if task.is_late(today):
        due.append(bold("late", Tone.BAD))
    return (
        _about(task),
        lines(Text(task.fields.risk.value, tone=_RISK_TONES[task.fields.risk])),
        lines(task.owner_name or "nobody"),
        lines(*due),
        lines(_days(scheduled)),
    )


def _closed_cells(task: PlannedTask) -> tuple[Cell, ...]:
    return (
        _about(task),
        lines(Text(task.fields.risk.value, tone=_RISK_TONES[task.fields.risk])),
        lines(task.owner_name or "nobody"),
        lines(str(task.fields.due_on) if task.fields.due_on else "no day"),
        lines(
            f"{task.fields.state.value} on {task.fields.closed_on}",
            *([task.fields.reason] if task.fields.reason else []),
        ),
    )
