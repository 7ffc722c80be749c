"""Asking a PostgreSQL server: each query's answer as the server writes it, in one snapshot.

`COPY ... TO STDOUT` gives the server's own bytes.  The transaction is read-only, and no hash of a
password leaves the server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from types import ModuleType
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, NotCollectedError
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.settings import Access

NULL = r"\N"
QUERIES = {
    "roles": """
        SELECT oid, rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
               rolbypassrls, rolconnlimit,
               to_char(nullif(rolvaliduntil, 'infinity') AT TIME ZONE 'UTC',
                       'YYYY-MM-DD HH24:MI:SS') AS valid_until
        FROM pg_catalog.pg_roles ORDER BY rolname""",
    "members": """
        SELECT pg_get_userbyid(roleid) AS role, pg_get_userbyid(member) AS member, admin_option
        FROM pg_catalog.pg_auth_members ORDER BY 1, 2""",
    "passwords": """
        SELECT rolname, CASE WHEN rolpassword IS NULL THEN 'none'
                             WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256'
                             WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'other' END AS kind
        FROM pg_catalog.pg_authid ORDER BY rolname""",
    "settings": """
        SELECT name, setting, unit, source, pending_restart
        FROM pg_catalog.pg_settings ORDER BY name""",
    "access-rules": """
        SELECT line_number, type, array_to_string(database, ',') AS databases,
               array_to_string(user_name, ',') AS users, address, netmask, auth_method, error
        FROM pg_catalog.pg_hba_file_rules ORDER BY line_number""",
    "replicas": """
        SELECT application_name, client_addr, state, sync_state,
               extract(epoch FROM replay_lag)::bigint AS lag
        FROM pg_catalog.pg_stat_replication ORDER BY application_name, pid""",
    "archiver": """
        SELECT to_char(last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS archived,
               to_char(last_failed_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS failed
        FROM pg_catalog.pg_stat_archiver""",
}
"""Name of the answer -> the query.  Their text is the record of what was asked."""

_OBSERVED = """
    SELECT current_user, current_setting('server_version'), pg_is_in_recovery(),
           to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
           current_setting('is_superuser') = 'on', pg_has_role('pg_monitor', 'USAGE')"""
_SECONDS = 60
_LARGEST = 256 << 20
_SAID = 300


class PostgresqlError(NotCollectedError):
    """A server was not reached, let nobody in, or hung up before the end of an answer."""

    slug = "postgresql-not-collected"


def ask(access: Access) -> Iterator[Answer]:
    """Yield the answer to each query.

    Raises:
        PostgresqlError: the server did not answer to the end.
    """
    with connected(access) as connection:
        yield observed(connection, access)
        for name, query in QUERIES.items():
            yield _answer(connection, access, name, " ".join(query.split()))


def observed(connection: Any, access: Access) -> Answer:  # noqa: ANN401 - of an extra
    """Return who asked which server, and when."""
    row = connection.execute(_OBSERVED).fetchone()
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    names = ("as", "version", "is_replica", "started_at", "is_superuser", "is_monitor")
    facts = {"at": now, "system": system(access), **dict(zip(names, row, strict=True))}
    return Answer("observed", " ".join(_OBSERVED.split()), [canonical_json(facts)])


def system(access: Access) -> str:
    """Return the server as rows name it."""
    return f"postgresql {access.text('host')}:{access.settings['port']}"


@contextmanager
def connected(access: Access) -> Iterator[Any]:
    """Open a read-only transaction of one snapshot.

    Raises:
        CallFailedError: the host is on a network that is not open to connections.
        PostgresqlError: the server was not reached, or hung up.
    """
    psycopg = _psycopg()
    if access.private is not None:
        refuse_host(access.text("host"), access.private)
    _refuse_clear(access)
    try:
        with psycopg.connect(
            host=access.text("host"),
            port=access.settings["port"],
            dbname=access.text("database"),
            user=access.text("user"),
            password=access.secret("password") or None,
            sslmode=access.text("tls"),
            **_roots(access),
            connect_timeout=10,
            application_name="reperform",
            client_encoding="UTF8",
            options=f"-c statement_timeout={_SECONDS}s -c search_path=pg_catalog",
        ) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield connection
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise PostgresqlError(
            f"{system(access)} was not asked: {_words(access, error)}",
            why="An answer that stops before its end would pass for the whole.",
            todo="check address, database, user, password and TLS of the connection",
        ) from error


def _roots(access: Access) -> dict[str, str]:
    """Return which authorities are trusted: libpq takes those of the machine only to verify."""
    if access.text("roots"):
        return {"sslrootcert": access.text("roots")}
    return {"sslrootcert": "system"} if access.text("tls") == "verify-full" else {}


def _refuse_clear(access: Access) -> None:
    """Refuse to send a password over a network without TLS.

    Raises:
        PostgresqlError: that is what the settings would do.
    """
    host = access.text("host")
    is_here = host.startswith("/") or host in ("localhost", "127.0.0.1", "::1")
    if access.text("tls") == "disable" and not is_here:
        raise PostgresqlError(
            f"{system(access)} was not asked: it is not on this machine, and TLS is off",
            why="Whoever listens on the way would read what is asked, and perhaps the password.",
            todo="demand a certificate in the connection's settings",
        )


def _answer(connection: Any, access: Access, name: str, query: str) -> Answer:  # noqa: ANN401 - as above
    """Return the bytes of one query, or why the server would not say."""
    psycopg = _psycopg()
    asked = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER, NULL '{NULL}')"
    try:
        with connection.transaction(), connection.cursor().copy(asked) as copy:
            parts, size = [], 0
            for part in copy:
                size += len(part)
                if size > _LARGEST:
                    return Answer(name, asked, refused=f"it is larger than {_LARGEST:,} bytes")
                parts.append(bytes(part))
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        # A query that took too long is refused; a connection that is gone ends everything.
        if connection.broken or not isinstance(error, psycopg.errors.QueryCanceled):
            raise
        return Answer(name, asked, refused=_words(access, error))
    except psycopg.DatabaseError as error:
        return Answer(name, asked, refused=_words(access, error))
    return Answer(name, asked, parts)


def _words(access: Access, error: Exception) -> str:
    return access.hide(" ".join(str(error).split()))[:_SAID]


@cache
def _psycopg() -> ModuleType:
    """Return the client library, loaded when something is asked.

    Raises:
        PostgresqlError: it is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 - an extra: importing a connector is cheap
    except ImportError as error:
        raise PostgresqlError(
            "PostgreSQL was not asked: its client library is not installed",
            why="Without it there is nothing to ask with.",
            todo="install it: pip install 'reperform[postgresql]'",
        ) from error
    return psycopg
