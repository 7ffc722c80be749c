"""A real directory: OpenLDAP, with entries as OpenLDAP and as Active Directory have them."""

import base64
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from collected import Collected, put
from reperform.connectors.answer import Answer, Question
from reperform.connectors.contract import Asking, checked
from reperform.connectors.ldap import CONNECTOR, SOURCE
from reperform.connectors.settings import read_settings
from slapd import BASE, COLLECTOR, SECRET, Directory, directory, is_here

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not is_here() and os.environ.get("CI") != "true", reason="OpenLDAP is not installed"
    ),
]

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SID = base64.b64encode(bytes.fromhex("010500000000000515000000010000000200000003000000f4010000"))
TREE = f"""
dn: uid=ana,{BASE}
objectClass: inetOrgPerson
cn: Ana \u00c9lan
sn: \u00c9lan
uid: ana
mail: Ana@Example.org
employeeType: employee
title: Engineer
manager: uid=bob,{BASE}
userPassword: hash of ana

dn: uid=bob,{BASE}
objectClass: inetOrgPerson
cn: Bob
sn: B
uid: bob
pwdAccountLockedTime: 000001010000Z

dn: uid=job,{BASE}
objectClass: account
objectClass: posixAccount
objectClass: shadowAccount
cn: job
uid: job
uidNumber: 1001
gidNumber: 1001
homeDirectory: /nowhere
loginShell: /usr/sbin/nologin
shadowExpire: 20000

dn: cn=Carl,{BASE}
objectClass: inetOrgPerson
objectClass: user
cn: Carl
sn: C
sAMAccountName: carl
userAccountControl: 512
lastLogonTimestamp: 134168400000000000
pwdLastSet: 134100000000000000
accountExpires: 9223372036854775807
objectSid:: {SID.decode()}

dn: cn=Dora,{BASE}
objectClass: inetOrgPerson
objectClass: user
cn: Dora
sn: D
sAMAccountName: dora
userAccountControl: 514
accountExpires: 0

dn: cn=team,{BASE}
objectClass: groupOfNames
cn: team
member: uid=ana,{BASE}

dn: cn=admins,{BASE}
objectClass: groupOfNames
cn: admins
member: cn=team,{BASE}
member: CN=Carl, {BASE}

dn: cn=shell,{BASE}
objectClass: posixGroup
cn: shell
gidNumber: 1001
memberUid: job

dn: cn=policy,{BASE}
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdMinLength: 14
pwdMaxAge: 7776000
pwdInHistory: 5
pwdLockout: TRUE
pwdMaxFailure: 10

dn: dc=corp,{BASE}
objectClass: dcObject
objectClass: organization
objectClass: domainDNS
o: Corp
dc: corp
minPwdLength: 8
maxPwdAge: -36288000000000
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Directory]:
    with directory(TREE) as found:
        yield found


def collected(tmp_path: Path, found: Directory, **more: object) -> Collected:
    (question,) = CONNECTOR.questions(found.access(**more), Asking(NOW))  # type: ignore[arg-type]
    return put(question, SOURCE, tmp_path, NOW)


def test_accounts_say_whether_they_are_on_and_what_makes_them_powerful(
    tmp_path: Path, served: Directory
) -> None:
    """Locked, disabled, expired; in a privileged group itself or through another."""
    found = collected(tmp_path, served)

    said = {
        row["account"]: (row["is_enabled"], row["is_privileged"], row["privileges"])
        for row in found.of("population.accounts")
    }
    assert found.outcome == "complete"
    assert said == {
        "ana": (True, True, "admins"),
        "bob": (False, False, None),
        "job": (False, False, None),
        "carl": (True, True, "admins"),
        "dora": (False, False, None),
    }


def test_times_of_both_kinds_of_directory_are_read(tmp_path: Path, served: Directory) -> None:
    """Steps since 1601, days since 1970, generalized times; what never ends has no end."""
    rows = {row["account"]: row for row in collected(tmp_path, served).of("population.accounts")}

    assert rows["carl"]["last_used_at"] == "2026-03-01 12:00:00"
    assert rows["carl"]["password_changed_at"] == "2025-12-12 08:00:00"
    assert rows["carl"]["expires_at"] is None
    assert rows["job"]["expires_at"] == "2024-10-04 00:00:00"
    assert (rows["job"]["can_sign_in"], rows["ana"]["last_used_known"]) == (False, False)


def test_people_have_name_mail_and_manager(tmp_path: Path, served: Directory) -> None:
    """Letters of every language; the address in lower case."""
    rows = {row["name"]: row for row in collected(tmp_path, served).of("population.people")}

    ana = rows["Ana \u00c9lan"]
    assert (ana["email"], ana["employment"], ana["title"]) == (
        "ana@example.org",
        "employee",
        "Engineer",
    )
    assert ana["manager_uid"] == f"uid=bob,{BASE}"


def test_memberships_are_of_accounts_and_of_groups(tmp_path: Path, served: Directory) -> None:
    """By name or by login."""
    found = collected(tmp_path, served)

    said = {
        (row["group_name"], row["member"], row["member_kind"], row["is_privileged"])
        for row in found.of("population.groups")
    }
    assert said == {
        ("team", "ana", "account", False),
        ("admins", "team", "group", True),
        ("admins", "Carl", "account", True),
        ("shell", "job", "account", False),
    }


def test_policies_of_passwords_are_read_in_days(tmp_path: Path, served: Directory) -> None:
    """Of OpenLDAP in seconds, of Active Directory in steps below zero."""
    found = collected(tmp_path, served)

    said = {
        row["policy"]: (row["minimum_length"], row["longest_days"], row["locks_after"])
        for row in found.of("ldap.password_policy")
    }
    assert said == {f"cn=policy,{BASE}": (14, 90, 10), f"dc=corp,{BASE}": (8, 42, None)}


def test_no_password_is_kept(tmp_path: Path, served: Directory) -> None:
    """Neither those of the directory, which are not asked for, nor ours."""
    collected(tmp_path, served)

    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"ana" in kept
    for secret in (b"hash of ana", base64.b64encode(b"hash of ana"), SECRET.encode()):
        assert secret not in kept


def test_every_page_of_a_large_directory_is_there(tmp_path: Path) -> None:
    """1,203 people are three pages."""
    people = "\n\n".join(
        f"dn: uid=u{n},{BASE}\nobjectClass: inetOrgPerson\ncn: U {n}\nsn: U\nuid: u{n}"
        for n in range(1_203)
    )
    with directory(people) as found:
        rows = collected(tmp_path, found).of("population.accounts")

    assert len({row["account"] for row in rows}) == 1_203


def test_a_directory_that_gives_only_so_many_is_refused(tmp_path: Path) -> None:
    """Its first entries would pass for all of them."""
    with directory(TREE, limit="size.prtotal=2 size.soft=2 size.hard=2") as found:
        said = collected(tmp_path, found)

    assert said.outcome == "partial"
    assert "people: " in said.collection.reason
    assert said.of("population.accounts") == []
    assert said.covers["population.accounts"].last is None


REFUSED = {
    "a wrong password": ({"secret": "no"}, "Invalid credentials"),
    "nobody there": ({"address": "ldap://127.0.0.1:1"}, "Can't contact"),
    "in clear over a network": ({"address": "ldap://192.0.2.1"}, "TLS would be off"),
    "ldaps that is none": ({"tls": "ldaps"}, "TLS would be off"),
    "StartTLS that it does not have": ({"tls": "starttls"}, "was not asked"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_directory_that_is_not_reached_is_refused(
    tmp_path: Path, served: Directory, case: str
) -> None:
    """With its words, and without the password."""
    more, why = REFUSED[case]

    found = collected(tmp_path, served, **more)

    assert found.outcome == "refused"
    assert why in found.collection.reason
    assert SECRET not in found.collection.reason


def test_a_base_that_is_not_there_is_refused_and_not_empty(
    tmp_path: Path, served: Directory
) -> None:
    """No such object is no answer to the question who is there."""
    found = collected(tmp_path, served, base="dc=none")

    assert found.outcome == "partial"
    assert "No such object" in found.collection.reason
    assert found.covers["population.people"].last is None


def test_the_check_says_as_whom_we_are_known(served: Directory) -> None:
    """What the account may read shows only when it reads."""
    said = checked(CONNECTOR, served.access())

    assert said.reached == f"ldap {BASE} as dn:{COLLECTOR}"


def answered(people: bytes, groups: bytes = b"") -> Question:
    facts = (
        b'{"at":"2026-03-05 12:00:00","system":"ldap x","privileged":["admins","domain admins"]}'
    )
    bodies = {"observed": facts, "people": people, "groups": groups, "policies": b""}
    return Question(
        "ldap/directory",
        "x",
        lambda: iter([Answer(name, name, [body]) for name, body in bodies.items()]),
    )


def test_a_group_that_is_given_in_part_is_not_vouched_for(tmp_path: Path) -> None:
    """Active Directory gives 1,500 members, and names the attribute for it."""
    groups = b"dn: cn=all,dc=x\ncn: all\nmember;range=0-1: cn=a,dc=x\nmember;range=0-1: cn=b,dc=x\n"

    found = put(answered(b"dn: cn=a,dc=x\ncn: a\n", groups), SOURCE, tmp_path, NOW)

    cover = found.covers["population.groups"]
    assert (cover.is_whole, cover.last) == (False, date(2026, 3, 5))
    assert "only some of the members of cn=all,dc=x" in cover.missing
    assert [row["member"] for row in found.of("population.groups")] == ["a", "b"]


def test_accounts_of_active_directory_go_by_their_sid_and_machines_are_none(
    tmp_path: Path,
) -> None:
    """A machine is a `person` there, and nobody who could leave."""
    people = (
        b"dn: cn=Eve,dc=x\nobjectClass: person\nobjectClass: user\nsAMAccountName: eve\n"
        b"memberOf: CN=Domain Admins,DC=x\nobjectSid:: " + SID + b"\n\n"
        b"dn: cn=PC1,dc=x\nobjectClass: person\nobjectClass: computer\nsAMAccountName: PC1$\n"
    )

    found = put(answered(people), SOURCE, tmp_path, NOW)

    said = [
        (row["account"], row["account_uid"], row["is_privileged"])
        for row in found.of("population.accounts")
    ]
    assert said == [("eve", "S-1-5-21-1-2-3-500", True)]


def test_hostile_entries_come_out_as_text_or_not_at_all(tmp_path: Path) -> None:
    """Broken base64, bytes that are no text, numbers that are none, a circle of groups."""
    people = (
        b"dn:: Y249w6k=\ncn:: !!!\nuid: \xff\xfe\nuserAccountControl: many\n"
        b"accountExpires: 99999999999999999999999\npwdLastSet: -1\nobjectSid:: AQ==\n"
        b"whenCreated: 20269999000000Z\n\nno entry at all\n\n: \n: :\n\ndn: cn=b\n continued\n"
    )
    groups = (
        b"dn: cn=g\ncn: g\nmember: cn=h\n\ndn: cn=h\ncn: h\nmember: cn=g\nmember: cn=\xc3\xa9\n"
    )

    found = put(answered(people, groups), SOURCE, tmp_path, NOW)

    first, second = found.of("population.accounts")
    assert first["account"] == "\\xff\\xfe"
    assert {first["expires_at"], first["created_at"]} == {None}
    assert second["account_uid"] == "cn=bcontinued"


def test_an_address_that_is_none_is_a_problem_in_its_place() -> None:
    """A web address is no directory's."""
    content = {"address": "https://x.example", "base": BASE}
    _, problems = read_settings(CONNECTOR.settings, content)

    assert [(each.where, each.what) for each in problems] == [
        ("address", "is no address of a directory")
    ]
