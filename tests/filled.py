"""An organization in which there is one of everything, as a year of work leaves it."""

from datetime import datetime
from pathlib import Path

from reperform.accounts.actions.members import invite
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.audit.actions import keep_examination
from reperform.program.actions.description import write_field
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import ScopeDocument
from web.examined import write_outputs

BY = "ada@larkspur.example"


def fill(organization: Organization, folder: Path, *, at: datetime) -> None:
    """Decide a scope twice, write a field twice, invite somebody, keep an examination."""
    for number, system in enumerate(("Invoicing", "Invoicing and archive")):
        change_scope(
            organization=organization,
            scope=ScopeDocument(system=system),
            seen=number,
            library="0" * 64,
            by=BY,
            at=at,
        )
        write_field(
            organization=organization,
            field="dc3.data",
            text=f"{system}: invoices.",
            seen=number,
            by=BY,
            at=at,
        )
    invite(
        organization=organization,
        email="grace@larkspur.example",
        role=Role.EMPLOYEE,
        by=BY,
        at=at,
    )
    keep_examination(
        organization=organization, folder=write_outputs(folder / "outputs"), by=BY, at=at
    )
