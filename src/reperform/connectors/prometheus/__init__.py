"""prometheus: a server of Prometheus: how often what it watches was found up, day by day."""

from datetime import timedelta

from reperform.connectors import days
from reperform.connectors.answer import Question, Source
from reperform.connectors.calls import Client
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.prometheus import availability
from reperform.connectors.prometheus.server import QUERY, client
from reperform.connectors.settings import Access, Setting, SettingKind

_LATE = timedelta(minutes=10)
_AVAILABILITY = Source(
    "prometheus/availability",
    availability.TABLES,
    availability.shape,
    availability.covers,
    availability.BLIND,
)


def _questions(access: Access, asking: Asking) -> list[Question]:
    stream, target = _AVAILABILITY.stream, access.text("address")
    found = days.spans(asking, asking.cursor(stream, target), late=_LATE)
    series, seconds = access.text("series"), int(access.settings["seconds"])

    def reach() -> availability.Watched:
        return availability.Watched(client(access), target, series, seconds)

    return days.questions(stream, target, found, reach, availability.ask)


def _check(access: Access) -> Check:
    asked: Client = client(access)
    reply = asked.get(QUERY, query=f"count({access.text('series')})")
    if reply.is_good:
        return Check(access.text("address"), (Finding("query", Grant.GRANTED),))
    grant = Grant.DENIED if reply.status in (401, 403) else Grant.UNKNOWN
    return Check(access.text("address"), (Finding("query", grant, reply.told),))


def _seconds_flaw(said: int) -> str:
    return "" if 1 <= said <= availability.MOST_SECONDS else "is not between 1 and 3600"


CONNECTOR = Connector(
    name="prometheus",
    title="Prometheus",
    asks="One server: every measurement of the series that say whether what it watches was up.",
    blind="what the server does not watch, and how its users found it",
    permissions=(Permission("query", "the HTTP interface's queries, /api/v1/query"),),
    settings=(
        Setting(
            "address",
            "Address of the server",
            "what stands before /api/v1, as https://prometheus.example.org",
            SettingKind.ADDRESS,
        ),
        Setting(
            "series",
            "Series that say what was up",
            "a selector of series that are 1 when it was, as probe_success{job='site'}",
            default="up",
        ),
        Setting(
            "seconds",
            "Seconds between measurements",
            "the scrape_interval of these series: so many measurements a day should hold",
            SettingKind.NUMBER,
            default="60",
            flaw=_seconds_flaw,
        ),
        Setting(
            "token",
            "Token",
            "a bearer token that may only query; empty where the server asks for none",
            is_required=False,
            is_secret=True,
        ),
    ),
    streams=(Stream(_AVAILABILITY, needs=("query",), cursor=days.last_day),),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
