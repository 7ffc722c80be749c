"""The inventory of assets as a file of rows."""

from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.assets import change_asset, make_asset, retire_asset
from reperform.program.actions.code import Given, Register
from reperform.program.assets import (
    SLUG,
    AssetFields,
    Disposal,
    Retirement,
    asset_content,
    read_asset,
    read_retirement,
)
from reperform.program.code import Content, Item, Kind, Standing, said, same
from reperform.program.code.plan import Change
from reperform.program.models import Asset
from reperform.program.queries.assets import asset_fields, assets

KIND = Kind(
    name="assets",
    path="assets.yaml",
    key="number",
    fields=(*AssetFields.__dataclass_fields__, "retired"),
    title="the inventory of systems and other assets, retired ones too",
    about="""\
The inventory of systems and other assets; AST-3 is number 3.

What is left out is not decided: in_boundary, internet_facing and has_accounts are true, false, or
left out. owner: e-mail address of a member; vendor: who operates it
To retire one: retired: {on: 2026-01-31, reason: "why"}, with disposal and note when known""",
)
_FIXED_BY_RETIREMENT = "is retired: what it was stays as it was"


def _standing(organization: Organization) -> dict[str, Standing]:
    return {
        str(row.number): Standing(_content_of(row), row.version, row.changed_by)
        for row in assets(organization)
    }


def _content_of(row: Asset) -> dict[str, Any]:
    return {
        **asset_content(asset_fields(row)),
        "owner": row.owner.user.email if row.owner else None,
        "retired": _retired(
            Retirement(
                row.retired_on, row.retired_because, Disposal(row.disposal), row.disposal_note
            )
        ),
    }


def _retired(retirement: Retirement) -> dict[str, Any] | None:
    if retirement.on is None:
        return None
    content = {
        "on": retirement.on.isoformat(),
        "reason": retirement.reason,
        "disposal": retirement.disposal.value,
        "note": retirement.note,
    }
    return said(content)


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, problems = _fields(given, item.content)
    owner = given.member(item, "owner", problems, slug=SLUG)
    before, wanted = given.standing(item), item.content.get("retired")
    retired = None
    if isinstance(wanted, dict):
        retirement, wrong = read_retirement(wanted, today=given.today)
        problems += [
            Problem(f"retired: {each.where}", each.what, each.todo, SLUG) for each in wrong
        ]
        retired = None if wrong else _retired(retirement)
    elif wanted is not None:
        todo = 'write {on: 2026-01-31, reason: "why"}'
        problems.append(Problem("retired", "is not a day and a reason", todo, SLUG))
    content = {
        **asset_content(fields),
        "owner": owner.user.email if owner else None,
        "retired": retired,
    }
    if before and before.content["retired"]:
        is_same = same({**before.content, "retired": None}, {**content, "retired": None})
        if not is_same or not retired:
            problems.append(Problem("retired", _FIXED_BY_RETIREMENT, "enter a new one", SLUG))
    return content, problems


def _fields(given: Given, content: Content) -> tuple[AssetFields, list[Problem]]:
    own = {name: value for name, value in content.items() if name != "retired"}
    return read_asset({**own, "owner": given.owner_number(content)})


def _apply(given: Given, change: Change) -> None:
    fields, _ = _fields(given, change.after)
    before, number = change.before, int(change.item.key)
    if before is None:
        make_asset(
            organization=given.organization, fields=fields, by=given.by, at=given.at, number=number
        )
    elif not same({**before.content, "retired": None}, {**change.after, "retired": None}):
        change_asset(
            organization=given.organization,
            number=number,
            fields=fields,
            seen=before.version,
            by=given.by,
            at=given.at,
        )


def _finish(given: Given, change: Change) -> None:
    """Retire what is written as retired: after the data flows that name it were entered."""
    if not change.after["retired"]:
        return
    row = Asset.objects.get(organization=given.organization, number=int(change.item.key))
    retirement, _ = read_retirement(change.after["retired"], today=given.today)
    retire_asset(
        organization=given.organization,
        number=row.number,
        retirement=retirement,
        proof=None,
        seen=row.version,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply, finish=_finish)
