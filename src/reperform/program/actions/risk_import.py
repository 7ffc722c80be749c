"""Importing a register of risks: all of it as its dry run showed, or nothing."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.ledger.actions import record
from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.risks import add_risk, write_risk
from reperform.program.actions.rows import lock
from reperform.program.actions.uploads import forget_upload
from reperform.program.models import Risk
from reperform.program.queries.risk_import import risk_import
from reperform.program.risks.importing import RiskImport

PURPOSE = "risks"
"""Of a file that waits for its import."""


@transaction.atomic
def import_risks(
    *,
    organization: Organization,
    member: Membership,
    name: str,
    content: bytes,
    expected: str,
    by: str,
    at: datetime,
) -> RiskImport:
    """Enter and change the risks of a spreadsheet.

    Args:
        organization: whose register it is.
        member: who imports; a file that was kept for them is forgotten.
        name: of the file, fit to be shown.
        content: CSV or XLSX.
        expected: fingerprint of what the dry run showed.
        by: who imports.
        at: when.

    Raises:
        FileRefusedError: it is no table.
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
    """
    lock(organization)
    plan = risk_import(organization, read_grid(content, name=name), today=at.date())
    refuse_unseen(plan, expected=expected, file=name, what="Risks or members")
    done = {}
    for row in plan.acting:
        if row.number is None:
            risk = add_risk(organization, row.fields, by=by, at=at)
        else:
            risk = Risk.objects.get(organization=organization, number=row.number)
            write_risk(risk, row.fields, by=by, at=at)
        done[str(risk.number)] = row.does
    forget_upload(member=member, purpose=PURPOSE)
    if done:
        record(
            log=organization.log,
            act="risks.imported",
            by=by,
            at=at,
            subject="risks",
            after={"file": name, "sha256": sha256_hex(content), "risks": done},
        )
    return plan
