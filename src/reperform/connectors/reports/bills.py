"""bills: what software is made of, as bills of materials list it."""

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
from reperform.connectors.reports.found import Component, Report
from reperform.connectors.reports.kinds import is_bill
from reperform.connectors.reports.shaping import bills, cover
from reperform.connectors.settings import Access

STREAM = "bills/documents"
BLIND = (
    "parts that the tool which wrote the bill did not recognize; products that nobody wrote a "
    "bill of; whether a bill is of what runs: compare its version with the deployments"
)
_READ = "read"


def refuses(found: Sequence[Report]) -> str:
    """Return why a file is not for this connector; empty when it is."""
    if any(is_bill(each) for each in found):
        return ""
    return f"is {found[0].format}, and no bill of materials: connect those as `scans`"


def covers(answers: Sequence[Kept], started_at: datetime) -> Mapping[str, Cover]:
    """Return the day of the newest bills."""
    today = started_at.astimezone(UTC).date()
    own = cover(answers, Component)
    return {tables.COMPONENTS.name: own, tables.BILLED.name: Cover(today, today)}


SOURCE = Source(STREAM, tables.BILL_TABLES, bills, covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [question(STREAM, access, refuses)]


def _check(access: Access) -> Check:
    place = place_of(access)
    said = f"{place.title}: {len(listed(place)):,} files"
    return Check(said, (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="bills",
    title="Bills of materials, in files",
    asks="Every file of a folder, or brought by hand, by its content: CycloneDX (JSON or XML) and "
    "SPDX (JSON, tags and values, or 3.0).",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=settings("bills of materials"),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)
