"""`reperform demo`: the example company, with a whole year inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reperform.cli import site
from reperform.cli.example import home
from reperform.cli.example.folder import example_digest, example_folder
from reperform.cli.opening import listen, url_of
from reperform.cli.serve import Address, Port, serve_pages

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Organization

_URLS = "reperform.cli.example.door"
_START = """
Begin here:
  Results    one deviation to find: in the second examination, a change that nobody reviewed.
             The first examination, six months earlier, could not know it: what else changed?
  Description  one sentence contradicts the period; its page says which.
Everything is invented, and every result computed. The tour: docs/tutorials/demo.md"""


def demo(
    port: Port = 8000,
    address: Address = "127.0.0.1",
    folder: Annotated[
        Path | None,
        typer.Option("--home", help="Folder of the example. Default: beside REPERFORM_HOME."),
    ] = None,
    *,
    serve: Annotated[bool, typer.Option(help="Start the web application.")] = True,
) -> None:
    """Open the invented company Larkspur, with a whole audit year inside; Ctrl-C stops it.

    The first start acts the year out and takes some seconds; later ones find it as it was left.
    It has a folder of its own and never touches an installation. Nothing reaches the network.
    """
    chosen = home.example_home(folder)
    if not serve:
        prepare(chosen)
        typer.echo(f"The example is ready in {chosen}", err=True)
        return
    with listen(address, port) as listener:
        organization, url = prepare(chosen), url_of(address, port)
        typer.echo(f"\n{organization}, an invented company. Sign in as:", err=True)
        for line in _links(organization, url):
            typer.echo(line, err=True)
        typer.echo(_START, err=True)
        serve_pages(listener, organization.name, url=url)


def prepare(folder: Path) -> "Organization":
    """Return the example's organization, acting its year out where that was not done yet.

    Raises:
        ExampleHomeError: the folder holds an organization that is no example.
    """
    home.use(folder)
    files = example_folder()
    is_whole = bool(home.made_from(folder))
    if not is_whole:
        home.clear(folder)
    site.open_site()
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after the settings

    home.refuse_real_organizations(folder)
    if not is_whole:
        from reperform.cli.example.year import act_out  # noqa: PLC0415

        typer.echo("Acting out the year of Larkspur, once:", err=True)
        act_out(files, folder / "work")
        home.mark(folder, example_digest(files))
    elif home.made_from(folder) != example_digest(files):
        typer.echo(
            f"This example was made from other files than today's; delete {folder} for a new one.",
            err=True,
        )
    return Organization.objects.get(is_example=True)


def _links(organization: "Organization", url: str) -> list[str]:
    """Return a line for each role, with a link that works while this process runs."""
    from django.conf import settings  # noqa: PLC0415 - after the settings

    from reperform.accounts.queries import members  # noqa: PLC0415
    from reperform.cli.example.door import link_for  # noqa: PLC0415

    settings.ROOT_URLCONF = _URLS
    lines, seen = [], set()
    for member in members(organization).order_by("pk"):
        if member.is_active and member.role not in seen:
            seen.add(member.role)
            lines.append(f"  {member.role:<19} {member.user.name:<15} {url}{link_for(member)}")
    return lines
