"""The example's inventory: assets entered and retired, and the data that flows between them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.cli.example.proofs import proof_file
from reperform.program.actions.assets import Brought, make_asset, retire_asset
from reperform.program.actions.flows import make_flow
from reperform.program.assets import AssetFields, read_asset, read_retirement
from reperform.program.assets.flows import FlowFields, read_flow
from reperform.program.models import Asset

Told = Mapping[str, Any]
_Do = Callable[[Organization, datetime], None]
_BETWEEN = timedelta(minutes=2)


def acts(folder: Path) -> Iterator[Act]:
    """Yield what was entered and retired, and each flow of data."""
    told = read_yaml(folder, "assets.yaml")
    by, names = told["by"], {each["name"] for each in told["assets"]}
    for asset in told["assets"]:
        yield _act(moment(asset["at"]), partial(_enter, asset, by))
        if retired := asset.get("retired"):
            yield _act(moment(retired["at"]), partial(_retire, asset["name"], retired, by))
    at = moment(told["flows_at"])
    for flow in told["flows"]:
        yield _act(moment(flow["at"]) if "at" in flow else at, partial(_join, flow, names, by))
        at += _BETWEEN


def asset_of(organization: Organization, name: str) -> Asset:
    """Return an asset of the example."""
    return Asset.objects.get(organization=organization, name=name)


def _act(at: datetime, do: _Do) -> Act:
    return Act(at, lambda organization: do(organization, at))


def _enter(told: Told, by: str, organization: Organization, at: datetime) -> None:
    said = {name: told[name] for name in AssetFields.__dataclass_fields__ if name in told}
    fields, problems = read_asset({**said, "owner": member(organization, told["owner"]).pk})
    assert not problems, problems  # noqa: S101 - our own files; a test reads every one
    make_asset(organization=organization, fields=fields, by=by, at=at)


def _retire(name: str, told: Told, by: str, organization: Organization, at: datetime) -> None:
    asset = asset_of(organization, name)
    said = {each: told[each] for each in ("on", "reason", "disposal", "note") if each in told}
    retirement, problems = read_retirement(said, today=at.date())
    assert not problems, problems  # noqa: S101 - as above
    proof = told.get("proof")
    retire_asset(
        organization=organization,
        number=asset.number,
        retirement=retirement,
        proof=Brought(proof, proof_file(proof, f"{told['note']}\n")) if proof else None,
        seen=asset.version,
        by=by,
        at=at,
    )


def _join(told: Told, names: set[str], by: str, organization: Organization, at: datetime) -> None:
    said = {name: told[name] for name in FlowFields.__dataclass_fields__ if name in told}
    for name, end in (("from", "source"), ("to", "target")):
        party = told[name]
        if party in names:
            said[end] = asset_of(organization, party).number
        else:
            said[f"{end}_party"] = party
    fields, problems = read_flow(said)
    assert not problems, problems  # noqa: S101 - as above
    make_flow(organization=organization, fields=fields, by=by, at=at)
