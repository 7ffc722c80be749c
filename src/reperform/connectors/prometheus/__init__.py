"""prometheus: a server of Prometheus: what it watches, how often it was up, and its alerts."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from reperform.connectors import days
from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.calls import Client
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
    looked,
)
from reperform.connectors.prometheus import alerts, availability, rules, targets
from reperform.connectors.prometheus.server import QUERY, client
from reperform.connectors.prometheus.state import Server
from reperform.connectors.settings import Access, Setting, SettingKind

_LATE = timedelta(minutes=10)
_AVAILABILITY = Source(
    "prometheus/availability",
    availability.TABLES,
    availability.shape,
    availability.covers,
    availability.BLIND,
)
_ALERTS = Source("prometheus/alerts", alerts.TABLES, alerts.shape, alerts.covers, alerts.BLIND)
_RULES = Source("prometheus/rules", rules.TABLES, rules.shape, rules.covers, rules.BLIND)
_TARGETS = Source(
    "prometheus/targets", targets.TABLES, targets.shape, targets.covers, targets.BLIND
)


def _questions(access: Access, asking: Asking) -> list[Question]:
    target = access.text("address")
    asked = [
        _question(source.stream, access, ask)
        for source, ask in ((_RULES, rules.ask), (_TARGETS, targets.ask))
    ]
    return asked + _availability(access, asking, target) + _alerts(access, asking, target)


def _question(stream: str, access: Access, ask: Callable[[Server], Iterator[Answer]]) -> Question:
    return Question(stream, access.text("address"), lambda: ask(_server(access)))


def _server(access: Access) -> Server:
    return Server(client(access), access.text("address"))


def _alerts(access: Access, asking: Asking, target: str) -> list[Question]:
    stream = _ALERTS.stream
    found = days.spans(asking, asking.cursor(stream, target), late=_LATE)

    def reach() -> alerts.Alerting:
        return alerts.Alerting(_server(access), access.text("series"))

    return days.questions(stream, target, found, reach, alerts.ask)


def _availability(access: Access, asking: Asking, target: str) -> list[Question]:
    stream = _AVAILABILITY.stream
    found = days.spans(asking, asking.cursor(stream, target), late=_LATE)
    series, seconds = access.text("series"), int(access.settings["seconds"])

    def reach() -> availability.Watched:
        return availability.Watched(client(access), target, series, seconds)

    return days.questions(stream, target, found, reach, availability.ask)


def _check(access: Access) -> Check:
    asked: Client = client(access)
    reply = asked.get(QUERY, query=f"count({access.text('series')})")
    grant = Grant.DENIED if reply.status in (401, 403) else Grant.UNKNOWN
    server = Server(asked, access.text("address"))
    findings = (
        Finding("query", Grant.GRANTED if reply.is_good else grant, reply.told),
        looked("rules", *(each for each in rules.ask(server) if each.name != "observed")),
        looked("targets", *(each for each in targets.ask(server) if each.name != "observed")),
    )
    return Check(access.text("address"), findings)


def _seconds_flaw(said: int) -> str:
    return "" if 1 <= said <= availability.MOST_SECONDS else "is not between 1 and 3600"


CONNECTOR = Connector(
    name="prometheus",
    title="Prometheus",
    asks="One server: every measurement of the series that say whether what it watches was up; "
    "which alerts fired; the rules that alert, and the targets.",
    blind="what the server does not watch, and how its users found it",
    permissions=(
        Permission("query", "the HTTP interface's queries, /api/v1/query and query_range"),
        Permission("rules", "/api/v1/rules and /api/v1/alertmanagers", is_required=False),
        Permission("targets", "/api/v1/targets", is_required=False),
    ),
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
    streams=(
        Stream(_RULES, needs=("rules",)),
        Stream(_TARGETS, needs=("targets",)),
        Stream(_AVAILABILITY, needs=("query",), cursor=days.last_day),
        Stream(_ALERTS, needs=("query",), cursor=days.last_day),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
