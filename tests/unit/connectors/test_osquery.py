"""Files of osquery's results: in each of its formats, and as a host leaves them that went down."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking
from reperform.connectors.osquery import CONNECTOR, SOURCE
from reperform.connectors.settings import Access, read_settings

ENDPOINTS, QUERIES, RESULTS = "population.endpoints", "osquery.queries", "osquery.results"
BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
READS = ["disks = disk_encryption", "os = os_version", "info = system_info", "lock = screenlock"]


def line(query: str, hours: float, host: str = "mac1", **more: Any) -> bytes:  # noqa: ANN401 - JSON
    at = int(BEGIN.timestamp() + hours * 3_600)
    told = {"name": query, "hostIdentifier": host, "unixTime": at, "calendarTime": "x", "epoch": 1}
    return json.dumps(told | more).encode() + b"\n"


def row(
    query: str,
    hours: float,
    action: str,
    counter: int = 0,
    host: str = "mac1",
    **columns: Any,  # noqa: ANN401 - JSON
) -> bytes:
    return line(query, hours, host, action=action, counter=counter, columns=columns)


def collected(tmp_path: Path, reads: list[str] | None = None, **files: bytes) -> Collected:
    folder = tmp_path / "osquery"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    access = Access({"folder": str(folder), "system": "laptops", "queries": reads or READS}, {})
    (question,) = CONNECTOR.questions(access, Asking(datetime.now().astimezone()))
    return put(question, SOURCE, tmp_path)


def test_rows_that_came_and_went_are_what_a_device_is_now(tmp_path: Path) -> None:
    """The disk was not encrypted, and then was: the old row went in the run in which one came."""
    found = collected(
        tmp_path,
        results=row("disks", 0, "added", name="disk1", encrypted="0")
        + row("info", 0, "added", hostname="ana-mac", hardware_serial="S1")
        + row("os", 0, "added", name="macOS", version="15.2")
        + row("disks", 5, "added", 3, name="disk1", encrypted="1")
        + row("disks", 5, "removed", 3, name="disk1", encrypted="0"),
    )

    (device,) = found.of(ENDPOINTS)
    assert found.outcome == "complete"
    assert device == {
        "system": "osquery laptops",
        "observed_at": "2026-03-01 13:00:00",
        "device_uid": "S1",
        "hostname": "ana-mac",
        "os": "macOS",
        "os_version": "15.2",
        "is_encrypted": True,
        "last_seen_at": "2026-03-01 13:00:00",
    }
    assert [each["action"] for each in found.of(RESULTS)].count("removed") == 1
    assert found.covers[ENDPOINTS] == Cover(date(2026, 3, 1), date(2026, 3, 1))


def test_batches_and_snapshots_say_the_same(tmp_path: Path) -> None:
    """One line for all that changed, and one for all that is; of snapshots the newest counts."""
    batch = {"added": [{"name": "d1", "encrypted": 1}, {"name": "d2", "encrypted": 0}]}
    found = collected(
        tmp_path,
        results=line("disks", 0, counter=0, diffResults=batch)
        + line("disks", 1, counter=4, diffResults={"added": "", "removed": [batch["added"][1]]}),
        snapshots=line("lock", 0, action="snapshot", snapshot=[{"enabled": "1"}])
        + line("lock", 2, action="snapshot", snapshot=[{"enabled": "0"}]),
    )

    (device,) = found.of(ENDPOINTS)
    assert (device["is_encrypted"], device["locks_screen"]) == (True, False)
    assert [each["columns"] for each in found.of(RESULTS) if each["action"] == "snapshot"] == [
        '{"enabled": "0"}'
    ]


def test_without_its_beginning_a_query_says_nothing(tmp_path: Path) -> None:
    """The files begin in the middle of an epoch: what was there before is not known."""
    found = collected(
        tmp_path,
        results=row("disks", 0, "added", 7, name="disk2", encrypted="1")
        + row("os", 0, "added", name="Debian", version="12"),
    )

    (device,) = found.of(ENDPOINTS)
    said = {each["query"]: (each["is_whole"], each["rows"]) for each in found.of(QUERIES)}
    assert device.get("is_encrypted") is None
    assert device["os"] == "Debian"
    assert said == {"disks": (False, None), "os": (True, 1)}


def test_a_new_epoch_or_a_new_beginning_forgets_what_was(tmp_path: Path) -> None:
    """The settings of the fleet changed, or the host's own database was lost."""
    begin = row("disks", 0, "added", name="old", encrypted="0")
    again = row("disks", 9, "added", name="new", encrypted="1")
    epoch = json.dumps(json.loads(again) | {"epoch": 2}).encode() + b"\n"

    for number, second in enumerate((again, epoch)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (device,) = collected(folder, results=begin + second).of(ENDPOINTS)
        assert device["is_encrypted"] is True


def test_files_in_any_order_packed_and_repeated_count_once(tmp_path: Path) -> None:
    older = row("disks", 0, "added", name="d", encrypted="0") + row(
        "disks", 1, "removed", 1, name="d", encrypted="0"
    )
    newer = older + row("disks", 1, "added", 1, name="d", encrypted="1")

    found = collected(tmp_path, a=newer, b=gzip.compress(older))

    assert [each["is_encrypted"] for each in found.of(ENDPOINTS)] == [True]
    assert len(found.of(RESULTS)) == 3


def test_a_damaged_last_line_leaves_the_others_and_is_said(tmp_path: Path) -> None:
    content = row("disks", 0, "added", name="d", encrypted="1") + b'{"name": "disks", "host'

    found = collected(tmp_path, results=content)

    assert found.outcome == "partial"
    assert "ends in the middle of a line" in found.collection.reason
    assert len(found.of(ENDPOINTS)) == 1
    assert not found.covers[ENDPOINTS].is_whole


REFUSED = {
    "a line in the middle": (b'{"name": \n' + row("os", 0, "added"), "is not JSON in line 1"),
    "another log": (b'{"severity": 1, "message": "osqueryd started"}\n', "names no query, host"),
    "no rows": (line("os", 0, action="added"), "neither a row, nor rows, nor a snapshot"),
    "half a gzip": (gzip.compress(row("os", 0, "added", name="x" * 99))[:40], "is cut off"),
    "no text": (b"\xff\xfe\x00{", "holds no whole line"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, case: str) -> None:
    content, why = REFUSED[case]

    found = collected(tmp_path, bad=content, good=row("os", 0, "added", name="Debian"))

    assert "file bad: " in found.collection.reason
    assert why in found.collection.reason
    assert not found.covers[ENDPOINTS].is_whole


def test_queries_that_nobody_explained_stay_as_they_are(tmp_path: Path) -> None:
    """Their rows are there; a device is one all the same, and nothing of it is guessed."""
    found = collected(
        tmp_path, ["other = mdm"], results=row("pack_disk_encryption", 0, "added", encrypted="1")
    )

    (device,) = found.of(ENDPOINTS)
    (result,) = found.of(RESULTS)
    assert device["device_uid"] == "mac1"
    assert "is_encrypted" not in device
    assert result["columns"] == '{"encrypted": "1"}'
    assert found.of(QUERIES)[0]["reads"] is None


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path) -> None:
    found = collected(
        tmp_path,
        ["disks = disk_encryption", "info = system_info", "av = windows_security_products"],
        results=row("disks", 0, "added", encrypted={"a": 1})
        + row("info", 0, "added", hostname=["x"], hardware_serial="a\x00\ud800b")
        + row("av", 0, "added", type=None, state=7)
        + line("info", 0, "h\u00e9", action="removed", counter="0", columns={"": None})
        + json.dumps(
            {"name": "os", "hostIdentifier": "far", "unixTime": "9" * 18, "snapshot": [3]}
        ).encode()
        + b"\n",
    )

    said = {each["hostname"]: each for each in found.of(ENDPOINTS)}
    assert said["['x']"]["device_uid"] == "a\ufffd\\ud800b"
    assert said["['x']"]["is_encrypted"] is None
    assert said["far"]["last_seen_at"] == "9999-12-31 23:59:59"


def test_what_queries_read_is_checked_when_it_is_said() -> None:
    content = {"folder": "/x", "queries": "a = disk_encryption\na = mdm"}
    flaws = [
        next(each.what for each in read_settings(CONNECTOR.settings, content | more)[1])
        for more in ({}, {"queries": "a = users"}, {"queries": "a is mdm"})
    ]

    assert flaws[0] == "a is there twice"
    assert flaws[1].startswith("users is none of the tables bitlocker_info, ")
    assert flaws[2] == "'a is mdm' is not `query = table`"
