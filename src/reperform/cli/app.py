"""`reperform`: the commands, and the one place where a refusal becomes words and an exit code."""

import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import duckdb
import typer

from reperform.base.refusal import RefusalError
from reperform.cli.catalog import catalog_app
from reperform.cli.connectors import connectors_app
from reperform.cli.demo import demo
from reperform.cli.examine import examine
from reperform.cli.importing import import_app
from reperform.cli.ledger import ledger_app
from reperform.cli.member import member_app
from reperform.cli.organization import organization_app
from reperform.cli.oscal import oscal_app
from reperform.cli.program_files import apply, export, plan
from reperform.cli.quickstart import quickstart
from reperform.cli.readiness import readiness_app
from reperform.cli.remind import remind
from reperform.cli.sampling import sampling_app
from reperform.cli.serve import serve, start
from reperform.cli.testing import test_app
from reperform.cli.verify import verify
from reperform.cli.worker import worker

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130

app = typer.Typer(
    name="reperform",
    help="The SOC 2 system whose report can be re-performed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(quickstart)
app.command()(examine)
app.command()(verify)
app.command()(serve)
app.command()(start)
app.command()(demo)
app.command()(export)
app.command()(plan)
app.command()(apply)
app.add_typer(catalog_app, name="catalog")
app.add_typer(connectors_app, name="connectors")
app.add_typer(import_app, name="import")
app.add_typer(ledger_app, name="ledger")
app.add_typer(organization_app, name="organization")
app.add_typer(member_app, name="member")
app.add_typer(oscal_app, name="oscal")
app.add_typer(readiness_app, name="readiness")
app.add_typer(sampling_app, name="sampling")
app.add_typer(test_app, name="test")
app.command()(remind)
app.command()(worker)


@app.callback(invoke_without_command=True)
def _options(
    *,
    show_version: bool = typer.Option(False, "--version", help="Print the version and stop."),  # noqa: FBT003 - Typer's default
) -> None:
    if show_version:
        typer.echo(version("reperform"))
        raise typer.Exit


class NotWrittenError(RefusalError):
    """The disk would not take what was to be written."""

    slug = "not-written"


@contextmanager
def _disk_faults_as_refusals() -> Iterator[None]:
    """Say what a failing disk means, whichever library met it first."""
    try:
        yield
    except OSError as error:
        raise _not_written(os.strerror(error.errno or errno.EIO), error.filename) from error
    except (sqlite3.OperationalError, duckdb.IOException) as error:
        raise _not_written(str(error).splitlines()[0], None) from error


def _not_written(reason: str, path: object) -> NotWrittenError:
    return NotWrittenError(
        f"the run stopped: {reason}{f': {path}' if path else ''}",
        why="What could not be written is not kept, and a report without it would look complete.",
        todo=(
            "make room or choose another folder, then run the same command again:",
            "a run that stopped is taken up where its ledger ends",
        ),
    )


def main() -> None:
    """Run the command line; a refusal is printed whole and exits 1."""
    try:
        with _disk_faults_as_refusals():
            app(prog_name="reperform")
    except RefusalError as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(EXIT_REFUSED)
    except KeyboardInterrupt:
        typer.echo("stopped; run the same command again to take it up", err=True)
        sys.exit(EXIT_INTERRUPTED)
