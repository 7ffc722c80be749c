"""Importing incidents from a file: all of it as its dry run showed, or nothing."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.ledger.actions import record
from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.incident_rows import write_incident
from reperform.program.actions.rows import lock, next_number
from reperform.program.actions.uploads import forget_upload
from reperform.program.incidents import incident_content, reference
from reperform.program.models import Incident
from reperform.program.queries.incident_import import incident_import_plan

PURPOSE = "incidents"
"""Of a file that waits for its import."""


@transaction.atomic
def import_incidents(
    *,
    organization: Organization,
    member: Membership,
    file_name: str,
    content: bytes,
    expected: str,
    by: str,
    at: datetime,
) -> list[Incident]:
    """Enter the incidents of a file; those that are in the register already are left out.

    Args:
        organization: whose register it is.
        member: who imports; a file that was kept for them is forgotten.
        file_name: as the user knows it.
        content: the file, byte for byte.
        expected: fingerprint of what the dry run showed.
        by: who imports.
        at: when.

    Raises:
        FileRefusedError: it is no table.
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
    """
    lock(organization)
    plan = incident_import_plan(organization, read_grid(content, name=file_name), at=at)
    refuse_unseen(plan, expected=expected, file=file_name, what="The register")
    first = next_number(Incident, organization)
    made = []
    for number, fields in enumerate(plan.entered, first):
        row = Incident(organization=organization, number=number, version=0)
        write_incident(row, fields, by=by, at=at)
        made.append(row)
    forget_upload(member=member, purpose=PURPOSE)
    if made:
        record(
            log=organization.log,
            act="incidents.imported",
            by=by,
            at=at,
            subject=f"incidents {reference(first)} to {reference(made[-1].number)}",
            after={
                "file": file_name,
                "sha256": sha256_hex(content),
                "incidents": {
                    reference(row.number): incident_content(fields)
                    for row, fields in zip(made, plan.entered, strict=True)
                },
            },
        )
    return made
