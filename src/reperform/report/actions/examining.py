"""Examining an organization from what its connections brought.

Each step is recorded in the organization's own trail, where the collections are: what is examined
before any test runs, then what came of it, then what was rendered, then what was kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.audit.actions import keep_examination
from reperform.audit.asked import asked_scope
from reperform.audit.examination import Examination, Seal
from reperform.audit.examine import Inputs, examine
from reperform.audit.models import ExaminationRecord
from reperform.audit.populations import Closing
from reperform.audit.record import BEGUN, RENDERED, TESTED, evidence_json, scope_json
from reperform.audit.results import results_json
from reperform.audit.trail_history import ACTS
from reperform.base.refusal import RefusalError
from reperform.catalog.copied import copy_library
from reperform.catalog.library import Catalog, library_listing, load_catalog
from reperform.connectors.answer import Source
from reperform.evidence.blobs import sha256_of, write_durably
from reperform.evidence.bundle import write_bundle
from reperform.evidence.gathering import Gathered, Gathering
from reperform.evidence.lacking import in_use
from reperform.evidence.models import Job
from reperform.evidence.shape import shape
from reperform.ledger.actions import record, sign_checkpoint
from reperform.ledger.checkpoint import parse_checkpoint
from reperform.ledger.encoding import base64_text
from reperform.ledger.files import write_log_files
from reperform.ledger.queries import changes_of, entries, installation_verifier
from reperform.ledger.sealed import CHANGES, sealed_line
from reperform.program.description.statement import statement_yaml
from reperform.program.queries.stated import stated
from reperform.program.scope import Scope
from reperform.program.statement import Statement
from reperform.program.systems import Systems
from reperform.program.waivers.granted import Granted
from reperform.report.actions.freezing import closing_of, freeze_populations
from reperform.report.actions.manual import take_manual
from reperform.report.actions.systems import take_systems
from reperform.report.actions.waivers import take_waivers
from reperform.report.drafts import write_reports
from reperform.report.work import files_below, take_blob, work_folder
from reperform.testing.engine import ENGINE
from reperform.testing.manual import load_manual
from reperform.testing.procedure import load_procedures
from reperform.testing.reconciliation import load_reconciliations

Clock = Callable[[], datetime]


class NothingCollectedError(RefusalError):
    """No connection brought anything."""

    slug = "nothing-collected"


@dataclass(frozen=True, slots=True)
class _Turn:
    """One examination at work."""

    organization: Organization
    number: int
    scope: Scope
    catalog: Catalog
    statement: Statement
    closing: Closing | None
    work: Path
    by: str
    clock: Clock

    def record(self, act: str, after: dict[str, object]) -> None:
        """Record one step, durable before this returns."""
        with transaction.atomic():
            record(
                log=self.organization.log,
                act=act,
                by=self.by,
                at=self.clock(),
                subject=f"examination {self.number}",
                after=after,
            )

    def digests(self, *folders: str) -> dict[str, str]:
        """Return the digests of the files below folders of the work folder, by path."""
        return {name: sha256_of(self.work / name) for name in files_below(self.work, folders)}


def examine_connections(
    *,
    organization: Organization,
    evidence: Gathering,
    first: date | None,
    last: date | None,
    job: Job | None = None,
    by: str,
    clock: Clock,
) -> ExaminationRecord:
    """Examine what connections brought of a period; keep results, drafts and the bundle.

    Args:
        organization: whose scope and controls.
        evidence: how what its connections brought is gathered and read.
        first: first day; None for that of the decided period.
        last: last day; None for that of the decided period, or yesterday while it goes on.
        job: that it is done for; None at a terminal.
        by: who asks.
        clock: gives the time in UTC.

    Raises:
        ScopeOpenError, PeriodReversedError, PeriodTooLongError, PeriodInFutureError: what is to be
            examined is not decided, or no period.
        NothingCollectedError: no connection brought anything of these days.
        ConnectorMissingError: the connector of something that counts is not installed.
        EvidenceLostError: what was collected is not on the disk as it was kept.
        ExaminationGoesOnError: the organization is being examined already.
        NotShapedError, ProcedureFailedError: nothing is concluded then.
        OSError: what came of it could not be kept.
    """
    with work_folder(organization.log) as work:
        library = work / "library"
        copy_library(library)
        catalog = load_catalog(library)
        said = stated(organization, catalog=catalog)
        scope = asked_scope(said.scope, first=first, last=last, today=clock().date())
        found = evidence.of(scope.evidence_period)
        if not found.collections:
            raise _nothing(scope)
        found.refuse_altered()
        latest = ExaminationRecord.objects.filter(organization=organization).order_by("-number")
        number = 1 + (latest.values_list("number", flat=True).first() or 0)
        decided = said.scope.period
        closing = closing_of(organization, decided) if decided else None
        turn = _Turn(organization, number, scope, catalog, said.statement, closing, work, by, clock)
        told = _begin(turn, found)
        examination = _test(turn, found, evidence.sources, told)
        _render(turn, examination)
        _freeze(turn, examination)
        _seal(turn)
        return keep_examination(
            organization=organization, folder=work / "outputs", job=job, by=by, at=clock()
        )


def _begin(turn: _Turn, evidence: Gathered) -> tuple[tuple[Granted, ...], Systems]:
    """Record what is examined against which criteria, before any of it is tested.

    Returns:
        The waivers and the systems of record that the examination was told of.
    """
    inputs, library = turn.work / "inputs", turn.work / "library"
    write_durably(inputs / "scope.json", scope_json(turn.scope))
    write_durably(inputs / "statement.yaml", statement_yaml(turn.statement).encode())
    write_durably(inputs / "library.json", library_listing(library))
    told = evidence_json(
        evidence.collections,
        lacking=evidence.lacking,
        cursors=evidence.cursors,
        closing=turn.closing,
    )
    write_durably(inputs / "evidence.json", told)
    brought = take_manual(turn.organization, turn.scope.evidence_period, inputs)
    for sha256, store in evidence.stores.items():
        take_blob(store.path(sha256), turn.work / "evidence" / "blobs")
    with transaction.atomic():
        waivers = take_waivers(turn.organization, turn.work)
        systems = take_systems(turn.organization, turn.work)
        turn.record(
            BEGUN,
            {
                "type": turn.scope.type,
                "period": str(turn.scope.period),
                "collections": len(evidence.collections),
                "lacking": len(evidence.lacking),
                "manual": brought,
                "waivers": len(waivers),
                "library": turn.catalog.digest,
                "files": turn.digests("inputs"),
            },
        )
    return waivers, systems


def _test(
    turn: _Turn,
    evidence: Gathered,
    sources: Mapping[str, Source],
    told: tuple[tuple[Granted, ...], Systems],
) -> Examination:
    results, library = turn.work / "results", turn.work / "library"
    tables = shape(
        sources,
        [collection for collection, _ in evidence.collections],
        store=evidence,
        folder=turn.work / "evidence" / "tables",
        lacking=in_use(evidence.lacking),
    )
    examination = examine(
        Inputs(
            scope=turn.scope,
            statement=turn.statement,
            catalog=turn.catalog,
            procedures=load_procedures(library / "tests"),
            manual=load_manual(library / "tests"),
            collections=evidence.collections,
            tables=tables,
            lacking=evidence.lacking,
            closing=turn.closing,
            reconciliations=load_reconciliations(library / "reconciliations"),
            waivers=told[0],
            systems=told[1],
        ),
        items=results / "items",
    )
    write_durably(results / "results.json", results_json(examination))
    files = turn.digests("evidence/tables", "results")
    turn.record(TESTED, {"engine": ENGINE, "tests": len(examination.runs), "files": files})
    return examination


def _render(turn: _Turn, examination: Examination) -> None:
    outputs = turn.work / "outputs"
    results = turn.work / "results" / "results.json"
    write_durably(outputs / "results.json", results.read_bytes())
    checkpoint, _ = parse_checkpoint(sign_checkpoint(log=turn.organization.log))
    seal = Seal(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=base64_text(checkpoint.root),
        key=str(installation_verifier()),
        results_sha256=sha256_of(results),
    )
    write_reports(outputs, examination, seal, at=turn.clock())
    named = {path.name: sha256_of(path) for path in sorted(outputs.iterdir())}
    turn.record(RENDERED, {"files": named})


def _freeze(turn: _Turn, examination: Examination) -> None:
    """Freeze what is final of the decided period; of other days nothing is."""
    if turn.closing and turn.scope.evidence_period == turn.closing.period:
        freeze_populations(
            organization=turn.organization,
            period=turn.closing.period,
            populations=examination.populations,
            examination=turn.number,
            by=turn.by,
            at=turn.clock(),
        )


def _seal(turn: _Turn) -> None:
    """Put the trail beside what it names, up to a checkpoint that covers all of it, and pack it."""
    log, ledger = turn.organization.log, turn.work / "ledger"
    signed = sign_checkpoint(log=log)
    size = parse_checkpoint(signed)[0].size
    write_log_files(
        ledger, list(entries(log, 0, size)), checkpoint=signed, verifier=installation_verifier()
    )
    with (ledger / CHANGES).open("wb") as file:
        for number, content in changes_of(log, acts=ACTS, end=size):
            file.write(sealed_line(number, content))
    bundle = turn.work / "outputs" / "bundle.zip"
    write_bundle(bundle, turn.work, files_below(turn.work))
    bundle.chmod(0o600)  # as confidential as its sources


def _nothing(scope: Scope) -> NothingCollectedError:
    return NothingCollectedError(
        f"nothing was examined: no connection has brought anything of {scope.evidence_period}",
        why="Results without evidence would be a list of what nobody looked at.",
        todo="connect a source and collect from it on the page Connections, or with: reperform"
        " connectors collect",
    )
