"""Writing into an incident's timeline, and drawing tasks from its lessons."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.reader import moment_text
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.incident_rows import IncidentRefusedError, refused, subject
from reperform.program.actions.rows import lock
from reperform.program.actions.task_rows import add_task
from reperform.program.incidents.timeline import EntryFields
from reperform.program.models import Incident, IncidentEntry, KeptFile, RemediationTask
from reperform.program.plan import TaskFields


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as somebody brings it.

    Attributes:
        name: as the user knows it, already fit to be shown.
        content: the whole file.
    """

    name: str
    content: bytes


@transaction.atomic
def add_entry(
    *,
    organization: Organization,
    number: int,
    fields: EntryFields,
    proof: Proof | None,
    by: str,
    at: datetime,
) -> IncidentEntry:
    """Write an entry into the timeline.  None is ever changed: a correction is a new entry.

    Args:
        organization: whose incident it is.
        number: of the incident, which exists.
        fields: read without problems.
        proof: a file to keep with it; None for none.
        by: who writes.
        at: when.

    Raises:
        IncidentRefusedError: it corrects an entry that is not there.
        UploadRefusedError: the file is of no kind that serves as proof.
    """
    lock(organization)
    incident = Incident.objects.get(organization=organization, number=number)
    entries = incident.entries.order_by("-number")
    corrected = None
    if fields.corrects is not None:
        corrected = entries.filter(number=fields.corrects).first()
        if corrected is None:
            problem = refused("corrects", f"there is no entry {fields.corrects}")
            raise IncidentRefusedError([problem])
    latest = entries.first()
    kept = _keep(organization, proof, by=by, at=at) if proof else None
    made = IncidentEntry.objects.create(
        incident=incident,
        number=latest.number + 1 if latest else 1,
        happened_at=fields.happened_at or at,
        said=fields.said,
        corrects=corrected,
        proof=kept,
        by=by,
        at=at,
    )
    record(
        log=organization.log,
        act="incident.entry_added",
        by=by,
        at=at,
        subject=subject(number),
        after={
            "entry": made.number,
            "happened_at": moment_text(made.happened_at),
            "said": made.said,
            "corrects": fields.corrects,
            "proof": describe_file(kept) if kept else None,
        },
    )
    return made


def _keep(organization: Organization, proof: Proof, *, by: str, at: datetime) -> KeptFile:
    return keep_file(
        organization=organization,
        name=proof.name,
        content=proof.content,
        readable_with="incidents.view",
        by=by,
        at=at,
    )


@transaction.atomic
def make_lesson_task(
    *, organization: Organization, number: int, fields: TaskFields, by: str, at: datetime
) -> RemediationTask:
    """Make a task of the plan that a lesson of an incident led to.

    Raises:
        TaskRefusedError: its owner is no member, or it waits for a task that does not exist.
    """
    lock(organization)
    incident = Incident.objects.get(organization=organization, number=number)
    task = add_task(organization, fields, gap="", by=by, at=at)
    incident.tasks.add(task)
    record(
        log=organization.log,
        act="incident.task_made",
        by=by,
        at=at,
        subject=subject(number),
        after={"task": task.number, **asdict(fields)},
    )
    return task
