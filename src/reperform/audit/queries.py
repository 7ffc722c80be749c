"""Questions about examinations that were kept."""

from pathlib import Path

from django.db.models import QuerySet

from reperform.accounts.models import Organization
from reperform.audit.models import ExaminationRecord
from reperform.ledger.home import home


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
