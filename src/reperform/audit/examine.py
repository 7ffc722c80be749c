"""Examining: scope, library and shaped evidence become one Examination.

Pure but for reading the table files it is given: the same inputs give the same Examination,
whoever computes it and whenever.  `reperform verify` rests on that.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from reperform.audit.description import describe_system
from reperform.audit.examination import (
    CollectionFact,
    Examination,
    ExaminedControl,
    TableFact,
    Wording,
)
from reperform.audit.populations import Closing, PopulationFact, held, population_facts
from reperform.audit.readiness import assess_control
from reperform.audit.reconciled import reconciled, table_inputs
from reperform.audit.waived import waived
from reperform.catalog.controls import Control
from reperform.catalog.library import Catalog
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.evidence.collection import Collection
from reperform.evidence.lacking import Lacking
from reperform.evidence.shape import ShapedTable
from reperform.program.controls.fit import fitting
from reperform.program.controls.tested import is_tested_as, wording_sha256
from reperform.program.gap import analyze_criterion
from reperform.program.scope import Scope
from reperform.program.statement import Statement
from reperform.program.systems import Systems
from reperform.program.waivers.granted import Granted
from reperform.testing.coverage import gaps
from reperform.testing.manual import ManualProcedure
from reperform.testing.procedure import Procedure
from reperform.testing.reconciliation import Reconciliation
from reperform.testing.runner import Limits, ProcedureRun, run_procedure


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything an examination is computed from.

    Attributes:
        scope: type, period, categories.
        statement: what management states.
        catalog: criteria and controls.
        procedures: tests of controls that the engine runs.
        manual: tests of controls that a person performs: they are listed, and have no outcome.
        collections: each with the digest of its record, in the order of the ledger.
        tables: shaped evidence by name.
        lacking: what connections in use should have brought, and did not.
        closing: the decided period and what was frozen for it; None where nobody decided one, and
            populations are not judged.
        reconciliations: one list against another's; none in a quickstart, which has one source.
        waivers: every departure that management accepted; it changes no outcome.
        systems: which system has which role in reconciliations.
    """

    scope: Scope
    statement: Statement
    catalog: Catalog
    procedures: tuple[Procedure, ...]
    manual: tuple[ManualProcedure, ...]
    collections: tuple[tuple[Collection, str], ...]
    tables: Mapping[str, ShapedTable]
    lacking: tuple[Lacking, ...] = ()
    closing: Closing | None = None
    reconciliations: tuple[Reconciliation, ...] = ()
    waivers: tuple[Granted, ...] = ()
    systems: Systems = field(default_factory=dict)


def examine(inputs: Inputs, *, items: Path, limits: Limits | None = None) -> Examination:
    """Run every test of a control in scope and judge every criterion.

    Args:
        inputs: what there is.
        items: folder for `<test id>.jsonl`: the outcome of every item of every population.
        limits: memory and time that one test may take.

    Raises:
        ProcedureFailedError: a test could not be run to its end; nothing is concluded then.
    """
    scope, catalog, statement = inputs.scope, inputs.catalog, inputs.statement
    populations = _populations(inputs)
    criteria = scope.criteria(catalog.criteria)
    stated = _in_scope(catalog.controls, {criterion.id for criterion in criteria}, statement)
    usable = replace(inputs, tables=held(inputs.tables, populations))
    examined = _controls(usable, stated, items=items, limits=limits)
    return Examination(
        scope=scope,
        statement=statement,
        catalog_digest=catalog.digest,
        criteria=criteria,
        controls=examined,
        gaps=tuple(
            analyze_criterion(
                criterion,
                [e.readiness for e in examined if criterion.id in e.readiness.control.criteria],
                not_applicable=statement.not_applicable.get(criterion.id, ""),
            )
            for criterion in criteria
        ),
        description=describe_system(
            catalog.description_criteria,
            scope=scope,
            statement=statement,
            tables=inputs.tables,
            controls=len(stated),
        ),
        collections=tuple(_collection_fact(c, record) for c, record in inputs.collections),
        tables=tuple(_table_fact(table, scope) for _, table in sorted(inputs.tables.items())),
        observed_at=min(collection.started_at for collection, _ in inputs.collections),
        lacking=inputs.lacking,
        populations=populations,
        reconciliations=reconciled(
            inputs.reconciliations,
            table_inputs(usable.tables),
            period=scope.evidence_period,
            items=items,
            limits=limits,
            systems=inputs.systems,
        ),
        waivers=waived(
            inputs.waivers,
            {run.procedure.id: run for each in examined for run in each.runs},
            scope.evidence_period,
        ),
    )


def _populations(inputs: Inputs) -> tuple[PopulationFact, ...]:
    if inputs.closing is None:
        return ()
    return population_facts(
        inputs.tables,
        [collection for collection, _ in inputs.collections],
        period=inputs.scope.evidence_period,
        closing=inputs.closing,
    )


def _controls(
    inputs: Inputs, stated: Sequence[Control], *, items: Path, limits: Limits | None
) -> tuple[ExaminedControl, ...]:
    """Run the tests of the controls, and judge each control by its own."""
    own = inputs.statement.own
    origins = {each.id: each for each in inputs.catalog.controls if each.id not in own}
    tested = [control.id for control in stated if control.id in origins]
    planned, unfed = _planned(inputs)
    runs = _run(replace(inputs, procedures=planned), tested, items, limits)
    return tuple(
        _examined(
            control,
            origins.get(control.id),
            runs=runs.get(control.id, []),
            unfed=unfed,
            inputs=inputs,
        )
        for control in stated
    )


def _planned(inputs: Inputs) -> tuple[tuple[Procedure, ...], tuple[Procedure, ...]]:
    """Return the tests that are run, and those over tables that no source in use fills.

    Which systems list a population, and which cloud, code host or directory there is, differs from
    one organization to the next: a test over tables that nothing in use fills is named as a step,
    and not as evidence that is missing.  As soon as a source in use should fill one of them, it is
    run, and whatever is missing shows.
    """

    def is_fed(procedure: Procedure) -> bool:
        # Tables whose rows name their system are of sources that an organization chooses; the
        # others (its source, hosts and endpoints) are asked of every one.
        return any(
            name in inputs.tables or (name not in POPULATIONS and "system" not in columns)
            for name, columns in procedure.tables.items()
        )

    return (
        tuple(each for each in inputs.procedures if is_fed(each)),
        tuple(each for each in inputs.procedures if not is_fed(each)),
    )


def _examined(
    control: Control,
    origin: Control | None,
    *,
    runs: Sequence[ProcedureRun],
    unfed: Sequence[Procedure],
    inputs: Inputs,
) -> ExaminedControl:
    """Return one control as management states it, with the runs of the library's tests."""
    if origin is None:
        wording = Wording.OWN
    else:
        wording = Wording.LIBRARY if is_tested_as(control, origin) else Wording.TAILORED
    adoption = inputs.statement.controls.get(control.id)
    waiting = tuple(each for each in unfed if origin and each.control == origin.id)
    planned = tuple(each for each in inputs.manual if origin and each.control == origin.id)
    fits = fitting(
        [(run.procedure.id, run.procedure.sha256) for run in runs]
        if wording is Wording.TAILORED
        else [],
        confirmed=adoption.fits if adoption else {},
        wording_sha256=wording_sha256(control),
    )
    return ExaminedControl(
        readiness=assess_control(
            control,
            runs,
            adoption=adoption,
            report_type=inputs.scope.type,
            wording=wording,
            fits=fits,
            unfed=waiting,
            planned=planned,
        ),
        runs=tuple(runs),
        planned=planned,
        unfed=waiting,
        wording=wording,
        fits=fits,
    )


def _in_scope(
    library: Iterable[Control], criteria: set[str], statement: Statement
) -> tuple[Control, ...]:
    """Return the controls of the criteria: what management took, or all that is proposed."""
    if statement.controls:
        origins = {each.id: each for each in library if each.id in statement.adopted}
        stated = [
            adoption.stated(code, origins.get(code))
            for code, adoption in statement.controls.items()
        ]
    else:
        stated = list(library)
    chosen = [control for control in stated if criteria & set(control.criteria)]
    return tuple(sorted(chosen, key=lambda control: control.id))


def _run(
    inputs: Inputs, controls: Sequence[str], items: Path, limits: Limits | None
) -> dict[str, list[ProcedureRun]]:
    tables = table_inputs(inputs.tables)
    runs: dict[str, list[ProcedureRun]] = {control: [] for control in controls}
    with ExitStack() as stack:
        for procedure in inputs.procedures:
            if procedure.control in runs:
                file = stack.enter_context((items / f"{procedure.id}.jsonl").open("wb"))
                runs[procedure.control].append(
                    run_procedure(
                        procedure,
                        inputs=tables,
                        period=inputs.scope.evidence_period,
                        limits=limits or Limits(),
                        write_items=file,
                    )
                )
    return runs


def _collection_fact(collection: Collection, record_sha256: str) -> CollectionFact:
    absent = [f"{answer.name}: {answer.absent}" for answer in collection.answers if answer.absent]
    return CollectionFact(
        stream=collection.stream,
        sequence=collection.sequence,
        target=collection.target,
        started_at=collection.started_at,
        ended_at=collection.ended_at,
        outcome=collection.outcome.value,
        reason="; ".join([collection.reason, *absent] if collection.reason else absent),
        answers=len(collection.answers),
        bytes=sum(answer.size for answer in collection.answers),
        record_sha256=record_sha256,
    )


def _table_fact(table: ShapedTable, scope: Scope) -> TableFact:
    period = scope.evidence_period
    missing = gaps(table.spec.name, period, table.covers)
    uncovered = sum((gap.last - gap.first).days + 1 for gap in missing)
    return TableFact(
        name=table.spec.name,
        kind=table.spec.kind,
        rows=table.rows,
        sha256=table.sha256,
        covered_days=len(period) - uncovered,
        gaps=missing,
    )
