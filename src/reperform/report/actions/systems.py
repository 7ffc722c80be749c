"""The systems of record, as a file of an examination's inputs."""

from pathlib import Path

from reperform.accounts.models import Organization
from reperform.audit.trail_systems import SYSTEMS
from reperform.base.canonical import canonical_json
from reperform.evidence.blobs import write_durably
from reperform.program.queries.systems import current_systems
from reperform.program.systems import Systems, systems_content


def take_systems(organization: Organization, work: Path) -> Systems:
    """Put the systems of record as they stand into a work folder; return them.

    The caller holds the organization's lock until the beginning of the examination is recorded.

    Args:
        organization: whose systems.
        work: the folder.
    """
    found = current_systems(organization)
    write_durably(work / SYSTEMS, canonical_json(systems_content(found)))
    return found
