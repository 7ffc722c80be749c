"""beacon/changes: every change, from where the last collection ended."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Column, Cover, Kind, TableSpec, Type
from reperform.connectors.answer import Answer, Kept, Question, Row
from reperform.connectors.calls import Request, cursor_in, pages
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access
from reperform_beacon.client import client

_LATE = timedelta(minutes=15)
"""Beacon shows a change up to a quarter of an hour late: what is younger is left for next time."""
_FORM = "%Y-%m-%dT%H:%M:%SZ"
TABLE = TableSpec(
    "beacon.changes",
    Kind.EVENTS,
    (
        Column("change", Type.TEXT, "its id"),
        Column("changed_at", Type.TIMESTAMP, "when"),
        Column("changed_by", Type.TEXT, "account; NULL when Beacon does not say"),
    ),
)


def question(access: Access, asking: Asking) -> Question:
    """Return the question for the changes from the cursor, included, to its end, excluded."""
    target = access.text("base_url")
    until = (asking.at - _LATE).strftime(_FORM)
    first = f"{asking.since}T00:00:00Z" if asking.since else "1970-01-01T00:00:00Z"
    since = asking.cursor("beacon/changes", target) or first

    def ask() -> Iterator[Answer]:
        window = {"since": since, "until": until}
        yield Answer("window", "what is asked below", [canonical_json(window)])
        yield from pages(
            client(access),
            "changes",
            Request("v1/changes", (("since", since), ("until", until))),
            follow=cursor_in("next", parameter="cursor"),
        )

    return Question("beacon/changes", target, ask, {"since": since, "until": until})


def cursor(parameters: Mapping[str, str], _: Sequence[Kept]) -> str:
    """Return where the next question begins: where this one ended, whatever it found."""
    return parameters["until"]


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each change."""
    for kept in answers:
        if not kept.blob or kept.name == "window":
            continue
        for each in _read(kept)["changes"]:
            values = {
                "change": each["id"],
                "changed_at": _moment(each["at"]).strftime("%Y-%m-%d %H:%M:%S"),
                "changed_by": each.get("by"),
            }
            yield Row("beacon.changes", values, kept.blob, 0, each["id"])


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days of the window that are over; the windows of two collections meet."""
    refused = "; ".join(each.refused for each in answers if each.refused)
    windows = [_read(each) for each in answers if each.name == "window" and each.blob]
    if refused or not windows:
        return {"beacon.changes": Cover(None, None, refused or "nothing was asked")}
    since, until = (_moment(windows[0][name]).date() for name in ("since", "until"))
    return {"beacon.changes": Cover(since, until - timedelta(days=1))}


def _read(kept: Kept) -> Any:  # noqa: ANN401 - JSON
    with kept.open() as file:
        return json.load(file)


def _moment(said: str) -> datetime:
    return datetime.strptime(said, _FORM).replace(tzinfo=UTC)
