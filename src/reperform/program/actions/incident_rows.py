"""Writing incidents: what every action that makes or changes one has in common."""

from collections.abc import Sequence
from datetime import datetime

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.incidents import (
    REFUSED,
    TIMES,
    IncidentFields,
    reference,
)
from reperform.program.incidents.duties import deadline
from reperform.program.incidents.library import incident_library
from reperform.program.models import AdoptedControl, Incident
from reperform.program.queries.incident_notices import duty_fields

_TEXTS = (
    *("title", "what", "severity", "is_exercise", "reason", "affected", "personal_data", "cause"),
    *("control_failed", "commitment_missed", "is_reportable", "reportable_because", "extent"),
    *("disposition", "lessons", "reviewed_on"),
    *TIMES,
)
_LISTS = ("assets", "customers", "criteria", "controls", "failed_controls")


class IncidentRefusedError(RefusalError):
    """An incident names somebody or something that is not there, or cannot be closed yet."""

    slug = REFUSED

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was changed: {problems[0].where}: {problems[0].what}",
            why="An auditor relies on what the register says of an incident, and on what it names.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


def subject(number: int) -> str:
    """Return what the ledger calls an incident."""
    return f"incident {reference(number)}"


def write_incident(row: Incident, fields: IncidentFields, *, by: str, at: datetime) -> None:
    """Write `fields` into `row`, after everything that they name was found.

    Raises:
        IncidentRefusedError: the handler is no active member, or a control is not the
            organization's.
    """
    problems = _unknown(row, fields)
    if problems:
        raise IncidentRefusedError(problems)
    for name in _TEXTS:
        setattr(row, name, getattr(fields, name))
    for name in _LISTS:
        setattr(row, name, list(getattr(fields, name)))
    if fields.severity and (fields.severity != row.severity or row.severity_version is None):
        row.severity_version = incident_library().severity_version
    row.kind, row.state = fields.kind.value, fields.state.value
    row.handler_id = fields.handler
    if fields.on is None:
        raise ValueError("an incident without a day was not refused")
    row.on = fields.on
    row.closed_at = (row.closed_at or at) if fields.state.is_final else None
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _unknown(row: Incident, fields: IncidentFields) -> list[Problem]:
    found = []
    organization = row.organization
    if fields.handler is not None and fields.handler != row.handler_id:
        members = Membership.objects.filter(organization=organization, is_active=True)
        if not members.filter(pk=fields.handler).exists():
            found.append(refused("handler", "is not a member of the organization"))
    named = {*fields.controls, *fields.failed_controls}
    before = {*row.controls, *row.failed_controls}
    if named - before:
        found += _unknown_controls(organization, fields, named - before)
    return found


def _unknown_controls(
    organization: Organization, fields: IncidentFields, named: set[str]
) -> list[Problem]:
    rows = AdoptedControl.objects.filter(organization=organization, code__in=named)
    unknown = named - set(rows.values_list("code", flat=True))
    return [
        refused(where, f"there is no control {code[:20]}")
        for where in ("controls", "failed_controls")
        for code in getattr(fields, where)
        if code in unknown
    ]


def refused(where: str, what: str, todo: str = "choose one that is in the list") -> Problem:
    """Return what is wrong with one field of an incident."""
    return Problem(where, what, todo, REFUSED)


def move_deadlines(row: Incident) -> None:
    """Compute anew by when each notice that is not done is due: the time of noticing changed.

    What was done keeps the deadline that it had: a late notice does not become one in time.
    """
    for duty in row.duties.filter(applies=True, done_at=None).select_related("proof"):
        due = deadline(duty_fields(duty), hours=duty.hours, noticed_at=row.noticed_at)
        if due != duty.due_at:
            duty.due_at = due
            duty.save(update_fields=["due_at"])
