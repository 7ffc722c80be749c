"""The acts on assets and data flows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.base.grid import read_grid
from reperform.program.actions import flows
from reperform.program.actions.asset_import import import_assets
from reperform.program.actions.assets import Brought, change_asset, make_asset, retire_asset
from reperform.program.assets import AssetFields, Disposal, Kind, Retirement
from reperform.program.assets.flows import FlowFields
from reperform.program.queries.asset_import import asset_import

Act = Callable[[], object]
FIELDS = AssetFields("Ledger database", Kind.DATABASE, in_boundary=True)
FLOW = FlowFields("Invoices", source_party="Customers", target=1, protocol="HTTPS")
NEXT = "another one"
LIST = b"name,kind,in scope\nWarehouse,data store,yes\n"


def asset(place: Place) -> None:
    make_asset(organization=place.organization, fields=FIELDS, by="test", at=EARLIER)


def flow(place: Place) -> None:
    asset(place)
    flows.make_flow(organization=place.organization, fields=FLOW, by="test", at=EARLIER)


def making(place: Place) -> Act:
    names = iter(("Ledger database", "Another"))
    return lambda: make_asset(
        organization=place.organization,
        fields=replace(FIELDS, name=next(names)),
        by=BY,
        at=AT,
    )


def changing(place: Place) -> Act:
    asset(place)
    seen = iter((1, 2))
    return lambda: change_asset(
        organization=place.organization,
        number=1,
        fields=replace(FIELDS, in_boundary=False),
        seen=next(seen),
        by=BY,
        at=AT,
    )


def retiring(place: Place) -> Act:
    flow(place)
    return lambda: retire_asset(
        organization=place.organization,
        number=1,
        retirement=Retirement(date(2026, 7, 31), "Replaced.", Disposal.PURGED, "log 4"),
        proof=Brought("wiping.txt", b"wiped"),
        seen=1,
        by=BY,
        at=AT,
    )


def importing(place: Place) -> Act:
    member = place.member()
    plan = asset_import(place.organization, read_grid(LIST, name="list.csv"))
    return lambda: import_assets(
        organization=place.organization,
        member=member,
        file=Brought("list.csv", LIST),
        expected=plan.fingerprint,
        by=BY,
        at=AT,
    )


def making_flow(place: Place) -> Act:
    asset(place)
    return lambda: flows.make_flow(organization=place.organization, fields=FLOW, by=BY, at=AT)


def changing_flow(place: Place) -> Act:
    flow(place)
    seen = iter((1, 2))
    return lambda: flows.change_flow(
        organization=place.organization,
        number=1,
        fields=replace(FLOW, encrypted=True),
        seen=next(seen),
        by=BY,
        at=AT,
    )


def ending_flow(place: Place) -> Act:
    flow(place)
    return lambda: flows.end_flow(
        organization=place.organization,
        number=1,
        on=date(2026, 7, 31),
        reason="Replaced.",
        seen=1,
        by=BY,
        at=AT,
    )


CASES: dict[str, Case] = {
    "program.actions.assets.make_asset": Case(
        making, ("asset.made",), after={"name": "Ledger database", "in_boundary": True}, again=NEXT
    ),
    "program.actions.assets.change_asset": Case(
        changing, ("asset.changed",), {"in_boundary": True}, {"in_boundary": False}
    ),
    "program.actions.assets.retire_asset": Case(
        retiring,
        ("asset.retired",),
        {"on": None, "disposal": ""},
        {"on": "2026-07-31", "disposal": "purged", "flows_ended": [1]},
    ),
    "program.actions.asset_import.import_assets": Case(
        importing,
        ("assets.imported",),
        after={"file": "list.csv", "assets": {"1": "enters Warehouse"}},
    ),
    "program.actions.flows.make_flow": Case(
        making_flow, ("flow.made",), after={"data": "Invoices", "target": 1}, again=NEXT
    ),
    "program.actions.flows.change_flow": Case(
        changing_flow, ("flow.changed",), {"encrypted": None}, {"encrypted": True}
    ),
    "program.actions.flows.end_flow": Case(
        ending_flow, ("flow.ended",), {"ended_on": None}, {"ended_on": "2026-07-31"}
    ),
}
NO_ACTS = {
    "program.actions.assets.add_asset": "a part of an action, which records what it adds",
    "program.actions.assets.write_asset": "a part of an action, which records what it writes",
}
