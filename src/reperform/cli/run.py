"""One run of a quickstart, in the order that the ledger shows: scope, evidence, tests, report."""

import os
import pwd
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from reperform.audit.examination import Examination, Seal
from reperform.audit.examine import Inputs, examine
from reperform.audit.record import (
    REPORT_RENDERED,
    SCOPE_FIXED,
    TABLES_SHAPED,
    TESTS_RUN,
    scope_json,
)
from reperform.audit.results import results_json
from reperform.base.canonical import sha256_hex
from reperform.catalog.copied import copy_library
from reperform.catalog.library import library_listing, load_catalog
from reperform.cli.progress import Steps
from reperform.cli.workspace import OUTPUTS, Workspace, open_workspace
from reperform.connectors import git, host, tls
from reperform.connectors.answer import NotCollectedError, Question
from reperform.evidence.blobs import sha256_of, write_durably
from reperform.evidence.bundle import write_bundle
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection, CollectionOutcome
from reperform.evidence.journal import LedgerJournal
from reperform.evidence.shape import ShapedTable, shape
from reperform.evidence.sources import SOURCES
from reperform.program.scope import Scope
from reperform.program.statement import Statement
from reperform.report.drafts import write_reports
from reperform.testing.engine import ENGINE
from reperform.testing.manual import load_manual
from reperform.testing.procedure import load_procedures

_STEPS_AFTER_COLLECTING = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, checked."""

    scope: Scope
    statement: Statement
    statement_text: str
    repo: Path
    branch: str | None
    signing_keys: Path | None
    endpoints: tuple[str, ...]
    look_at_host: bool
    out: Path

    def questions(self) -> list[Question]:
        """Return what will be asked, in order."""
        return [
            git.question(
                self.repo,
                branch=self.branch,
                signing_keys=self.signing_keys,
                period=self.scope.period,
            ),
            *(host.questions() if self.look_at_host else ()),
            *(tls.question(endpoint) for endpoint in self.endpoints),
        ]


def run(
    request: Request, *, clock: Callable[[], datetime], passphrase: bytes | None
) -> tuple[Examination, list[Path]]:
    """Do the whole run; return the examination and the paths of what was written.

    Raises:
        RefusalError: something said no; a new output folder is then removed again.
        OSError: the disk failed; the next run in the same folder takes it up.
    """
    questions = request.questions()
    with (
        open_workspace(request.out) as workspace,
        LedgerJournal.open(workspace.ledger, passphrase=passphrase) as journal,
        Steps(len(questions) + _STEPS_AFTER_COLLECTING) as steps,
    ):
        journal.abandon_unfinished(workspace.blobs)
        _fix_scope(request, workspace, journal)
        collections = []
        for question in questions:
            with steps.step(f"Collecting {question.stream} from {question.target}"):
                collections.append(_collect(question, workspace, journal, clock))
        with steps.step("Shaping tables"):
            tables = _shape(collections, workspace, journal)
        with steps.step("Running tests of controls"):
            examination = _examine(request, collections, tables, workspace, journal)
        with steps.step("Rendering report and gap report"):
            _render(examination, workspace, journal, clock())
        with steps.step("Sealing the bundle"):
            head = journal.checkpoint()
            bundle = workspace.folder / "outputs" / "bundle.zip"
            write_bundle(bundle, workspace.folder, workspace.bundled(head.size))
            bundle.chmod(0o600)  # as confidential as its sources, like the other outputs
        workspace.publish()
    return examination, [request.out / name for name in OUTPUTS]


def _fix_scope(request: Request, workspace: Workspace, journal: LedgerJournal) -> None:
    """Keep what is examined against which criteria, before any evidence is looked at."""
    inputs = workspace.fresh("inputs")
    write_durably(inputs / "scope.json", scope_json(request.scope))
    write_durably(inputs / "statement.yaml", request.statement_text.encode())
    library = workspace.fresh("library")
    copy_library(library)
    write_durably(inputs / "library.json", library_listing(library))
    journal.record(
        SCOPE_FIXED,
        {"type": request.scope.type, "period": str(request.scope.period)},
        {
            "inputs/scope.json": sha256_of(inputs / "scope.json"),
            "inputs/statement.yaml": sha256_of(inputs / "statement.yaml"),
            "inputs/library.json": sha256_of(inputs / "library.json"),
            "library": load_catalog(library).digest,
        },
    )


def _collect(
    question: Question,
    workspace: Workspace,
    journal: LedgerJournal,
    clock: Callable[[], datetime],
) -> tuple[Collection, str]:
    collection, record = collect(
        question, store=workspace.blobs, journal=journal, clock=clock, asked_by=_asked_by()
    )
    if question.stream == git.SOURCE.stream and collection.outcome is CollectionOutcome.REFUSED:
        raise NotCollectedError(
            collection.reason.splitlines()[0],
            why="Without the repository's history there is nothing to examine.",
            todo=[line.strip() for line in collection.reason.splitlines()[1:]],
        )
    return collection, record.sha256


def _asked_by() -> str:
    """Return who asks, from where, with which program: for the record, never for the ledger."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container can run as a number that has no name
        user = f"user {os.getuid()}"
    return f"{user}@{socket.gethostname()} reperform {version('reperform')}"


def _shape(
    collections: list[tuple[Collection, str]], workspace: Workspace, journal: LedgerJournal
) -> dict[str, ShapedTable]:
    folder = workspace.fresh("evidence/tables")
    collected = [collection for collection, _ in collections]
    tables = shape(SOURCES, collected, store=workspace.blobs, folder=folder)
    subjects = {f"evidence/tables/{name}.parquet": table.sha256 for name, table in tables.items()}
    journal.record(TABLES_SHAPED, {"tables": len(tables)}, subjects)
    return tables


def _examine(
    request: Request,
    collections: list[tuple[Collection, str]],
    tables: Mapping[str, ShapedTable],
    workspace: Workspace,
    journal: LedgerJournal,
) -> Examination:
    library = workspace.folder / "library"
    results = workspace.fresh("results")
    (results / "items").mkdir()
    began = time.monotonic()
    examination = examine(
        Inputs(
            scope=request.scope,
            statement=request.statement,
            catalog=load_catalog(library),
            procedures=load_procedures(library / "tests"),
            manual=load_manual(library / "tests"),
            collections=tuple(collections),
            tables=tables,
        ),
        items=results / "items",
    )
    write_durably(results / "results.json", results_json(examination))
    subjects = {
        path.relative_to(workspace.folder).as_posix(): sha256_of(path)
        for path in sorted(results.rglob("*.json*"))
    }
    took_ms = int((time.monotonic() - began) * 1000)
    journal.record(TESTS_RUN, {"engine": ENGINE, "took_ms": took_ms}, subjects)
    return examination


def _render(
    examination: Examination, workspace: Workspace, journal: LedgerJournal, at: datetime
) -> None:
    outputs = workspace.fresh("outputs")
    results = (workspace.folder / "results" / "results.json").read_bytes()
    write_durably(outputs / "results.json", results)
    checkpoint = journal.checkpoint()
    seal = Seal(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        key=journal.verifier_key,
        results_sha256=sha256_hex(results),
    )
    write_reports(outputs, examination, seal, at=at)
    journal.record(
        REPORT_RENDERED, {}, {path.name: sha256_of(path) for path in sorted(outputs.iterdir())}
    )
