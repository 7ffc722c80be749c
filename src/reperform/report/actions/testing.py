"""Running one test of a control over what connections brought, between two examinations."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from reperform.accounts.models import Organization
from reperform.audit.actions import keep_outcome
from reperform.audit.alone import Evidence, run_alone
from reperform.audit.asked import asked_scope
from reperform.audit.models import OutcomeRecord
from reperform.base.refusal import RefusalError
from reperform.catalog.installed import catalog
from reperform.evidence.gathering import Gathered, Gathering
from reperform.evidence.lacking import in_use
from reperform.evidence.models import Job
from reperform.evidence.shape import shape
from reperform.program.queries import current_scope
from reperform.report.actions.freezing import closing_of
from reperform.testing.installed import installed_tests
from reperform.testing.procedure import Procedure

Clock = Callable[[], datetime]


class NoSuchTestError(RefusalError):
    """The library has no test of that id that the engine runs."""

    slug = "test-unknown"


def run_test(
    *, organization: Organization, evidence: Gathering, job: Job, by: str, clock: Clock
) -> OutcomeRecord:
    """Run the test that a job names, over the days of the scope that are over.

    Only what feeds its tables is read and shaped.  Evidence that is missing makes it unable, and
    never pass, as in an examination.

    Args:
        organization: whose scope.
        evidence: how what its connections brought is gathered and read.
        job: of the kind `test`.
        by: who asks.
        clock: gives the time in UTC.

    Raises:
        NoSuchTestError: the library does not have it, or not any more.
        ScopeOpenError, PeriodTooLongError: no period is decided.
        ConnectorMissingError, EvidenceLostError, NotShapedError, ProcedureFailedError: nothing is
            concluded then.
    """
    procedure = _found(str(job.what["test"]))
    scope = current_scope(organization).document
    decided = scope.period
    asked = asked_scope(scope, first=None, last=None, today=clock().date())
    period = asked.evidence_period
    found = _feeding(procedure, evidence, evidence.of(period))
    found.refuse_altered()
    with tempfile.TemporaryDirectory(prefix="reperform-test-") as folder:
        tables = shape(
            evidence.sources,
            [each for each, _ in found.collections],
            store=found,
            folder=Path(folder),
            lacking=found.lacking,
        )
        closing = closing_of(organization, decided) if decided else None
        record = run_alone(
            procedure, Evidence(period, tables, found.collections, closing, catalog().digest)
        )
    return keep_outcome(job=job, record=record, by=by, at=clock())


def _found(test: str) -> Procedure:
    for tests in installed_tests().values():
        for each in tests.automatic:
            if each.id == test:
                return each
    raise NoSuchTestError(
        f"nothing was tested: the library has no test {test} that runs by itself",
        why="A schedule of a test that is gone would look like one that passes.",
        todo="pause its schedule, or choose another test of the control",
    )


def _feeding(procedure: Procedure, evidence: Gathering, found: Gathered) -> Gathered:
    """Return the part of what was gathered that fills a table of a test."""
    streams = {
        name
        for name, source in evidence.sources.items()
        if any(spec.name in procedure.tables for spec in source.tables)
    }
    kept = tuple(each for each in found.collections if each[0].stream in streams)
    named = {digest for _, digest in kept}
    named |= {answer.blob for each, _ in kept for answer in each.answers if answer.blob}
    return replace(
        found,
        collections=kept,
        stores={sha256: store for sha256, store in found.stores.items() if sha256 in named},
        lacking=tuple(each for each in in_use(found.lacking) if each.stream in streams),
    )
