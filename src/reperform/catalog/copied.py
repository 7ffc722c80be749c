"""Our own library, copied beside what it is used for."""

import shutil
from pathlib import Path

from reperform.catalog.library import library_folder


def copy_library(target: Path) -> None:
    """Copy every file of our own library into an empty folder.

    The first that cannot be written stops it, as on a full disk; `shutil.copytree` would go on
    with the others, and then raise an error without a number.
    """
    source = library_folder()
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
