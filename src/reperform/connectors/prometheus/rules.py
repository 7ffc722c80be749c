"""prometheus/rules: which alerts there are, what they watch, and whether they work."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.prometheus.state import Server
from reperform.connectors.prometheus.tables import RULES
from reperform.connectors.said import Said, objects, of

TABLES = (RULES,)
BLIND = (
    "whether an expression says what its name promises; metrics whose names say nothing of what "
    "they measure; what an Alertmanager does with an alert, silences it or routes it to nobody"
)
_RULES, _RECEIVERS = "rules", "alertmanagers"
_LATE = 5
_WATCHES: Mapping[str, re.Pattern[str]] = {
    "watches_availability": re.compile(
        r"\b(?:up|absent|probe_success|\w+_up|kube_\w+_(?:unavailable|available|ready)\w*)\b"
    ),
    "watches_errors": re.compile(
        r"\b\w*(?:error|errors|failed|failures|failure|dropped|exceptions)\w*\b"
        r"|(?:status|code|status_code|response_code)\s*=~?\s*[\"']\^?5"
    ),
    "watches_disks": re.compile(
        r"\b(?:node_filesystem_\w+|kubelet_volume_stats_\w+|windows_logical_disk_free\w*"
        r"|\w*disk_(?:free|used|avail)\w*|container_fs_\w+)\b"
    ),
    "watches_certificates": re.compile(
        r"\b(?:probe_ssl_\w+|\w*cert\w*(?:expir|not_after|validity)\w*|\w*expir\w*cert\w*)\b"
    ),
}
"""By names of metrics of the usual exporters (node, blackbox, kube-state-metrics, x509)."""
_TEXTS = re.compile(r'(=~|=|!=|!~)\s*"(?:\\.|[^"\\])*"')


def ask(server: Server) -> Iterator[Answer]:
    """Yield the rules that alert, and who alerts are sent to."""
    yield server.observed()
    yield server.state(_RULES, "api/v1/rules", "groups", type="alert")
    yield server.state(_RECEIVERS, "api/v1/alertmanagers", "activeAlertmanagers")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each rule that alerts."""
    found = Said(answers)
    receivers = None
    if found.has(_RECEIVERS):
        receivers = len(list(found.each(_RECEIVERS, "data", "activeAlertmanagers")))
    for kept, group in found.each(_RULES, "data", "groups"):
        for rule in objects(group["rules"]):
            if rule.get("type") == "alerting":
                yield found.row(RULES.name, kept, **_rule(found, group, rule), receivers=receivers)


def _rule(found: Said, group: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    expression = str(rule["query"])
    evaluated_at = moment(_seconds_only(rule.get("lastEvaluation")))
    is_never = evaluated_at is None or evaluated_at < "1971"
    return {
        "rule_group": said(f"{group['name']} in {group.get('file')}"),
        "rule": said(rule["name"]),
        "expression": said(expression, most=2_000),
        "for_seconds": round(rule["duration"]),
        "severity": said(of(rule, "labels", "severity")),
        **watched(expression),
        "health": said(rule.get("health")),
        "error": said(rule.get("lastError")),
        "evaluated_at": None if is_never else evaluated_at,
        "is_late": None if is_never else _is_late(found, group, str(evaluated_at)),
        "state": said(rule.get("state")),
    }


def watched(expression: str) -> dict[str, bool]:
    """Return what an expression watches, as far as the names of its metrics say.

    Values of labels are no names, but for those that name an error of a server by its status.

    >>> [name for name, is_so in watched('up{job="disk_free"} == 0').items() if is_so]
    ['watches_availability']
    """
    names = _TEXTS.sub(lambda one: one[0] if re.match(r'=~?\s*"\^?5', one[0]) else "", expression)
    return {name: bool(pattern.search(names)) for name, pattern in _WATCHES.items()}


def _is_late(found: Said, group: dict[str, Any], evaluated_at: str) -> bool | None:
    """Return whether a rule was last evaluated too long before the server was asked."""
    asked_at, interval = found.facts.get("at"), group.get("interval")
    if not isinstance(asked_at, str) or not isinstance(interval, int | float):
        return None
    oldest = datetime.fromisoformat(asked_at) - timedelta(seconds=_LATE * max(interval, 60))
    return datetime.fromisoformat(evaluated_at) < oldest


def _seconds_only(value: object) -> object:
    """Return a moment without nanoseconds, which Python does not read."""
    return re.sub(r"\.\d+", "", value) if isinstance(value, str) else value


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless the rules were refused."""
    return state_covers(answers, started_at, {RULES.name: (_RULES,)})
