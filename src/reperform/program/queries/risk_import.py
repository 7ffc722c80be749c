"""What a spreadsheet of risks would do now."""

from datetime import date

from reperform.accounts.models import Organization
from reperform.base.grid import Grid
from reperform.program.models import Risk
from reperform.program.queries import adopted_titles
from reperform.program.queries.importing import members_by_address
from reperform.program.queries.risks import fields_of
from reperform.program.risks.importing import Known, RiskImport, plan_import
from reperform.program.risks.risk import RiskState


def risk_import(organization: Organization, grid: Grid, *, today: date) -> RiskImport:
    """Return what a file would do; nothing is written."""
    rows = list(Risk.objects.filter(organization=organization).order_by("number"))
    return plan_import(
        grid,
        Known(
            members=members_by_address(organization),
            risks={row.number: fields_of(row) for row in rows if row.state == RiskState.OPEN},
            closed=frozenset(row.number for row in rows if row.state == RiskState.CLOSED),
            controls=adopted_titles(organization),
            today=today,
        ),
    )
