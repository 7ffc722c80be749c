"""Nessus v2 XML (Tenable): what was found on each host."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from reperform.connectors.reports.found import (
    CONFIGURATION,
    NOT_APPLICABLE,
    NOT_KNOWN,
    OPEN,
    PASSED,
    VULNERABILITY,
    Finding,
    Report,
    number,
)
from reperform.connectors.reports.markup import children, text, text_in

FORMAT = "Nessus"
_COMPLIANCE = "compliance"
_CHECKED = {"PASSED": PASSED, "FAILED": OPEN}
_SCORES = ("cvss4_base_score", "cvss3_base_score", "cvss_base_score")
_INFORMATION = "0"


def is_one(root: Element) -> bool:
    """Return whether an element is a Nessus report, version 2."""
    return root.tag == "NessusClientData_v2"


def read(root: Element) -> Iterator[Report]:
    """Yield a report for each host: a host without findings was scanned too."""
    for host in root.iter("ReportHost"):
        name = host.get("name", "")
        facts = {
            tag.get("name", ""): text_in(tag)
            for properties in children(host, "HostProperties")
            for tag in children(properties, "tag")
        }
        # HOST_END is by a clock whose zone is not told; the other is seconds since 1970.
        ended = number(facts.get("HOST_END_TIMESTAMP"))
        items = tuple(
            _finding(item, f"ReportHost[{name}]/ReportItem[{at}]", name)
            for at, item in enumerate(children(host, "ReportItem"))
        )
        lacks = () if items else ("a host of the report has no entry at all",)
        yield Report(FORMAT, "2", "Nessus", "", name, ended, items, (), lacks)


def _finding(item: Element, place: str, host: str) -> Finding:
    said = item.get("severity", "")
    checked = text(item, "compliance-result")
    port = item.get("port", "0")
    cves = {text_in(each).upper() for each in children(item, "cve")}
    scores = (number(text(item, name)) for name in _SCORES)
    if checked:
        status = _CHECKED.get(checked.upper(), NOT_KNOWN)
    else:
        # Severity 0 is what Nessus tells of a host without holding it against it.
        status = NOT_APPLICABLE if said == _INFORMATION else OPEN
    return Finding(
        CONFIGURATION if checked or text(item, _COMPLIANCE) else VULNERABILITY,
        place,
        item.get("pluginID", ""),
        title=item.get("pluginName", "") or text(item, "plugin_name"),
        severity=said,
        score=next((score for score in scores if score is not None), None),
        status=status,
        status_said=checked or text(item, "risk_factor"),
        cves=tuple(sorted(each for each in cves if each.startswith("CVE-"))),
        resource=host if port == "0" else f"{host}:{port}/{item.get('protocol', '')}",
    )
