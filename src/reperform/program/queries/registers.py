"""The registers as the description is checked against them: one query for most."""

from datetime import timedelta

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.program.description.offered import KINDS, RegisteredAsset
from reperform.program.description.registers import RegisteredVendor, Registers
from reperform.program.models import AdoptedControl, Vendor
from reperform.program.queries.assets import assets, assets_in_use
from reperform.program.queries.incidents import registered_incidents
from reperform.program.queries.people import people, people_on
from reperform.program.queries.vendors import registered_vendors
from reperform.program.scope.document import ScopeDocument

_YEAR = timedelta(days=364)
_MOST_OFFERED = 50


def current_registers(organization: Organization, scope: ScopeDocument) -> Registers:
    """Return what the registers say; None for one that nobody ever used.

    Args:
        organization: whose they are.
        scope: as it stands: incidents are those of its period, people those of its last day.
    """
    adopted = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    served = {name for criteria in adopted.values_list("criteria", flat=True) for name in criteria}
    return Registers(
        vendors=_vendors(organization),
        assets=_assets(organization),
        incidents=registered_incidents(organization, period_of(scope)),
        people=_people(organization, scope),
        served=frozenset(served),
    )


def _vendors(organization: Organization) -> tuple[RegisteredVendor, ...] | None:
    found = registered_vendors(organization)
    return found if found or Vendor.objects.filter(organization=organization).exists() else None


def _assets(organization: Organization) -> tuple[str, ...] | None:
    """Return the names of the assets in use; a retired one may not be told of as if it were."""
    found = tuple(assets_in_use(organization).values_list("name", flat=True))
    return found if found or assets(organization).exists() else None


def assets_for(organization: Organization, field: str) -> list[RegisteredAsset]:
    """Return the assets that a field of the description is about, by name; at most some."""
    rows = assets_in_use(organization).filter(kind__in=KINDS.get(field, ()))
    names = ("number", "name", "kind", "classification", "vendor")
    in_it = rows.exclude(in_boundary=False).values_list(*names)[:_MOST_OFFERED]
    return [RegisteredAsset(*each) for each in in_it]


def period_of(scope: ScopeDocument) -> Period | None:
    """Return the days that DC 4 is about; None while nobody decided.

    A Type 1 is as of a day, and tells of what was known then; customarily of the year before it.
    """
    if scope.type == 1 and scope.last:
        return Period(scope.last - _YEAR, scope.last)
    return scope.period


def _people(organization: Organization, scope: ScopeDocument) -> tuple[str, ...] | None:
    rows = people_on(organization, scope.last) if scope.last else people(organization)
    if scope.last is None:
        rows = rows.filter(ended_on=None)
    found = tuple(rows.values_list("name", flat=True))
    return found if found or people(organization).exists() else None
