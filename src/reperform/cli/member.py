"""`reperform member`: a way back for people who cannot sign in any more."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from reperform.cli import site

member_app = typer.Typer(help="People who sign in here.", no_args_is_help=True)


@member_app.command()
def link(
    email: Annotated[str, typer.Argument(help="The person's e-mail address.")],
    *,
    without_second_factors: Annotated[
        bool,
        typer.Option(
            "--without-second-factors",
            help="Remove authenticator app, passkeys and recovery codes too: they are lost.",
        ),
    ] = False,
) -> None:
    """Print a link by which a person sets another password, once, within a day.

    For who forgot it where no mail is sent, and for who was provisioned and has none. Be sure that
    it is them before you send it. It is in the trail of each of their organizations.
    """
    site.open_site()
    from allauth.account.forms import default_token_generator  # noqa: PLC0415 - after open_site
    from allauth.account.utils import user_pk_to_url_str  # noqa: PLC0415 - as above
    from django.urls import reverse  # noqa: PLC0415 - as above

    from reperform.accounts.actions.recovery import note_way_back  # noqa: PLC0415 - as above
    from reperform.accounts.queries import person_of  # noqa: PLC0415 - as above

    person = person_of(email)
    if person is None:
        raise typer.BadParameter(f"nobody signs in as {email}")
    note_way_back(
        user=person,
        clears_factors=without_second_factors,
        by="the installation",
        at=datetime.now(UTC),
    )
    key = default_token_generator.make_token(person)
    where = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
    typer.echo(f"{site.url()}{where}")
