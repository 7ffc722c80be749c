"""Which database: SQLite in the installation's folder, or PostgreSQL by its URL."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from reperform.base.refusal import RefusalError


class DatabaseUrlError(RefusalError):
    """The URL does not name a PostgreSQL database."""

    slug = "database-url"


def database(url: str, *, home: Path) -> dict[str, Any]:
    """Return Django's settings of the database that `url` names; of SQLite when it is empty.

    SQLite is opened in WAL mode, and every transaction takes the write lock at its beginning, so
    that two that write wait for each other instead of one being refused in its middle.

    Raises:
        DatabaseUrlError: the URL is of another kind, or names no database.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "reperform.sqlite",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise DatabaseUrlError(
            "the database was not opened: REPERFORM_DATABASE_URL does not name one of PostgreSQL",
            why="Starting on another database than the one meant would show an empty program.",
            todo="write it as postgresql://user:password@host:5432/name, or unset it for SQLite",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }
