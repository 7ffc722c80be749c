"""Questions about examinations that were kept."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import QuerySet

from reperform.accounts.models import Organization
from reperform.audit.comparison import Comparison, compare
from reperform.audit.models import ExaminationRecord
from reperform.audit.seen import seen_of
from reperform.base.period import Period
from reperform.catalog.library import Catalog
from reperform.ledger.home import home
from reperform.program.gap_analysis import GapAnalysis, analyze_gaps
from reperform.program.gap_seen import Seen
from reperform.program.queries import adopted_controls, current_scope


def examinations(organization: Organization) -> QuerySet[ExaminationRecord]:
    """Return the organization's examinations, newest first; without their results."""
    return (
        ExaminationRecord.objects.filter(organization=organization)
        .defer("results")
        .order_by("-number")
    )


def latest_examination(organization: Organization) -> ExaminationRecord | None:
    """Return the newest examination, with its results; None while there is none."""
    return ExaminationRecord.objects.filter(organization=organization).order_by("-number").first()


def examination(organization: Organization, number: int) -> ExaminationRecord | None:
    """Return one examination of the organization with its results; None when it has none such."""
    return ExaminationRecord.objects.filter(organization=organization, number=number).first()


def output_path(examination: ExaminationRecord, name: str) -> Path:
    """Return where an output of an examination is kept."""
    return home() / "examinations" / examination.folder / name


def gap_analysis(organization: Organization, *, catalog: Catalog) -> GapAnalysis:
    """Return management's gap analysis as of now, with what it rests on."""
    scope = current_scope(organization)
    return analyze_gaps(
        criteria=catalog.criteria,
        library=catalog.controls,
        library_digest=catalog.digest,
        scope=scope.document,
        scope_number=scope.number,
        adopted=adopted_controls(organization, library=catalog.controls),
        seen=_seen(latest_examination(organization)),
    )


def _seen(record: ExaminationRecord | None) -> Seen | None:
    if record is None:
        return None
    return seen_of(
        record.results,
        number=record.number,
        kind=1 if record.type == 1 else 2,
        period=Period(record.first_day, record.last_day),
        at=record.at.date(),
    )


@dataclass(frozen=True, slots=True)
class Since:
    """What broke between the two newest examinations, and which these are."""

    before: ExaminationRecord
    after: ExaminationRecord
    comparison: Comparison


def what_broke(organization: Organization) -> Since | None:
    """Return what broke from the examination before the newest to the newest; None for one."""
    after, before = [*examinations(organization)[:2], None, None][:2]
    if after is None or before is None:
        return None
    compared = _compared(before.pk, before.results_sha256, after.pk, after.results_sha256)
    return Since(before, after, compared)


@lru_cache(maxsize=64)
def _compared(before: int, _before_sha256: str, after: int, _after_sha256: str) -> Comparison:
    """Compare two that were kept.  They never change, so the digests make the answer reusable."""
    records = ExaminationRecord.objects.in_bulk([before, after])
    return compare(records[before].results, records[after].results)
