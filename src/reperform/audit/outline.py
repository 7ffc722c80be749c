"""What an examination came to, in few words: enough to follow a test from one to the next.

Pure.
"""

from collections.abc import Mapping
from typing import Any


def outline_of(results: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the conclusion of each test and how far each control is evidenced.

    Args:
        results: what results.json holds, see docs/spec/results.md.

    >>> outline_of({"tests": [{"id": "T", "conclusion": "unable to test"}], "controls": []})
    {'tests': {'T': 'unable to test'}, 'evidenced': {}}
    """
    return {
        "tests": _texts(results.get("tests"), "conclusion"),
        "evidenced": _texts(results.get("controls"), "evidenced"),
    }


def _texts(rows: object, name: str) -> dict[str, str]:
    listed = rows if isinstance(rows, list) else []
    return {
        row["id"]: row[name]
        for row in listed
        if isinstance(row, dict)
        and isinstance(row.get("id"), str)
        and isinstance(row.get(name), str)
    }
