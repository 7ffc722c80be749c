"""Events of CloudTrail by its API and from a bucket: every page, every file, or a reason."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aws import REGION, Aws
from cloudtrail import digest, log_name, packed, record
from collected import Collected, put
from lookup import Lookup, error, served
from reperform.base.table import Cover
from reperform.connectors.aws import CONNECTOR
from reperform.connectors.contract import Asking
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket

API = "population.api_activity"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 1))


@pytest.fixture
def lookup() -> Iterator[Lookup]:
    with served() as found:
        yield found


def collected(tmp_path: Path, access: Access, stream: str, asking: Asking = MARCH) -> Collected:
    (question,) = [one for one in CONNECTOR.questions(access, asking) if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, asking.at)


def operations(found: Collected) -> list[str]:
    return sorted(row["operation"] for row in found.of(API))


def test_every_page_of_events_is_asked_for_and_kept(tmp_path: Path, lookup: Lookup) -> None:
    """Five events on three pages; days before and after are not asked for."""
    lookup.records = [record(name, f"2026-03-0{n}T23:59:59Z") for n, name in enumerate("ABCDE", 1)]
    lookup.records += [record("F", "2026-03-01T00:00:00Z"), record("G", "2026-02-28T23:59:59Z")]

    found = collected(tmp_path, lookup.access(), "aws/events")

    assert (found.outcome, operations(found)) == ("complete", ["A", "B", "C", "D", "F"])
    assert found.covers[API] == Cover(date(2026, 3, 1), date(2026, 3, 4))
    assert len(found.collection.answers) == 4


def test_no_event_is_an_answer(tmp_path: Path, lookup: Lookup) -> None:
    """An empty page vouches for the days: nothing was done."""
    found = collected(tmp_path, lookup.access(), "aws/events")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers[API].is_whole


BROKEN = {
    "an expired token": (error("ExpiredTokenException"), "refused", "ExpiredTokenException"),
    "a denied second page": (error("AccessDeniedException"), "partial", "AccessDeniedException"),
    "half a page": (
        (200, b'{"Events": [{"EventId": "x", "Clou'),
        "refused",
        "was cut off on page 2",
    ),
    "the same page for ever": ((200, b'{"Events": [], "NextToken": "2"}'), "refused", "token"),
    "another schema": (
        (200, b'{"Events": [{"CloudTrailEvent": "{\\"id\\": 1}"}]}'),
        "complete",
        "",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_pages_that_do_not_come_to_their_end_are_never_short_and_clean(
    tmp_path: Path, lookup: Lookup, case: str
) -> None:
    """The first page is good each time; what is missing is said, and no day is vouched for."""
    answered, outcome, why = BROKEN[case]
    lookup.records = [record(name, f"2026-03-0{n}T10:00:00Z") for n, name in enumerate("ABC", 1)]
    lookup.wrong = lambda page: answered if page else None

    found = collected(tmp_path, lookup.access(), "aws/events")

    assert found.outcome == outcome
    assert why in found.collection.reason
    assert not found.covers[API].is_whole or found.covers[API].last is None


def test_a_server_that_asks_for_patience_gets_it(tmp_path: Path, lookup: Lookup) -> None:
    """A page that is throttled is asked for again, and is there once."""
    lookup.records = [record(name, f"2026-03-0{n}T10:00:00Z") for n, name in enumerate("ABC", 1)]
    lookup.wrong = lambda page: error("ThrottlingException") if page == 1 else None

    found = collected(tmp_path, lookup.access(), "aws/events")

    assert (found.outcome, operations(found)) == ("complete", ["A", "B", "C"])


def test_days_are_asked_for_a_week_at_a_time_from_where_the_last_week_ended() -> None:
    """Without a hole and without an overlap; a day that is not over waits."""
    access = Access({"account": "123456789012", "regions": [REGION]})
    asking = Asking(
        NOON,
        since=date(2026, 2, 1),
        cursors={("aws/events", f"123456789012 {REGION}"): "2026-02-20"},
    )

    said = [
        (one.parameters["first"], one.parameters["last"])
        for one in CONNECTOR.questions(access, asking)
        if one.stream == "aws/events"
    ]

    assert said == [("2026-02-21", "2026-02-27"), ("2026-02-28", "2026-03-04")]
    cursor = CONNECTOR.stream("aws/events").cursor
    assert cursor is not None
    assert cursor({"first": "2026-02-28", "last": "2026-03-04"}, []) == "2026-03-04"


def test_the_api_is_not_asked_for_what_it_no_longer_has() -> None:
    """It keeps ninety days; the days before show as not covered."""
    access = Access({"account": "123456789012", "regions": [REGION]})

    first = next(
        one
        for one in CONNECTOR.questions(access, Asking(NOON, since=date(2025, 1, 1)))
        if one.stream == "aws/events"
    )

    assert first.parameters["first"] == "2025-12-05"


def filled(aws: Aws, contents: dict[str, bytes], prefix: str = "") -> Access:
    s3 = aws.client("s3", "us-east-1")
    s3.create_bucket(Bucket="trail-bucket")
    for name, content in contents.items():
        s3.put_object(Bucket="trail-bucket", Key=prefix + name, Body=content)
    return aws.access(log_bucket="trail-bucket", log_prefix=prefix)


def delivered() -> dict[str, bytes]:
    logs = {
        log_name("20260302T1005Z"): packed(record("A")),
        log_name("20260303T0001Z"): packed(record("B", "2026-03-02T23:58:00Z")),
    }
    digests = [
        digest("2026-02-28T23:30:00", 20, {}),
        digest("2026-03-01T19:30:00", 28, dict(list(logs.items())[:1])),
        digest("2026-03-02T23:30:00", 26, dict(list(logs.items())[1:])),
    ]
    return {**logs, **dict(digests)}


def test_delivered_files_of_a_bucket_are_listed_and_read_day_by_day(
    tmp_path: Path, aws: Aws
) -> None:
    """Of every account and region that is in it, below a prefix, in an organization or not."""
    theirs = {
        "AWSLogs/o-abc123/444455556666/CloudTrail/us-east-1/2026/03/02/x.json": packed(record("C"))
    }

    found = collected(tmp_path, filled(aws, {**delivered(), **theirs}, "deep/"), "aws/delivered")

    assert (found.outcome, operations(found)) == ("complete", ["A", "B", "C"])
    asked = [answer.asked for answer in found.collection.answers]
    assert f"s3://trail-bucket/deep/{log_name('20260302T1005Z')}" in asked


def test_digests_of_a_bucket_vouch_for_its_days(tmp_path: Path, aws: Aws) -> None:
    """The digest of an hour lies in the folder of the day on which the hour ends."""
    found = collected(tmp_path, filled(aws, delivered()), "aws/delivered")

    assert found.covers[API] == Cover(date(2026, 3, 1), date(2026, 3, 3))


def test_a_collection_that_goes_on_vouches_for_the_day_before_too(tmp_path: Path, aws: Aws) -> None:
    """Its events came in files of that day, which are kept, and of the next, which are here."""
    access = filled(aws, delivered())
    asking = Asking(NOON, cursors={("aws/delivered", "s3://trail-bucket/"): "2026-03-01"})

    found = collected(tmp_path, access, "aws/delivered", asking)

    assert operations(found) == ["A", "B"]
    assert found.covers[API].first == date(2026, 3, 1)


def test_a_truncated_file_in_a_bucket_is_refused_by_name(tmp_path: Path, aws: Aws) -> None:
    """The others are read."""
    contents = delivered()
    name = log_name("20260302T1005Z")
    contents[name] = contents[name][:-9]

    found = collected(tmp_path, filled(aws, contents), "aws/delivered")

    assert (found.outcome, operations(found)) == ("partial", ["B"])
    assert f"{name}: is cut off" in found.collection.reason
    assert not found.covers[API].is_whole


def test_a_bucket_that_is_not_there_is_refused(tmp_path: Path, aws: Aws) -> None:
    """Nothing is made of it."""
    found = collected(tmp_path, aws.access(log_bucket="no-such-bucket"), "aws/delivered")

    assert found.outcome == "refused"
    assert "NoSuchBucket" in found.collection.reason
