"""`reperform serve` and `reperform start`: the web application on this machine."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import waitress
from django.core.wsgi import get_wsgi_application

from reperform.cli import site
from reperform.cli.quickstart import quickstart
from reperform.connectors import git

_THREADS = 8

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Address = Annotated[str, typer.Option(help="Address to listen on.")]


def serve(port: Port = 8000, address: Address = "127.0.0.1") -> None:
    """Start the web application; Ctrl-C stops it.

    Everything is kept below REPERFORM_HOME (default ~/.local/state/reperform): an SQLite
    database, unless REPERFORM_DATABASE_URL names one of PostgreSQL, keys and files.
    """
    site.open_site()
    _listen("Our organization", port=port, address=address)


def start(
    repo: Annotated[Path, typer.Option(help="A local git repository.")] = Path(),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the outputs. Default: out/TIME in REPO.")
    ] = None,
    port: Port = 8000,
    address: Address = "127.0.0.1",
) -> None:
    """Examine a repository and this host, then start the web application with the results inside.

    As `reperform quickstart` with its defaults, then `reperform serve`.
    """
    began = datetime.now(UTC)
    folder = out or repo / "out" / began.strftime("%Y-%m-%dT%H%M%SZ")
    name = git.describe(repo, branch=None).name
    quickstart(out=folder, repo=repo)
    site.open_site()
    site.keep_outputs(folder, organization_name=name, at=datetime.now(UTC))
    _listen(name, port=port, address=address)


def _listen(name: str, *, port: int, address: str) -> None:
    url = f"http://{address}:{port}"
    link = site.first_link(organization_name=name, url=url, at=datetime.now(UTC))
    application = get_wsgi_application()
    server = waitress.create_server(
        application, host=address, port=port, threads=_THREADS, ident=None
    )
    typer.echo(f"\nReperform is at {url}  (Ctrl-C stops it)", err=True)
    if link:
        typer.echo(f"The first administrator begins here, once:\n  {link}", err=True)
    server.run()
