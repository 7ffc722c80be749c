"""The example's own installation: apart from a real one, and never mixed with it."""

import os
import shutil
from pathlib import Path

from reperform.base.refusal import RefusalError
from reperform.ledger.home import home

_MARK = "example.made-from"
_OURS = (
    "reperform.sqlite",
    "reperform.sqlite-shm",
    "reperform.sqlite-wal",
    "examinations",
    "evidence",
    "work",
)

_OF_A_REAL_ONE = ("DATABASE_URL", "KEY_PASSPHRASE", "URL", "PROXY", "HTTPS")
"""Variables that mean a real installation: its links would lead there."""


class ExampleHomeError(RefusalError):
    """The folder is not one that the example may live in."""

    slug = "example-home"


def example_home(chosen: Path | None) -> Path:
    """Return the folder of the example's installation: beside the real one, unless chosen.

    Raises:
        ExampleHomeError: it is the real one's folder, or lies in it, or the other way round.
    """
    real = Path(os.path.realpath(home()))
    folder = Path(os.path.realpath(chosen)) if chosen else real.with_name(f"{real.name}-example")
    if folder == real or real in folder.parents or folder in real.parents:
        raise _refused(folder, f"the installation itself is in {real}")
    if folder.exists() and not folder.is_dir():
        raise _refused(folder, "it is not a folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise _refused(folder, "it holds something else")
    return folder


def use(folder: Path) -> None:
    """Make this process work in the example's installation, and in no other database."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / _MARK).exists():
        (folder / _MARK).touch(mode=0o600)
    os.environ["REPERFORM_HOME"] = str(folder)
    for name in _OF_A_REAL_ONE:
        os.environ.pop(f"REPERFORM_{name}", None)


def made_from(folder: Path) -> str:
    """Return the digest of the files that the example was made from; empty until it is whole."""
    return (folder / _MARK).read_text("ascii")


def mark(folder: Path, digest: str) -> None:
    """Note that the example is whole."""
    (folder / _MARK).write_text(digest, "ascii")


def clear(folder: Path) -> None:
    """Remove what an attempt left that was stopped before its end."""
    for name in _OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def refuse_real_organizations(folder: Path) -> None:
    """Refuse a database in which somebody founded an organization of their own.

    Raises:
        ExampleHomeError: there is one.
    """
    from reperform.accounts.models import Organization  # noqa: PLC0415 - after the settings

    real = Organization.objects.filter(is_example=False).order_by("created_at").first()
    if real is not None:
        raise _refused(folder, f"it holds an organization that is no example: {real.name}")


def _refused(folder: Path, what: str) -> ExampleHomeError:
    return ExampleHomeError(
        f"the example was not opened in {folder}: {what}",
        why="An invented company beside a real one could be taken for evidence.",
        todo="name an empty folder, or one that does not exist: --home DIR",
    )
