"""Delivered files of CloudTrail in a folder: whole ones are read, others refused by name."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from cloudtrail import (
    ACCOUNT,
    OTHER,
    Record,
    console_login,
    digest,
    log_name,
    packed,
    record,
    whole,
)
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.aws import folder as files
from reperform.connectors.folder import BOUNDS
from reperform.connectors.settings import Access
from reperform.connectors.unpacked import Bounds

API = "population.api_activity"
SIGN_INS = "population.sign_ins"
GRANTS = "population.access_grants"


def collected(tmp_path: Path, contents: dict[str, bytes], bounds: Bounds = BOUNDS) -> Collected:
    place = tmp_path / "logs"
    place.mkdir(exist_ok=True)
    for name, content in contents.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return put(files.question(place, bounds), files.SOURCE, tmp_path)


def operations(found: Collected) -> list[str]:
    return [row["operation"] for row in found.of(API)]


FORMS = {
    "as CloudTrail delivers it": whole(record("A"), record("B")),
    "packed": packed(record("A"), record("B")),
    "packed in two members": gzip.compress(whole(record("A"), record("B"))[:90])
    + gzip.compress(whole(record("A"), record("B"))[90:]),
    "a bare array": json.dumps([record("A"), record("B")], indent=3).encode(),
    "a record on each line": b"\n".join(json.dumps(record(n)).encode() for n in "AB") + b"\n\n",
    "a page of LookupEvents": json.dumps(
        {"Events": [{"CloudTrailEvent": json.dumps(record(n))} for n in "AB"]}
    ).encode(),
    "other keys first": json.dumps({"x": 1, "Records": [record("A"), record("B")]}).encode(),
    "other keys after": whole(record("A"), record("B"))[:-1] + b', "x": []}',
    "UTF-8 with a mark": b"\xef\xbb\xbf" + whole(record("A"), record("B")),
    "UTF-16": whole(record("A"), record("B")).decode().encode("utf-16"),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_file_gives_the_same_rows(tmp_path: Path, form: str) -> None:
    """However tools packed, joined or encoded it."""
    found = collected(tmp_path, {"a.json": FORMS[form]})

    assert (found.outcome, operations(found)) == ("complete", ["A", "B"])


def test_a_row_says_where_its_record_begins_in_the_unpacked_file(tmp_path: Path) -> None:
    """In bytes, also after letters that take several."""
    content = json.dumps(
        {"Records": [record("A", userAgent="é\U0001f600"), record("B")]}, ensure_ascii=False
    ).encode()

    found = collected(tmp_path, {"a.json.gz": gzip.compress(content)})

    assert [content[row.at :].startswith(b'{"eventVersion"') for row in found.rows] == [True, True]
    assert found.rows[0].at < found.rows[1].at


BROKEN = {
    "cut off": (packed(record("A"))[:-12], "is cut off"),
    "its last bytes changed": (packed(record("A"))[:-8] + b"\0" * 8, "is damaged"),
    "JSON cut off": (whole(record("A"), record("B"))[:-40], "is not JSON to its end"),
    "cut off between records": (
        b'{"Records": [' + json.dumps(record("A")).encode() + b",",
        "not JSON",
    ),
    "something after it": (whole(record("A")) + b"x", "is not JSON to its end"),
    "empty": (b"", "is empty"),
    "not text": (b"\xff\xfe\xff", "is not text"),
    "another schema": (json.dumps({"Records": [{"id": 1}]}).encode(), "record without eventID"),
    "no records": (b'{"items": []}', "record without eventID"),
    "not even objects": (b"[1]", "no record of CloudTrail"),
    "nested without end": (b'{"a":' * 60_000, "is nested too deep"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_not_whole_is_refused_and_the_others_are_read(
    tmp_path: Path, case: str
) -> None:
    """Never short and clean: the collection is partial, and vouches for no day."""
    broken, why = BROKEN[case]

    found = collected(tmp_path, {"a.json.gz": broken, "b.json": whole(record("B"))})

    assert (found.outcome, operations(found)) == ("partial", ["B"])
    assert why in found.collection.reason
    assert "a.json.gz" in found.collection.reason
    assert not found.covers[API].is_whole


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (Bounds(most=3 << 20, times=2_000), "unpacks to more than 3,145,728 bytes"),
        (Bounds(most=1 << 40, times=200), "unpacks to more than 200 times its size"),
    ],
)
def test_a_bomb_is_not_unpacked_to_its_end(tmp_path: Path, bounds: Bounds, why: str) -> None:
    """It is refused by its size, and by how tight it is packed; the other file is read."""
    bomb = gzip.compress(b" " * (80 << 20), 9)

    found = collected(tmp_path, {"a.json.gz": bomb, "b.json": whole(record("B"))}, bounds)

    assert (found.outcome, operations(found)) == ("partial", ["B"])
    assert why in found.collection.reason


def test_several_accounts_duplicates_and_files_out_of_order(tmp_path: Path) -> None:
    """An event that is delivered twice is one event; each row says which account it is from."""
    late, early = record("Late", "2026-03-02T11:00:00Z"), record("Early", "2026-03-02T08:00:00Z")
    theirs = record("Theirs", recipientAccountId=OTHER)

    found = collected(
        tmp_path,
        {
            log_name("20260302T1105Z"): packed(late, early),
            log_name("20260302T1110Z"): packed(early, late),
            log_name("20260302T1105Z", OTHER): packed(theirs),
            log_name("20260302T1115Z"): packed(),
        },
    )

    assert found.outcome == "complete"
    said = [(row["system"], row["operation"], row["occurred_at"]) for row in found.of(API)]
    assert sorted(said) == [
        (f"aws {ACCOUNT}", "Early", "2026-03-02 08:00:00"),
        (f"aws {ACCOUNT}", "Late", "2026-03-02 11:00:00"),
        (f"aws {OTHER}", "Theirs", "2026-03-02 10:00:00"),
    ]


SIGNED_IN = [
    (console_login(), ("ana", False, True, True)),
    (console_login(mfa="No"), ("ana", False, True, False)),
    (
        console_login(userIdentity={"type": "Root", "accountId": ACCOUNT}),
        ("root", True, True, True),
    ),
    (
        console_login(
            mfa="No",
            userIdentity={
                "type": "AssumedRole",
                "principalId": "AROA1:ana@example.com",
                "sessionContext": {"sessionIssuer": {"userName": "Admin"}},
            },
        ),
        ("Admin/ana@example.com", False, True, None),
    ),
    (
        {**console_login(mfa="No"), "responseElements": {"ConsoleLogin": "Failure"}},
        ("ana", False, False, False),
    ),
    (
        {**console_login(), "responseElements": "?", "additionalEventData": [], "userIdentity": 3},
        (None, False, None, None),
    ),
]


@pytest.mark.parametrize(("event", "expected"), SIGNED_IN)
def test_a_sign_in_says_who_and_whether_with_a_second_factor(
    tmp_path: Path, event: Record, expected: tuple[object, ...]
) -> None:
    """A session from an identity provider gave it there, if at all: then nobody knows."""
    found = collected(tmp_path, {"a.json": whole(event)})

    (row,) = found.of(SIGN_INS)
    assert (row["account"], row["is_root"], row["is_success"], row["is_mfa"]) == expected


EVERYTHING = json.dumps({"Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": "*"}]})
GRANTED = [
    ("CreateUser", {"userName": "eve"}, ("created", "eve", "user", None)),
    (
        "AttachUserPolicy",
        {"userName": "eve", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        ("granted", "eve", "arn:aws:iam::aws:policy/AdministratorAccess", True),
    ),
    (
        "PutRolePolicy",
        {"roleName": "job", "policyName": "p", "policyDocument": EVERYTHING},
        ("granted", "job", "p", True),
    ),
    (
        "PutRolePolicy",
        {"roleName": "job", "policyName": "p", "policyDocument": "{"},
        ("granted", "job", "p", None),
    ),
    ("AddUserToGroup", {"userName": "eve", "groupName": "ops"}, ("granted", "eve", "ops", None)),
    ("DeleteLoginProfile", {"userName": "eve"}, ("revoked", "eve", "console password", None)),
]


@pytest.mark.parametrize(("operation", "asked", "expected"), GRANTED)
def test_a_change_of_access_says_what_for_whom_and_by_whom(
    tmp_path: Path, operation: str, asked: dict[str, str], expected: tuple[object, ...]
) -> None:
    """What a policy of one's own allows is not known from its name."""
    event = record(operation, eventSource="iam.amazonaws.com", requestParameters=asked)

    (row,) = collected(tmp_path, {"a.json": whole(event)}).of(GRANTS)

    said = (row["action"], row["account"], row["privilege"], row["is_privileged"])
    assert (said, row["by_account"], row["is_success"]) == (expected, "ana", True)


def test_what_was_denied_did_not_take_effect(tmp_path: Path) -> None:
    """And the reason is kept."""
    event = record(
        "CreateUser", eventSource="iam.amazonaws.com", errorCode="AccessDenied", errorMessage="no"
    )

    found = collected(tmp_path, {"a.json": whole(event)})

    assert [row["is_success"] for row in (*found.of(API), *found.of(GRANTS))] == [False, False]
    assert found.of(API)[0]["error"] == "AccessDenied: no"


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path) -> None:
    """Wrong types, lone surrogates, NUL, times that no calendar has."""
    event = record(
        "\ud800=cmd\x00|",
        "2026-13-45T99:00:00Z",
        userIdentity={"type": ["x"], "sessionContext": "y", "principalId": {"a": 1}},
        resources={"ARN": 1},
        requestParameters=[],
        userAgent="x" * 9_000,
        readOnly="yes",
        awsRegion=7,
        sourceIPAddress="",
        recipientAccountId=None,
    )

    (row,) = collected(tmp_path, {"a.json": whole(event)}).of(API)

    assert row["operation"] == "\\ud800=cmd\ufffd|"
    assert len(row["agent"]) == 500
    silent = ("occurred_at", "is_read_only", "region", "source_ip", "system", "account")
    assert {row[name] for name in silent} == {None}


def three_days() -> dict[str, bytes]:
    """Return logs of 2026-03-02 and their digests, from the day before to the day after."""
    log = {log_name("20260302T1005Z"): packed(record("A"))}
    digests = [
        digest("2026-03-01T12:00:00", 12, {}),
        digest("2026-03-02T00:00:00", 20, log),
        digest("2026-03-02T20:00:00", 8, {}),
    ]
    return {**log, **dict(digests)}


def test_digests_that_name_every_log_vouch_for_the_whole_days_between(tmp_path: Path) -> None:
    """Not for the day on which they begin or end in the middle."""
    found = collected(tmp_path, three_days())

    assert found.outcome == "complete"
    assert found.covers[API] == Cover(date(2026, 3, 2), date(2026, 3, 2))


def test_every_account_and_region_must_be_vouched_for(tmp_path: Path) -> None:
    """A region whose digests end earlier ends the cover."""
    short = digest("2026-03-01T12:00:00", 20, {}, region="us-east-1")

    found = collected(tmp_path, {**three_days(), **dict([short])})

    assert found.covers[API].missing == "the digest files cover no whole day, and an hour after it"


def lacking(change: str) -> dict[str, bytes]:
    contents = three_days()
    log = log_name("20260302T1005Z")
    if change == "gone":
        del contents[log]
    elif change == "changed":
        contents[log] = packed(record("B"))
    elif change == "added":
        contents[log_name("20260302T1105Z", n=7)] = packed(record("B"))
    elif change == "hole":
        del contents[digest("2026-03-02T00:00:00", 20, {})[0]]
        del contents[log]
    elif change == "no digests":
        contents = {log: contents[log]}
    else:
        contents[digest("2026-03-02T00:00:00", 20, {})[0]] = b"{}"
    return contents


LACKING = {
    "gone": "is named by a digest, and is not there",
    "changed": "is not what CloudTrail delivered: its SHA-256 differs",
    "added": "is named by no digest",
    "hole": "no digest of 111122223333 eu-central-1 from 2026-03-02 00:00 to 2026-03-02 20:00",
    "no digests": "nothing shows that no log file is missing",
    "a broken digest": "is no digest file of CloudTrail",
}


@pytest.mark.parametrize("change", LACKING)
def test_what_digests_and_logs_say_against_each_other_vouches_for_no_day(
    tmp_path: Path, change: str
) -> None:
    """What is there was seen; it is not whole, and the reason names the file or the hours."""
    cover = collected(tmp_path, lacking(change)).covers[API]

    assert not cover.is_whole
    assert LACKING[change] in cover.missing


def test_an_empty_folder_is_complete_and_vouches_for_nothing(tmp_path: Path) -> None:
    """Nothing there is not nothing happened."""
    found = collected(tmp_path, {"read.me": b"not a log"})

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers[API].last is None


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With its name."""
    found = put(files.question(tmp_path / "gone"), files.SOURCE, tmp_path)

    assert found.outcome == "refused"
    assert "gone was not read: No such file" in found.collection.reason


def test_links_and_names_that_are_no_text_are_refused_not_followed(tmp_path: Path) -> None:
    """A link could lead anywhere."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "link.json").symlink_to("/etc/hostname")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/logs/\xff.json")).write_bytes(whole(record("A")))

    found = collected(tmp_path, {"b.json": whole(record("B"))})

    assert (found.outcome, operations(found)) == ("partial", ["B"])
    assert "link.json: is not an ordinary file" in found.collection.reason
    assert "\\xff.json" in found.collection.reason


def test_the_check_says_how_many_files_there_are(tmp_path: Path) -> None:
    """Without reading them."""
    (tmp_path / "a.json").write_bytes(b"")

    checked = files.CONNECTOR.check(Access({"folder": str(tmp_path)}))

    assert checked.reached == f"{tmp_path}: 1 files"
