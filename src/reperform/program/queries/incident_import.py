"""What a file of incidents would do."""

from datetime import datetime

from reperform.accounts.models import Organization
from reperform.base.grid import Grid
from reperform.program.incidents.importing import Held, IncidentImport, plan_incidents
from reperform.program.incidents.library import incident_library
from reperform.program.models import AdoptedControl, Incident
from reperform.program.queries.importing import members_by_address


def incident_import_plan(organization: Organization, grid: Grid, *, at: datetime) -> IncidentImport:
    """Return what a file would do now; nothing is written."""
    controls = AdoptedControl.objects.filter(organization=organization)
    rows = Incident.objects.filter(organization=organization)
    held = Held(
        severities=incident_library().severities,
        members=members_by_address(organization),
        controls=frozenset(controls.values_list("code", flat=True)),
        there={
            (title, on): number for title, on, number in rows.values_list("title", "on", "number")
        },
        at=at,
    )
    return plan_incidents(grid, held)
