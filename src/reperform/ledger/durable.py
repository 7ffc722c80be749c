"""Files that are there whole or not at all, and stay there when the power fails."""

import os
import tempfile
from pathlib import Path

INCOMING = "incoming-log-"


def write_whole(target: Path, content: bytes) -> None:
    """Put `content` at `target`, durable before this returns, making folders as needed.

    OSError passes through; then `target` is as it was.
    """
    _make_folder(target.parent)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=INCOMING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(name).chmod(0o644)  # the log is for others to read; mkstemp gives 0600
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durable in the one above."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Delete what a writer that was killed left in `folder` and below it."""
    for path in folder.rglob(f"{INCOMING}*"):
        path.unlink(missing_ok=True)
