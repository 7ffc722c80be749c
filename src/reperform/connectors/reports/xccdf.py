"""XCCDF 1.1 and 1.2 (NIST): results of checked rules, alone or inside an ARF collection."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from reperform.connectors.reports.found import (
    CONFIGURATION,
    FIXED,
    NOT_APPLICABLE,
    NOT_KNOWN,
    OPEN,
    PASSED,
    VULNERABILITY,
    Finding,
    Report,
)
from reperform.connectors.reports.markup import children, local, text, text_in

FORMAT = "XCCDF"
_STATUSES = {
    "pass": PASSED,
    "fail": OPEN,
    "fixed": FIXED,
    "notapplicable": NOT_APPLICABLE,
    "notselected": NOT_APPLICABLE,
    "informational": NOT_APPLICABLE,
}


def is_one(root: Element) -> bool:
    """Return whether an element is a benchmark, a result or a collection that holds one."""
    space, _, name = root.tag.rpartition("}")
    return ("xccdf" in space.lower() and name in ("Benchmark", "TestResult")) or (
        name == "asset-report-collection"
    )


def read(root: Element) -> Iterator[Report]:
    """Yield a report for each TestResult; a benchmark that nobody ran has none."""
    rules = {each.get("id", ""): each for each in root.iter() if local(each) == "Rule"}
    for at, result in enumerate(each for each in root.iter() if local(each) == "TestResult"):
        space = result.tag.partition("}")[0].rpartition("/")[2]
        yield Report(
            FORMAT,
            space,
            _fact(result, "scanner:name") or result.get("test-system", ""),
            _fact(result, "scanner:version"),
            text(result, "target"),
            result.get("end-time") or result.get("start-time"),
            tuple(_findings(result, rules, at)),
        )


def _findings(result: Element, rules: Mapping[str, Element], at: int) -> Iterator[Finding]:
    target = text(result, "target")
    for index, each in enumerate(children(result, "rule-result")):
        rule = rules.get(each.get("idref", ""))
        listed = children(each, "ident") or (children(rule, "ident") if rule is not None else [])
        idents = (ident.text or "" for ident in listed)
        cves = tuple(sorted({ident.strip() for ident in idents if ident.startswith("CVE-")}))
        said = text(each, "result")
        reasons = [text(override, "remark") for override in children(each, "override")]
        instances = ",".join(text_in(child) for child in children(each, "instance"))
        yield Finding(
            VULNERABILITY if cves else CONFIGURATION,
            f"TestResult[{at}]/rule-result[{index}]",
            each.get("idref", ""),
            title=text(rule, "title") if rule is not None else "",
            severity=each.get("severity")
            or (rule.get("severity", "") if rule is not None else "")
            or "unknown",
            status=_STATUSES.get(said, NOT_KNOWN),
            status_said=said,
            reason="; ".join(filter(None, reasons)),
            cves=cves,
            resource=f"{target} {instances}".strip(),
        )


def _fact(result: Element, name: str) -> str:
    for each in result.iter():
        if local(each) == "fact" and each.get("name", "").endswith(name):
            return text_in(each)
    return ""
