"""What is dear to make and only read: made once for a whole run, whichever worker asks first."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

_PLACE = "REPERFORM_TESTS_SHARED"
_own: list[Path] = []


def open_place() -> None:
    """Make the folder that the workers of this run share; those that inherit one use that."""
    if _PLACE not in os.environ:
        _own.append(Path(tempfile.mkdtemp(prefix="reperform-shared-")))
        os.environ[_PLACE] = str(_own[0])


def close_place() -> None:
    """Remove the folder, by whoever made it."""
    while _own:
        shutil.rmtree(_own.pop(), ignore_errors=True)
        del os.environ[_PLACE]


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder `name` that `make` filled, now or before.  Do not change what is in it.

    A making that failed is tried again by the next who asks.
    """
    place = Path(os.environ[_PLACE])
    folder, done = place / name, place / f"{name}.done"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
