"""The examination: one value that holds all a report says, computed from evidence alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reperform.audit.populations import PopulationFact
from reperform.audit.waived import WaiverUse
from reperform.base.table import Kind
from reperform.catalog.criteria import Criterion, DescriptionCriterion
from reperform.evidence.lacking import Lacking
from reperform.program.controls.fit import NOTHING_FITS, Fitting
from reperform.program.gap import CriterionGap, Readiness
from reperform.program.scope import Scope
from reperform.program.statement import Statement
from reperform.testing.manual import ManualProcedure
from reperform.testing.outcome import Gap
from reperform.testing.procedure import Procedure
from reperform.testing.reconciliation import ReconciliationRun
from reperform.testing.runner import ProcedureRun


@dataclass(frozen=True, slots=True)
class CollectionFact:
    """One collection: what was asked of whom, when, and how it ended.

    Attributes:
        stream: such as `git/history`.
        sequence: number of the run in its stream, from 1 without a gap.
        target: what was asked.
        started_at: UTC.
        ended_at: UTC.
        outcome: complete, partial or refused.
        reason: what was refused or absent and why; empty when nothing was.
        answers: how many answers were kept.
        bytes: their size.
        record_sha256: digest of the blob that holds the whole record of the collection.
    """

    stream: str
    sequence: int
    target: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    reason: str
    answers: int
    bytes: int
    record_sha256: str


@dataclass(frozen=True, slots=True)
class TableFact:
    """One shaped table and how much of the period it covers.

    Attributes:
        name: such as `git.commits`.
        kind: events or state.
        rows: how many rows.
        sha256: of the Parquet file; empty when the table was never collected.
        covered_days: days of the evidence period that evidence covers.
        gaps: the days that it does not cover, with reasons.
    """

    name: str
    kind: Kind
    rows: int
    sha256: str
    covered_days: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class DescriptionFact:
    """One description criterion: what management wrote, what evidence shows, what is missing.

    Attributes:
        criterion: which one.
        stated: management's text; empty when there is none.
        known: sentences that evidence supports.
        missing: what is still missing; empty only when nothing is.
    """

    criterion: DescriptionCriterion
    stated: str
    known: tuple[str, ...]
    missing: str


class Wording(StrEnum):
    """Whose words a control is in, as far as tests of it go, see `program.controls.tested`."""

    LIBRARY = "library"
    TAILORED = "tailored"
    """Its tests are written for the library's words, and not for these."""
    OWN = "own"
    """The library has no test of it: whoever tests it needs a procedure by hand."""


@dataclass(frozen=True, slots=True)
class ExaminedControl:
    """One control in scope, the runs of its tests, and how far it has come.

    Attributes:
        readiness: the control with its four facets.
        runs: one for each test of the control; empty when it has no automated test.
        planned: tests that a person performs, and that nobody has performed yet.
        unfed: tests that were not run, since no source in use fills a table that they read.
        wording: the library's control as management says it, or management's own.
        fits: how the tests stand to a tailored wording.
    """

    readiness: Readiness
    runs: tuple[ProcedureRun, ...]
    planned: tuple[ManualProcedure, ...] = ()
    unfed: tuple[Procedure, ...] = ()
    wording: Wording = Wording.LIBRARY
    fits: Fitting = NOTHING_FITS


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that the reports say.

    Attributes:
        scope: type, period, categories.
        statement: what management states of itself.
        catalog_digest: SHA-256 of the library that was used.
        criteria: criteria in scope, in order.
        controls: controls mapped to them, by id.
        gaps: one for each criterion in scope, in order.
        description: one for each description criterion that applies to the type.
        collections: in the order of the ledger.
        tables: by name.
        observed_at: when the collection began, UTC.
        lacking: what connections in use should have brought, and did not.
        populations: those of events, by name; none where nobody decided a period.
        reconciliations: one list against another source's.
        waivers: departures that management accepted, with the deviations that each names.
    """

    scope: Scope
    statement: Statement
    catalog_digest: str
    criteria: tuple[Criterion, ...]
    controls: tuple[ExaminedControl, ...]
    gaps: tuple[CriterionGap, ...]
    description: tuple[DescriptionFact, ...]
    collections: tuple[CollectionFact, ...]
    tables: tuple[TableFact, ...]
    observed_at: datetime
    lacking: tuple[Lacking, ...] = ()
    populations: tuple[PopulationFact, ...] = ()
    reconciliations: tuple[ReconciliationRun, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()

    def control(self, control_id: str) -> ExaminedControl:
        """Return the examined control of that id; KeyError when it is not in scope."""
        for examined in self.controls:
            if examined.readiness.control.id == control_id:
                return examined
        raise KeyError(control_id)

    @property
    def runs(self) -> Mapping[str, ProcedureRun]:
        """Every run of a test of a control, by the test's id."""
        return {run.procedure.id: run for control in self.controls for run in control.runs}

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """Every test of a control that was run, in order."""
        return tuple(run.procedure for run in self.runs.values())


@dataclass(frozen=True, slots=True)
class Seal:
    """The ledger's checkpoint that covers the evidence and the results: what a reader can hold.

    Attributes:
        origin: the log's name.
        size: entries covered.
        root: base64 of the tree's root.
        key: verifier key text of the log's signing key.
        results_sha256: digest of results.json.
    """

    origin: str
    size: int
    root: str
    key: str
    results_sha256: str
