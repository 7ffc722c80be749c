"""Kubernetes: a cluster by its API, and what was asked of it, in the files of its audit log."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Question, Row, Source
from reperform.connectors.by_days import ByDays, Days
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import place_of
from reperform.connectors.jsonlines import ask, lines_of, names_of, refused_of, settings
from reperform.connectors.kept import by_name, json_of
from reperform.connectors.kubernetes.cluster import CONNECTOR as CLUSTER
from reperform.connectors.kubernetes.events import events_in, flaw, rank, values
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.settings import Access, Setting

STREAM = "kubernetes/audit"
ACTIVITY = POPULATIONS["population.api_activity"]
BLIND = (
    "what the audit policy leaves out; API servers whose files are not there; what happens on a "
    "node or in a container without the API; second factors; who is behind an impersonated user"
)
_UNKNOWN = "whether the files of every API server are there, and no hour is left out, is not known"
_READ = "read"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each stage of each request: the last that is there says the most."""
    observed = by_name(answers).get("observed")
    facts = json_of(observed) if observed else None
    system = f"kubernetes {facts['cluster']}" if isinstance(facts, dict) else None
    for kept, line in lines_of(answers):
        for event in events_in(line.value):
            told = {"system": system, **values(event)}
            yield Row(ACTIVITY.name, told, kept.blob, line.at, event["auditID"], rank(event))


def _covers(answers: Sequence[Kept], days: Mapping[str, Days]) -> dict[str, Cover]:
    """Return the days from the first event to the last, never as whole: nothing says they are."""
    missing = "; ".join(filter(None, [refused_of(answers), _UNKNOWN]))
    if ACTIVITY.name not in days:
        return {ACTIVITY.name: Cover(None, None, f"no event has a time; {missing}")}
    first, last = days[ACTIVITY.name]
    return {ACTIVITY.name: Cover(first, last, missing, is_whole=False)}


SOURCE = Source(STREAM, (ACTIVITY,), shape, ByDays(shape, _covers), BLIND)


def _flaw(value: Mapping[str, Any]) -> str:
    return next(filter(None, map(flaw, events_in(value))), "")


def _questions(access: Access, _: Asking) -> list[Question]:
    cluster = access.text("cluster")
    return [
        Question(STREAM, place_of(access).title, lambda: ask(access, _flaw, cluster=cluster)),
    ]


def _check(access: Access) -> Check:
    place = place_of(access)
    count = len(names_of(place))
    return Check(f"{place.title}: {count:,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="kubernetes",
    title="Kubernetes audit log, in files",
    asks="Every file of a cluster's audit log in a folder, or brought by hand, packed or not: who "
    "asked the API for what, and whether it was allowed.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=(
        Setting("cluster", "Cluster", "its name, as rows show it; the files do not say it"),
        *settings("files of one cluster's audit log (JSON)"),
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)

__all__ = ["CLUSTER", "CONNECTOR"]
