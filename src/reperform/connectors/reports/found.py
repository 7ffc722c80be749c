"""What a report says, in the same words whichever format it is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

VULNERABILITY, CONFIGURATION, CODE, SECRET, LICENSE, DETECTION = (
    "vulnerability",
    "configuration",
    "code",
    "secret",
    "license",
    "detection",
)
OPEN, FIXED, DISMISSED = "open", "fixed", "dismissed"
PASSED, NOT_APPLICABLE, NOT_KNOWN = "passed", "not applicable", "not known"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a scanner found, or looked for and did not find.

    Attributes:
        kind: vulnerability, configuration, code, secret, license or detection.
        place: where in the file it is said.
        rule: the source's own id of what it looked for, such as a CVE or a plugin.
        uid: the source's own id of the finding; empty when it gives none.
        title: in the source's words.
        severity: in the source's words; `scores` are CVSS base scores, or what the source gives.
        status: open, fixed, dismissed, passed, not applicable or not known.
        status_said: in the source's words.
        reason: why it was dismissed.
        cves: ids of the CVE list.
        resource: where it is.
        package, version, purl, fixed_in: what has it, and from which version on not any more.
        found_at: when the source first saw it, as it says.
    """

    kind: str
    place: str
    rule: str = ""
    uid: str = ""
    title: str = ""
    severity: str = ""
    score: float | None = None
    status: str = OPEN
    status_said: str = ""
    reason: str = ""
    cves: tuple[str, ...] = ()
    resource: str = ""
    package: str = ""
    version: str = ""
    purl: str = ""
    fixed_in: str = ""
    found_at: object = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two findings of one report, or of two reports of one target, the same."""
        where = (self.resource, self.package, self.version or self.purl)
        return (self.kind, self.rule, self.cves, *where, self.uid)


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a product, as a bill of materials lists it."""

    place: str
    name: str
    version: str = ""
    kind: str = ""
    purl: str = ""
    cpe: str = ""
    supplier: str = ""
    licenses: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    ref: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two components of one bill the same."""
        return (self.purl or self.ref or self.name, self.name, self.version)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody states of a vulnerability in a product (VEX)."""

    place: str
    cves: tuple[str, ...]
    products: tuple[str, ...]
    status: str
    status_said: str
    justification: str = ""
    detail: str = ""
    stated_at: object = None


@dataclass(frozen=True, slots=True)
class Exploited:
    """One entry of CISA's catalog of known exploited vulnerabilities."""

    place: str
    cve: str
    name: str
    added_on: object
    due_on: object
    is_ransomware: bool | None


Item = Finding | Component | Statement | Exploited


@dataclass(frozen=True, slots=True)
class Report:
    """One run of a tool, or one document: a file may hold several.

    Attributes:
        format: such as `SARIF`.
        version: of the format, as the file says.
        tool: who made it, and `tool_version`.
        target: what was looked at; empty when the report does not say what it was.
        made_at: when it was made, as it says: ISO 8601 text, or seconds since 1970.
        items: what it says.
        notes: what a reader must know, such as a version that is not known.
        lacks: why it may not say everything, such as a run that did not succeed.
    """

    format: str
    version: str = ""
    tool: str = ""
    tool_version: str = ""
    target: str = ""
    made_at: object = None
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def inside(value: object, *keys: str | int) -> Any:  # noqa: ANN401 - JSON
    """Return what lies deep in JSON values; None when it is not there.

    >>> inside({"a": [{"b": 1}]}, "a", 0, "b"), inside({"a": 3}, "a", "b")
    (1, None)
    """
    for key in keys:
        if isinstance(key, int):
            is_there = isinstance(value, list) and -len(value) <= key < len(value)
        else:
            is_there = isinstance(value, dict) and key in value
        if not is_there:
            return None
        value = value[key]  # type: ignore[index]
    return value


def line(value: object, *keys: str | int) -> str:
    """Return a text, or a number as text, deep in JSON values; empty when there is none."""
    found = inside(value, *keys)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).strip()


def objects(value: object, *keys: str | int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and object of each object in a list deep in JSON values."""
    found = inside(value, *keys)
    for number, each in enumerate(found if isinstance(found, list) else []):
        if isinstance(each, dict):
            yield number, each


def lines(value: object, *keys: str | int) -> tuple[str, ...]:
    """Return the texts of a list deep in JSON values."""
    found = inside(value, *keys)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def number(value: object) -> float | None:
    """Return a number, or a text that is one; None when it is not.

    >>> number("7.5"), number(True), number("high")
    (7.5, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if 0 <= found < float("inf") else None
