"""`reperform examine`: from what connections brought to results, drafts and the bundle."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.cli import site
from reperform.cli.readiness import OrganizationUnknownError
from reperform.cli.workspace import OUTPUTS, OutFolderError


class DayUnknownError(RefusalError):
    """A day is not one of the calendar."""

    slug = "day-unknown"


def examine(
    organization: Annotated[str, typer.Option(help="Address of the organization.")],
    first: Annotated[str, typer.Option(help="First day. Default: that of the scope.")] = "",
    last: Annotated[
        str, typer.Option(help="Last day. Default: that of the scope, or yesterday before it.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option(help="New or empty folder that gets a copy of the outputs.")
    ] = None,
) -> None:
    """Examine what an organization's connections brought: results, drafts and evidence bundle.

    They are kept in the installation and shown on the page Results. Nothing is asked of a source:
    collect before, with `reperform connectors collect`.
    """
    begin, end = _day(first), _day(last)
    if output and output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise OutFolderError(
            f"nothing was examined: {output} is not an empty folder",
            why="Results of two examinations in one folder could not be told apart.",
            todo="name a folder that does not exist yet",
        )
    site.open_site()
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after open_site
    from reperform.audit.queries import output_path  # noqa: PLC0415 - as above
    from reperform.evidence.queries.gathered import gathering  # noqa: PLC0415 - as above
    from reperform.report.actions.examining import (  # noqa: PLC0415 - as above
        examine_connections,
    )

    found = Organization.objects.filter(slug=organization).first()
    if found is None:
        raise OrganizationUnknownError(
            f"nothing was examined: there is no organization {organization!r}",
            why="Results of another organization than the one meant would mislead.",
            todo="take an address from: reperform organization list",
        )
    kept = examine_connections(
        organization=found,
        evidence=gathering(found),
        first=begin,
        last=end,
        by="the installation",
        clock=lambda: datetime.now(UTC),
    )
    typer.echo(f"{found.slug}  examination {kept.number}: {kept.first_day}..{kept.last_day}")
    for conclusion, count in sorted(kept.summary["tests"].items()):
        typer.echo(f"  {count} tests: {conclusion}")
    for each in kept.results.get("lacking", ()):
        typer.echo(f"  lacking: {each['reason']} ({each['stream']})")
    if output:
        output.mkdir(parents=True, exist_ok=True)
        for name in OUTPUTS:
            shutil.copyfile(output_path(kept, name), output / name)
            typer.echo(f"  {output / name}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DayUnknownError(
            f"nothing was examined: {text!r} is not a day of the calendar",
            why="Without its first and last day nobody can tell what was tested.",
            todo="write it as 2026-07-31",
        ) from None
