"""scans: what scanners report, with what is stated of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Question, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import place_of
from reperform.connectors.reports import tables
from reperform.connectors.reports.folder import listed, question, settings
from reperform.connectors.reports.found import Finding as Reported
from reperform.connectors.reports.found import Report
from reperform.connectors.reports.kinds import is_scan
from reperform.connectors.reports.reading import told
from reperform.connectors.reports.shaping import cover, scans
from reperform.connectors.settings import Access

STREAM = "scans/reports"
BLIND = (
    "what a scanner was not shown or did not look for; reports that nobody put into the folder; a "
    "narrower scan of the same target looks as if what it left out were fixed; whether a report "
    "was changed after the scanner wrote it"
)
_READ = "read"


def refuses(found: Sequence[Report]) -> str:
    """Return why a file is not for this connector; empty when it is."""
    if any(is_scan(each) for each in found):
        return ""
    name = found[0].format
    return f"is a {name} bill of materials without vulnerabilities: connect those as `bills`"


def covers(answers: Sequence[Kept], started_at: datetime) -> Mapping[str, Cover]:
    """Return the day of the newest reports; of statements and the catalog, the day of asking."""
    today = started_at.astimezone(UTC).date()
    formats = {each.report.format for each in told(answers)}
    own, here = cover(answers, Reported), Cover(today, today)
    none = Cover(None, None, "no catalog of known exploited vulnerabilities is there")
    return {
        tables.VULNERABILITIES.name: own,
        tables.FINDINGS.name: own,
        tables.SCANNED.name: here,
        tables.STATEMENTS.name: here,
        tables.EXPLOITED.name: here if "KEV" in formats else none,
    }


SOURCE = Source(STREAM, tables.SCAN_TABLES, scans, covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [question(STREAM, access, refuses)]


def _check(access: Access) -> Check:
    place = place_of(access)
    said = f"{place.title}: {len(listed(place)):,} files"
    return Check(said, (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="scans",
    title="Reports of scanners, in files",
    asks="Every file of a folder, or brought by hand, by its content: SARIF, Trivy, Grype, Nessus, "
    "XCCDF and ARF, OCSF (JSON, lines or Parquet), vulnerabilities of CycloneDX; VEX documents and "
    "CISA's catalog of known exploited vulnerabilities beside them.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=settings("scanner reports, VEX documents and CISA's catalog"),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)
