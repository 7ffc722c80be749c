"""What a test of a control is a test of: the part of its wording that the test must fit."""

from typing import Protocol

from reperform.base.canonical import canonical_json, sha256_hex


class Worded(Protocol):
    """A control, wherever it is kept."""

    @property
    def text(self) -> str:
        """Who does what, on what, how often, leaving which trace."""

    @property
    def frequency(self) -> str:
        """How often it operates."""

    @property
    def kind(self) -> str:
        """Manual, automated or mixed."""

    @property
    def population(self) -> str:
        """The items that it operates on."""


def tested_wording(control: Worded) -> dict[str, str]:
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


def wording_sha256(control: Worded) -> str:
    """Return the SHA-256, in hexadecimal, of `tested_wording` as canonical JSON (RFC 8785)."""
    return sha256_hex(canonical_json(tested_wording(control)))


def is_tested_as(control: Worded, origin: Worded) -> bool:
    """Return whether tests of `origin` are tests of `control`."""
    return tested_wording(control) == tested_wording(origin)
