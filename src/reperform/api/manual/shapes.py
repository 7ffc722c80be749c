"""Shapes of what the operations on manual evidence take and answer."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from reperform.evidence.models import ManualEvidence


class ManualEvidenceOut(Schema):
    """A file that somebody brought as evidence: what it is of, of when, and where it is from."""

    number: int
    title: str
    control: str
    table: str
    request: str
    first: date
    last: date
    source: str
    taken_at: datetime | None
    given_by: str
    shows: str
    file: int = Field(description="Number of the file: GET /files/{number} hands it out.")
    file_name: str
    file_size: int
    file_sha256: str
    brought_by: str
    brought_at: datetime
    withdrawn_on: date | None
    withdrawn_reason: str
    version: int

    @staticmethod
    def of(row: ManualEvidence) -> "ManualEvidenceOut":
        """Return a row as an answer."""
        own = {
            name: getattr(row, name)
            for name in ManualEvidenceOut.model_fields
            if not name.startswith("file")
        }
        file = row.file
        return ManualEvidenceOut(
            **own,
            file=file.number,
            file_name=file.name,
            file_size=file.size,
            file_sha256=file.sha256,
        )


class ManualWanted(Schema):
    """Which evidence is listed: words of it, the control that it is of, its state."""

    q: str = Field("", max_length=200)
    control: str = Field("", max_length=12)
    state: str = Field("", max_length=20)


class ManualWithdrawalIn(Schema):
    """Why evidence counts no more; `seen` is the version that is withdrawn."""

    seen: int
    reason: str
