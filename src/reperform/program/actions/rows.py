"""What every action on a register does: lock, number, refuse what is stale, say what changed."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db.models import Max, Model

from reperform.accounts.models import Organization
from reperform.base.stale import StaleVersionError

_OF_THE_ROW = ("organization", "number", "version", "changed_by", "changed_at")
"""What a row says of itself, and not of its subject."""


class Versioned(Protocol):
    """A row that counts how often it was changed."""

    version: int
    changed_by: str


def lock(organization: Organization) -> None:
    """Let one change follow the other until the transaction ends: numbers need the whole."""
    Organization.objects.select_for_update().get(pk=organization.pk)


def next_number(model: type[Model], organization: Organization) -> int:
    """Return the number of the next row of an organization; the caller holds the lock."""
    rows = model._default_manager.filter(organization=organization)  # noqa: SLF001 - as Django documents it
    return 1 + (rows.aggregate(latest=Max("number"))["latest"] or 0)


def refuse_stale(row: Versioned, subject: str, *, seen: int) -> None:
    """Refuse to change a version that the caller has not seen.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
    """
    if row.version != seen:
        raise StaleVersionError(
            subject, seen=seen, current=row.version, by=row.changed_by, content=_stands(row)
        )


def _stands(row: Versioned) -> dict[str, Any]:
    """Return what a row says as it stands, for whoever is about to write over it."""
    if not isinstance(row, Model):
        return {}
    found = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001 - as Django documents it
        value = getattr(row, field.attname)
        if not field.primary_key and field.name not in _OF_THE_ROW:
            is_plain = value is None or isinstance(value, str | int | list | dict)
            found[field.name] = value if is_plain else str(value)
    return found


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields that differ, as they were and as they are, for the ledger.

    >>> difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
    ({'b': 2}, {'b': 3})
    """
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
