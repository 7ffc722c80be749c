"""Lists of accounts, whose they are, why they are marked, and what a later list shows."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reperform.base.months import add_months
from reperform.program.access_reviews import Decided, Decision, Flag, lacking, read_review
from reperform.program.access_reviews.accounts import (
    AccountLine,
    Known,
    carried_out,
    flags_of,
    matches,
)
from reperform.program.access_reviews.cycle import cycle_of
from reperform.program.access_reviews.evidence import read_origin
from reperform.program.access_reviews.lists import ListRefusedError, read_list

DAY = date(2026, 6, 30)
SHARED = Path(__file__).parents[3] / "shared/data/identity"
ADA = Known(1, "Ada Reyes", "ada@larkspur.example", date(2025, 1, 1), None)
LIAM = Known(2, "Liam Brook", "liam@larkspur.example", date(2025, 1, 1), date(2026, 1, 16))

REPORT = (
    "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,"
    "access_key_1_active,access_key_1_last_used_date,access_key_2_active,"
    "access_key_2_last_used_date\n"
    "<root_account>,arn:aws:iam::1:root,2016-05-16T18:13:11+00:00,not_supported,"
    "2026-01-06T15:47:11+00:00,true,false,N/A,false,N/A\n"
    "ada,arn:aws:iam::1:user/ada,2016-08-30T17:37:35+00:00,true,2026-06-16T14:10:34+00:00,false,"
    "true,2026-06-20T20:27:00+00:00,false,N/A\n"
    "old,arn:aws:iam::1:user/old,2016-08-30T17:37:35+00:00,false,N/A,false,false,N/A,false,N/A\n"
    "new,arn:aws:iam::1:user/new,2016-08-30T17:37:35+00:00,true,no_information,false,false,N/A,"
    "false,N/A\n"
)


def test_a_credential_report_of_aws_is_recognized_and_says_nothing_of_rights() -> None:
    read = read_list(REPORT.encode(), name="report.csv")
    root, ada, old, new = read.accounts

    assert read.form == "aws"
    assert (root.privileged, root.name, root.last_used) == (True, "root user", date(2026, 1, 6))
    assert (ada.privileged, ada.enabled, ada.last_used) == (None, True, date(2026, 6, 20))
    assert ada.access == "console, access key 1, without MFA"
    assert (old.enabled, old.never_used, old.access) == (False, False, "no way in")
    assert (new.enabled, new.never_used, new.last_used) == (True, True, None)


LDIF = """version: 1
# people
dn: uid=ada,ou=people,dc=larkspur,dc=example
objectClass: inetOrgPerson
uid: ada
cn:: QWRhIFJleWVz
mail: Ada@Larkspur.example
description: a line that is folded
  and goes on

dn: uid=bo,ou=people,dc=larkspur,dc=example
objectClass: person
uid: bo
cn: Bo
nsAccountLock: TRUE

dn: cn=admins,ou=groups,dc=larkspur,dc=example
objectClass: groupOfNames
cn: admins
member: uid=ada, ou=people, dc=larkspur, dc=example
"""


def test_people_of_a_directory_are_read_with_the_groups_that_name_them() -> None:
    read = read_list(LDIF.encode(), name="people.ldif", privileged_words="admins")

    ada, bo = read.accounts
    assert (read.form, ada.key, ada.name, ada.email) == (
        "ldif",
        "ada",
        "Ada Reyes",
        "ada@larkspur.example",
    )
    assert (ada.access, ada.privileged, ada.enabled) == ("admins", True, None)
    assert (bo.enabled, bo.privileged) == (False, None), "no group says nothing"


SCIM = (
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":%d,'
    '"Resources":[{"userName":"ada","active":true,"name":{"givenName":"Ada","familyName":"Reyes"},'
    '"emails":[{"value":"home@x.example"},{"value":"Ada@larkspur.example","primary":true}],'
    '"groups":[{"display":"Owners"}]}]}'
)


def test_users_of_scim_are_read_and_a_page_of_them_is_refused() -> None:
    """A page would show everybody on the others as gone."""
    (ada,) = read_list((SCIM % 1).encode(), name="users.json").accounts
    assert (ada.key, ada.name, ada.email, ada.access, ada.enabled) == (
        "ada",
        "Ada Reyes",
        "ada@larkspur.example",
        "Owners",
        True,
    )

    with pytest.raises(ListRefusedError, match="one page: 1 of 245 users"):
        read_list((SCIM % 245).encode(), name="users.json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 50_000,
        b"[1, 2",
        b"dn: cn=x\nchangetype: delete\n",
        b"version: 1\nno colon here\n",
        b"dn: cn=x\ncn:: not base64!\n",
        b"user,role\n",
        b"\x00\x01\x02",
        b"PK\x03\x04broken",
    ],
)
def test_what_is_no_whole_list_is_refused(content: bytes) -> None:
    from reperform.base.refusal import RefusalError  # noqa: PLC0415 - here only

    with pytest.raises(RefusalError):
        read_list(content, name="list")


def test_a_table_is_read_by_its_header_or_as_somebody_chose() -> None:
    content = b"Login,Full name,Mail,Org role,Status,Last login\nada,Ada,A@x,Owner,active,never\n"

    (guessed,) = read_list(content, name="t.csv").accounts
    (chosen,) = read_list(content, name="t.csv", mapping={"key": 2}).accounts

    assert guessed == AccountLine(
        1, "ada", "Ada", "a@x", "Owner", None, enabled=True, never_used=True
    )
    assert chosen == AccountLine(1, "A@x")


def test_a_row_that_cannot_be_read_is_named_and_not_guessed() -> None:
    content = b"user,enabled,last login\nada,perhaps,31.1.2026\n,yes,\n"

    problems = [str(each) for each in read_list(content, name="t.csv").problems]

    assert [each.split(" [")[0] for each in problems] == [
        (
            "t.csv: row 2: Enabled (yes or no): is perhaps, which is neither yes nor no:"
            " choose another column, or none"
        ),
        "t.csv: row 2: Last used: is 31.1.2026, no day: write 2026-12-31",
        "t.csv: row 3: Account (what tells accounts apart): is empty: correct the list",
    ]


def test_accounts_are_matched_only_where_it_is_certain() -> None:
    accounts = [
        AccountLine(1, "ada", email="ada@larkspur.example"),
        AccountLine(2, "LIAM@larkspur.example"),
        AccountLine(3, "x", name="ada  REYES"),
        AccountLine(4, "y", name="Ada Reyes", email="somebody@else.example"),
        AccountLine(5, "ada.reyes"),
    ]

    found = matches(accounts, [ADA, LIAM], day=DAY)

    assert {row: (match.person, match.by) for row, match in found.items()} == {
        1: (1, "email"),
        2: (2, "email"),
        3: (1, "name"),
    }


def test_a_name_that_two_people_have_matches_nobody() -> None:
    same = Known(3, "Ada Reyes", "other@larkspur.example", date(2020, 1, 1), date(2021, 1, 1))

    assert not matches([AccountLine(1, "x", name="Ada Reyes")], [ADA, same], day=DAY)


@pytest.mark.parametrize(
    ("account", "left_on", "expected"),
    [
        (AccountLine(1, "a"), None, ()),
        (AccountLine(1, "a", privileged=True), None, (Flag.PRIVILEGED,)),
        (AccountLine(1, "a", last_used=date(2026, 4, 1)), None, ()),
        (AccountLine(1, "a", last_used=date(2026, 3, 31)), None, (Flag.UNUSED,)),
        (AccountLine(1, "a", never_used=True), None, (Flag.UNUSED,)),
        (AccountLine(1, "a"), date(2026, 6, 29), (Flag.LEFT,)),
        (AccountLine(1, "a"), DAY, ()),
        (AccountLine(1, "a", enabled=False, never_used=True), date(2026, 6, 29), ()),
    ],
)
def test_marks_say_why_an_account_needs_a_look(
    account: AccountLine, left_on: date | None, expected: tuple[Flag, ...]
) -> None:
    assert (
        flags_of(account, is_matched=True, left_on=left_on, taken_on=DAY, unused_days=90)
        == expected
    )
    assert Flag.NOBODY in flags_of(
        account, is_matched=False, left_on=None, taken_on=DAY, unused_days=90
    )


BEFORE = AccountLine(1, "a", access="admin", enabled=True)


@pytest.mark.parametrize(
    ("decision", "now", "whole", "alike", "expected"),
    [
        ("remove", [], True, True, "gone"),
        ("remove", [], None, True, ""),
        ("remove", [], False, True, ""),
        ("remove", [], True, False, ""),
        ("remove", [BEFORE], True, True, "still"),
        ("remove", [AccountLine(1, "a", enabled=False)], True, True, "disabled"),
        ("remove", [AccountLine(1, "a", enabled=None)], True, True, "still"),
        ("change", [AccountLine(1, "a", access="reader", enabled=True)], None, True, "changed"),
        ("change", [BEFORE], True, True, "still"),
        ("change", [], True, True, "gone"),
    ],
)
def test_only_a_whole_list_shows_that_an_account_is_gone(
    decision: str, now: list[AccountLine], *, whole: bool | None, alike: bool, expected: str
) -> None:
    assert carried_out(decision, BEFORE, now, is_whole=whole, is_alike=alike) == expected


@pytest.mark.parametrize(
    ("decided", "flags", "what"),
    [
        (Decided(1, Decision.KEEP), (), ""),
        (Decided(1, Decision.KEEP), (Flag.LEFT,), "is kept though it is of somebody who left"),
        (Decided(1, Decision.KEEP, reason="known"), (Flag.LEFT,), ""),
        (Decided(1, Decision.CHANGE), (), "a change says not to what"),
        (Decided(1, Decision.NOT_MINE), (), "is left to somebody else"),
        (Decided(1, Decision.NONE), (), "nothing is decided"),
        (Decided(1, Decision.REMOVE), (Flag.PRIVILEGED,), ""),
    ],
)
def test_a_decision_says_what_it_must(decided: Decided, flags: tuple[Flag, ...], what: str) -> None:
    lacks = lacking(decided, flags)

    assert (lacks.what if lacks else "") == what


@pytest.mark.parametrize(
    "systems", [None, [], "x", [1], [{"asset": 1}], [{"asset": 1, "reviewer": 2}] * 2]
)
def test_a_review_names_each_system_once_with_its_reviewer(systems: object) -> None:
    said = {"title": "x", "owner": 1, "due_on": "2026-08-01", "systems": systems}

    assert {each.where for each in read_review(said)[1]} == {"systems"}


def test_a_list_says_where_it_comes_from_and_was_not_taken_later_than_now() -> None:
    now = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
    said = {"source": "Okta", "query": "all users", "taken_by": "Ada"}

    good, none = read_origin(said | {"taken_at": "2026-06-30 11:00"}, now=now)
    _, later = read_origin(said | {"taken_at": "2026-06-30 13:00"}, now=now)
    _, empty = read_origin({}, now=now)

    assert not none
    assert (good.taken_at.hour, good.is_whole) == (11, None)
    assert {each.where for each in later} == {"taken_at"}
    assert {each.where for each in empty} == {"source", "query", "taken_at", "taken_by"}


def test_a_system_is_due_some_months_after_its_last_review_or_its_first_day() -> None:
    def due(months: int | None, since: date | None, reviewed: date | None) -> date | None:
        return cycle_of(1, "x", months, since=since, reviewed_on=reviewed, today=DAY).due_on

    assert due(3, date(2026, 1, 31), None) == date(2026, 4, 30)
    assert due(3, date(2025, 1, 1), date(2026, 5, 1)) == date(2026, 8, 1)
    assert due(3, None, None) == DAY
    assert due(None, date(2026, 1, 1), None) is None
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data of others is not there")
def test_lists_that_others_wrote_are_read() -> None:
    report = next((SHARED / "aws-credential-report").glob("*.csv")).read_bytes()
    people = "\n\n".join(
        each.read_text() for each in sorted((SHARED / "planet-express-ldif").glob("*.ldif"))
    )

    aws = read_list(report, name="report.csv")
    ldif = read_list(people.encode(), name="people.ldif", privileged_words="admin_staff")
    full = (SHARED / "scim-rfc" / "rfc7643-8.2-user-full.json").read_bytes()

    assert (aws.form, len(aws.accounts)) == ("aws", 21)
    assert sum(each.access.endswith("without MFA") for each in aws.accounts) == 9
    assert {each.name for each in ldif.accounts if each.privileged} == {
        "Hubert J. Farnsworth",
        "Hermes Conrad",
    }
    assert read_list(full, name="user.json").accounts[0].email == "bjensen@example.com"
