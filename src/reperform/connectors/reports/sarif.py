"""SARIF 2.1.0 (OASIS): results of tools that read code."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reperform.connectors.reports.found import (
    CODE,
    DISMISSED,
    FIXED,
    NOT_APPLICABLE,
    NOT_KNOWN,
    OPEN,
    PASSED,
    VULNERABILITY,
    Finding,
    Report,
    inside,
    line,
    number,
    objects,
)

FORMAT = "SARIF"
_CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.ASCII | re.IGNORECASE)
_KINDS = {
    "pass": PASSED,
    "notApplicable": NOT_APPLICABLE,
    "informational": NOT_APPLICABLE,
    "open": NOT_KNOWN,
    "review": NOT_KNOWN,
}


def is_one(value: object) -> bool:
    """Return whether JSON values are a SARIF log, of any version."""
    return isinstance(inside(value, "runs"), list) and (
        "sarif" in line(value, "$schema").lower() or bool(line(value, "version"))
    )


def read(value: object) -> Iterator[Report]:
    """Yield a report for each run."""
    version = line(value, "version")
    notes = () if version == "2.1.0" else (f"version {version or 'none'} is read as 2.1.0",)
    for at, run in objects(value, "runs"):
        driver = inside(run, "tool", "driver")
        yield Report(
            FORMAT,
            version,
            line(driver, "name"),
            line(driver, "semanticVersion") or line(driver, "version"),
            _target(run),
            _made_at(run),
            tuple(_results(run, at)),
            notes,
            tuple(_lacks(run)),
        )


def _lacks(run: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(run.get("results"), list):
        yield "a run has no list of results: the tool did not say that it found nothing"
    if any(each.get("executionSuccessful") is False for _, each in objects(run, "invocations")):
        yield "a run says that it did not succeed"


def _target(run: Mapping[str, Any]) -> str:
    return line(run, "versionControlProvenance", 0, "repositoryUri") or line(
        run, "automationDetails", "id"
    )


def _made_at(run: Mapping[str, Any]) -> str:
    found = [
        line(each, "endTimeUtc") or line(each, "startTimeUtc")
        for _, each in objects(run, "invocations")
    ]
    return max(filter(None, found), default="")


def _results(run: Mapping[str, Any], at: int) -> Iterator[Finding]:
    rules = _rules(run)
    for index, result in objects(run, "results"):
        rule = line(result, "ruleId") or line(result, "rule", "id")
        listed = rules.get(rule) or rules.get(_ranked(run, result)) or {}
        rule = rule or line(listed, "id")
        status, said, reason = _status(result)
        cves = tuple(sorted({each.upper() for each in _CVE.findall(rule)}))
        yield Finding(
            kind=VULNERABILITY if cves else CODE,
            place=f"runs[{at}].results[{index}]",
            rule=rule,
            uid=line(result, "correlationGuid") or _print(result),
            title=_title(result, listed),
            severity=line(result, "level")
            or line(listed, "defaultConfiguration", "level")
            or "warning",
            score=number(
                inside(result, "properties", "security-severity")
                or inside(listed, "properties", "security-severity")
            ),
            status=status,
            status_said=said,
            reason=reason,
            cves=cves,
            resource=_where(result),
            found_at=line(result, "provenance", "firstDetectionTimeUtc"),
        )


def _rules(run: Mapping[str, Any]) -> dict[object, Mapping[str, Any]]:
    """Return rules by id, and by place in the list."""
    found: dict[object, Mapping[str, Any]] = {}
    for index, rule in objects(run, "tool", "driver", "rules"):
        found[index] = rule
        found.setdefault(line(rule, "id"), rule)
    for _, extension in objects(run, "tool", "extensions"):
        for _, rule in objects(extension, "rules"):
            found.setdefault(line(rule, "id"), rule)
    return found


def _ranked(run: Mapping[str, Any], result: Mapping[str, Any]) -> object:
    """Return the place of a result's rule among the driver's, when it is one of them."""
    is_driver = inside(result, "rule", "toolComponent") is None
    index = result.get("ruleIndex", inside(result, "rule", "index"))
    return index if is_driver and isinstance(index, int) and run else None


def _title(result: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
    return (
        line(result, "message", "text")
        or line(rule, "shortDescription", "text")
        or line(rule, "fullDescription", "text")
        or line(rule, "name")
    )


def _print(result: Mapping[str, Any]) -> str:
    prints = inside(result, "fingerprints") or inside(result, "partialFingerprints")
    named = sorted(prints.items()) if isinstance(prints, dict) else []
    return ",".join(f"{key}={value}" for key, value in named if isinstance(value, str))


def _where(result: Mapping[str, Any]) -> str:
    place = inside(result, "locations", 0, "physicalLocation")
    uri = line(place, "artifactLocation", "uri") or line(
        result, "locations", 0, "logicalLocations", 0, "fullyQualifiedName"
    )
    begins = line(place, "region", "startLine")
    return f"{uri}:{begins}" if uri and begins else uri


def _status(result: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return our status, what the tool says, and why it is dismissed."""
    kind, base = line(result, "kind") or "fail", line(result, "baselineState")
    said = " ".join(filter(None, (kind, base)))
    if kind != "fail":
        return _KINDS.get(kind, NOT_KNOWN), said, ""
    if base == "absent":
        return FIXED, said, ""
    # Of several suppressions, one that is rejected or under review leaves it open (3.27.23).
    given = [each for _, each in objects(result, "suppressions")]
    if given and all(line(each, "status") in ("", "accepted") for each in given):
        kinds = ",".join(line(each, "kind") for each in given)
        reasons = "; ".join(filter(None, (line(each, "justification") for each in given)))
        return DISMISSED, f"{said} suppressed {kinds}", reasons
    return OPEN, said, ""
