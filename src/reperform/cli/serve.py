"""`reperform serve` and `reperform start`: the web application on this machine."""

import socket
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from reperform.cli import site
from reperform.cli.opening import listen, url_of
from reperform.cli.quickstart import quickstart
from reperform.cli.worker import working_beside
from reperform.connectors import git

_THREADS = 8

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Address = Annotated[str, typer.Option(help="Address to listen on.")]
NoWorker = Annotated[
    bool, typer.Option("--no-worker", help="Leave what is due to `reperform worker`.")
]


def serve(
    port: Port = 8000, address: Address = "127.0.0.1", *, no_worker: NoWorker = False
) -> None:
    """Start the web application; Ctrl-C stops it.

    Everything is kept below REPERFORM_HOME (default ~/.local/state/reperform): an SQLite
    database, unless REPERFORM_DATABASE_URL names one of PostgreSQL, keys and files.
    """
    with listen(address, port) as listener:
        site.open_site()
        serve_pages(
            listener, "Our organization", url=url_of(address, port), is_worker=not no_worker
        )


def start(
    repo: Annotated[Path, typer.Option(help="A local git repository.")] = Path(),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the outputs. Default: out/TIME in REPO.")
    ] = None,
    port: Port = 8000,
    address: Address = "127.0.0.1",
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Examine anew, although results are kept.")
    ] = False,
    no_worker: NoWorker = False,
) -> None:
    """Examine a repository and this host, then start the web application with the results inside.

    As `reperform quickstart` with its defaults, then `reperform serve`.  A repository whose
    results are kept already is not examined again, unless `--again` or `--out` asks for it.
    """
    name = git.describe(repo, branch=None).name
    with listen(address, port) as listener:  # before the work: it would be done for nothing
        site.open_site()
        kept = None if again or out else site.kept_examination(repo.resolve())
        if kept:
            typer.echo(
                f"Examination {kept.number} of {kept.at:%Y-%m-%d %H:%M} UTC is kept and shown;"
                " --again examines anew.",
                err=True,
            )
        else:
            began = datetime.now(UTC)
            folder = out or repo / "out" / began.strftime("%Y-%m-%dT%H%M%SZ")
            quickstart(out=folder, repo=repo)
            site.keep_outputs(folder, organization_name=name, at=datetime.now(UTC))
        serve_pages(listener, name, url=url_of(address, port), is_worker=not no_worker)


def serve_pages(listener: socket.socket, name: str, *, url: str, is_worker: bool = True) -> None:
    """Serve until Ctrl-C; a new installation prints the link of its first administrator.

    `url` is where it listens.  REPERFORM_URL, where it is set, is what people are told.
    With `is_worker`, what is due is done beside it.
    """
    # Most commands need no server, and start faster without.
    import waitress  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from reperform.cli.warm import warm_up  # noqa: PLC0415

    call_command("clearsessions")  # expired ones: nothing else removes them
    site.keep_url(url)
    told = site.url()
    link = site.first_link(organization_name=name, url=told, at=datetime.now(UTC))
    server = waitress.create_server(
        get_wsgi_application(),
        sockets=[listener],
        threads=_THREADS,
        ident=None,
        **_trust(settings.PROXY),
    )
    typer.echo(f"\nReperform is at {told}  (Ctrl-C stops it)", err=True)
    if link:
        typer.echo(f"The first administrator begins here, once:\n  {link}", err=True)
    warm_up()  # those who ask meanwhile wait in the listener's queue
    with working_beside() if is_worker else nullcontext():
        server.run()


def _trust(proxy: str) -> dict[str, Any]:
    """Return Waitress's settings by which only `proxy` says who visits, and by which scheme.

    Headers that say so are removed before the application sees them, whoever sent them, but for
    the two of the proxy.  Of a list of addresses only the last counts, which the proxy added.
    """
    if not proxy:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "clear_untrusted_proxy_headers": True,
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }
