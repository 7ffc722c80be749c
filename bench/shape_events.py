"""How fast delivered events are kept, read and shaped, beside DuckDB reading the same files alone.

Usage: python bench/shape_events.py [EVENTS] [FILES]

Makes files as CloudTrail delivers them (gzip, `{"Records": [...]}`), and in one run says:
  kept      a file read, checked to its end and stored as a salted blob
  shaped    blobs to rows of three tables, each with its blob and offset, in Parquet
  DuckDB    the same files read by read_json into one table of the same columns, and nothing else
Each by the time of the processor, so that what else the machine does counts for nothing: all of it
is one thread.  Memory is the most that this process ever had.
"""

import gzip
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from reperform.connectors.answer import Question
from reperform.connectors.aws.folder import SOURCE, question
from reperform.evidence.blobs import Blob, BlobStore
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection
from reperform.evidence.shape import shape

EVENTS, FILES = 200_000, 40
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_CALLS = (
    ("iam.amazonaws.com", "CreateAccessKey", False),
    ("s3.amazonaws.com", "ListBuckets", True),
    ("ec2.amazonaws.com", "DescribeInstances", True),
    ("sts.amazonaws.com", "AssumeRole", True),
)


class NoJournal:
    """Records nothing: what is measured is the evidence, not the ledger."""

    def start(self, question: Question) -> int:  # noqa: ARG002 - the journal's form
        """Return the only number."""
        return 1

    def end(self, collection: Collection, record: Blob) -> None:
        """Do nothing."""


def main() -> None:
    """Measure, and print a line for each."""
    given = [int(each) for each in sys.argv[1:3]]
    events, files = (*given, EVENTS, FILES)[:2] if len(given) != 1 else (given[0], FILES)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        size = write(folder / "logs", events, files)
        print(f"{events:,} events in {files:,} files, {size / 1e6:,.0f} MB packed")
        store = BlobStore(folder / "blobs")
        began = time.process_time()
        collection, _ = collect(
            question(folder / "logs"),
            store=store,
            journal=NoJournal(),
            clock=lambda: datetime.now(UTC),
            asked_by="a bench",
        )
        kept = say("kept", events, began)
        (folder / "tables").mkdir()
        began = time.process_time()
        tables = shape({SOURCE.stream: SOURCE}, [collection], store=store, folder=folder / "tables")
        shaped = say("shaped", events, began)
        if tables["population.api_activity"].rows != events:
            raise SystemExit("not every event became a row")
        began = time.process_time()
        alone(folder)
        engine = say("DuckDB", events, began)
        print(
            f"shaped at {shaped / engine:.0%} of DuckDB's speed; kept and shaped together ", end=""
        )
        print(f"{1 / (1 / kept + 1 / shaped):,.0f} events/s")
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"most memory: {most / 1024:,.0f} MB")


def say(what: str, events: int, began: float) -> float:
    """Print and return events per second of the processor."""
    rate = events / (time.process_time() - began)
    print(f"{what:8} {rate:>10,.0f} events/s")
    return rate


def alone(folder: Path) -> None:
    """Read the files with DuckDB on one thread, as shaping does, into the same columns."""
    record = (
        "STRUCT(eventID VARCHAR, eventTime VARCHAR, eventSource VARCHAR, eventName VARCHAR, "
        "awsRegion VARCHAR, sourceIPAddress VARCHAR, userAgent VARCHAR, readOnly BOOLEAN, "
        "errorCode VARCHAR, userIdentity STRUCT(type VARCHAR, arn VARCHAR, userName VARCHAR))[]"
    )
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute(
            f"COPY (SELECT unnest(Records, recursive := true) FROM read_json('{folder}/logs/*.gz', "  # noqa: S608 - a folder of its own
            f"columns = {{Records: '{record}'}}, maximum_object_size = 268435456)) "
            f"TO '{folder}/alone.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )


def write(folder: Path, events: int, files: int) -> int:
    """Write delivered files, and return their size."""
    folder.mkdir()
    total = 0
    for number in range(files):
        first, last = events * number // files, events * (number + 1) // files
        records = [event(each) for each in range(first, last)]
        packed = gzip.compress(json.dumps({"Records": records}).encode(), 1)
        (folder / f"111122223333_CloudTrail_eu_{number:05}.json.gz").write_bytes(packed)
        total += len(packed)
    return total


def event(number: int) -> dict[str, object]:
    """Return one event, with what real ones carry beside what is shaped."""
    source, name, is_read = _CALLS[number % len(_CALLS)]
    user = f"user{number % 97}"
    arn = f"arn:aws:iam::111122223333:user/{user}"
    at = _BEGAN + timedelta(seconds=number)
    return {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": f"AIDA{number % 97:016}",
            "arn": arn,
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


if __name__ == "__main__":
    main()
