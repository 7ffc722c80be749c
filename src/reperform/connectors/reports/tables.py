"""Tables of what reports say, beside the population of vulnerabilities."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

VULNERABILITIES = POPULATIONS["population.vulnerabilities"]

_FILE = Column("file", Type.TEXT, "its name below the folder, or as it was uploaded")
_MADE = Column("made_at", Type.TIMESTAMP, "when it was made, as it says; NULL when it does not say")
_PLACE = Column("place", Type.TEXT, "where in the file: `runs[0].results[3]`")


def _files(name: str) -> TableSpec:
    return TableSpec(
        name,
        Kind.STATE,
        (
            _FILE,
            Column("format", Type.TEXT, "SARIF, Trivy, CycloneDX, ..."),
            Column("format_version", Type.TEXT, "as the file says"),
            Column("tool", Type.TEXT, "what made it"),
            Column("tool_version", Type.TEXT, "as the file says"),
            Column("target", Type.TEXT, "what was looked at; NULL when the file does not say"),
            _MADE,
            Column("is_newest", Type.BOOLEAN, "no newer report of tool and target lies beside it"),
            Column("items", Type.INTEGER, "findings, statements or components that it holds"),
            Column("repeated", Type.INTEGER, "of those, said before: counted once"),
            Column("note", Type.TEXT, "what a reader must know; NULL: nothing"),
        ),
    )


SCANNED = _files("scans.files")
BILLED = _files("bills.files")

FINDINGS = TableSpec(
    "scans.findings",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        _FILE,
        _PLACE,
        Column(
            "kind",
            Type.TEXT,
            "vulnerability, configuration, code, secret, license or detection",
        ),
        Column("rule", Type.TEXT, "what was looked for, by the source's own id"),
        Column("finding_uid", Type.TEXT, "the source's own id of the finding", "finding_info.uid"),
        Column("title", Type.TEXT, "at most 500 characters", "finding_info.title"),
        Column("severity_said", Type.TEXT, "in the source's words", "severity"),
        Column("severity", Type.TEXT, "critical, high, medium, low, info; NULL: no word for it"),
        Column("score", Type.TEXT, "CVSS base score, or the source's own, as a decimal"),
        Column(
            "status",
            Type.TEXT,
            "open, fixed, dismissed, passed, not applicable; NULL: the source could not tell",
        ),
        Column("status_said", Type.TEXT, "in the source's words", "status"),
        Column("reason", Type.TEXT, "why it was dismissed, or how it ended"),
        Column("cves", Type.TEXT, "sorted, joined by a comma", "vulnerabilities.cve.uid"),
        Column("resource", Type.TEXT, "where it is", "resources.uid"),
        Column("package", Type.TEXT, "what has it"),
        Column("version", Type.TEXT, "installed"),
        Column("purl", Type.TEXT, "package URL", "vulnerabilities.affected_packages.purl"),
        Column("fixed_in", Type.TEXT, "first version without it; NULL: none is known"),
        Column("found_at", Type.TIMESTAMP, "first seen: by the source, or in the oldest report"),
        Column("is_current", Type.BOOLEAN, "in the newest report of tool and target"),
        Column(
            "vex_status",
            Type.TEXT,
            "what a VEX document of the same folder states of this product: not_affected, "
            "affected, fixed, under_investigation or conflicting; NULL: nothing. It drops no row",
        ),
        Column("vex_reason", Type.TEXT, "its justification, as it is stated"),
        Column("vex_file", Type.TEXT, "the document that states it"),
        Column(
            "is_exploited",
            Type.BOOLEAN,
            "it is in CISA's catalog; NULL: no catalog is in the folder, or it has no CVE",
        ),
        Column("exploited_due_on", Type.DATE, "by when CISA wants it fixed"),
    ),
    "2002 Vulnerability Finding",
)

STATEMENTS = TableSpec(
    "scans.statements",
    Kind.STATE,
    (
        _FILE,
        _PLACE,
        Column("author", Type.TEXT, "who states it"),
        Column("cves", Type.TEXT, "ids of the vulnerability, sorted, joined by a comma"),
        Column("products", Type.TEXT, "what it is stated of, joined by a comma"),
        Column("status", Type.TEXT, "not_affected, affected, fixed or under_investigation"),
        Column("status_said", Type.TEXT, "in the document's words"),
        Column("justification", Type.TEXT, "in the document's words"),
        Column("detail", Type.TEXT, "at most 500 characters"),
        Column("stated_at", Type.TIMESTAMP, "NULL when it does not say"),
    ),
)

EXPLOITED = TableSpec(
    "scans.exploited",
    Kind.STATE,
    (
        _FILE,
        Column("cve", Type.TEXT, "id of the CVE list"),
        Column("name", Type.TEXT, "in CISA's words"),
        Column("added_on", Type.DATE, "when it came into the catalog"),
        Column("due_on", Type.DATE, "by when US agencies must have fixed it"),
        Column("is_ransomware", Type.BOOLEAN, "used for ransomware; NULL: not known"),
    ),
)

COMPONENTS = TableSpec(
    "bills.components",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        _FILE,
        _PLACE,
        Column("name", Type.TEXT, "with its group or scope"),
        Column("version", Type.TEXT, "NULL when the bill does not say"),
        Column("kind", Type.TEXT, "library, framework, container, ..., as the bill says"),
        Column("purl", Type.TEXT, "package URL"),
        Column("cpe", Type.TEXT, "name in the CPE dictionary"),
        Column("supplier", Type.TEXT, "who supplies it"),
        Column("licenses", Type.TEXT, "SPDX expressions or names, joined by a comma"),
        Column("hashes", Type.TEXT, "`algorithm:digest`, joined by a comma"),
        Column("is_current", Type.BOOLEAN, "in the newest bill of tool and product"),
    ),
)

SCAN_TABLES = (VULNERABILITIES, SCANNED, FINDINGS, STATEMENTS, EXPLOITED)
BILL_TABLES = (BILLED, COMPONENTS)
