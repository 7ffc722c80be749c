"""The systems of record as they stand."""

from reperform.accounts.models import Organization
from reperform.program.models import SystemsVersion
from reperform.program.systems import Systems, read_systems


def latest_systems(organization: Organization) -> SystemsVersion | None:
    """Return the version that stands; None while nobody has said anything."""
    rows = SystemsVersion.objects.filter(organization=organization)
    return rows.order_by("-number").first()


def current_systems(organization: Organization) -> Systems:
    """Return which systems have which role; none while nobody has said so."""
    row = latest_systems(organization)
    return read_systems(row.content)[0] if row else {}
