"""Carrying out the jobs of the queue that examine, which the queue itself knows nothing of."""

from collections.abc import Callable
from datetime import date, datetime

from reperform.audit.models import ExaminationRecord, OutcomeRecord
from reperform.base.refusal import RefusalError
from reperform.evidence.gathering import Gathering
from reperform.evidence.job import Ended
from reperform.evidence.models import Job
from reperform.report.actions.examining import examine_connections
from reperform.report.actions.testing import run_test
from reperform.report.work import ExaminationGoesOnError

Clock = Callable[[], datetime]


def examine_job(job: Job, *, evidence: Gathering, clock: Clock) -> Ended:
    """Examine the days of a job, once: what a killed worker kept is not examined again.

    A refusal is final, since the same would be refused in five minutes too; but for an examination
    that goes on at a terminal, which ends.

    Args:
        job: of the kind `examination`, claimed.
        evidence: how what its organization's connections brought is gathered and read.
        clock: gives the time in UTC.
    """
    if ExaminationRecord.objects.filter(job=job).exists():
        return Ended()
    first, last = (
        date.fromisoformat(job.what[day]) if day in job.what else None for day in ("first", "last")
    )
    try:
        examine_connections(
            organization=job.organization,
            evidence=evidence,
            first=first,
            last=last,
            job=job,
            by=job.asked_by,
            clock=clock,
        )
    except ExaminationGoesOnError as refusal:
        return Ended(refusal.what)
    except RefusalError as refusal:
        return _refused(refusal)
    return Ended()


def run_test_job(job: Job, *, evidence: Gathering, clock: Clock) -> Ended:
    """Run the test of a job, once: what a killed worker kept is not run again.

    Args:
        job: of the kind `test`, claimed.
        evidence: how what its organization's connections brought is gathered and read.
        clock: gives the time in UTC.
    """
    if OutcomeRecord.objects.filter(job=job).exists():
        return Ended()
    try:
        run_test(
            organization=job.organization, evidence=evidence, job=job, by=job.asked_by, clock=clock
        )
    except RefusalError as refusal:
        return _refused(refusal)
    return Ended()


def _refused(refusal: RefusalError) -> Ended:
    return Ended("\n".join([refusal.what, *refusal.todo]), is_final=True)
