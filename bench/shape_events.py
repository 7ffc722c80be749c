"""How fast files of events are kept and shaped, beside DuckDB reading the same files alone.

    python bench/shape_events.py [--events 100000] [--times 1 3 10] [--forms arrays lines eve]

Makes files from a fixed rule, and says for each form and size, each step in a process of its own:
  kept      the files read, checked to their end and stored as salted blobs
  shaped    blobs to rows of the declared tables, each with its blob and offset, in Parquet
  DuckDB    the same files read by read_json into one table of about these columns, nothing else
by the time of the processor, by the clock, and with the most memory that the process ever had.
All of it is one thread.  Forms: `arrays` as CloudTrail delivers them (gzip, 5,000 events a file),
`lines` one file of a record on each line, `eve` one file of Suricata's events.
"""

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import duckdb
import msgspec

from reperform.connectors import suricata
from reperform.connectors.answer import Question, Source
from reperform.connectors.aws.folder import SOURCE, question
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access
from reperform.evidence.blobs import Blob, BlobStore
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection
from reperform.evidence.shape import shape

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_A_FILE = 5_000
_CALLS = (
    ("iam.amazonaws.com", "CreateAccessKey", False),
    ("s3.amazonaws.com", "ListBuckets", True),
    ("ec2.amazonaws.com", "DescribeInstances", True),
    ("sts.amazonaws.com", "AssumeRole", True),
)
_RECORD = (
    "eventID VARCHAR, eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, "
    "awsRegion VARCHAR, sourceIPAddress VARCHAR, userAgent VARCHAR, readOnly BOOLEAN, "
    "errorCode VARCHAR, userIdentity STRUCT(type VARCHAR, arn VARCHAR, userName VARCHAR)"
)
_EVE = (
    "timestamp VARCHAR, event_type VARCHAR, host VARCHAR, src_ip VARCHAR, src_port BIGINT, "
    "dest_ip VARCHAR, dest_port BIGINT, proto VARCHAR, flow_id BIGINT, "
    "alert STRUCT(signature_id BIGINT, signature VARCHAR, category VARCHAR, severity BIGINT)"
)
_encode = msgspec.json.Encoder().encode


class NoJournal:
    """Records nothing: what is measured is the evidence, not the ledger."""

    def start(self, question: Question) -> int:  # noqa: ARG002 - the journal's form
        """Return the only number."""
        return 1

    def end(self, collection: Collection, record: Blob) -> None:
        """Do nothing."""


def main() -> None:
    """Measure each form at each size, and print a line for each step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 3, 10])
    parser.add_argument("--forms", nargs="+", choices=[*_FORMS], default=[*_FORMS])
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        step, form, folder = given.step
        _STEPS[step](form, Path(folder))
        return
    load = os.getloadavg()[0]
    print(f"duckdb {duckdb.__version__}, {os.cpu_count()} cores, load {load:.1f}, one thread each")
    print("form    events       MB     step     events/CPU s  events/s   peak MB")
    for form in given.forms:
        for times in given.times:
            measure(form, given.events * times)


def measure(form: str, events: int) -> None:
    """Make files of one form, and print how each step does with them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "logs").mkdir()
        _FORMS[form](folder / "logs", events)
        size = sum(each.stat().st_size for each in (folder / "logs").iterdir()) / 1e6
        for step in _STEPS:
            command = [sys.executable, __file__, "--step", step, form, str(folder)]
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{form:7} {events:>10,} {size:>6,.0f} {step:>8} {events / used:>14,.0f} "
                f"{events / took:>10,.0f} {int(done.stdout):>8,}",
                flush=True,
            )


def _told() -> None:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _asked(form: str, folder: Path) -> tuple[Question, Source]:
    if form != "eve":
        return question(folder / "logs"), SOURCE
    access = Access({"folder": str(folder / "logs")})
    (asked,) = suricata.CONNECTOR.questions(access, Asking(_BEGAN))
    return asked, suricata.SOURCE


def keep(form: str, folder: Path) -> None:
    """Ask, check and store."""
    asked, _ = _asked(form, folder)
    collection, _ = collect(
        asked,
        store=BlobStore(folder / "blobs"),
        journal=NoJournal(),
        clock=lambda: datetime.now(UTC),
        asked_by="a bench",
    )
    if collection.reason:
        raise SystemExit(collection.reason)
    (folder / "record").write_text(json.dumps(collection.as_record()))
    _told()


def shaped(form: str, folder: Path) -> None:
    """Shape what was kept."""
    (folder / "tables").mkdir()
    collection = Collection.from_record(json.loads((folder / "record").read_text()))
    _, source = _asked(form, folder)
    store = BlobStore(folder / "blobs")
    tables = shape({source.stream: source}, [collection], store=store, folder=folder / "tables")
    if not tables[source.tables[0].name].rows:
        raise SystemExit("no event became a row")
    _told()


def alone(form: str, folder: Path) -> None:
    """Read the files with DuckDB on one thread, as shaping does."""
    columns = _EVE if form == "eve" else _RECORD
    named = ", ".join(_named(columns))
    if form == "arrays":
        rows = (
            f"SELECT unnest(Records, recursive := true) FROM read_json('{folder}/logs/*', "  # noqa: S608 - a folder of its own
            f"columns = {{Records: 'STRUCT({columns})[]'}}, maximum_object_size = 33554432)"
        )
    else:
        rows = (
            f"SELECT * FROM read_json('{folder}/logs/*', format = 'newline_delimited', "  # noqa: S608 - as above
            f"columns = {{{named}}})"
        )
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute(
            f"COPY ({rows}) TO '{folder}/alone.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    _told()


def _named(columns: str) -> Iterator[str]:
    """Yield columns as read_json wants them."""
    depth, begun = 0, 0
    for at, letter in enumerate(f"{columns},"):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            name, _, kind = columns[begun:at].strip().partition(" ")
            yield f"{name}: '{kind}'"
            begun = at + 1


def arrays(folder: Path, events: int) -> None:
    """Write files as CloudTrail delivers them."""
    records = map(event, range(events))
    number = 0
    while part := [*islice(records, _A_FILE)]:
        packed = gzip.compress(_encode({"Records": part}), 1)
        (folder / f"111122223333_CloudTrail_eu_{number:05}.json.gz").write_bytes(packed)
        number += 1


def lines(folder: Path, events: int) -> None:
    """Write one file of a record on each line."""
    with (folder / "records.jsonl").open("wb") as file:
        file.writelines(_encode(event(number)) + b"\n" for number in range(events))


def eve(folder: Path, events: int) -> None:
    """Write one file of alerts, flows, and a statistic in a hundred."""
    with (folder / "eve.json").open("wb") as file:
        file.writelines(_encode(seen(number)) + b"\n" for number in range(events))


def event(number: int) -> dict[str, object]:
    """Return one record of CloudTrail, with what real ones carry beside what is shaped."""
    source, name, is_read = _CALLS[number % len(_CALLS)]
    user = f"user{number % 97}"
    at = _BEGAN + timedelta(seconds=number)
    return {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": f"AIDA{number % 97:016}",
            "arn": f"arn:aws:iam::111122223333:user/{user}",
            "accountId": "111122223333",
            "userName": user,
        },
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": f"198.51.100.{number % 250}",
        "userAgent": "aws-cli/2.15.0 Python/3.11",
        "requestParameters": {"userName": user, "maxResults": 100},
        "responseElements": None,
        "requestID": f"{number:032x}",
        "eventID": f"{number:08x}-0000-4000-8000-{number:012x}",
        "readOnly": is_read,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
    }


def seen(number: int) -> dict[str, object]:
    """Return one event of Suricata: of four an alert, of a hundred a statistic, else a flow."""
    at = f"{_BEGAN + timedelta(seconds=number / 100):%Y-%m-%dT%H:%M:%S.%f}+0000"
    ends = {"src_ip": f"198.51.100.{number % 250}", "src_port": number % 60_000}
    told = {**ends, "dest_ip": "10.0.0.5", "dest_port": 443, "proto": "TCP", "flow_id": number}
    if number % 100 == 0:
        counted = {"kernel_packets": number * 10, "kernel_drops": 0}
        stats = {"uptime": number // 100, "capture": counted}
        return {"timestamp": at, "event_type": "stats", "stats": stats}
    if number % 4:
        flow = {"pkts_toserver": 9, "pkts_toclient": 7, "bytes_toserver": number, "state": "closed"}
        return {"timestamp": at, "event_type": "flow", **told, "app_proto": "tls", "flow": flow}
    rule = {"signature_id": 2_000_000 + number % 500, "signature": "ET SCAN Potential scan"}
    alert = {"action": "allowed", "gid": 1, **rule, "category": "Attempted leak", "severity": 2}
    return {"timestamp": at, "event_type": "alert", **told, "alert": alert}


_FORMS: dict[str, Callable[[Path, int], None]] = {"arrays": arrays, "lines": lines, "eve": eve}
_STEPS: dict[str, Callable[[str, Path], None]] = {"kept": keep, "shaped": shaped, "DuckDB": alone}

if __name__ == "__main__":
    main()
