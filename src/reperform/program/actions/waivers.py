"""Asking for a waiver, deciding it, and withdrawing one."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.models import AdoptedControl, Waiver
from reperform.program.queries.waivers import waiver_fields
from reperform.program.waivers.fields import SLUG, WaiverFields, waiver_content
from reperform.program.waivers.refusals import (
    NotTheAskerError,
    OwnWaiverError,
    WaiverRefusedError,
    WaiverStateError,
)

APPROVED, WITHDRAWN = "waiver.approved", "waiver.withdrawn"


@transaction.atomic
def ask_waiver(
    *,
    organization: Organization,
    fields: WaiverFields,
    asker: Membership,
    by: str,
    at: datetime,
) -> Waiver:
    """Ask for a waiver; it counts for nothing before another member approves it.

    Args:
        organization: whose tests.
        fields: what is asked for.
        asker: who asks.
        by: who, as the ledger says.
        at: when.

    Raises:
        WaiverRefusedError: the control that makes up for it is none in force.
    """
    lock(organization)
    _refuse_unknown(organization, fields)
    row = Waiver.objects.create(
        organization=organization,
        number=next_number(Waiver, organization),
        asker=asker,
        asked_by=by,
        asked_at=at,
        changed_by=by,
        changed_at=at,
        **_columns(fields),
    )
    _record(row, "waiver.asked", after=waiver_content(fields))
    return row


@transaction.atomic
def change_waiver(
    *,
    organization: Organization,
    number: int,
    fields: WaiverFields,
    seen: int,
    asker: Membership,
    by: str,
    at: datetime,
) -> Waiver:
    """Change what is asked for, while nobody has decided it; nothing is recorded for the same.

    Args:
        organization: whose tests.
        number: of the waiver, which exists.
        fields: what is asked for now.
        seen: the version that was changed.
        asker: who asked for it.
        by: who, as the ledger says.
        at: when.

    Raises:
        StaleVersionError: it was changed or decided in the meantime.
        WaiverStateError: it is decided.
        NotTheAskerError: somebody else asked for it.
        WaiverRefusedError: the control that makes up for it is none in force.
    """
    row = _locked(organization, number, seen)
    if row.is_approved is not None:
        raise WaiverStateError(number, "changed", "decided")
    if row.asker.user_id != asker.user_id:
        raise NotTheAskerError(number, row.asked_by)
    _refuse_unknown(organization, fields)
    before, after = difference(waiver_content(waiver_fields(row)), waiver_content(fields))
    if after:
        for name, value in _columns(fields).items():
            setattr(row, name, value)
        _save(row, by, at)
        _record(row, "waiver.changed", before=before, after=after)
    return row


@transaction.atomic
def decide_waiver(
    *,
    organization: Organization,
    number: int,
    is_approved: bool | None,
    note: str,
    seen: int,
    decider: Membership,
    by: str,
    at: datetime,
) -> Waiver:
    """Approve or decline a waiver, as another person than who asked.

    Args:
        organization: whose tests.
        number: of the waiver, which exists.
        is_approved: yes or no; None is neither, and refused.
        note: what the decider says of it; a no needs one.
        seen: the version that was read.
        decider: who decides.
        by: who, as the ledger says.
        at: when.

    Raises:
        StaleVersionError: it was changed or decided in the meantime.
        WaiverStateError: it is decided.
        OwnWaiverError: the decider asked for it.
        WaiverRefusedError: it is neither yes nor no, a no has no reason, or its last day is over.
    """
    row = _locked(organization, number, seen)
    if row.is_approved is not None:
        raise WaiverStateError(number, "decided", "decided already")
    if row.asker.user_id == decider.user_id:
        raise OwnWaiverError(number, row.asked_by)
    said = _decision(row, is_approved=is_approved, note=note, today=at.date())
    row.is_approved, row.decision, row.decided_by, row.decided_at = is_approved, said, by, at
    _save(row, by, at)
    asked = {"asked_by": row.asked_by, "asked_on": row.asked_at.date().isoformat()}
    content = waiver_content(waiver_fields(row)) | asked if is_approved else {}
    act = APPROVED if is_approved else "waiver.declined"
    _record(row, act, before={"is_approved": None}, after={"decision": said, **content})
    return row


@transaction.atomic
def withdraw_waiver(
    *, organization: Organization, number: int, reason: str, seen: int, by: str, at: datetime
) -> Waiver:
    """Let a waiver that was approved end today; it stays, with what was said of it.

    Raises:
        StaleVersionError: it was changed in the meantime.
        WaiverStateError: it was never approved, is withdrawn, or is over.
        WaiverRefusedError: there is no reason.
    """
    row, on = _locked(organization, number, seen), at.date()
    if not row.is_approved or row.withdrawn_on or row.last < on:
        state = (
            "not approved" if not row.is_approved else "withdrawn" if row.withdrawn_on else "over"
        )
        raise WaiverStateError(number, "withdrawn", state)
    reader = Reader({"reason": reason}, SLUG)
    said = reader.text("reason", needed="say why it ends before its day", longest=4_000)
    if reader.problems:
        raise WaiverRefusedError(reader.problems)
    row.withdrawn_on, row.withdrawn_by, row.withdrawn_because = on, by, said
    _save(row, by, at)
    _record(
        row,
        WITHDRAWN,
        before={"withdrawn_on": None},
        after={"withdrawn_on": on.isoformat(), "reason": said},
    )
    return row


def _columns(fields: WaiverFields) -> dict[str, Any]:
    said = {name: getattr(fields, name) for name in WaiverFields.__slots__}
    return {**said, "items": list(fields.items)}


def _locked(organization: Organization, number: int, seen: int) -> Waiver:
    lock(organization)
    row = Waiver.objects.select_related("asker").get(organization=organization, number=number)
    refuse_stale(row, f"waiver {number}", seen=seen)
    return row


def _save(row: Waiver, by: str, at: datetime) -> None:
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _decision(row: Waiver, *, is_approved: bool | None, note: str, today: date) -> str:
    reader = Reader({"note": note}, SLUG)
    needed = "say what it lacks" if is_approved is False else ""
    said = reader.text("note", needed=needed, longest=4_000)
    if is_approved is None:
        reader.problem("is_approved", "is neither yes nor no", "approve or decline it")
    if is_approved and row.last < today:
        reader.problem("is_approved", f"comes too late: {row.last} is over", "decline it")
    if reader.problems:
        raise WaiverRefusedError(reader.problems)
    return said


def _refuse_unknown(organization: Organization, fields: WaiverFields) -> None:
    rows = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    code = fields.compensating_control
    if code and not rows.filter(code=code).exists():
        todo = "take the code of a control that is adopted, such as AC-01"
        raise WaiverRefusedError(
            [Problem("compensating_control", "is no control in force", todo, SLUG)]
        )


def _record(
    row: Waiver, act: str, *, before: dict[str, Any] | None = None, after: dict[str, Any]
) -> None:
    record(
        log=row.organization.log,
        act=act,
        by=row.changed_by,
        at=row.changed_at,
        subject=f"waiver {row.number}",
        before=before,
        after=after,
    )
