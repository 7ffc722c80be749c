"""`reperform connectors`: what can be asked, whether it can be reached, and asking it."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.cli import site
from reperform.cli.readiness import OrganizationUnknownError
from reperform.connectors.describe import described
from reperform.connectors.registry import installed

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.evidence.models import Connection

connectors_app = typer.Typer(help="Sources that evidence comes from.", no_args_is_help=True)

_WHO = "the installation"
_Slug = Annotated[str, typer.Option(help="Address of one organization; all when left out.")]
_Number = Annotated[int, typer.Option(min=0, help="Number of one connection; all when left out.")]


class ConnectionUnknownError(RefusalError):
    """There is no connection of that number."""

    slug = "connection-unknown"


@connectors_app.command("list")
def list_them(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="All that is declared, for programs.")
    ] = False,
) -> None:
    """List the connectors that are installed: what each asks, needs, fills and cannot see."""
    found = installed()
    if as_json:
        typer.echo(json.dumps([described(each) for each in found.connectors.values()], indent=1))
    else:
        for connector in found.connectors.values():
            typer.echo(f"{connector.name}  {connector.title}")
            typer.echo(f"  asks: {connector.asks}")
            for permission in connector.permissions:
                optional = "" if permission.is_required else " (optional)"
                typer.echo(f"  needs: {permission.name}{optional}: {permission.why}")
            for stream in connector.streams:
                tables = ", ".join(spec.name for spec in stream.source.tables)
                typer.echo(f"  fills: {stream.name} ({stream.reading}): {tables}")
            typer.echo(f"  blind to: {connector.blind}")
    for name, reason in found.left_out.items():
        typer.echo(f"left out: plug-in {name}: {reason}", err=True)


@connectors_app.command()
def check(organization: _Slug = "", connection: _Number = 0) -> None:
    """Make each connection's cheap call: is the source reached, and what does it let us do?

    Exits 1 when one is not reached, or lacks a permission that it cannot do without.
    """
    rows, is_good = _connections(organization, connection), True
    from reperform.evidence.actions.connections import (  # noqa: PLC0415 - after open_site
        check_connection,
    )

    for row in rows:
        at = datetime.now(UTC)
        try:
            kept = check_connection(
                organization=row.organization, number=row.number, by=_WHO, at=at
            ).checked
        except RefusalError as refusal:
            kept = {"reached": "", "failure": refusal.what, "findings": []}
        typer.echo(f"{_named(row)}  {kept['reached'] or 'not reached: ' + kept['failure']}")
        for finding in kept["findings"]:
            said = f": {finding['said']}" if finding["said"] else ""
            typer.echo(f"  {finding['permission']}: {finding['grant']}{said}")
        is_good = is_good and not kept["failure"] and not _lacks(row, kept["findings"])
    if not is_good:
        raise typer.Exit(1)


@connectors_app.command()
def collect(organization: _Slug = "", connection: _Number = 0) -> None:
    """Ask each connection everything, and keep what comes back.

    Run it each day from a timer of the system. A run that was stopped is taken up: what was whole
    stays, and the rest is asked again. Exits 1 when a run is not complete.
    """
    rows, is_good = _connections(organization, connection), True
    from reperform.evidence.actions.running import run_connection  # noqa: PLC0415 - as above

    for row in rows:
        try:
            run = run_connection(
                organization=row.organization,
                number=row.number,
                by=_WHO,
                clock=lambda: datetime.now(UTC),
            )
        except RefusalError as refusal:
            typer.echo(f"{_named(row)}  {refusal}", err=True)
            is_good = False
            continue
        typer.echo(f"{_named(row)}  run {run.number}: {run.outcome}")
        for line in run.reason.splitlines():
            typer.echo(f"  {line}")
        is_good = is_good and run.outcome == "complete"
    if not is_good:
        raise typer.Exit(1)


def _connections(organization: str, number: int) -> "list[Connection]":
    """Return the connections in use that are meant.

    Raises:
        OrganizationUnknownError: there is none of that address.
        ConnectionUnknownError: nothing in use has that number.
    """
    site.open_site()
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after open_site
    from reperform.evidence.queries.connections import connections  # noqa: PLC0415 - as above

    # The example's sources were invented: asking them would reach somebody else.
    found = Organization.objects.filter(is_example=False).order_by("slug")
    if organization:
        found = Organization.objects.filter(slug=organization)
        if not found.exists():
            raise OrganizationUnknownError(
                f"nothing was asked: there is no organization {organization!r}",
                why="Evidence that seems to be collected and is not would be a hole.",
                todo="take an address from: reperform organization list",
            )
    listed = [each.connection for one in found for each in connections(one, with_retired=False)]
    rows = [row for row in listed if number in (0, row.number)]
    if not rows and number:
        raise ConnectionUnknownError(
            f"nothing was asked: no connection in use has the number {number}",
            why="Evidence that seems to be collected and is not would be a hole.",
            todo="see the numbers on the page Connections, or with: reperform connectors check",
        )
    return rows


def _named(row: "Connection") -> str:
    return f"{row.organization.slug}  CON-{row.number} {row.title}"


def _lacks(row: "Connection", findings: list[dict[str, str]]) -> bool:
    """Return whether a permission is denied that the connector cannot do without."""
    connector = installed().connectors.get(row.connector)
    required = (
        {each.name for each in connector.permissions if each.is_required} if connector else ()
    )
    return any(each["grant"] == "denied" and each["permission"] in required for each in findings)
