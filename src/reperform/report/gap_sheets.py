"""Management's gap analysis and plan -> sheets, for XLSX and CSV."""

from reperform.program.plan import PlannedTask
from reperform.program.plan.state import ProgramState
from reperform.report.sheets import Sheet, SheetColumn, Value


def basis_sheet(state: ProgramState) -> Sheet:
    """Return what the analysis rests on, as facts."""
    analysis, seen = state.analysis, state.analysis.seen
    facts: list[tuple[str, Value]] = [
        ("Organization", state.organization),
        ("Computed on", state.at.date()),
        ("Scope version", analysis.scope_number),
        ("Adopted controls", len(analysis.adopted)),
        ("Examination", seen.number if seen else None),
        ("Evidence seen on", seen.on if seen else None),
        ("Earliest feasible period start", state.start.day),
        *(("Limit", each) for each in analysis.caveats),
        *(("Start cannot be said because", each) for each in state.start.obstacles),
    ]
    columns = (SheetColumn("Fact", 32), SheetColumn("Value", 90))
    return Sheet("Basis", columns, tuple(facts))


def criteria_sheet(state: ProgramState) -> Sheet:
    """Return one row for each criterion in scope."""
    return Sheet(
        "Criteria",
        (
            SheetColumn("Criterion", 11),
            SheetColumn("Title", 36),
            SheetColumn("Category", 16),
            SheetColumn("Status", 15),
            SheetColumn("Designed", 11),
            SheetColumn("In place", 11),
            SheetColumn("Evidenced", 11),
            SheetColumn("Operated", 13),
            SheetColumn("What is missing", 70),
            SheetColumn("Controls", 30),
            SheetColumn("Points of focus not addressed", 30),
        ),
        tuple(
            (
                each.criterion.id,
                each.criterion.title,
                each.criterion.category,
                each.gap.status.value,
                each.gap.designed.value,
                each.gap.implemented.value,
                each.gap.evidenced.value,
                each.gap.operated.value,
                each.gap.reason,
                ", ".join(each.gap.controls),
                ", ".join(point.point.id for point in each.points if not point.controls),
            )
            for each in state.analysis.criteria
        ),
    )


def controls_sheet(state: ProgramState) -> Sheet:
    """Return one row for each adopted control."""
    analysis = state.analysis
    return Sheet(
        "Controls",
        (
            SheetColumn("Control", 11),
            SheetColumn("Title", 44),
            SheetColumn("Criteria", 20),
            SheetColumn("Owner", 24),
            SheetColumn("Adopted on", 12),
            SheetColumn("In place since, as management says", 18),
            SheetColumn("In place", 11),
            SheetColumn("Evidenced", 11),
            SheetColumn("Operated", 13),
            SheetColumn("Why", 60),
            SheetColumn("Next", 60),
        ),
        tuple(
            (
                code,
                each.control.title,
                ", ".join(each.control.criteria),
                analysis.adopted[code].owner or None,
                analysis.adopted[code].adopted_on,
                analysis.adopted[code].implemented_on,
                each.implemented.value,
                each.evidenced.value,
                each.operated.value,
                "\n".join((*each.reasons, *each.notes)),
                "\n".join(each.steps),
            )
            for code, each in analysis.readiness.items()
        ),
    )


def tasks_sheet(state: ProgramState) -> Sheet:
    """Return one row for each task; its columns are those that an import reads."""
    return Sheet(
        "Plan",
        (
            SheetColumn("Task", 8),
            SheetColumn("Title", 60),
            SheetColumn("Criterion", 11),
            SheetColumn("Point of focus", 11),
            SheetColumn("Control", 11),
            SheetColumn("Owner", 28),
            SheetColumn("Due date", 12),
            SheetColumn("Effort", 8),
            SheetColumn("Risk", 10),
            SheetColumn("Depends on", 12),
            SheetColumn("State", 10),
            SheetColumn("Closed on", 12),
            SheetColumn("Reason", 40),
            SheetColumn("Can start", 12),
            SheetColumn("Can end", 12),
            SheetColumn("Late", 8),
        ),
        tuple(_task(task, state) for task in state.tasks),
    )


def _task(task: PlannedTask, state: ProgramState) -> tuple[Value, ...]:
    said, when = task.fields, state.schedule.by_number.get(task.number)
    return (
        task.number,
        said.title,
        said.criterion or None,
        said.point or None,
        said.control or None,
        task.owner_name or None,
        said.due_on,
        said.effort_days,
        said.risk.value,
        ", ".join(map(str, said.depends_on)) or None,
        said.state.value,
        said.closed_on,
        said.reason or None,
        when.starts if when else None,
        when.ends if when else None,
        "late" if task.is_late(state.at.date()) else None,
    )
