"""`reperform quickstart`: from a repository and a host to drafts, results and a bundle."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from reperform.base.period import Period
from reperform.catalog.library import library_folder, load_catalog
from reperform.cli.defaults import default_period
from reperform.cli.run import Request, run
from reperform.cli.summary import empty_range, print_summary
from reperform.connectors import git
from reperform.program.scope import ReportType, Scope, parse_categories
from reperform.program.statement import Statement, parse_statement, read_statement_file

_SHORTEST, _LONGEST = 89, 366
"""Days in three months of which one is February, and in a leap year."""


def _now() -> datetime:
    return datetime.now(UTC)


def quickstart(
    out: Annotated[Path, typer.Option(help="Folder for the outputs: new, or empty.")],
    repo: Annotated[Path, typer.Option(help="A local git repository, bare or not.")] = Path(),
    period: Annotated[
        str,
        typer.Option(
            help="FIRST..LAST, both days included; a Type 1 is as of LAST. "
            "Default: the twelve months that ended yesterday; "
            "today for a Type 1, or when the branch has commits of today."
        ),
    ] = "",
    report_type: Annotated[
        int, typer.Option("--type", min=1, max=2, help="1: design as of a date; 2: operation too.")
    ] = 2,
    categories: Annotated[
        str, typer.Option(help="Besides security: availability, confidentiality, ...")
    ] = "security",
    *,
    host: Annotated[bool, typer.Option(help="Look at this host too (Linux).")] = True,
    tls: Annotated[
        list[str] | None, typer.Option(help="HOST:PORT to look at; repeat for more.")
    ] = None,
    branch: Annotated[str, typer.Option(help="Release branch. Default: the one checked out.")] = "",
    signing_keys: Annotated[
        Path | None,
        typer.Option(help="Keys to verify signatures: OpenPGP public keys or SSH allowed signers."),
    ] = None,
    statement: Annotated[
        Path | None,
        typer.Option(help="What management states (YAML): names, description, adopted controls."),
    ] = None,
) -> None:
    """Examine a repository and this host: report drafts, gap report, results, evidence bundle.

    Writes report.pdf, report.html, gap.pdf, gap.html, results.json and bundle.zip.  Nothing is
    sent anywhere, and nothing is written to the repository or the host.
    """
    chosen_period = Period.parse(period) if period else None
    if chosen_period:
        chosen_period.refuse_future(_now().date())
    chosen_categories = parse_categories(categories)
    described = git.describe(repo, branch=branch or None)
    kind = cast("ReportType", report_type)
    scope = Scope(
        type=kind,
        period=chosen_period
        or default_period(
            report_type=kind, newest_commit_on=described.newest_on, today=_now().date()
        ),
        categories=chosen_categories,
    )
    text = read_statement_file(statement) if statement else ""
    request = Request(
        scope=scope,
        statement=_parsed(text, str(statement)),
        statement_text=text,
        repo=repo,
        branch=branch or None,
        signing_keys=signing_keys,
        endpoints=tuple(tls or ()),
        look_at_host=host,
        out=out,
    )
    _announce(scope, described.name)
    _conclude(request, clock=_now)


def _parsed(text: str, where: str) -> Statement:
    catalog = load_catalog(library_folder())
    return parse_statement(
        text,
        where=where,
        controls={control.id for control in catalog.controls},
        criteria={criterion.id for criterion in catalog.criteria},
        description={criterion.id for criterion in catalog.description_criteria},
    )


def _announce(scope: Scope, name: str) -> None:
    when = f"as of {scope.period.last}" if scope.type == 1 else f"for {scope.period}"
    typer.echo(f"Type {scope.type} draft of {name} {when}: {', '.join(scope.categories)}", err=True)
    days = len(scope.period)
    if scope.type == 2 and not _SHORTEST <= days <= _LONGEST:  # noqa: PLR2004 - Type 2
        these = "this is 1 day" if days == 1 else f"these are {days:,} days"
        typer.echo(f"A Type 2 usually covers 3 to 12 months; {these}.", err=True)
    if scope.period.last == _now().date():
        typer.echo(
            "The period ends today, which is not over: evidence of its last day is not complete,"
            " and tests over the whole period say so.",
            err=True,
        )


def _conclude(request: Request, *, clock: Callable[[], datetime]) -> None:
    examination, paths = run(request, clock=clock, passphrase=_passphrase())
    print_summary(Console(), examination, paths)
    if said := empty_range(examination):
        typer.echo(said, err=True)


def _passphrase() -> bytes | None:
    return os.environb.get(b"REPERFORM_KEY_PASSPHRASE")
