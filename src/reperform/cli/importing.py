"""`reperform import`: what is in files of one's own, or of another tool, becomes the program's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.base.visible import file_name, visible
from reperform.cli.program_files import Named, member_who_may, organization_named
from reperform.program.code.folder import read_folder
from reperform.program.policies.importing import ImportPlan, plan_folder

import_app = typer.Typer(no_args_is_help=True)


class MayNotImportError(RefusalError):
    """The person named may not write policies, or nobody is named."""

    slug = "import-by"


@import_app.callback()
def _import() -> None:
    """Bring files that were written elsewhere."""


@import_app.command()
def policies(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder with Markdown files.", metavar="DIR", exists=True, file_okay=False
        ),
    ],
    organization: Named = None,
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Make the drafts; without it nothing is kept.")
    ] = False,
    by: Annotated[
        str, typer.Option("--by", help="E-mail address of the member whose drafts they become.")
    ] = "",
) -> None:
    """Make a draft of each policy in a folder: files in `.md`, with or without a head of YAML.

    Without `--apply` it says what would be made, and nothing is kept. With a problem in one file
    nothing is made of any. Nothing is in force before somebody who did not write it approves it.
    """
    found = organization_named(organization)
    from reperform.program.actions.policies import (  # noqa: PLC0415 - after the settings
        NewPolicy,
        import_policies,
    )
    from reperform.program.queries.policies import keys_of  # noqa: PLC0415 - as above

    author = member_who_may(found, by, "policies.edit")
    if apply and author is None:
        raise MayNotImportError(
            f"nothing was imported: {visible(by, limit=100) or 'nobody'} is no member who may write"
            " policies",
            why="A draft is somebody's, who cannot approve it later.",
            todo="name an administrator or a compliance manager with --by",
        )
    name = file_name(folder.resolve().name)
    plan = plan_folder(read_folder(folder), name=name, taken=keys_of(found))
    for line in _lines(plan):
        typer.echo(line)
    if plan.problems:
        raise typer.Exit(1)
    if apply and author:
        import_policies(
            organization=found,
            news=[NewPolicy(each.key, each.fields, each.text) for each in plan.policies],
            file_name=name,
            sha256=plan.sha256,
            author=author,
            by=author.user.email,
            at=datetime.now(UTC),
        )
    count = len(plan.policies)
    done = "made" if apply else "would be made; --apply makes them"
    typer.echo(f"{found.name}: {count:,} draft{'' if count == 1 else 's'} {done}", err=True)


def _lines(plan: ImportPlan) -> Iterator[str]:
    for each in plan.policies:
        yield f"{each.key}: {visible(each.fields.title, limit=200)} ({each.file})"
        if each.text.unfilled:
            names = ", ".join(visible(name, limit=60) for name in each.text.unfilled)
            yield f"  to fill before it can be submitted: {names}"
        if each.ignored:
            yield f"  left out of its head: {', '.join(each.ignored)}"
    for problem in plan.problems:
        yield f"problem: {visible(str(problem), limit=1_000)}"
