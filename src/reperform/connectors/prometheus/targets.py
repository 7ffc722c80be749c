"""prometheus/targets: what is watched: reached, not reached, or found and left out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.kept import by_name, json_of, moment, said, state_covers
from reperform.connectors.prometheus.state import Server, labels_of
from reperform.connectors.prometheus.tables import TARGETS
from reperform.connectors.said import Said, of

TABLES = (TARGETS,)
BLIND = (
    "what nobody told the server to watch; targets of other moments; dropped ones that the server "
    "keeps no names of, which is said"
)
_TARGETS = "targets"
_DROPPED = "dropped"


def ask(server: Server) -> Iterator[Answer]:
    """Yield the targets, whatever became of them."""
    yield server.observed()
    path = "api/v1/targets"
    yield server.state(_TARGETS, path, "activeTargets", "droppedTargets", state="any")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each target."""
    found = Said(answers)
    for kept, one in found.each(_TARGETS, "data", "activeTargets"):
        asked_at = moment(re.sub(r"\.\d+", "", str(one.get("lastScrape"))))
        yield found.row(
            TARGETS.name,
            kept,
            pool=said(one.get("scrapePool")),
            target=labels_of(one["labels"]),
            address=_address(one.get("scrapeUrl")),
            state=said(one["health"]),
            error=said(one.get("lastError")),
            asked_at=None if asked_at is None or asked_at < "1971" else asked_at,
        )
    for kept, one in found.each(_TARGETS, "data", "droppedTargets"):
        labels = one["discoveredLabels"]
        yield found.row(
            TARGETS.name,
            kept,
            pool=said(of(labels, "job")),
            target=labels_of(labels),
            address=said(of(labels, "__address__")),
            state=_DROPPED,
        )


def _address(value: Any) -> str | None:  # noqa: ANN401 - JSON
    """Return an address without what stands before its host: it may be a password."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return said(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl())


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; not as whole where dropped targets are counted and not named."""
    (cover,) = state_covers(answers, started_at, {TARGETS.name: (_TARGETS,)}).values()
    kept = by_name(answers).get(_TARGETS)
    data = of(json_of(kept), "data") if kept else None
    counts = of(data, "droppedTargetCounts")
    counted = sum(counts.values()) if isinstance(counts, dict) else 0
    named = len(of(data, "droppedTargets") or ())
    if cover.last is not None and counted > named:
        why = f"{counted:,} targets were dropped, and {named:,} of them are named"
        cover = replace(cover, missing=why, is_whole=False)
    return {TARGETS.name: cover}
