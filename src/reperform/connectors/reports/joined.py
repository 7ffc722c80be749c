"""What others state of a finding: VEX documents, CISA's catalog.  They add, and drop nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reperform.connectors.kept import said
from reperform.connectors.reports.found import Exploited, Finding, Statement
from reperform.connectors.reports.reading import Told, at_utc

CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True)
class _Stated:
    statement: Statement
    file: str
    at: str


class Joined:
    """Statements and the catalog, by CVE."""

    def __init__(self, found: Sequence[Told]) -> None:
        self._stated: dict[str, list[_Stated]] = {}
        self._exploited: dict[str, Exploited] = {}
        self._has_catalog = False
        for told in sorted(found, key=lambda each: each.made_at or ""):
            self._has_catalog |= told.report.format == "KEV"
            for item in told.report.items:
                if isinstance(item, Exploited):
                    self._exploited[item.cve] = item
                elif isinstance(item, Statement):
                    at = at_utc(item.stated_at) or told.made_at or ""
                    for cve in item.cves:
                        stated = _Stated(item, told.file, at)
                        self._stated.setdefault(cve, []).append(stated)

    def columns(self, finding: Finding, target: str) -> dict[str, Any]:
        """Return what is stated of a finding on a target, as columns."""
        return {**self._vex(finding, target), **self._kev(finding)}

    def _vex(self, finding: Finding, target: str) -> dict[str, Any]:
        names = {bare(finding.purl), target, finding.resource} - {""}
        if finding.package and finding.version:
            names.add(f"{finding.package}@{finding.version}")
        ids = finding.cves or (finding.rule,)
        known = [
            each
            for cve in ids
            for each in self._stated.get(cve, ())
            if names & {bare(product) for product in each.statement.products}
        ]
        if not known:
            return {}
        newest = max(each.at for each in known)
        chosen = [each for each in known if each.at == newest]
        statuses = {each.statement.status for each in chosen}
        status = chosen[0].statement.status if len(statuses) == 1 else CONFLICTING
        reasons = dict.fromkeys(each.statement.justification for each in chosen)
        return {
            "vex_status": said(status),
            "vex_reason": said("; ".join(filter(None, reasons))),
            "vex_file": said(", ".join(dict.fromkeys(each.file for each in chosen))),
        }

    def _kev(self, finding: Finding) -> dict[str, Any]:
        if not self._has_catalog or not finding.cves:
            return {}
        known = [self._exploited[cve] for cve in finding.cves if cve in self._exploited]
        due = sorted(filter(None, (day(each.due_on) for each in known)))
        return {"is_exploited": bool(known), "exploited_due_on": due[0] if due else None}


def bare(purl: str) -> str:
    """Return a package URL without qualifiers and subpath; another name as it is.

    >>> bare("pkg:deb/debian/curl@7.88?arch=amd64#x")
    'pkg:deb/debian/curl@7.88'
    """
    return purl.partition("#")[0].partition("?")[0] if purl.startswith("pkg:") else purl


def day(value: object) -> str | None:
    """Return a day as a table holds it; None when it is none."""
    at = at_utc(value, "UTC") if isinstance(value, str) else None
    return at[:10] if at else None
