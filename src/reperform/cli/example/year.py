"""The example's year: every act in its order, each by the action that a page would call."""

from collections.abc import Iterator
from pathlib import Path

import typer

from reperform.cli.example import (
    access,
    assets,
    calendar,
    connections,
    controls,
    examined,
    incidents,
    people,
    plan,
    policies,
    program,
    recorded,
    records,
    risks,
    vendors,
    workforce,
)
from reperform.cli.example.act import Act


def acts(folder: Path, work: Path) -> list[Act]:
    """Return everything that happened, in order.

    Args:
        folder: the example's files.
        work: where repository and outputs of the examinations are made.
    """
    return sorted(_acts(folder, work), key=lambda act: act.at)


def _acts(folder: Path, work: Path) -> Iterator[Act]:
    yield from people.acts(folder)
    yield from workforce.acts(folder)
    yield from records.acts(folder)
    yield from program.scope_acts(folder)
    yield from program.description_acts(folder)
    yield from controls.acts(folder)
    yield from plan.acts(folder)
    yield from assets.acts(folder)
    yield from access.acts(folder)
    yield from calendar.acts(folder)
    yield from incidents.acts(folder)
    yield from risks.acts(folder)
    yield from policies.acts(folder)
    yield from vendors.acts(folder)
    yield from recorded.acts(folder)
    yield from connections.acts(folder, work)
    yield from examined.acts(folder, work)


def act_out(folder: Path, work: Path) -> None:
    """Found the organization and do everything that happened; says how far it is."""
    organization = people.found(folder)
    work.mkdir(exist_ok=True)
    done = 0
    for act in acts(folder, work):
        if act.name:
            typer.echo(
                f"{act.at:%Y-%m-%d}, after {done} changes of the program: {act.name}", err=True
            )
        act.do(organization)
        done += not act.name
