"""Assets, and the data that flows between them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from reperform.accounts.models import Membership, Organization
from reperform.program.models import Asset, DataFlow

_ENVIRONMENTS = ("production", "staging", "development", "corporate", "")
_BATCH = 2_000


def grow_assets(
    organization: Organization, owners: Sequence[Membership], count: int, at: datetime
) -> None:
    """Add assets until there are `count`, each with a flow from the one before."""
    there = Asset.objects.filter(organization=organization).count()
    Asset.objects.bulk_create(
        (
            Asset(
                organization=organization,
                number=number,
                name=f"Asset {number}",
                kind="application",
                purpose="Serves what customers ask for.",
                owner=owners[number % len(owners)],
                environment=_ENVIRONMENTS[number % len(_ENVIRONMENTS)],
                classification="confidential" if number % 3 else "",
                in_boundary=(True, None, False)[number % 3],
                has_accounts=True,
                review_months=3,
                since=at.date() - timedelta(days=number % 900),
                version=1,
                changed_by="grown",
                changed_at=at,
            )
            for number in range(there + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
    assets = list(Asset.objects.filter(organization=organization).order_by("number"))
    flowing = DataFlow.objects.filter(organization=organization).count()
    DataFlow.objects.bulk_create(
        (
            DataFlow(
                organization=organization,
                number=number,
                source=assets[number - 1],
                target=assets[number] if number < len(assets) else None,
                target_party="" if number < len(assets) else "Customers",
                data=f"Records {number}",
                protocol="HTTPS",
                encrypted=(True, False, None)[number % 3],
                version=1,
                changed_by="grown",
                changed_at=at,
            )
            for number in range(flowing + 1, count + 1)
        ),
        batch_size=_BATCH,
    )
