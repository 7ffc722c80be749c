"""Rules, targets and alerts of a real server of Prometheus."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said, answering
from collected import Collected, put
from prom import is_here, serving
from reperform.connectors.contract import Asking, Grant
from reperform.connectors.prometheus import CONNECTOR
from reperform.connectors.prometheus.rules import watched
from reperform.connectors.settings import read_settings

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not is_here() and os.environ.get("CI") != "true", reason="prometheus is not installed"
    ),
]
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
RULES, TARGETS, ALERTS = "prometheus.rules", "prometheus.targets", "prometheus.alerts"
FILE = """
groups:
  - name: site
    interval: 1s
    rules:
      - alert: Down
        expr: up{job="disk_free"} == 0
        for: 5m
        labels: {severity: page}
      - alert: Expires
        expr: probe_ssl_earliest_cert_expiry - time() < 1209600
      - alert: Broken
        expr: label_replace(vector(1), "a", "$1", "b", "(")
      - record: a:recorded:rule
        expr: vector(1)
"""
CONFIGURATION = """
global: {scrape_interval: 1s}
rule_files: [rules.yml]
alerting:
  alertmanagers: [{static_configs: [{targets: ["127.0.0.1:9"]}]}]
scrape_configs:
  - job_name: own
    static_configs: [{targets: [OWN]}]
  - job_name: gone
    params: {token: [hidden]}
    static_configs: [{targets: ["127.0.0.1:9"]}]
  - job_name: left-out
    static_configs: [{targets: ["127.0.0.1:10"]}]
    relabel_configs: [{action: drop, source_labels: [job], regex: .+}]
"""


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp())


def written() -> str:
    """Return samples: measured on the 2nd and 3rd, but for two hours of the 3rd.

    `Down` fires twice on the 2nd; `Late` from the 2nd into the 3rd, and when nothing was measured.
    """
    moments = [*range(at(2, 0), at(3, 10), 60), *range(at(3, 12), at(4, 0), 60)]
    told = ["# TYPE up gauge", *(f'up{{job="api"}} 1 {moment}' for moment in moments)]
    told.append("# TYPE ALERTS gauge")
    for name, begin, end in (
        ("Down", at(2, 1), at(2, 1, 30)),
        ("Down", at(2, 7), at(2, 7, 10)),
        ("Late", at(2, 23, 50), at(3, 0, 10)),
        ("Late", at(3, 9, 50), at(3, 10)),
    ):
        labels = f'alertname="{name}",alertstate="firing",instance="a",severity="page"'
        told += [f"ALERTS{{{labels}}} 1 {moment}" for moment in range(begin, end, 60)]
    told.append("# TYPE ALERTS_FOR_STATE gauge")
    labels = 'alertname="Down",instance="a",severity="page"'
    since = [(moment, at(2, 0, 55)) for moment in range(at(2, 1), at(2, 1, 30), 60)]
    told += [f"ALERTS_FOR_STATE{{{labels}}} {begin} {moment}" for moment, begin in since]
    return "\n".join([*told, "# EOF\n"])


def is_ready(said: list[Any]) -> bool:
    rules = [rule["health"] for group in said[0]["groups"] for rule in group["rules"]]
    targets = [target["health"] for target in said[1]["activeTargets"]]
    return bool(rules and targets) and "unknown" not in rules + targets


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("prometheus")
    given = {"configuration": CONFIGURATION, "rules": FILE}
    with serving(folder, written(), is_ready=is_ready, **given) as found:
        yield found


def collected(folder: Path, address: str, kind: str, asking: Asking | None = None) -> Collected:
    stream = f"prometheus/{kind}"
    settings = {"address": address, "series": "up", "seconds": 60, "token": ""}
    access, problems = read_settings(CONNECTOR.settings, settings)
    assert not problems
    found = CONNECTOR.questions(access, asking or Asking(NOON))
    (question,) = (each for each in found if each.stream == stream)
    return put(question, CONNECTOR.stream(stream).source, folder, NOON)


def test_each_rule_says_what_it_watches_and_whether_it_works(tmp_path: Path, address: str) -> None:
    """One that is broken says why; one that only records is none that alerts."""
    found = collected(tmp_path, address, "rules")

    rows = {row["rule"]: row for row in found.of(RULES)}
    assert set(rows) == {"Down", "Expires", "Broken"}
    assert (rows["Down"]["health"], rows["Down"]["error"]) == ("ok", None)
    assert (rows["Down"]["for_seconds"], rows["Down"]["severity"]) == (300, "page")
    assert (rows["Down"]["watches_availability"], rows["Down"]["watches_disks"]) == (True, False)
    assert rows["Expires"]["watches_certificates"]
    assert rows["Broken"]["health"] == "err"
    assert "regular expression" in rows["Broken"]["error"]
    assert {(row["receivers"], row["is_late"]) for row in rows.values()} == {(1, False)}
    assert found.outcome == "complete"


def test_each_target_says_what_became_of_it(tmp_path: Path, address: str) -> None:
    """One that is down says why; its address is told without its parameters."""
    found = collected(tmp_path, address, "targets")

    rows = {row["pool"]: row for row in found.of(TARGETS)}
    states = {pool: row["state"] for pool, row in rows.items()}
    assert states == {"own": "up", "gone": "down", "left-out": "dropped"}
    assert "connection refused" in rows["gone"]["error"]
    assert rows["gone"]["address"] == "http://127.0.0.1:9/metrics"
    assert rows["gone"]["target"] == "instance=127.0.0.1:9, job=gone"
    assert rows["own"]["asked_at"]
    assert found.covers[TARGETS].is_whole


def test_each_time_that_an_alert_fired_is_a_row(tmp_path: Path, address: str) -> None:
    """With when its condition began, and whether it was seen to be over."""
    at_noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    asking = Asking(at_noon, since=date(2026, 3, 2))
    found = collected(tmp_path, address, "alerts", asking)

    told = ("alert", "occurred_at", "last_at", "active_at", "is_over", "samples")
    assert [tuple(row[name] for name in told) for row in found.of(ALERTS)] == [
        ("Down", "2026-03-02 01:00:00", "2026-03-02 01:29:00", "2026-03-02 00:55:00", True, 30),
        ("Down", "2026-03-02 07:00:00", "2026-03-02 07:09:00", None, True, 10),
        ("Late", "2026-03-02 23:50:00", "2026-03-02 23:59:00", None, None, 10),
    ]
    cover = found.covers[ALERTS]
    assert (cover.first, cover.last, cover.missing) == (date(2026, 3, 2), date(2026, 3, 2), "")


def test_hours_without_a_measurement_are_named(tmp_path: Path, address: str) -> None:
    """No alert could fire in them; and one that fired before them is not known to be over."""
    at_noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    asking = Asking(at_noon, since=date(2026, 3, 3))
    found = collected(tmp_path, address, "alerts", asking)

    cover = found.covers[ALERTS]
    assert not cover.is_whole
    assert "from 2026-03-03 10:00:00 to 2026-03-03 12:00:00" in cover.missing
    told = {row["occurred_at"]: row["is_over"] for row in found.of(ALERTS)}
    assert told == {"2026-03-03 00:00:00": True, "2026-03-03 09:50:00": None}


def test_a_day_without_any_measurement_is_vouched_for_by_nothing(
    tmp_path: Path, address: str
) -> None:
    asking = Asking(NOON, since=date(2026, 3, 4))
    found = collected(tmp_path, address, "alerts", asking)

    assert found.of(ALERTS) == []
    assert not found.covers[ALERTS].is_whole
    assert "from 2026-03-04 00:00:00 to 2026-03-05 00:00:00" in found.covers[ALERTS].missing


def test_the_check_tells_the_permissions_apart(address: str) -> None:
    settings = {"address": address, "series": "up", "seconds": 60, "token": ""}
    found = CONNECTOR.check(read_settings(CONNECTOR.settings, settings)[0])

    grants = {each.permission: each.grant for each in found.findings}
    assert grants == dict.fromkeys(("query", "rules", "targets"), Grant.GRANTED)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('probe_success{job="certificates"} == 0', {"availability"}),
        ("node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1", {"disks"}),
        ('rate(http_requests_total{code=~"5.."}[5m]) > 1', {"errors"}),
        ('rate(grpc_server_failures_total{code="error"}[5m]) > 1', {"errors"}),
        ("x509_cert_not_after - time() < 86400", {"certificates"}),
        ('sum(rate(jobs_total{queue="failed"}[5m])) > 3', set()),
        ("group_size > 3", set()),
    ],
)
def test_what_a_rule_watches_is_read_from_names_of_metrics(
    expression: str, names: set[str]
) -> None:
    """And not from values of labels."""
    found = {name.removeprefix("watches_") for name, is_so in watched(expression).items() if is_so}

    assert found == names


GOOD: dict[str, dict[str, Any]] = {
    "/api/v1/rules": {"groups": []},
    "/api/v1/alertmanagers": {"activeAlertmanagers": []},
    "/api/v1/targets": {"activeTargets": [], "droppedTargets": []},
}


@pytest.mark.parametrize(
    ("kind", "said", "outcome", "why"),
    [
        ("rules", Said({"error": "no"}, status=403), "partial", "rules: 403 no"),
        ("rules", Said({"status": "success", "data": {}}), "refused", "holds no groups"),
        ("rules", Said({"status": "error"}), "refused", "holds no groups"),
        (
            "rules",
            Said({"status": "success", "data": {"groups": [], "groupNextToken": "x"}}),
            "refused",
            "is partial",
        ),
        ("targets", Said({"error": "no"}, status=404), "partial", "targets: 404 no"),
        (
            "targets",
            Said({"status": "success", "data": {"activeTargets": []}}),
            "refused",
            "no droppedTargets",
        ),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_or_partial(
    tmp_path: Path, kind: str, said: Said, outcome: str, why: str
) -> None:
    def answer(asked: str, _: int) -> Said:
        where = asked.partition("?")[0]
        good = Said({"status": "success", "data": GOOD[where]})
        return said if where == f"/api/v1/{kind}" else good

    with answering(answer) as server:
        found = collected(tmp_path, server.address, kind)

    assert (found.outcome, found.rows) == (outcome, [])
    assert why in found.collection.reason


def test_receivers_that_are_refused_are_not_known(tmp_path: Path) -> None:
    """The rules are there all the same."""
    rule = {"type": "alerting", "name": "Down", "query": "up == 0", "duration": 0, "health": "ok"}
    group = {"name": "g", "file": "f", "interval": 60, "rules": [rule]}

    def answer(asked: str, _: int) -> Said:
        if "alertmanagers" in asked:
            return Said({"error": "no"}, status=403)
        return Said({"status": "success", "data": {"groups": [group]}})

    with answering(answer) as server:
        found = collected(tmp_path, server.address, "rules")

    (row,) = found.of(RULES)
    assert (row["receivers"], row["evaluated_at"], row["is_late"]) == (None, None, None)
    assert found.covers[RULES].last is not None


def test_dropped_targets_that_are_counted_and_not_named_are_said(tmp_path: Path) -> None:
    """A server keeps the names of so many only, see keep_dropped_targets."""
    data = {**GOOD["/api/v1/targets"], "droppedTargetCounts": {"pods": 7}}

    with answering(lambda *_: Said({"status": "success", "data": data})) as server:
        cover = collected(tmp_path, server.address, "targets").covers[TARGETS]

    assert (cover.is_whole, cover.missing) == (
        False,
        "7 targets were dropped, and 0 of them are named",
    )
