"""Deciding the scope."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.models import ScopeVersion
from reperform.program.scope.document import ScopeDocument, scope_content


@transaction.atomic
def change_scope(
    *,
    organization: Organization,
    scope: ScopeDocument,
    seen: int,
    library: str,
    by: str,
    at: datetime,
) -> ScopeVersion:
    """Decide the scope anew; what it was stays as a version.

    Args:
        organization: whose scope it is.
        scope: the whole scope, read without problems.
        seen: number of the version that was changed; 0 when there was none.
        library: digest of the library that it is decided with.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody decided in the meantime.
    """
    # The organization's row is the lock: two that save at once come one after the other.
    Organization.objects.select_for_update().get(pk=organization.pk)
    current = ScopeVersion.objects.filter(organization=organization).order_by("-number").first()
    number = current.number if current else 0
    if number != seen:
        raise StaleVersionError(
            "the scope",
            seen=seen,
            current=number,
            by=current.by if current else "",
            content=current.content if current else None,
        )
    before, after = current.content if current else {}, scope_content(scope)
    if current and before == after:
        return current
    version = ScopeVersion.objects.create(
        organization=organization,
        number=number + 1,
        content=after,
        library=library,
        by=by,
        at=at,
    )
    changed = [name for name in after if before.get(name) != after[name]]
    record(
        log=organization.log,
        act="scope.decided",
        by=by,
        at=at,
        subject="scope",
        before=_only(before, changed) if current else None,
        after={"version": version.number, "library": library, **_only(after, changed)},
    )
    return version


def _only(content: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: content.get(name) for name in names}
