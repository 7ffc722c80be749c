"""Which of this machine's own files a connection may read.

An administrator of one organization names a folder and the server reads it: without a rule they
could read what belongs to others.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reperform.base.problem import Problem
from reperform.connectors.contract import Connector
from reperform.connectors.settings import SLUG, SettingKind

_WHO = "whoever runs the installation names it in REPERFORM_LOCAL_SOURCES"


def local_problems(
    connector: Connector, settings: Mapping[str, Any], *, allowed: Sequence[str]
) -> list[Problem]:
    """Return what a connection would read of this machine that no setting opens to it.

    A connector that looks at the machine as a whole needs `/` among the folders.

    Args:
        connector: of the connection.
        settings: by name.
        allowed: folders of this machine that connections may read.
    """
    paths = [each for each in connector.settings if each.kind is SettingKind.PATH]
    if connector.is_local and not paths and "/" not in allowed:
        what = "looks at the machine that the server runs on, which is not open to connections"
        return [Problem("connector", what, f"{_WHO}, as /", SLUG)]
    return [
        Problem(each.name, "is not below a folder that is open to connections", _WHO, SLUG)
        for each in connector.settings
        if (path := each.path_of(settings.get(each.name))) and not _is_below(path, allowed)
    ]


def _is_below(path: str, allowed: Sequence[str]) -> bool:
    """Return whether a path is below one of the folders, wherever links in it lead."""
    found = Path(path).resolve()
    return any(found.is_relative_to(Path(folder).resolve()) for folder in allowed)
