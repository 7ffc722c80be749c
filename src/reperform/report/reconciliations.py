"""Reconciliations in a report: which lists were compared, and every row that differs."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reperform.report.document import Block, Column, Heading, Row, Table
from reperform.report.phrases import begun, counted
from reperform.report.text import Tone, bold, lines
from reperform.report.wording import passage
from reperform.testing.reconciliation import Agreement, ReconciliationRun

_TONES: Mapping[Agreement, Tone] = MappingProxyType(
    {
        Agreement.AGREES: Tone.GOOD,
        Agreement.DIFFERS: Tone.BAD,
        Agreement.UNABLE: Tone.UNSURE,
    }
)
_MOST_ROWS = 50


def reconciliations(runs: tuple[ReconciliationRun, ...]) -> Iterator[Block]:
    """Yield what came of each reconciliation, and the rows that differ."""
    yield Heading(3, "Reconciliations", "reconciliations")
    yield from passage("reconciliations")
    yield Table(
        caption=counted(len(runs), "reconciliation"),
        columns=(Column("What was compared", 50), Column("Result", 50)),
        rows=tuple(_reconciliation(each) for each in runs),
    )
    for each in runs:
        if each.run.exceptions:
            yield _rows(each)


def _reconciliation(each: ReconciliationRun) -> Row:
    run, said = each.run, each.reconciliation
    return Row(
        (
            lines(
                bold(f"{run.procedure.id} {run.procedure.title}"),
                f"{said.left}; {said.right}",
                *(
                    f"{begun(role.value)}: {', '.join(each.systems.get(name, ())) or 'not decided'}"
                    for name, role in sorted(said.roles.items())
                ),
            ),
            lines(
                bold(f"{each.agreement.value.capitalize()}.", _TONES[each.agreement]),
                each.reason,
                f"{counted(run.population, 'row')}: {run.passed:,} agree, "
                f"{run.deviations:,} differ, {run.unable:,} cannot be compared",
                *([f"Nothing was seen of {', '.join(each.missing)}"] if each.missing else []),
            ),
        )
    )


def _rows(each: ReconciliationRun) -> Table:
    items = each.run.exceptions
    more = len(items) - _MOST_ROWS
    rest = [Row((lines(f"and {more:,} more"), lines(""), lines("in the bundle")))]
    return Table(
        caption=f"{each.run.procedure.id}: {counted(len(items), 'row')} that do not agree",
        columns=(Column("Row", 34), Column("Outcome", 16), Column("Why", 50)),
        rows=(
            *(
                Row((lines(item.item), lines(_word(item.outcome.value)), lines(item.reason)))
                for item in items[:_MOST_ROWS]
            ),
            *(rest if more > 0 else []),
        ),
    )


def _word(outcome: str) -> str:
    return "differs" if outcome == "deviation" else "unable to compare"
