"""Reviews of access, each of one system with a list of accounts, some of them decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.program.actions.files import keep_file
from reperform.program.models import (
    AccessReview,
    Account,
    AccountDecision,
    AccountList,
    Asset,
    ReviewedSystem,
)

_ACCOUNTS = 12


def grow_access_reviews(
    organization: Organization, owners: Sequence[Membership], count: int, at: datetime
) -> None:
    """Add reviews until there are `count`, all of the first asset."""
    asset = Asset.objects.filter(organization=organization).order_by("number").first()
    there = AccessReview.objects.filter(organization=organization).count()
    if asset is None:
        return
    for number in range(there + 1, count + 1):
        review = AccessReview.objects.create(
            organization=organization,
            number=number,
            title=f"Access {number}",
            owner=owners[0],
            due_on=at.date() - timedelta(days=number % 90 - 20),
            finished_on=at.date() if number % 2 else None,
            finished_by="grown" if number % 2 else "",
            changed_by="grown",
            changed_at=at,
        )
        made = _list(organization, asset, number, at)
        system = ReviewedSystem.objects.create(
            review=review, asset=asset, reviewer=owners[number % len(owners)], list=made
        )
        _decisions(system, made, at)


def _list(organization: Organization, asset: Asset, number: int, at: datetime) -> AccountList:
    with transaction.atomic():
        file = keep_file(
            organization=organization,
            name="accounts.csv",
            content=b"user\nada\n",
            readable_with="access_reviews.view",
            by="grown",
            at=at,
        )
    made = AccountList.objects.create(
        organization=organization,
        number=number,
        asset=asset,
        file=file,
        form="table",
        source="directory",
        query="all users",
        taken_at=at - timedelta(days=1),
        taken_by="Ada",
        is_whole=True,
        rows=_ACCOUNTS,
        by="grown",
        at=at,
    )
    Account.objects.bulk_create(
        Account(list=made, row=row, key=f"user{row}", access="reader", enabled=True)
        for row in range(1, _ACCOUNTS + 1)
    )
    return made


def _decisions(system: ReviewedSystem, made: AccountList, at: datetime) -> None:
    AccountDecision.objects.bulk_create(
        AccountDecision(
            system=system,
            account=account,
            decision="remove" if account.row % 3 == 0 else "keep",
            due_on=at.date() if account.row % 3 == 0 else None,
            by="grown",
            at=at,
        )
        for account in Account.objects.filter(list=made, row__gt=4)
    )
