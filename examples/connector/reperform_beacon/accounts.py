"""beacon/accounts: a snapshot of every account."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from reperform.base.table import Column, Cover, Kind, TableSpec, Type
from reperform.connectors.answer import Answer, Kept, Question, Row
from reperform.connectors.calls import Count, Reply, Request, link_next, pages
from reperform.connectors.settings import Access
from reperform_beacon.client import client

TABLE = TableSpec(
    "beacon.accounts",
    Kind.STATE,
    (
        Column("account", Type.TEXT, "its name"),
        Column("role", Type.TEXT, "as Beacon calls it; NULL when it does not say"),
        Column("has_second_factor", Type.BOOLEAN, "NULL when Beacon does not say"),
    ),
)


def question(access: Access) -> Question:
    """Return the question for all accounts."""

    def ask() -> Iterator[Answer]:
        yield from pages(
            client(access),
            "accounts",
            Request("v1/accounts", (("limit", "100"),)),
            follow=link_next,
            count=_count,
        )

    return Question("beacon/accounts", access.text("base_url"), ask)


def _count(reply: Reply) -> Count:
    said = reply.json()
    return Count(given=len(said["accounts"]), announced=said["total"])


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each account; what Beacon does not say is left out, and becomes NULL."""
    for kept in answers:
        if not kept.blob:
            continue
        with kept.open() as file:
            said = json.load(file)
        for each in said["accounts"]:
            values = {
                "account": each["name"],
                "role": each.get("role"),
                "has_second_factor": each.get("second_factor"),
            }
            yield Row("beacon.accounts", values, kept.blob, 0)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of looking: a state says nothing of other days."""
    today = started_at.astimezone(UTC).date()
    refused = "; ".join(each.refused for each in answers if each.refused)
    return {"beacon.accounts": Cover(None, None, refused) if refused else Cover(today, today)}
