"""What must hold before the server starts: a folder, a database and an address that are ours."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reperform.base.refusal import RefusalError

_NEWER_SHOWN = 3


class HomeRefusedError(RefusalError):
    """The installation's folder cannot be used."""

    slug = "home-refused"


class DatabaseRefusedError(RefusalError):
    """The database cannot be opened or written."""

    slug = "database-refused"


class DatabaseNewerError(RefusalError):
    """The database was made by a newer version of the program."""

    slug = "database-newer"


class AddressRefusedError(RefusalError):
    """The server cannot listen there."""

    slug = "address-refused"


def refuse_unusable_home(folder: Path) -> None:
    """Make the installation's folder, for its owner only, and see that it can be written.

    Raises:
        HomeRefusedError: it is not a folder, or not this user's to write.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unwritable = not os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        raise _home_refused(folder, os.strerror(error.errno or errno.EIO)) from error
    if unwritable:
        raise _home_refused(folder, "this user may not write there")
    database = folder / "reperform.sqlite"
    if database.exists() and not os.access(database, os.R_OK | os.W_OK):
        owner = database.stat().st_uid
        raise _home_refused(folder, f"{database.name} belongs to user {owner}, and is closed to us")


def _home_refused(folder: Path, what: str) -> HomeRefusedError:
    return HomeRefusedError(
        f"the installation's folder {folder} was not opened: {what}",
        why="A program that starts elsewhere would show an empty organization as if it were yours.",
        todo=("start it as the user whose installation it is,", "or name another: REPERFORM_HOME"),
    )


@contextmanager
def database_faults_as_refusals(where: str) -> Iterator[None]:
    """Say what it means when the database does not answer, or is not one."""
    from django.db import DatabaseError  # noqa: PLC0415 - most commands need no database

    try:
        yield
    except DatabaseError as error:
        said = str(error).strip().splitlines()
        raise DatabaseRefusedError(
            f"the database was not opened: {where}: {said[0] if said else type(error).__name__}",
            why="Nothing was changed in it, and nothing is shown that does not come from it.",
            todo="see that it runs and may be written; if it is damaged, restore it from a backup",
        ) from error


def refuse_newer_database() -> None:
    """Refuse a database that has changes which this version of the program does not know.

    Raises:
        DatabaseNewerError: it has.
    """
    from django.db import connection  # noqa: PLC0415 - after the settings
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    loader = MigrationLoader(connection)
    ours = loader.migrated_apps
    known = set(loader.disk_migrations) | set(loader.replacements)
    newer = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in known
    )
    if newer:
        more = f" and {len(newer) - _NEWER_SHOWN} more" if len(newer) > _NEWER_SHOWN else ""
        raise DatabaseNewerError(
            f"the database was not opened: a newer version of Reperform made it,"
            f" with {', '.join(newer[:_NEWER_SHOWN])}{more}",
            why="An older program would write what the newer one could misread.",
            todo="start the newer version, or restore a backup from before the upgrade",
        )


def listen(address: str, port: int) -> socket.socket:
    """Return a socket that listens; callers wait in its queue until the server takes them.

    Raises:
        AddressRefusedError: another program listens there, or it is not an address of ours.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        # The numbers of names that cannot be resolved are negative, and not the system's.
        number = error.errno or errno.EIO
        why = os.strerror(number) if number > 0 else "there is no such address"
        raise AddressRefusedError(
            f"the server did not start: {address} port {port}: {why}",
            why="A page that answers there would not be this program's.",
            todo="stop the program that listens there, or choose another port with --port",
        ) from error


def url_of(address: str, port: int) -> str:
    """Return the URL under which a browser on this machine reaches the server.

    >>> url_of("0.0.0.0", 8000), url_of("::1", 8000)
    ('http://127.0.0.1:8000', 'http://[::1]:8000')
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - no binding
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
