"""Confirmations as a statement holds them, so that whoever re-performs it can count them too."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from reperform.base.refusal import RefusalError
from reperform.program.controls.fit import Fit

_FIELDS = ("test_sha256", "wording_sha256", "by", "on", "reason")
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def fits_content(fits: Mapping[str, Fit]) -> dict[str, dict[str, Any]]:
    """Return confirmations as a file holds them: by test, each with its fields."""
    return {
        name: {field: value for field, value in asdict(fits[name]).items() if field != "test"}
        for name in sorted(fits)
    }


def read_fits(value: object, *, refused: Callable[[str], RefusalError]) -> dict[str, Fit]:
    """Return what `fits_content` gave; nothing for None.

    Args:
        value: as YAML has it.
        refused: makes the refusal of what is wrong.

    Raises:
        RefusalError: it is none.
    """
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
        raise refused("confirmed_tests are no tests with what was confirmed of each")
    found = {}
    for test, said in value.items():
        if set(said) != set(_FIELDS) or not isinstance(test, str):
            raise refused(f"confirmed_tests: {test!r} does not say {', '.join(_FIELDS)}")
        texts = [said[name] for name in ("by", "reason")]
        digests = [said[name] for name in ("test_sha256", "wording_sha256")]
        if not all(isinstance(each, str) and each.strip() for each in texts):
            raise refused(f"confirmed_tests: {test}: who confirmed, or why, is no text")
        if not all(isinstance(each, str) and _SHA256.fullmatch(each) for each in digests):
            raise refused(f"confirmed_tests: {test}: a digest is no SHA-256 in hexadecimal")
        if type(said["on"]) is not date:
            raise refused(f"confirmed_tests: {test}: {said['on']!r} is not a day, as 2025-07-01")
        found[test] = Fit(test, **said)
    return found
