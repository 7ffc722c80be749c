"""Questions about the inventory of assets and the flows of data between them."""

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Q, QuerySet

from reperform.accounts.models import Organization
from reperform.program.assets import (
    AssetFields,
    Classification,
    Criticality,
    Environment,
    Kind,
    reference,
)
from reperform.program.assets.flows import FlowFields
from reperform.program.assets.picture import Arrow, Box, Picture, picture_of
from reperform.program.models import Asset, DataFlow
from reperform.program.scope.document import ScopeDocument

Undecided = Literal["owner", "boundary", "classification", "accounts", "disposal", ""]


@dataclass(frozen=True, slots=True)
class AssetCounts:
    """What matters first about an inventory: how much, and what nobody decided."""

    in_use: int
    retired: int
    without_owner: int
    boundary_undecided: int
    without_classification: int
    accounts_undecided: int
    disposal_not_said: int


def assets(organization: Organization) -> QuerySet[Asset]:
    """Return every asset by name, retired ones too."""
    rows = Asset.objects.filter(organization=organization)
    return rows.select_related("owner__user").order_by("name", "number")


def assets_in_use(organization: Organization) -> QuerySet[Asset]:
    """Return the assets that are not retired, by name."""
    return assets(organization).filter(retired_on=None)


def assets_like(
    organization: Organization,
    *,
    words: str = "",
    kind: str = "",
    environment: str = "",
    boundary: str = "",
    owner: int | None = None,
    undecided: str = "",
    state: str = "in use",
) -> QuerySet[Asset]:
    """Return assets by name.

    Args:
        organization: whose inventory it is.
        words: each stands in the name, the purpose or the vendor.
        kind: of `Kind`; empty for any.
        environment: of `Environment`; empty for any.
        boundary: `yes`, `no`, `not decided`; empty for any.
        owner: number of the member who answers for it; None for any.
        undecided: what nobody decided, one of `UNDECIDED`; empty for any.
        state: `in use`, `retired` or `all`.
    """
    found = assets(organization)
    for word in words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word) | Q(purpose__icontains=word) | Q(vendor__icontains=word)
        )
    if kind:
        found = found.filter(kind=kind)
    if environment:
        found = found.filter(environment=environment)
    if boundary in _BOUNDARY:
        found = found.filter(in_boundary=_BOUNDARY[boundary])
    if owner is not None:
        found = found.filter(owner=owner)
    if undecided in UNDECIDED:
        found = found.filter(UNDECIDED[undecided])
        state = "all" if undecided == "disposal" else state
    if state == "all":
        return found
    return found.filter(retired_on__isnull=state != "retired")


_BOUNDARY = {"yes": True, "no": False, "not decided": None}
UNDECIDED = {
    "owner": Q(owner=None) | Q(owner__is_active=False),
    "boundary": Q(in_boundary=None),
    "classification": Q(classification=""),
    "accounts": Q(has_accounts=None) | Q(has_accounts=True, review_months=None),
    "disposal": Q(retired_on__isnull=False, disposal=""),
}
"""What nobody decided -> the assets of which it is not."""


def asset_counts(organization: Organization) -> AssetCounts:
    """Return what matters first about an inventory, in one query."""
    here = Q(retired_on=None)
    found = Asset.objects.filter(organization=organization).aggregate(
        in_use=Count("pk", filter=here),
        retired=Count("pk", filter=~here),
        without_owner=Count("pk", filter=here & UNDECIDED["owner"]),
        boundary_undecided=Count("pk", filter=here & UNDECIDED["boundary"]),
        without_classification=Count("pk", filter=here & UNDECIDED["classification"]),
        accounts_undecided=Count("pk", filter=here & UNDECIDED["accounts"]),
        disposal_not_said=Count("pk", filter=UNDECIDED["disposal"]),
    )
    return AssetCounts(**found)


def asset_row(organization: Organization, number: int) -> Asset | None:
    """Return one asset; None when the organization has none of that number."""
    rows = Asset.objects.filter(organization=organization, number=number)
    return rows.select_related("owner__user", "disposal_proof").first()


def asset_fields(row: Asset) -> AssetFields:
    """Return what an asset says."""
    return AssetFields(
        name=row.name,
        kind=Kind(row.kind),
        purpose=row.purpose,
        owner=row.owner_id,
        environment=Environment(row.environment),
        classification=Classification(row.classification),
        criticality=Criticality(row.criticality),
        vendor=row.vendor,
        in_boundary=row.in_boundary,
        internet_facing=row.internet_facing,
        has_accounts=row.has_accounts,
        review_months=row.review_months,
        since=row.since,
    )


def flows(organization: Organization) -> QuerySet[DataFlow]:
    """Return every data flow by number, ended ones too."""
    rows = DataFlow.objects.filter(organization=organization)
    return rows.select_related("source", "target").order_by("number")


def flows_now(organization: Organization) -> QuerySet[DataFlow]:
    """Return the data flows that are not ended, by number."""
    return flows(organization).filter(ended_on=None)


def flows_of(asset: Asset) -> QuerySet[DataFlow]:
    """Return the data flows from and to an asset that are not ended, by number."""
    return flows_now(asset.organization).filter(Q(source=asset) | Q(target=asset))


def flow_row(organization: Organization, number: int) -> DataFlow | None:
    """Return one data flow; None when the organization has none of that number."""
    return flows(organization).filter(number=number).first()


def flow_fields(row: DataFlow) -> FlowFields:
    """Return what a data flow says."""
    return FlowFields(
        data=row.data,
        source=row.source.number if row.source else None,
        source_party=row.source_party,
        target=row.target.number if row.target else None,
        target_party=row.target_party,
        classification=Classification(row.classification),
        protocol=row.protocol,
        encrypted=row.encrypted,
        note=row.note,
    )


def outside_parties(organization: Organization) -> list[str]:
    """Return the outside parties that flows name, by name."""
    rows = flows_now(organization).values_list("source_party", "target_party")
    return sorted({party for both in rows for party in both if party})


MOST_DRAWN = 120
"""Assets in a diagram; who has more looks at the table."""


def boundary_picture(organization: Organization, scope: ScopeDocument) -> Picture:
    """Return the diagram of the system's boundary and its flows, in two queries.

    Drawn are the assets in the boundary or not decided, those outside that a flow joins to them,
    and the outside parties: those that flows name, and the scope's subservice organizations.
    """
    rows = list(flows_now(organization))
    joined = {end for row in rows for end in (row.source_id, row.target_id) if end}
    drawn = Asset.objects.filter(organization=organization, retired_on=None).order_by("number")
    inventory = [each for each in drawn if each.in_boundary is not False or each.pk in joined]
    shown = inventory[:MOST_DRAWN]
    subservices = [each.name for each in scope.subservices]
    kept = {each.pk for each in shown}
    return picture_of(
        system=scope.system,
        boxes=[
            Box(
                key=reference(each.number),
                label=each.name,
                kind=each.kind,
                environment=each.environment,
                in_boundary=each.in_boundary,
                classification=each.classification,
            )
            for each in shown
        ],
        arrows=[
            Arrow(
                number=row.number,
                source=reference(row.source.number) if row.source else row.source_party,
                target=reference(row.target.number) if row.target else row.target_party,
                data=row.data,
                protocol=row.protocol,
                encrypted=row.encrypted,
                classification=row.classification,
            )
            for row in rows
            if {end for end in (row.source_id, row.target_id) if end} <= kept
        ],
        subservices=subservices,
        left_out=len(inventory) - len(shown),
    )
