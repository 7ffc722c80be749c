"""Freezing populations when they are final, and letting one go for a reason."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.audit.models import FrozenPopulation
from reperform.audit.populations import Closing, Frozen, Phase, PopulationFact
from reperform.audit.record import FROZEN, RELEASED
from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import record


class PopulationNotReleasedError(RefusalError):
    """The population is not frozen, or nobody said why it may change."""

    slug = "population-not-released"


def closing_of(organization: Organization, period: Period) -> Closing:
    """Return a decided period with what was frozen for it."""
    rows = FrozenPopulation.objects.filter(
        organization=organization,
        first_day=period.first,
        last_day=period.last,
        released_at=None,
    )
    frozen = (Frozen(each.table, each.rows, each.sha256, each.at.date()) for each in rows)
    return Closing(period, {each.table: each for each in frozen})


@transaction.atomic
def freeze_populations(
    *,
    organization: Organization,
    period: Period,
    populations: Iterable[PopulationFact],
    examination: int,
    by: str,
    at: datetime,
) -> list[FrozenPopulation]:
    """Freeze those that are final and were not frozen; nothing is recorded when there is none.

    Args:
        organization: whose they are.
        period: the decided period, which is over.
        populations: as an examination of that period has them.
        examination: its number.
        by: who examined.
        at: when.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    known = closing_of(organization, period).frozen
    new = [
        FrozenPopulation.objects.create(
            organization=organization,
            table=each.table,
            first_day=period.first,
            last_day=period.last,
            rows=each.rows,
            sha256=each.sha256,
            sources=list(each.sources),
            collected_at=each.collected_at,
            examination=examination,
            at=at,
        )
        for each in populations
        if each.phase is Phase.FINAL and each.table not in known and each.collected_at
    ]
    if new:
        record(
            log=organization.log,
            act=FROZEN,
            by=by,
            at=at,
            subject=f"examination {examination}",
            after={
                "period": str(period),
                "tables": {
                    each.table: {
                        "rows": each.rows,
                        "sha256": each.sha256,
                        "sources": each.sources,
                        "collected_at": each.collected_at.isoformat(),
                    }
                    for each in new
                },
            },
        )
    return new


@transaction.atomic
def release_population(
    *, organization: Organization, table: str, period: Period, reason: str, by: str, at: datetime
) -> FrozenPopulation:
    """Let a frozen population go: the next examination freezes what there is then.

    Args:
        organization: whose it is.
        table: its name.
        period: for which it was frozen.
        reason: why it may change; the trail and its page show it for good.
        by: who lets it go.
        at: when.

    Raises:
        PopulationNotReleasedError: it is not frozen, or there is no reason.
    """
    row = (
        FrozenPopulation.objects.select_for_update()
        .filter(
            organization=organization,
            table=table,
            first_day=period.first,
            last_day=period.last,
            released_at=None,
        )
        .first()
    )
    said = reason.strip()[:4_000]
    if row is None or not said:
        what = "it is not frozen" if row is None else "no reason was given"
        raise PopulationNotReleasedError(
            f"{table} was not released: {what}",
            why="A population that changed after the period is asked about by every auditor.",
            todo="say what changed at the source, and why the later rows are the right ones",
        )
    row.released_at, row.released_by, row.released_reason = at, by, said
    row.save()
    record(
        log=organization.log,
        act=RELEASED,
        by=by,
        at=at,
        subject=f"population {table}",
        before={"rows": row.rows, "sha256": row.sha256},
        after={"period": str(period), "table": table, "reason": said},
    )
    return row
