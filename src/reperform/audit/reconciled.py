"""Running reconciliations over shaped evidence, as tests of controls are run."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from reperform.base.period import Period
from reperform.evidence.shape import ShapedTable
from reperform.testing.inputs import TableInput
from reperform.testing.reconciliation import Reconciliation, ReconciliationRun, missing_sides
from reperform.testing.runner import Limits, run_procedure


def table_inputs(tables: Mapping[str, ShapedTable]) -> dict[str, TableInput]:
    """Return shaped tables as tests and reconciliations take them."""
    return {
        name: TableInput(
            spec=table.spec,
            path=table.path,
            sha256=table.sha256,
            covers=table.covers,
            refused=table.refused,
            partly=table.partly,
        )
        for name, table in tables.items()
    }


def reconciled(
    reconciliations: Iterable[Reconciliation],
    tables: Mapping[str, TableInput],
    *,
    period: Period,
    items: Path,
    limits: Limits | None,
) -> tuple[ReconciliationRun, ...]:
    """Return what came of each reconciliation, in order.

    Args:
        reconciliations: which.
        tables: what they read.
        period: the days under examination.
        items: folder for `<id>.jsonl`: every row that was compared.
        limits: memory and time that one may take.

    Raises:
        ProcedureFailedError: one could not be run to its end.
    """
    found = []
    for each in reconciliations:
        with (items / f"{each.procedure.id}.jsonl").open("wb") as file:
            run = run_procedure(
                each.procedure,
                inputs=tables,
                period=period,
                limits=limits or Limits(),
                write_items=file,
            )
        found.append(ReconciliationRun(each, run, missing_sides(each.procedure, tables)))
    return tuple(found)
