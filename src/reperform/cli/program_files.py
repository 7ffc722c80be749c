"""`reperform export`, `plan`, `apply`: the whole program as files that a person reads."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.cli import site
from reperform.ledger.durable import write_whole
from reperform.program.code.folder import edits, read_folder, write_folder
from reperform.program.code.read import read_program
from reperform.program.code.refusals import ProgramNewerError, ProgramRefusedError
from reperform.program.code.shown import plan_lines, summary
from reperform.program.code.write import LOCK

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Membership, Organization
    from reperform.program.code.plan import Plan

EXIT_REFUSED, EXIT_CHANGES = 1, 2

Folder = Annotated[Path, typer.Argument(help="The program's folder.", metavar="DIR")]
Named = Annotated[
    str | None,
    typer.Option(
        "--organization",
        help="The organization's short name, as in its address. Needed where there are several.",
    ),
]
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        help="An item, as in controls/CHG-01, whose newer changes may be lost. Can be repeated.",
    ),
]


class OrganizationUnknownError(RefusalError):
    """It does not say which organization is meant."""

    slug = "organization-unknown"


class MayNotApplyError(RefusalError):
    """The person named may not apply files."""

    slug = "apply-by"


def export(
    folder: Folder,
    organization: Named = None,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose edits in the folder that were not applied.")
    ] = False,
) -> None:
    """Write the whole program as YAML and Markdown, for people, git and another installation.

    The same program gives the same files, byte for byte. Records of what happened are not in them;
    the README beside them says what is.
    """
    found = organization_named(organization)
    from reperform.catalog.installed import catalog  # noqa: PLC0415 - after the settings
    from reperform.program.actions.code.apply import (  # noqa: PLC0415 - as above
        export_program,
        plan_program,
    )
    from reperform.program.actions.code.registers import KINDS  # noqa: PLC0415 - as above

    before = read_folder(folder) if folder.exists() else {}
    edited: tuple[str, ...] = ()
    if before and not replace:
        planned = plan_program(
            organization=found,
            files=before,
            catalog=catalog(),
            by="an export",
            at=datetime.now(UTC),
        )
        edited = edits(planned, read_program(before, KINDS).lock)
    files = export_program(found)
    changed = write_folder(folder, files, KINDS, before=before, edited=edited)
    said = f"{len(changed):,} changed" if changed else "none changed"
    typer.echo(f"{found.name}: {len(files):,} files in {folder}, {said}", err=True)


def plan(folder: Folder, organization: Named = None, over: Over = None) -> None:
    """Show what applying the files would change, file by file and field by field.

    Nothing is changed. The exit code is 0 when there is no change, 2 when there are some, and 1
    when the files would be refused.
    """
    found = organization_named(organization)
    from reperform.catalog.installed import catalog  # noqa: PLC0415 - after the settings
    from reperform.program.actions.code.apply import plan_program  # noqa: PLC0415 - as above

    planned = plan_program(
        organization=found,
        files=read_folder(folder),
        catalog=catalog(),
        over=over or (),
        by="a plan",
        at=datetime.now(UTC),
    )
    _show(planned)
    raise typer.Exit(EXIT_REFUSED if planned.is_refused else EXIT_CHANGES if planned.changes else 0)


def apply(
    folder: Folder,
    by: Annotated[str, typer.Option("--by", help="E-mail address of the member who applies them.")],
    organization: Named = None,
    over: Over = None,
) -> None:
    """Make the program what the files say: all of it, or nothing.

    Each change is made as its page makes it, and is in the trail with the member's address.
    Applying the same files again does nothing. What is not in the files stays as it is.
    """
    found = organization_named(organization)
    from reperform.catalog.installed import catalog  # noqa: PLC0415 - after the settings
    from reperform.program.actions.code.apply import apply_program  # noqa: PLC0415 - as above

    try:
        applied = apply_program(
            organization=found,
            files=read_folder(folder),
            catalog=catalog(),
            over=over or (),
            by=_member(found, by),
            at=datetime.now(UTC),
        )
    except (ProgramRefusedError, ProgramNewerError) as refusal:
        _show(refusal.plan)
        raise
    _show(applied.plan)
    if (folder / LOCK).is_symlink() or applied.lock != _kept_lock(folder):
        write_whole(folder / LOCK, applied.lock)
    typer.echo(f"{found.name}: applied; {summary(applied.plan)}", err=True)


def _kept_lock(folder: Path) -> bytes:
    path = folder / LOCK
    return path.read_bytes() if path.exists() else b""


def organization_named(name: str | None) -> "Organization":
    """Open the site, and return the organization that is meant.

    Raises:
        OrganizationUnknownError: there is none of that name, or several and none is named.
    """
    site.open_site()
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after the settings

    every = list(Organization.objects.order_by("slug"))
    found = [each for each in every if name in (None, each.slug)]
    if len(found) == 1:
        return found[0]
    named = ", ".join(each.slug for each in every) or "none yet"
    what = f"there is no organization {visible(name, limit=60)}" if name else "which organization?"
    raise OrganizationUnknownError(
        f"nothing was done: {what}",
        why="Files of one organization would become another's program.",
        todo=f"name one with --organization: {named}",
    )


def _member(organization: "Organization", email: str) -> str:
    """Return the address of the member who applies, as the trail knows them.

    Raises:
        MayNotApplyError: nobody of that address is an active member who may.
    """
    found = member_who_may(organization, email, "program.apply")
    if found:
        return found.user.email
    raise MayNotApplyError(
        f"nothing was applied: {visible(email, limit=100)} is no member who may apply files",
        why="The trail says of each change who made it.",
        todo="name an administrator or a compliance manager of the organization",
    )


def member_who_may(
    organization: "Organization", email: str, permission: str
) -> "Membership | None":
    """Return the active member of an address who has a permission; None for nobody."""
    from reperform.accounts.permissions import Role, may  # noqa: PLC0415 - after the settings
    from reperform.accounts.queries import members  # noqa: PLC0415 - as above

    active = members(organization).filter(is_active=True, user__is_active=True)
    found = active.filter(user__email__iexact=email).first()
    return found if found and may(Role(found.role), permission) else None


def _show(planned: "Plan") -> None:
    for line in plan_lines(planned):
        typer.echo(line)
