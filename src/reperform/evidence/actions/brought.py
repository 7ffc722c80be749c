"""Bringing files to a connection that has no folder, and taking them back."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.visible import file_name
from reperform.connectors.folder import BROUGHT
from reperform.connectors.settings import SLUG
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.models import Connection
from reperform.evidence.queries.access import READABLE_WITH, brought_files, connector_of
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.rows import lock
from reperform.program.models import KeptFile

MOST = 200


@transaction.atomic
def bring_file(
    *,
    organization: Organization,
    number: int,
    name: str,
    content: bytes,
    by: str,
    at: datetime,
) -> KeptFile:
    """Keep a file for the next run of a connection, byte for byte, durable before this returns.

    Args:
        organization: whose connection it is.
        number: of the connection, which exists.
        name: of the file, as whoever brings it knows it.
        content: the whole file.
        by: who brings it.
        at: when.

    Raises:
        UploadRefusedError: it is empty, too large, or of no kind that serves as proof.
        ConnectionNotKeptError: the connection is retired, reads a folder or no files at all, or
            has a file of that name, or too many.
    """
    lock(organization)
    row = Connection.objects.get(organization=organization, number=number)
    refuse_no_files(row)
    there = brought_files(row)
    if len(there) >= MOST:
        raise _refused("file", f"comes after {MOST} others", "take back those that are old")
    kept = keep_file(
        organization=organization,
        name=file_name(name),
        content=content,
        readable_with=READABLE_WITH,
        by=by,
        at=at,
    )
    if kept.name in {each.name for each in there}:
        todo = "take back the other one first, or give this one its day in its name"
        raise _refused("file", f"{kept.name} is there already", todo)
    _write(row, [*there, kept], by=by, at=at)
    record(
        log=organization.log,
        act="connection.file_brought",
        by=by,
        at=at,
        subject=f"connection {number}",
        after=describe_file(kept),
    )
    return kept


@transaction.atomic
def take_back_file(
    *, organization: Organization, number: int, file: int, by: str, at: datetime
) -> None:
    """Leave a file out of the next runs; what it brought already stays, and so does the file.

    Args:
        organization: whose connection it is.
        number: of the connection, which exists.
        file: its number; one that is not there is left out already.
        by: who takes it back.
        at: when.

    Raises:
        ConnectionNotKeptError: the connection is retired, or reads no files that are brought.
    """
    lock(organization)
    row = Connection.objects.get(organization=organization, number=number)
    refuse_no_files(row)
    there = brought_files(row)
    gone = [each for each in there if each.number == file]
    if not gone:
        return
    _write(row, [each for each in there if each.number != file], by=by, at=at)
    record(
        log=organization.log,
        act="connection.file_taken_back",
        by=by,
        at=at,
        subject=f"connection {number}",
        before=describe_file(gone[0]),
    )


def refuse_no_files(row: Connection) -> None:
    """Refuse a connection that reads no files that are brought.

    Raises:
        ConnectionNotKeptError: it is retired, reads a folder or a drop, or another kind of source.
        ConnectorMissingError: its connector is not installed any more.
    """
    if row.retired_on:
        raise _refused("connection", f"{row.number} is retired", "make another one")
    if BROUGHT not in {each.name for each in connector_of(row).settings}:
        raise _refused("connection", f"{row.number} reads no files", "choose another one")
    if row.settings.get("drop"):
        raise _refused("drop", "is read by it", "leave the file there, or make another connection")
    if row.settings.get("folder"):
        raise _refused("folder", "is read by it", "put the file there, or make another connection")


def _write(row: Connection, files: list[KeptFile], *, by: str, at: datetime) -> None:
    row.settings = {**row.settings, BROUGHT: [str(each.number) for each in files]}
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _refused(where: str, what: str, todo: str) -> ConnectionNotKeptError:
    return ConnectionNotKeptError([Problem(where, what, todo, SLUG)])
