"""The departures that management accepted, as a file of an examination's inputs."""

from pathlib import Path

from reperform.accounts.models import Organization
from reperform.audit.trail_waivers import WAIVERS
from reperform.audit.waived import waivers_json
from reperform.base.canonical import canonical_json
from reperform.evidence.blobs import write_durably
from reperform.program.queries.waivers import granted
from reperform.program.waivers.granted import Granted


def take_waivers(organization: Organization, work: Path) -> tuple[Granted, ...]:
    """Put every waiver that was approved into a work folder; return them, by number.

    Until the transaction around it ends none is approved or withdrawn, so that what the beginning
    of the examination names is what the trail says at that entry.

    Args:
        organization: whose waivers.
        work: the folder.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    found = granted(organization)
    write_durably(work / WAIVERS, canonical_json(waivers_json(found)))
    return found
