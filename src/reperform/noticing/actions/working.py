"""What a worker does: carries out a job and looks at what came of it, or looks at everything."""

from collections.abc import Mapping

from django.conf import settings

from reperform.accounts.models import Organization
from reperform.evidence.actions import working
from reperform.evidence.actions.expecting import BY_ITSELF
from reperform.evidence.actions.working import COLLECTING, Clock, Way
from reperform.evidence.job import JobKind
from reperform.evidence.models import Job, WorkerSign
from reperform.noticing.actions.delivering import deliver_once
from reperform.noticing.actions.looking import look
from reperform.noticing.actions.telling import send_once, tell_once
from reperform.noticing.queries.notices import CONNECTIONS, DRIFT, look_due


def work_once(
    *,
    clock: Clock,
    organization: Organization | None = None,
    ways: Mapping[JobKind, Way] = COLLECTING,
    worker: WorkerSign | None = None,
) -> Job | None:
    """Carry out one job that is due, and look at what came of it; None for no job.

    Args:
        clock: gives the time in UTC.
        organization: whose only; None for all.
        ways: how each kind is carried out.
        worker: who does it, and says meanwhile that it lives; None for nobody in particular.
    """
    job = working.work_once(clock=clock, organization=organization, ways=ways, worker=worker)
    if job:
        watches = (CONNECTIONS, *([DRIFT] if job.kind == JobKind.EXAMINATION.value else []))
        look(organization=job.organization, by=BY_ITSELF, at=clock(), watches=watches)
    return job


def tend_once(*, clock: Clock, organization: Organization | None = None) -> str:
    """Do one thing that noticing asks for, and say what; empty when nothing is to be done.

    Messages go first, so that a look which takes long keeps nobody waiting.

    Args:
        clock: gives the time in UTC.
        organization: whose only; None for all.
    """
    delivery = deliver_once(clock=clock, organization=organization)
    if delivery:
        of = delivery.webhook
        said = f"HOOK-{of.number}  message {delivery.number}: {delivery.state}"
        return f"{of.organization.slug}  {said}"
    if settings.MAIL_IS_SENT:
        letter = send_once(clock=clock, organization=organization)
        if letter:
            said = "is sent" if letter.sent_at else f"is not sent: {letter.reason}"
            return (
                f"{letter.member.organization.slug}  a letter to member {letter.member_id} {said}"
            )
        member = tell_once(clock=clock, organization=organization, url=settings.SITE_URL)
        if member:
            return f"{member.organization.slug}  saw what to tell member {member.pk}"
    looked = look_once(clock=clock, organization=organization)
    return f"{looked.slug}  looked at everything" if looked else ""


def look_once(*, clock: Clock, organization: Organization | None = None) -> Organization | None:
    """Look at everything of one organization whose look is due, and return it; None for none."""
    found = look_due(clock(), organization)
    if found:
        look(organization=found, by=BY_ITSELF, at=clock())
    return found
