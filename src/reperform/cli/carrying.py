"""How a worker carries out each kind of job; imported after the settings are loaded."""

from reperform.evidence.actions.working import COLLECTING, Clock, Way
from reperform.evidence.job import Ended, JobKind
from reperform.evidence.models import Job
from reperform.evidence.queries.gathered import gathering
from reperform.report.actions.jobs import examine_job, run_test_job


def _examine(job: Job, clock: Clock) -> Ended:
    return examine_job(job, evidence=gathering(job.organization), clock=clock)


def _test(job: Job, clock: Clock) -> Ended:
    return run_test_job(job, evidence=gathering(job.organization), clock=clock)


WAYS: dict[JobKind, Way] = {
    **COLLECTING,
    JobKind.EXAMINATION: _examine,
    JobKind.TEST: _test,
}
