"""What results.json says of waivers, for those who show it."""

from collections.abc import Mapping
from typing import Any

from reperform.audit.waived import Standing

_COUNTS = (Standing.WAIVED.value, Standing.IN_PART.value)


def waivers_of(results: Mapping[str, Any], test: str) -> list[Mapping[str, Any]]:
    """Return the waivers of one test, as results.json has them."""
    return [each for each in results.get("waivers", ()) if each["test"] == test]


def exceptions_shown(results: Mapping[str, Any], test: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the exceptions of a test, each with `waivers`: what they say of it, in sentences."""
    said: dict[str, list[str]] = {}
    for waiver in waivers_of(results, test["id"]):
        for each in waiver["deviations"]:
            said.setdefault(each["item"], []).append(each["said"])
    return [{**each, "waivers": said.get(each["item"], [])} for each in test["exceptions"]]


def waived_counts(results: Mapping[str, Any]) -> dict[str, int]:
    """Return how many deviations of each test are waived; tests without any are left out."""
    items: dict[str, set[str]] = {}
    for waiver in results.get("waivers", ()):
        for each in waiver["deviations"]:
            if each["standing"] in _COUNTS:
                items.setdefault(waiver["test"], set()).add(each["item"])
    return {test: len(found) for test, found in items.items()}
