"""Evidence that people brought, as files of an examination's inputs."""

from pathlib import Path

from reperform.accounts.models import Organization
from reperform.base.canonical import canonical_json
from reperform.base.period import Period
from reperform.evidence.blobs import write_durably
from reperform.evidence.manual import manual_content
from reperform.evidence.queries.manual import manual_fields, manual_of_period
from reperform.program.queries.files import file_content

LIST = "manual.json"


def take_manual(organization: Organization, period: Period, inputs: Path) -> int:
    """Put the evidence of a period that people brought into a folder; return how much it is.

    `manual.json` says what was said of each file; the files lie in `manual`, byte for byte, so
    that their digests are those that the trail names.

    Args:
        organization: whose evidence it is.
        period: evidence of any of these days.
        inputs: the folder.

    Raises:
        FileLostError: a file is gone, or is not what it was.
    """
    listed = []
    (inputs / "manual").mkdir()
    for row in manual_of_period(organization, period):
        name = f"manual/EV-{row.number}.{row.file.kind}"
        write_durably(inputs / name, file_content(row.file))
        listed.append(
            {
                "number": row.number,
                **manual_content(manual_fields(row)),
                "file": name,
                "name": row.file.name,
                "sha256": row.file.sha256,
                "brought_by": row.brought_by,
                "brought_at": row.brought_at.isoformat(),
            }
        )
    write_durably(inputs / LIST, canonical_json({"evidence": listed}))
    return len(listed)
