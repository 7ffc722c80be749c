"""Entering, changing and retiring assets."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.assets import SLUG, AssetFields, Retirement, asset_content, reference
from reperform.program.models import Asset, DataFlow
from reperform.program.queries.assets import asset_fields


class AssetRefusedError(RefusalError):
    """An asset names what the organization does not have, or a name that is taken."""

    slug = "asset-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"the asset was not saved: {problems[0].where} {problems[0].what}",
            why="An inventory that names what is not there, or one thing twice, cannot be trusted.",
            todo=problems[0].todo,
        )
        self.problems = tuple(problems)


class AssetRetiredError(RefusalError):
    """The asset is retired: what it was stays as it was."""

    slug = "asset-retired"


@transaction.atomic
def make_asset(
    *,
    organization: Organization,
    fields: AssetFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> Asset:
    """Enter an asset; `number` only where a file names it.

    Raises:
        AssetRefusedError: its owner is no active member, or its name or number is taken.
    """
    lock(organization)
    asset = add_asset(organization, fields, number=number, by=by, at=at)
    record(
        log=organization.log,
        act="asset.made",
        by=by,
        at=at,
        subject=reference(asset.number),
        after=asset_content(fields),
    )
    return asset


@transaction.atomic
def change_asset(
    *,
    organization: Organization,
    number: int,
    fields: AssetFields,
    seen: int,
    by: str,
    at: datetime,
) -> Asset:
    """Change an asset.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        AssetRetiredError: it is retired.
        AssetRefusedError: its owner is no active member, or its name is taken.
    """
    lock(organization)
    asset = Asset.objects.get(organization=organization, number=number)
    refuse_stale(asset, reference(number), seen=seen)
    _refuse_retired(asset)
    before = asset_content(asset_fields(asset))
    if before == asset_content(fields):
        return asset
    write_asset(asset, fields, by=by, at=at)
    was, is_now = difference(before, asset_content(fields))
    record(
        log=organization.log,
        act="asset.changed",
        by=by,
        at=at,
        subject=reference(number),
        before=was,
        after=is_now,
    )
    return asset


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brings: its name, fit to be shown, and its content."""

    name: str
    content: bytes


@transaction.atomic
def retire_asset(
    *,
    organization: Organization,
    number: int,
    retirement: Retirement,
    proof: Brought | None,
    seen: int,
    by: str,
    at: datetime,
) -> Asset:
    """Say that an asset went out of use, or complete the record of its disposal.

    Its data flows end with it.  A retired asset keeps its day and reason; what became of its data
    can be said later, when the certificate comes.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        AssetRefusedError: it began later than it would end.
        UploadRefusedError: the proof is no file that serves as one.
    """
    lock(organization)
    asset = Asset.objects.get(organization=organization, number=number)
    refuse_stale(asset, reference(number), seen=seen)
    if asset.since and retirement.on and retirement.on < asset.since:
        what = f"{retirement.on} is before its first day, {asset.since}"
        raise AssetRefusedError([Problem("on", what, "correct one of the two", SLUG)])
    before = _retired_as(asset)
    asset.retired_on, asset.retired_because = retirement.on, retirement.reason
    asset.disposal, asset.disposal_note = retirement.disposal.value, retirement.note
    kept = None
    if proof is not None:
        kept = keep_file(
            organization=organization,
            name=proof.name,
            content=proof.content,
            readable_with="assets.view",
            by=by,
            at=at,
        )
        asset.disposal_proof = kept
    if _retired_as(asset) == before:
        return asset
    asset.version, asset.changed_by, asset.changed_at = asset.version + 1, by, at
    asset.save()
    ended = _end_flows(asset, by=by, at=at)
    was, is_now = difference(before, _retired_as(asset))
    proven = {"proof": describe_file(kept)} if kept else {}
    record(
        log=organization.log,
        act="asset.retired",
        by=by,
        at=at,
        subject=reference(number),
        before=was,
        after=is_now | proven | ({"flows_ended": ended} if ended else {}),
    )
    return asset


def add_asset(
    organization: Organization,
    fields: AssetFields,
    *,
    number: int | None = None,
    by: str,
    at: datetime,
) -> Asset:
    """Save a new asset, as a part of the action that records it; the caller holds the lock."""
    if number is not None and Asset.objects.filter(organization=organization, number=number):
        raise AssetRefusedError([_problem("number", f"{reference(number)} is taken")])
    asset = Asset(
        organization=organization, number=number or next_number(Asset, organization), version=0
    )
    write_asset(asset, fields, by=by, at=at)
    return asset


def write_asset(asset: Asset, fields: AssetFields, *, by: str, at: datetime) -> None:
    """Save what an asset says, as a part of the action that records it."""
    organization = asset.organization
    if fields.owner is not None and not Membership.objects.filter(
        organization=organization, pk=fields.owner, is_active=True
    ):
        raise AssetRefusedError([_problem("owner", "is not an active member")])
    same = Asset.objects.filter(organization=organization, name=fields.name, retired_on=None)
    if other := same.exclude(pk=asset.pk).first():
        what = f"is taken by {reference(other.number)}"
        todo = "say what tells the two apart"
        raise AssetRefusedError([Problem("name", what, todo, SLUG)])
    for name, value in asdict(fields).items():
        setattr(asset, "owner_id" if name == "owner" else name, value)
    asset.version, asset.changed_by, asset.changed_at = asset.version + 1, by, at
    asset.save()


def _refuse_retired(asset: Asset) -> None:
    if asset.retired_on:
        raise AssetRetiredError(
            f"{reference(asset.number)} was not changed: it is retired",
            why="What was in use in a period must still be told as it was then.",
            todo="enter a new asset if it is in use again",
        )


def _retired_as(asset: Asset) -> dict[str, Any]:
    return {
        "on": asset.retired_on.isoformat() if asset.retired_on else None,
        "reason": asset.retired_because,
        "disposal": asset.disposal,
        "note": asset.disposal_note,
        "proof": asset.disposal_proof_id and asset.disposal_proof.number,  # type: ignore[union-attr]
    }


def _end_flows(asset: Asset, *, by: str, at: datetime) -> list[int]:
    """End the flows of a retired asset; return their numbers."""
    flows = DataFlow.objects.filter(organization=asset.organization, ended_on=None)
    ended = []
    for flow in (flows.filter(source=asset) | flows.filter(target=asset)).order_by("number"):
        flow.ended_on = asset.retired_on
        flow.ended_because = f"{reference(asset.number)} was retired"
        flow.version, flow.changed_by, flow.changed_at = flow.version + 1, by, at
        flow.save()
        ended.append(flow.number)
    return ended


def _problem(where: str, what: str) -> Problem:
    return Problem(where, what, "choose one that is in the list", SLUG)
