"""What a file of incidents would do."""

from datetime import datetime

from reperform.accounts.models import Membership, Organization
from reperform.base.grid import Grid
from reperform.program.incidents.importing import Held, IncidentImportPlan, plan_incidents
from reperform.program.incidents.library import incident_library
from reperform.program.models import AdoptedControl, Incident


def incident_import_plan(
    organization: Organization, grid: Grid, *, at: datetime
) -> IncidentImportPlan:
    """Return what a file would do now; nothing is written."""
    members = Membership.objects.filter(organization=organization, is_active=True)
    controls = AdoptedControl.objects.filter(organization=organization)
    rows = Incident.objects.filter(organization=organization)
    held = Held(
        severities=incident_library().severities,
        members={
            email.lower(): number for email, number in members.values_list("user__email", "pk")
        },
        controls=frozenset(controls.values_list("code", flat=True)),
        there={
            (title, on): number for title, on, number in rows.values_list("title", "on", "number")
        },
        at=at,
    )
    return plan_incidents(grid, held)
