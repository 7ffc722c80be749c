"""Whose rows were compared: the systems of record of a bundle, beside those of its trail."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reperform.base.problem import Problem
from reperform.program.systems import Systems, read_systems, systems_content

STATED = "systems.stated"
SYSTEMS = "inputs/systems.json"
_ASK = "do not rely on what rests on it; ask for the bundle again"


def read_stated(folder: Path, stated: Mapping[str, Any]) -> tuple[Systems, list[Problem]]:
    """Return the systems of record that a bundle says its examination was told of.

    Args:
        folder: the unpacked bundle; without the file, none was stated.
        stated: what the trail says was stated last before the examination; empty for nothing.

    Raises:
        ValueError, TypeError, AttributeError: the file cannot be read.
    """
    path = folder / SYSTEMS
    systems, problems = read_systems(json.loads(path.read_bytes()) if path.is_file() else {})
    if problems or systems_content(systems) != (stated or systems_content({})):
        what = "the systems of record are not those that the trail says were stated"
        problems = [Problem(SYSTEMS, what, _ASK, "bundle-differs")]
    return systems, problems
