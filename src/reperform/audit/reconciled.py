"""Running reconciliations over shaped evidence, as tests of controls are run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from reperform.base.period import Period
from reperform.evidence.shape import ShapedTable
from reperform.program.systems import Systems
from reperform.testing.inputs import TableInput
from reperform.testing.reconciliation import Reconciliation, ReconciliationRun, missing_sides
from reperform.testing.runner import Limits, run_procedure

_NAMED = 12
"""Systems that a sentence names."""


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
    systems: Systems,
) -> tuple[ReconciliationRun, ...]:
    """Return what came of each reconciliation, in order.

    Args:
        reconciliations: which.
        tables: what they read.
        period: the days under examination.
        items: folder for `<id>.jsonl`: every row that was compared.
        limits: memory and time that one may take.
        systems: which systems have which role.  Where one that is needed has none, nothing is
            compared.

    Raises:
        ProcedureFailedError: one could not be run to its end.
    """
    found = []
    for each in reconciliations:
        only = {name: systems.get(role, ()) for name, role in each.roles.items()}
        undecided = _undecided(each, only, tables)
        with (
            TemporaryDirectory(prefix="reperform-systems-") as folder,
            (items / f"{each.procedure.id}.jsonl").open("wb") as file,
        ):
            run = run_procedure(
                each.procedure,
                inputs={} if undecided else _narrowed(tables, only, Path(folder)),
                period=period,
                limits=limits or Limits(),
                write_items=file,
            )
        missing = missing_sides(each.procedure, tables)
        found.append(ReconciliationRun(each, run, missing, only, undecided))
    return tuple(found)


def _undecided(
    reconciliation: Reconciliation,
    only: Mapping[str, tuple[str, ...]],
    tables: Mapping[str, TableInput],
) -> tuple[str, ...]:
    """Return why nothing can be compared: no system has a role, or one that has it has no row."""
    found = []
    for name, role in sorted(reconciliation.roles.items()):
        given = tables.get(name)
        if given is None or given.path is None:
            continue  # never collected: the run says so
        if not only[name]:
            found.append(f"nobody said which system is the {role}")
            continue
        there = _systems_of(given.path)
        if not there:
            continue  # nothing is listed at all: the run says so
        listed = ", ".join(sorted(there)[:_NAMED])
        found += [
            f"no row of {name} is of {each}, the {role}; they are of {listed}"
            for each in only[name]
            if each not in there
        ]
    return tuple(found)


def _systems_of(path: Path) -> set[str]:
    with duckdb.connect(config={"threads": 1}) as engine:
        rows = engine.execute(
            "SELECT DISTINCT system FROM read_parquet($path) WHERE system IS NOT NULL",
            {"path": str(path)},
        ).fetchall()
    return {str(system) for (system,) in rows}


def _narrowed(
    tables: Mapping[str, TableInput], only: Mapping[str, tuple[str, ...]], folder: Path
) -> dict[str, TableInput]:
    """Return the tables, those with a role with the rows of its systems alone, as files there."""
    found = dict(tables)
    for name, systems in only.items():
        given = tables.get(name)
        if given is not None and given.path is not None:
            path = folder / f"{name}.parquet"
            with duckdb.connect(config={"threads": 1}) as engine:
                rows = engine.from_parquet(str(given.path))
                rows.filter(
                    duckdb.ColumnExpression("system").isin(
                        *(duckdb.ConstantExpression(each) for each in systems)
                    )
                ).write_parquet(str(path))
            found[name] = replace(given, path=path)
    return found
