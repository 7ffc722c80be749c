"""Findings of the Open Cybersecurity Schema Framework 1.x, as Prowler and others write them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reperform.connectors.reports.found import (
    CONFIGURATION,
    DETECTION,
    DISMISSED,
    FIXED,
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

FORMAT = "OCSF"
_CATEGORY = 2
"""Category `Findings` of the schema."""
_COMPLIANCE, _VULNERABILITY, _MILLISECONDS = 2003, 2002, 1e11
_CHECKED = {"PASS": PASSED, "FAIL": OPEN, "MANUAL": NOT_KNOWN, "MUTED": DISMISSED}
_STATUSES = {1: OPEN, 2: OPEN, 3: DISMISSED, 4: FIXED}
_COMPLIED = {1: PASSED, 2: NOT_KNOWN, 3: OPEN}


def is_one(value: object) -> bool:
    """Return whether JSON values are events of OCSF: one, or a list of them."""
    events = value if isinstance(value, list) else [value]
    return bool(events) and all(
        isinstance(each, dict) and "class_uid" in each and "metadata" in each for each in events
    )


def read(value: object) -> Iterator[Report]:
    """Yield a report for each product and account that the events are of."""
    events = value if isinstance(value, list) else [value]
    groups: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for at, event in enumerate(events):
        tool = line(event, "metadata", "product", "name")
        account = line(event, "cloud", "account", "uid")
        groups.setdefault((tool, account), []).append((at, event))
    for (tool, account), group in groups.items():
        provider = line(group[0][1], "cloud", "provider")
        yield Report(
            FORMAT,
            line(group[0][1], "metadata", "version"),
            tool,
            line(group[0][1], "metadata", "product", "version"),
            " ".join(filter(None, (provider, account))) if account else "",
            max(filter(None, (_time(event) for _, event in group)), default=None)
            or max(line(event, "time_dt") or line(event, "event_time") for _, event in group),
            tuple(found for at, event in group for found in _findings(event, at)),
            tuple(_notes(group)),
        )


def _notes(group: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    others = sum(1 for _, event in group if not _is_finding(event))
    if others:
        yield f"{others:,} events are no findings: they are kept, and are no rows"


def _is_finding(event: Mapping[str, Any]) -> bool:
    uid = number(event.get("class_uid"))
    return uid is not None and int(uid) // 1000 == _CATEGORY


def _time(event: Mapping[str, Any]) -> float | None:
    """Return seconds since 1970: the schema has milliseconds, some products write seconds."""
    at = number(event.get("time"))
    return at / 1000 if at is not None and at > _MILLISECONDS else at


def _findings(event: Mapping[str, Any], at: int) -> Iterator[Finding]:
    if not _is_finding(event):
        return
    info = event.get("finding_info")
    status, said = _status(event)
    common: dict[str, Any] = {
        "place": f"[{at}]",
        "uid": line(info, "uid"),
        "title": line(info, "title") or line(event, "message"),
        "status": status,
        "status_said": said,
        "severity": line(event, "severity"),
        "reason": line(event, "comment") if status == DISMISSED else "",
        "resource": ",".join(
            line(each, "uid") or line(each, "name") for _, each in objects(event, "resources")
        ),
        "found_at": _seen(info),
    }
    listed = [each for _, each in objects(event, "vulnerabilities")]
    rule = line(event, "metadata", "event_code") or line(event, "compliance", "control")
    if not listed:
        kind = _kind(event)
        yield Finding(kind=kind, rule=rule or common["title"], **common)
    for each in listed:
        yield _vulnerability(each, rule, common)


def _vulnerability(each: Mapping[str, Any], rule: str, common: dict[str, Any]) -> Finding:
    cve = line(each, "cve", "uid")
    package = inside(each, "affected_packages", 0)
    own = {"title": line(each, "title"), "severity": line(each, "severity")}
    return Finding(
        kind=VULNERABILITY,
        rule=cve or rule,
        cves=(cve,) if cve.startswith("CVE-") else (),
        score=number(inside(each, "cve", "cvss", 0, "base_score")),
        package=line(package, "name"),
        version=line(package, "version"),
        purl=line(package, "purl"),
        fixed_in=line(package, "fixed_in_version"),
        **(common | {key: value for key, value in own.items() if value}),
    )


def _seen(info: object) -> object:
    at = number(inside(info, "first_seen_time"))
    return at / 1000 if at is not None and at > _MILLISECONDS else at


def _kind(event: Mapping[str, Any]) -> str:
    uid = number(event.get("class_uid"))
    if uid == _VULNERABILITY:
        return VULNERABILITY
    # Prowler writes what it checks as detections, with the verdict of a check as their code.
    is_check = uid == _COMPLIANCE or line(event, "status_code").upper() in _CHECKED
    return CONFIGURATION if is_check else DETECTION


def _status(event: Mapping[str, Any]) -> tuple[str, str]:
    code, status = line(event, "status_code"), number(event.get("status_id"))
    said = " ".join(filter(None, (code, line(event, "status"))))
    found = _STATUSES.get(int(status)) if status is not None else None
    complied = number(inside(event, "compliance", "status_id"))
    if complied is not None and not code:
        checked = _COMPLIED.get(int(complied), NOT_KNOWN)
    elif code.upper() in _CHECKED:
        checked = _CHECKED[code.upper()]
    else:
        return found or NOT_KNOWN, said
    # A check that failed may have been suppressed or resolved since; one that passed did pass.
    return (found or OPEN) if checked == OPEN else checked, said
