"""Importing incidents: a file, its dry run, and then the import."""

from reperform.program.actions.incident_import import PURPOSE, import_incidents
from reperform.program.incidents.importing import COLUMNS, IncidentImport
from reperform.program.queries.incident_import import incident_import_plan
from reperform.web.importing import ImportPages, Kept
from reperform.web.page import Visitor


def _plan(visitor: Visitor, kept: Kept) -> IncidentImport:
    return incident_import_plan(visitor.organization, kept.grid(), at=visitor.at)


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    made = import_incidents(
        organization=visitor.organization,
        member=visitor.membership,
        file_name=kept.file_name,
        content=kept.content,
        expected=kept.expected,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{len(made)} from {kept.file_name} are in the register."


urlpatterns = ImportPages(
    name="incident_import",
    back="incidents",
    label="Incidents",
    permission="incidents.edit",
    purpose=PURPOSE,
    ask="web/incidents/import.html",
    check="web/incidents/import_check.html",
    plan=_plan,
    carry_out=_carry_out,
    context=lambda _: {"columns": COLUMNS.values()},
).urlpatterns("incidents/import/")
