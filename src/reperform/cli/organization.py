"""`reperform organization`: found another organization in this installation, or list them."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from reperform.cli import site

organization_app = typer.Typer(help="The organizations of this installation.", no_args_is_help=True)

_LONGEST = 200
_WHO = "the installation"


def _name(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST or not text.isprintable():
        raise typer.BadParameter(f"a name has 1 to {_LONGEST} printable characters")
    return text.strip()


def _address(text: str) -> str:
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - most commands need no Django
    from django.core.validators import EmailValidator  # noqa: PLC0415 - as above

    try:
        EmailValidator(message="not an e-mail address")(text)
    except ValidationError as error:
        raise typer.BadParameter(str(error.message)) from error
    return text


@organization_app.command()
def add(
    name: Annotated[str, typer.Argument(callback=_name, help="What the organization is called.")],
    administrator: Annotated[
        str, typer.Option(callback=_address, help="E-mail address of its first administrator.")
    ],
) -> None:
    """Found an organization, and print the link that makes its first administrator.

    Only who runs the installation can: on the pages nobody founds one. The link works once, for
    seven days, and only for the address.
    """
    site.open_site()
    from reperform.accounts.actions.organizations import (  # noqa: PLC0415 - as above
        found_with_administrator,
    )

    made, secret = found_with_administrator(
        name=name, administrator=administrator, by=_WHO, at=datetime.now(UTC)
    )
    typer.echo(f"{made.name} is at {site.url()}/o/{made.slug}/", err=True)
    typer.echo(f"{site.url()}/invitation/{secret}/")


@organization_app.command("list")
def list_them() -> None:
    """List the organizations: address, name, and how many people can sign in."""
    site.open_site()
    from reperform.accounts.queries import organizations  # noqa: PLC0415 - after open_site

    for each, people in organizations():
        typer.echo(f"{each.slug}  {each.name}  {people} member{'' if people == 1 else 's'}")


@organization_app.command("open")
def open_again(
    name: Annotated[str, typer.Argument(help="The organization's short name, as in its address.")],
) -> None:
    """Let members of an organization sign in by password and passkey again.

    For when its identity provider fails, and it allowed nothing else. It is in the trail.
    """
    site.open_site()
    from reperform.accounts.actions.organizations import (  # noqa: PLC0415 - after open_site
        allow_other_ways,
    )
    from reperform.accounts.queries import organization_named  # noqa: PLC0415 - as above

    found = organization_named(name)
    if found is None:
        raise typer.BadParameter(
            f"there is no organization {name}: see reperform organization list"
        )
    allow_other_ways(organization=found, by=_WHO, at=datetime.now(UTC))
    typer.echo(f"Members of {found.name} may sign in by password and passkey again.", err=True)
