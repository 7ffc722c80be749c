"""Grype's JSON: packages of an image or folder matched with vulnerabilities."""

from collections.abc import Iterator, Mapping
from typing import Any

from reperform.connectors.reports.found import (
    DISMISSED,
    VULNERABILITY,
    Finding,
    Report,
    inside,
    line,
    lines,
    number,
    objects,
)

FORMAT = "Grype"


def is_one(value: object) -> bool:
    """Return whether JSON values are a report of Grype."""
    return isinstance(inside(value, "matches"), list) and (
        line(value, "descriptor", "name") == "grype"
    )


def read(value: object) -> Iterator[Report]:
    """Yield the report; what Grype was told to ignore is dismissed, and is there."""
    found = [_finding(each, f"matches[{at}]") for at, each in objects(value, "matches")]
    for at, each in objects(value, "ignoredMatches"):
        rules = [dict(rule) for _, rule in objects(each, "appliedIgnoreRules")]
        why = "; ".join(line(rule, "reason") or line(rule, "vulnerability") for rule in rules)
        found.append(_finding(each, f"ignoredMatches[{at}]", DISMISSED, why))
    target = line(value, "source", "target", "userInput") or line(value, "source", "target")
    version = line(value, "descriptor", "version")
    made_at = line(value, "descriptor", "timestamp")
    yield Report(FORMAT, "", "Grype", version, target.strip('"'), made_at, tuple(found))


def _finding(each: Mapping[str, Any], place: str, status: str = "open", why: str = "") -> Finding:
    weakness, artifact = each.get("vulnerability"), each.get("artifact")
    rule = line(weakness, "id")
    others = {line(other, "id") for _, other in objects(each, "relatedVulnerabilities")}
    cves = {name for name in (rule, *others) if name.startswith("CVE-")}
    scores = [
        score
        for _, given in objects(weakness, "cvss")
        if not line(given, "version").startswith("2")
        and (score := number(inside(given, "metrics", "baseScore"))) is not None
    ]
    return Finding(
        VULNERABILITY,
        place,
        rule,
        title=line(weakness, "description"),
        severity=line(weakness, "severity"),
        score=max(scores, default=None),
        status=status,
        status_said=line(weakness, "fix", "state"),
        reason=why,
        cves=tuple(sorted(cves)),
        resource=",".join(line(path, "path") for _, path in objects(artifact, "locations")),
        package=line(artifact, "name"),
        version=line(artifact, "version"),
        purl=line(artifact, "purl"),
        fixed_in=", ".join(lines(weakness, "fix", "versions")),
    )
