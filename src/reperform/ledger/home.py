"""Where an installation keeps what is its own."""

import os
from pathlib import Path


def home() -> Path:
    """Return the folder of this installation: `$REPERFORM_HOME`, or the user's state folder."""
    chosen = os.environ.get("REPERFORM_HOME")
    return Path(chosen) if chosen else Path.home() / ".local" / "state" / "reperform"
