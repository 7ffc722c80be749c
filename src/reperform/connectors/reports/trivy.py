"""Trivy's JSON: reports on an artifact, on a cluster, and the bare list of old versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from reperform.connectors.reports.found import (
    CONFIGURATION,
    LICENSE,
    NOT_KNOWN,
    OPEN,
    PASSED,
    SECRET,
    VULNERABILITY,
    Finding,
    Report,
    inside,
    line,
    number,
    objects,
)

FORMAT = "Trivy"
_STATUSES = {"fixed": OPEN, "not_affected": NOT_KNOWN, "": OPEN}
_MISCONFIGURED = {"FAIL": OPEN, "PASS": PASSED, "EXCEPTION": NOT_KNOWN}
_LISTS = ("Vulnerabilities", "Misconfigurations", "Secrets", "Licenses", "Packages")


def is_one(value: object) -> bool:
    """Return whether JSON values are a report of Trivy."""
    if isinstance(value, list):
        return bool(value) and all(
            isinstance(each, dict) and "Target" in each and set(each) & {*_LISTS, "Type", "Class"}
            for each in value
        )
    is_cluster = isinstance(value, dict) and "ClusterName" in value
    return is_cluster or (
        isinstance(value, dict) and "ArtifactName" in value and "SchemaVersion" in value
    )


def read(value: object) -> Iterator[Report]:
    """Yield the report."""
    if isinstance(value, list):
        found = tuple(_results({"Results": value}, "", ""))
        yield Report(FORMAT, "1", "Trivy", items=found)
        return
    version = line(value, "SchemaVersion")
    target = line(value, "ArtifactName") or line(value, "ClusterName")
    items = [*_results(value, "", "")]
    for name in ("Resources", "Vulnerabilities", "Misconfigurations"):
        for at, part in objects(value, name) if "ClusterName" in dict(_pairs(value)) else ():
            where = "/".join(line(part, key) for key in ("Namespace", "Kind", "Name"))
            items += _results(part, f"{name}[{at}].", where)
    known = version in ("", "2")
    notes = () if known else (f"schema {version} is read as 2",)
    tool = line(value, "Trivy", "Version")
    yield Report(
        FORMAT, version, "Trivy", tool, target, line(value, "CreatedAt"), tuple(items), notes
    )


def _pairs(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _results(value: object, before: str, where: str) -> Iterator[Finding]:
    for at, result in objects(value, "Results"):
        place = f"{before}Results[{at}]"
        resource = " ".join(filter(None, (where, line(result, "Target"))))
        for index, each in objects(result, "Vulnerabilities"):
            yield _vulnerability(each, f"{place}.Vulnerabilities[{index}]", resource)
        for index, each in objects(result, "Misconfigurations"):
            yield _misconfiguration(each, f"{place}.Misconfigurations[{index}]", resource)
        for index, each in objects(result, "Secrets"):
            yield Finding(
                SECRET,
                f"{place}.Secrets[{index}]",
                line(each, "RuleID"),
                title=line(each, "Title"),
                severity=line(each, "Severity"),
                resource=f"{resource}:{line(each, 'StartLine')}",
            )
        for index, each in objects(result, "Licenses"):
            yield Finding(
                LICENSE,
                f"{place}.Licenses[{index}]",
                line(each, "Name"),
                title=f"license {line(each, 'Category')}",
                severity=line(each, "Severity"),
                resource=" ".join(filter(None, (resource, line(each, "FilePath")))),
                package=line(each, "PkgName"),
            )


def _vulnerability(each: Mapping[str, Any], place: str, resource: str) -> Finding:
    rule, said = line(each, "VulnerabilityID"), line(each, "Status")
    path = line(each, "PkgPath")
    return Finding(
        VULNERABILITY,
        place,
        rule,
        title=line(each, "Title") or line(each, "Description"),
        severity=line(each, "Severity"),
        score=_score(each),
        # Trivy's `fixed` says that a fixed version exists, and not that it is installed.
        status=_STATUSES.get(said, OPEN),
        status_said=said,
        cves=(rule,) if rule.startswith("CVE-") else (),
        resource=f"{resource} {path}" if path else resource,
        package=line(each, "PkgName"),
        version=line(each, "InstalledVersion"),
        purl=line(each, "PkgIdentifier", "PURL"),
        fixed_in=line(each, "FixedVersion"),
    )


def _score(each: Mapping[str, Any]) -> float | None:
    """Return the score of the source that the severity is from."""
    given = inside(each, "CVSS", line(each, "SeveritySource"))
    found = (number(inside(given, name)) for name in ("V40Score", "V3Score", "V2Score"))
    return next((score for score in found if score is not None), None)


def _misconfiguration(each: Mapping[str, Any], place: str, resource: str) -> Finding:
    said = line(each, "Status")
    begins = line(each, "CauseMetadata", "StartLine")
    return Finding(
        CONFIGURATION,
        place,
        line(each, "ID"),
        title=line(each, "Title"),
        severity=line(each, "Severity"),
        status=_MISCONFIGURED.get(said, NOT_KNOWN),
        status_said=said,
        resource=f"{resource}:{begins}" if begins else resource,
    )
