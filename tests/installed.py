"""A home as the first start of an installation leaves it, made once and copied.

Bringing an empty database up to date and gathering the pages' files take seconds, and are the same
for each test that begins with a new installation.  `tests/app/test_first_start.py` makes one from
nothing, as a user's first start does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from once import made_once

_OWN = ("server.secret",)
"""What no two installations share."""


def install(home: Path) -> None:
    """Put an installation without organizations into `home`, unless something is there already."""
    is_free = not home.exists() or (home.is_dir() and not any(home.iterdir()))
    if is_free:
        shutil.copytree(
            made_once("installed", _make),
            home,
            ignore=shutil.ignore_patterns(*_OWN),
            dirs_exist_ok=True,
        )


def _make(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reperform", "organization", "list"],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "REPERFORM_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
