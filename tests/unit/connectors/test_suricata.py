"""EVE files of Suricata: alerts once each, and what the sensor could not see is said."""

import gzip
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access
from reperform.connectors.suricata import CONNECTOR, SOURCE

ALERTS, DROPS = "suricata.alerts", "suricata.drops"
BEGIN = datetime(2026, 3, 1)  # noqa: DTZ001 - written with its zone below


def line(event: dict[str, Any]) -> bytes:
    return json.dumps(event).encode() + b"\n"


def alert(at: str = "2026-03-01T23:30:00.000001-0100", **more: Any) -> bytes:  # noqa: ANN401 - JSON
    said = {"signature_id": 2_001_219, "signature": "Scan", "severity": 2, "action": "allowed"}
    ends = {"src_ip": "198.51.100.7", "src_port": 4711, "dest_ip": "10.0.0.5", "dest_port": 22}
    event = {"timestamp": at, "event_type": "alert", "alert": said, "proto": "TCP", **ends}
    return line(event | more)


def stats(hours: float, packets: int, **capture: int) -> bytes:
    at = f"{BEGIN + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}+0000"
    counted = {"kernel_packets": packets, **capture}
    told = {"uptime": int(hours * 3_600), "capture": counted}
    return line({"timestamp": at, "event_type": "stats", "stats": told})


def two_days(*, without: range = range(0), dropped_at: int = 99) -> bytes:
    """Return statistics of each half hour from the first midnight to the third."""
    return b"".join(
        stats(half / 2, half * 100, kernel_drops=7 if half >= dropped_at else 0)
        for half in range(96)
        if half not in without
    )


def collected(tmp_path: Path, **files: bytes) -> Collected:
    folder = tmp_path / "eve"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (question,) = CONNECTOR.questions(
        Access({"folder": str(folder)}, {}), Asking(datetime.now().astimezone())
    )
    return put(question, SOURCE, tmp_path)


def test_an_alert_is_a_row_with_its_time_in_utc(tmp_path: Path) -> None:
    """And the days on which the sensor saw every packet are vouched for."""
    found = collected(tmp_path, eve=two_days() + alert(host="edge") + alert("yesterday"))

    first, second = found.of(ALERTS)
    assert found.outcome == "complete"
    assert (first["system"], first["occurred_at"]) == ("suricata edge", "2026-03-02 00:30:00")
    assert (first["signature_id"], first["severity"], first["target_port"]) == (2_001_219, 2, 22)
    assert second["occurred_at"] is None
    assert found.covers[ALERTS] == Cover(date(2026, 3, 1), date(2026, 3, 2))


def test_what_is_in_two_files_counts_once(tmp_path: Path) -> None:
    """A file that was rotated and packed repeats what the running one said."""
    content = two_days() + alert()
    found = collected(tmp_path, eve=content + alert(flow_id=5), older=gzip.compress(content))

    assert [row["flow_uid"] for row in found.of(ALERTS)] == [None, "5"]
    assert [row["measurements"] for row in found.of(DROPS)] == [48, 48]


def test_dropped_packets_are_said_as_blindness(tmp_path: Path) -> None:
    """On the day they were dropped, counted from one statistic to the next."""
    found = collected(tmp_path, eve=two_days(dropped_at=60))

    assert [(row["packets"], row["dropped"]) for row in found.of(DROPS)] == [(4_700, 0), (4_800, 7)]
    assert not found.covers[ALERTS].is_whole
    assert found.covers[ALERTS].missing == "suricata on 2026-03-02: 7 packets were dropped unseen"


def test_counters_begin_anew_with_the_sensor(tmp_path: Path) -> None:
    """A start in between neither hides drops nor makes them up."""
    again = line(
        {
            "timestamp": "2026-03-01T02:00:00+0000",
            "event_type": "stats",
            "stats": {"uptime": 5, "capture": {"kernel_packets": 900, "kernel_drops": 3}},
        }
    )
    found = collected(
        tmp_path, eve=stats(0, 0, kernel_drops=0) + stats(1, 500, kernel_drops=1) + again
    )

    assert [(row["packets"], row["dropped"]) for row in found.of(DROPS)] == [(1_400, 4)]


def test_a_silent_sensor_saw_nothing_that_is_known(tmp_path: Path) -> None:
    """Two hours without statistics are a hole, and so is a day that ends early."""
    found = collected(tmp_path, eve=two_days(without=range(10, 13)))

    assert "2026-03-01: no statistics for 120 minutes" in found.covers[ALERTS].missing
    assert not found.covers[ALERTS].is_whole


def test_drops_that_are_not_counted_are_not_none(tmp_path: Path) -> None:
    content = b"".join(stats(half / 2, half) for half in range(48))
    found = collected(tmp_path, eve=content)

    assert [row["dropped"] for row in found.of(DROPS)] == [None]
    assert "dropped packets are not counted" in found.covers[ALERTS].missing


def test_alerts_without_statistics_vouch_for_no_day(tmp_path: Path) -> None:
    found = collected(tmp_path, eve=alert())

    assert len(found.of(ALERTS)) == 1
    assert found.covers[ALERTS].last is None


def test_a_last_line_that_is_cut_leaves_the_others_and_is_said(tmp_path: Path) -> None:
    """As in a file that is still written."""
    found = collected(tmp_path, eve=two_days() + alert() + alert(flow_id=6)[:-20])

    assert found.outcome == "partial"
    assert len(found.of(ALERTS)) == 1
    assert "ends in the middle of a line" in found.covers[ALERTS].missing
    assert not found.covers[ALERTS].is_whole


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (alert() + b"{half\n" + alert(), "is not JSON in line 2"),
        (alert() + b"[1]\n", "holds no object in line 2"),
        (alert() + line({"a": 1}), "is no event of Suricata"),
        (gzip.compress(alert() * 50)[:-12], "is cut off"),
        (b'{"timestamp": "2026', "holds no whole line"),
        (b'{"a":' * 100_000 + b"\n" + alert(), "nested too deep"),
        (b"\xff\xfe\xff\n" + alert(), "is not text"),
        (b"\xe9\n" + alert(), "is not JSON in line 1"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_by_its_name(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """The other file still counts, but no day is whole."""
    found = collected(tmp_path, bad=content, eve=two_days() + alert())

    assert found.outcome == "partial"
    assert why in found.collection.reason
    assert len(found.of(ALERTS)) == 1
    assert not found.covers[ALERTS].is_whole


def test_files_that_were_brought_are_read_without_a_folder(tmp_path: Path) -> None:
    access = Access({"files": ["1"]}, {}, files={"eve.json": lambda: two_days() + alert()})
    (question,) = CONNECTOR.questions(access, Asking(datetime.now().astimezone()))

    assert len(put(question, SOURCE, tmp_path).of(ALERTS)) == 1
    assert "1 files" in CONNECTOR.check(access).reached
