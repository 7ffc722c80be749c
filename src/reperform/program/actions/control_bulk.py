"""Doing one thing to several controls, as it was ordered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.catalog.controls import Control
from reperform.program.actions.control_keeping import NewControl, Seen
from reperform.program.actions.controls import (
    Done,
    adopt_controls,
    change_controls,
    retire_controls,
)
from reperform.program.controls.bulk import Order
from reperform.program.controls.document import library_document
from reperform.program.controls.reading import free_code
from reperform.program.controls.refusals import ControlMissingError
from reperform.program.models import AdoptedControl


@transaction.atomic
def carry_out(
    *,
    organization: Organization,
    order: Order,
    seen: Sequence[Seen],
    owner: Membership | None,
    library: Sequence[Control],
    by: str,
    at: datetime,
) -> Done:
    """Do what was ordered to each control that was seen; each that cannot be is refused by itself.

    Args:
        organization: whose they are.
        order: read without problems.
        seen: codes, each with the version that was seen; to adopt, ids of the library.
        owner: for `owner` and `adopt`.
        library: the library's controls.
        by: who orders.
        at: when.

    Raises:
        ControlOwnerError: the owner cannot own one.
    """
    if order.act == "retire" and order.on:
        return retire_controls(
            organization=organization, seen=seen, on=order.on, reason=order.reason, by=by, at=at
        )
    if order.act != "adopt":
        asked: dict[str, tuple[str, Any]] = {
            "owner": ("owner", owner),
            "frequency": ("frequency", order.frequency),
            "implemented": ("implemented_on", order.implemented_on),
        }
        values = dict([asked[order.act]])
        return change_controls(organization=organization, seen=seen, values=values, by=by, at=at)
    texts = {control.id: library_document(control) for control in library}
    used = set(
        AdoptedControl.objects.filter(organization=organization).values_list("code", flat=True)
    )
    done = adopt_controls(
        organization=organization,
        controls=[
            NewControl(
                code=free_code(each.code, used),
                document=texts[each.code],
                library_id=each.code,
                taken=texts[each.code],
                owner=owner,
                implemented_on=order.implemented_on,
            )
            for each in seen
            if each.code in texts
        ],
        by=by,
        at=at,
    )
    missing = [each.code for each in seen if each.code not in texts]
    return Done(
        done.codes, (*done.refused, *((code, ControlMissingError(code)) for code in missing))
    )
