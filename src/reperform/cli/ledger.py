"""`reperform ledger verify`: is the trail in the database what was recorded?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.cli import site

ledger_app = typer.Typer(help="The trail of changes in the database.", no_args_is_help=True)

_BY = "the command line"
_MOST_SHOWN = 50
_LARGEST_CHECKPOINT = 1_000_000


class OrganizationUnknownError(RefusalError):
    """There is no organization of that name."""

    slug = "organization-unknown"


@ledger_app.command()
def verify(
    organization: Annotated[
        str, typer.Option(help="Only this one: the name in its pages' address. Default: all.")
    ] = "",
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="A checkpoint of the organization that you kept.", exists=True),
    ] = None,
) -> None:
    """Check every entry: numbers, signatures, what each sealed, and checkpoints kept before.

    Exit 0: nothing differs.  Exit 1: what differs is named; somebody changed the database behind
    the program.
    """
    site.open_site()
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after the settings
    from reperform.ledger.actions import check_log  # noqa: PLC0415 - as above

    chosen = Organization.objects.order_by("slug")
    if organization:
        chosen = chosen.filter(slug=organization)
    if (organization or checkpoint) and chosen.count() != 1:
        raise _unknown(organization)
    earlier = checkpoint.read_bytes()[:_LARGEST_CHECKPOINT] if checkpoint else None
    console, differences = Console(), []
    table = Table("organization", "entries", "outcome")
    for each in chosen:
        found = check_log(log=each.log, by=_BY, at=datetime.now(UTC), earlier=earlier)
        outcome = f"{len(found.problems):,} differences" if found.problems else "agrees"
        table.add_row(each.slug, f"{found.size:,}", outcome)
        differences += [f"{each.slug}: {problem}" for problem in found.problems]
    console.print(table)
    for line in differences[:_MOST_SHOWN]:
        console.print(visible(line), markup=False, soft_wrap=True)
    if len(differences) > _MOST_SHOWN:
        console.print(f"and {len(differences) - _MOST_SHOWN:,} more differences")
    if differences:
        raise typer.Exit(1)


def _unknown(organization: str) -> OrganizationUnknownError:
    return OrganizationUnknownError(
        f"nothing was checked: {organization or 'no name'} is not the name of one organization",
        why="A check of another trail than the one meant would reassure for nothing.",
        todo="see the names with `reperform organization list`, and name one",
    )
