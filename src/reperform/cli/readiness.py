"""`reperform readiness`: record how far the program is, for a daily timer."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.cli import site

readiness_app = typer.Typer(help="How far the program is, day by day.", no_args_is_help=True)

_WHO = "the installation"


class OrganizationUnknownError(RefusalError):
    """There is no organization with this address."""

    slug = "organization-unknown"


@readiness_app.callback()
def _readiness() -> None:
    """How far the program is, day by day."""


@readiness_app.command()
def record(
    organization: Annotated[
        str, typer.Option(help="Address of one organization; all of them when left out.")
    ] = "",
) -> None:
    """Record today's readiness, of every organization or of one.

    Run it each day, for example from a timer of the system. Only the day on which it runs is
    written: a day that was missed stays a hole.
    """
    site.open_site()
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after open_site
    from reperform.audit.queries import program_state  # noqa: PLC0415 - as above
    from reperform.catalog.installed import catalog  # noqa: PLC0415 - as above
    from reperform.program.actions.readiness import record_readiness  # noqa: PLC0415 - as above

    found = Organization.objects.order_by("slug")
    if organization:
        found = found.filter(slug=organization)
        if not found.exists():
            raise OrganizationUnknownError(
                f"nothing was recorded: there is no organization {organization!r}",
                why="A day that looks recorded and is not would be a hole that nobody sees.",
                todo="take an address from: reperform organization list",
            )
    for each in found:
        at = datetime.now(UTC)
        state = program_state(each, catalog=catalog(), at=at)
        kept = record_readiness(organization=each, state=state, by=_WHO, at=at)
        said = ", ".join(f"{count} {status}" for status, count in kept.content["counts"].items())
        typer.echo(f"{each.slug}  {kept.on}  {said}")
