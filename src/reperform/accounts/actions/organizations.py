"""Founding an organization and changing its settings."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from reperform.accounts.models import Organization
from reperform.ledger.actions import record


@transaction.atomic
def found_organization(
    *, name: str, by: str, at: datetime, slug: str = "", is_example: bool = False
) -> Organization:
    """Make an organization; its log in the ledger begins with this."""
    organization = Organization.objects.create(
        name=name, slug=_free_slug(slug or name), is_example=is_example, created_at=at
    )
    record(
        log=organization.log,
        act="organization.founded",
        by=by,
        at=at,
        subject="organization",
        after={"name": name, "slug": organization.slug, "is_example": is_example},
    )
    return organization


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:50] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


@transaction.atomic
def change_settings(
    *, organization: Organization, name: str, requires_second_factor: bool, by: str, at: datetime
) -> None:
    """Change what an organization is called, and whether its members need a second factor."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    before = {
        "name": organization.name,
        "requires_second_factor": organization.requires_second_factor,
    }
    after = {"name": name, "requires_second_factor": requires_second_factor}
    if before == after:
        return
    organization.name, organization.requires_second_factor = name, requires_second_factor
    organization.save(update_fields=["name", "requires_second_factor"])
    record(
        log=organization.log,
        act="organization.changed",
        by=by,
        at=at,
        subject="organization",
        before=before,
        after=after,
    )
