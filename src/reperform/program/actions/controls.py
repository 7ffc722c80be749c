"""Adopting, changing and retiring controls, several at once too.

Several are one transaction with one entry of the ledger for each control: so the history of every
control shows what was done to it, and either all of what is answered as done is done, or nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.refusal import RefusalError
from reperform.program.actions.calendar import keep_expectations
from reperform.program.actions.control_keeping import (
    NewControl,
    Seen,
    facts_of,
    found_control,
    record_control,
    refuse_stranger,
    refuse_taken,
    save_changed,
    write_document,
)
from reperform.program.controls.document import (
    ControlDocument,
    document_of,
    kept_content,
)
from reperform.program.controls.refusals import (
    ControlDayError,
)
from reperform.program.models import AdoptedControl


@dataclass(frozen=True, slots=True)
class Done:
    """What became of several: the codes that changed, and each refusal by code."""

    codes: tuple[str, ...]
    refused: tuple[tuple[str, RefusalError], ...]


@transaction.atomic
def adopt_controls(
    *, organization: Organization, controls: Sequence[NewControl], by: str, at: datetime
) -> Done:
    """Take controls as management's own; each that cannot be is refused by itself.

    Args:
        organization: whose they become.
        controls: read without problems.
        by: who adopts.
        at: when; its day is the day of adoption of each that names no other.
    """
    organization = _locked(organization)

    def adopt(new: NewControl) -> str:
        refuse_taken(organization, new)
        refuse_stranger(organization, new.owner)
        control = AdoptedControl(
            organization=organization,
            code=new.code,
            library_id=new.library_id,
            adopted_on=new.adopted_on or at.date(),
            owner=new.owner,
            implemented_on=new.implemented_on,
        )
        write_document(control, new.document, taken=new.taken)
        control.changed_by, control.changed_at = by, at
        control.save(force_insert=True)
        record_control(control, "control.adopted", before=None, after=facts_of(control))
        return new.code

    return _each([(new.code, new) for new in controls], adopt)


@transaction.atomic
def change_control(
    *,
    organization: Organization,
    seen: Seen,
    document: ControlDocument,
    owner: Membership | None,
    implemented_on: date | None,
    taken: ControlDocument | None = None,
    by: str,
    at: datetime,
) -> None:
    """Change what a control says, and who answers for it.

    Args:
        organization: whose it is.
        seen: its code and the version that was changed.
        document: the whole of it, read without problems.
        owner: who answers for it, by name.
        implemented_on: the first day that it was at work as it is written.
        taken: the library's text as it is now, when this one was compared with it.
        by: who changes.
        at: when.

    Raises:
        ControlMissingError, ControlRetiredError: there is no such control, or no more.
        StaleVersionError: somebody changed it in the meantime.
        ControlOwnerError: the owner cannot own one.
    """
    organization = _locked(organization)
    control = found_control(organization, seen)
    if owner is None or owner.pk != control.owner_id:
        refuse_stranger(organization, owner)
    before = facts_of(control)
    write_document(control, document, taken=taken or kept_content(control.library_content))
    control.owner, control.implemented_on = owner, implemented_on
    save_changed(control, before, "control.changed", by=by, at=at)
    _keep_expectations(control, before)


@transaction.atomic
def change_controls(
    *,
    organization: Organization,
    seen: Sequence[Seen],
    values: dict[str, Any],
    by: str,
    at: datetime,
) -> Done:
    """Set the same for several controls; each that cannot be set is refused by itself.

    Args:
        organization: whose they are.
        seen: codes, each with the version that was seen.
        values: some of `owner` (Membership or None), `frequency`, `implemented_on`.
        by: who changes.
        at: when.

    Raises:
        ControlOwnerError: the owner cannot own one.
    """
    organization = _locked(organization)
    refuse_stranger(organization, values.get("owner"))

    def change(row: Seen) -> str:
        control = found_control(organization, row)
        before = facts_of(control)
        for name in ("owner", "frequency", "implemented_on"):
            if name in values:
                setattr(control, name, values[name])
        write_document(control, document_of(control), taken=kept_content(control.library_content))
        save_changed(control, before, "control.changed", by=by, at=at)
        _keep_expectations(control, before)
        return row.code

    return _each([(row.code, row) for row in seen], change)


@transaction.atomic
def retire_controls(
    *,
    organization: Organization,
    seen: Sequence[Seen],
    on: date,
    reason: str,
    by: str,
    at: datetime,
) -> Done:
    """Retire controls for a reason; they stay readable, and their codes stay used.

    Args:
        organization: whose they are.
        seen: codes, each with the version that was seen.
        on: the first day that they are no more; not in the future.
        reason: why, not empty.
        by: who retires.
        at: when.
    """
    organization = _locked(organization)

    def retire(row: Seen) -> str:
        control = found_control(organization, row)
        if on < control.adopted_on:
            what = f"{on} is before {control.adopted_on}, on which it was adopted"
            raise ControlDayError(row.code, what)
        before = facts_of(control)
        control.retired_on, control.retired_because = on, reason
        save_changed(control, before, "control.retired", by=by, at=at)
        return row.code

    return _each([(row.code, row) for row in seen], retire)


def _keep_expectations(control: AdoptedControl, before: dict[str, Any]) -> None:
    """A control that is due more or less often from today on was due as it was until now."""
    if before["frequency"] != control.frequency:
        keep_expectations(
            control,
            frequency=before["frequency"],
            by=control.changed_by,
            at=control.changed_at,
        )


def _locked(organization: Organization) -> Organization:
    # The organization's row is the lock: two that save at once come one after the other.
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _each(rows: Sequence[tuple[str, Any]], act: Callable[[Any], str]) -> Done:
    """Act on each row; a refusal leaves the others as they are."""
    codes, refused = [], []
    for code, row in rows:
        try:
            codes.append(act(row))
        except RefusalError as refusal:
            refused.append((code, refusal))
    return Done(tuple(codes), tuple(refused))
