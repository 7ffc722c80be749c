"""What a test of a control is a test of: the part of its wording that the test must fit."""

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.catalog.controls import Control


def tested_wording(control: Control) -> dict[str, str]:
    """Return what a test of a control tests, apart from how its lines are broken.

    Whom it names as owner, what it is called and which criteria it serves, a test does not look
    at; who does what, on which items and how often, it does.
    """
    return {
        "text": " ".join(control.text.split()),
        "frequency": control.frequency,
        "kind": control.kind,
        "population": " ".join(control.population.split()),
    }


def wording_sha256(control: Control) -> str:
    """Return the SHA-256, in hexadecimal, of `tested_wording` as canonical JSON (RFC 8785)."""
    return sha256_hex(canonical_json(tested_wording(control)))


def is_tested_as(control: Control, origin: Control) -> bool:
    """Return whether tests of `origin` are tests of `control`."""
    return tested_wording(control) == tested_wording(origin)
