"""Much evidence that people brought, each with a file."""

from datetime import datetime

from django.db.models import Max

from reperform.accounts.models import Organization
from reperform.evidence.models import ManualEvidence
from reperform.program.models import KeptFile

_BATCH = 2_000


def grow_manual(organization: Organization, count: int, at: datetime) -> None:
    """Add evidence until there is `count`; all of it shows the organization's first file."""
    rows = ManualEvidence.objects.filter(organization=organization)
    there = rows.aggregate(most=Max("number"))["most"] or 0
    file = KeptFile.objects.filter(organization=organization).earliest("number")
    ManualEvidence.objects.bulk_create(
        (
            ManualEvidence(
                organization=organization,
                number=number,
                title=f"Minutes of meeting {number}",
                control="AC-01",
                first=at.date(),
                last=at.date(),
                source="board folder",
                file=file,
                brought_by="test",
                brought_at=at,
                changed_by="test",
                changed_at=at,
            )
            for number in range(there + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
