"""How a control is looked up, refused, written and recorded: what its actions share."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.ledger.actions import record
from reperform.program.controls.document import ControlDocument, control_content, document_of
from reperform.program.controls.refusals import (
    ControlAdoptedError,
    ControlCodeTakenError,
    ControlMissingError,
    ControlOwnerError,
    ControlRetiredError,
)
from reperform.program.models import AdoptedControl
from reperform.program.stale import StaleVersionError


@dataclass(frozen=True, slots=True)
class NewControl:
    """A control to be adopted.

    Attributes:
        code: what it is called here.
        document: what it says.
        library_id: the library's control that it comes from; empty for one of their own.
        taken: what the library says of it now; None for one of their own.
        owner: who answers for it, by name.
        implemented_on: the first day that it was at work as it is written.
        adopted_on: the day that management took it, when that was not today.
    """

    code: str
    document: ControlDocument
    library_id: str = ""
    taken: ControlDocument | None = None
    owner: Membership | None = None
    implemented_on: date | None = None
    adopted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A control as somebody saw it."""

    code: str
    version: int


def found_control(organization: Organization, seen: Seen) -> AdoptedControl:
    """Return a control in force at the version that was seen.

    Raises:
        ControlMissingError, ControlRetiredError, StaleVersionError: it is not.
    """
    control = AdoptedControl.objects.filter(organization=organization, code=seen.code).first()
    if control is None:
        raise ControlMissingError(seen.code)
    if control.retired_on:
        raise ControlRetiredError(seen.code)
    if control.version != seen.version:
        raise StaleVersionError(
            seen.code, seen=seen.version, current=control.version, by=control.changed_by
        )
    return control


def refuse_taken(organization: Organization, new: NewControl) -> None:
    """Raise when the code, or the control of the library, is taken."""
    used = AdoptedControl.objects.filter(organization=organization)
    in_force = used.filter(retired_on=None, library_id=new.library_id).first()
    if new.library_id and in_force:
        raise ControlAdoptedError(new.library_id, in_force.code)
    if used.filter(code=new.code).exists():
        raise ControlCodeTakenError(new.code)


def refuse_stranger(organization: Organization, owner: Membership | None) -> None:
    """Look the member up anew: who was let go in the meantime owns nothing."""
    if owner is None:
        return
    members = Membership.objects.filter(pk=owner.pk, organization=organization, is_active=True)
    if not members.filter(user__is_active=True).exclude(role=Role.AUDITOR.value).exists():
        raise ControlOwnerError


def write_document(
    control: AdoptedControl, document: ControlDocument, *, taken: ControlDocument | None
) -> None:
    """Set what a control says, and what the library says of it."""
    for name, value in control_content(document).items():
        setattr(control, name, value)
    control.library_content = control_content(taken) if taken else {}
    control.is_tailored = taken is not None and taken != document


def save_changed(
    control: AdoptedControl, before: dict[str, Any], act: str, *, by: str, at: datetime
) -> None:
    """Save a control and record what changed; nothing when nothing did."""
    after = facts_of(control)
    if before == after:
        return
    control.version += 1
    control.changed_by, control.changed_at = by, at
    control.save()
    changed = [name for name in after if before[name] != after[name]]
    record_control(
        control,
        act,
        before={name: before[name] for name in changed},
        after={"version": control.version, **{name: after[name] for name in changed}},
    )


def facts_of(control: AdoptedControl) -> dict[str, Any]:
    """Return what the ledger says of a control."""
    taken = control.library_content
    return {
        **control_content(document_of(control)),
        "owner": control.owner.user.email if control.owner else None,
        "adopted_on": control.adopted_on,
        "implemented_on": control.implemented_on,
        "retired_on": control.retired_on,
        "retired_because": control.retired_because,
        "library_id": control.library_id,
        "compared_with_library": taken.get("text") if taken else None,
    }


def record_control(
    control: AdoptedControl, act: str, *, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    """Append one entry about a control."""
    record(
        log=control.organization.log,
        act=act,
        by=control.changed_by,
        at=control.changed_at,
        subject=f"control {control.code}",
        before=before,
        after=after,
    )
