"""An organization of Okta, over real HTTP: accounts, factors, groups, roles, and the log."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from answering import Said
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.okta import CONNECTOR
from reperform.connectors.settings import Access, read_settings
from vendor import PEM, RSA, Vendor, by_link, granted, half, vending

pytestmark = pytest.mark.enable_socket

TOKEN = "00aBcDeFgHiJkLmNoPqRsTuVwXyZ"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 3))
DENIED = Said({"errorCode": "E0000006", "errorSummary": "You do not have permission"}, status=403)


@pytest.fixture
def okta() -> Iterator[Vendor]:
    with vending(by_link) as found:
        found.paths["/api/v1/users"] = [user("ana"), user("bob", "LOCKED_OUT"), user("cy")]
        ended = '/api/v1/users?filter=status eq "DEPROVISIONED"'
        found.paths[ended] = [user("eve", "DEPROVISIONED")]
        found.paths["/api/v1/iam/assignees/users"] = {"value": [{"id": "00uana"}], "_links": {}}
        found.paths["/api/v1/users/00uana/roles"] = [role("SUPER_ADMIN")]
        found.paths["/api/v1/groups"] = [group("Everyone"), group("Empty")]
        found.paths["/api/v1/groups/00gEveryone/users"] = [user("ana"), user("bob"), user("cy")]
        found.paths["/api/v1/groups/00gEveryone/roles"] = []
        found.paths["/api/v1/groups/00gEmpty/users"] = []
        found.paths["/api/v1/groups/00gEmpty/roles"] = [role("HELP_DESK_ADMIN")]
        found.paths["/api/v1/users/00uana/factors"] = [factor("push"), factor("question")]
        found.paths["/api/v1/users/00ubob/factors"] = [factor("question"), factor("email")]
        found.paths["/api/v1/users/00ucy/factors"] = [factor("push", "PENDING_ACTIVATION")]
        found.paths["/api/v1/logs"] = []
        found.paths["/api/v1/policies"] = []
        yield found


def user(name: str, status: str = "ACTIVE", **more: object) -> dict[str, Any]:
    found = {
        "id": f"00u{name}",
        "status": status,
        "created": "2025-01-01T00:00:00.000Z",
        "lastLogin": None,
        "passwordChanged": "2025-02-01T08:00:00.000Z",
        "profile": {
            "login": f"{name}@larkspur.example",
            "email": f"{name.title()}@larkspur.example",
            "firstName": name.title(),
            "lastName": "Moss",
        },
        "aFieldThatIsNew": {"of": ["tomorrow"]},
    }
    return {**found, **more}


def group(name: str) -> dict[str, Any]:
    return {"id": f"00g{name}", "type": "OKTA_GROUP", "profile": {"name": name}}


def role(kind: str, status: str = "ACTIVE") -> dict[str, Any]:
    return {
        "id": f"r{kind}",
        "type": kind,
        "label": kind.title(),
        "status": status,
        "created": "2025-01-01T00:00:00.000Z",
        "assignmentType": "USER",
    }


def factor(kind: str, status: str = "ACTIVE") -> dict[str, Any]:
    return {"id": f"f{kind}", "factorType": kind, "provider": "OKTA", "status": status}


def by_token(okta: Vendor) -> Access:
    return okta.access({"address": okta.server.address}, {"token": TOKEN})


def by_key(okta: Vendor) -> Access:
    settings = {"address": okta.server.address, "client_id": "0oaApp", "key_id": "k1"}
    return okta.access(settings, {"private_key": PEM})


def collected(tmp_path: Path, access: Access, stream: str) -> Collected:
    (question,) = [one for one in CONNECTOR.questions(access, MARCH) if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def test_accounts_say_their_state_their_factors_and_what_makes_them_powerful(
    tmp_path: Path, okta: Vendor
) -> None:
    """Over several pages, the deactivated too; a question and an e-mail are no second factor."""
    found = collected(tmp_path, by_token(okta), "okta/access")

    assert found.outcome == "complete"
    names = ("is_enabled", "has_mfa", "is_privileged", "privileges")
    said = {
        row["account"].partition("@")[0]: tuple(row.get(name) for name in names)
        for row in found.of("population.accounts")
    }
    assert said == {
        "ana": (True, True, True, "SUPER_ADMIN"),
        "bob": (False, False, False, None),
        "cy": (True, False, False, None),
        "eve": (False, None, False, None),
    }
    (ana, *_) = found.of("population.accounts")
    assert (ana["email"], ana["full_name"]) == ("ana@larkspur.example", "Ana Moss")
    assert (ana["last_used_at"], ana["last_used_known"]) == (None, True)
    assert {spec.name for spec in CONNECTOR.stream("okta/access").source.tables} == set(
        found.covers
    )
    assert set(found.covers.values()) == {Cover(NOON.date(), NOON.date())}


def test_groups_have_a_row_for_each_member_and_tell_what_they_grant(
    tmp_path: Path, okta: Vendor
) -> None:
    """An empty one has a row without a member."""
    found = collected(tmp_path, by_token(okta), "okta/access")

    said = [
        (row["group_name"], row.get("member_uid"), row["is_privileged"])
        for row in found.of("population.groups")
    ]
    assert said == [
        ("Everyone", "00uana", False),
        ("Everyone", "00ubob", False),
        ("Everyone", "00ucy", False),
        ("Empty", None, True),
    ]
    held = [(row["holder_uid"], row["role"]) for row in found.of("okta.roles")]
    assert held == [("00uana", "SUPER_ADMIN"), ("00gEmpty", "HELP_DESK_ADMIN")]


ROLES = [
    ([], False),
    ([role("READ_ONLY_ADMIN")], False),
    ([role("CUSTOM")], None),
    ([role("CUSTOM"), role("USER_ADMIN")], True),
    ([role("SUPER_ADMIN", "INACTIVE")], False),
]


@pytest.mark.parametrize(("roles", "expected"), ROLES)
def test_what_a_role_of_ones_own_allows_is_not_known(
    tmp_path: Path, okta: Vendor, roles: list[dict[str, Any]], expected: object
) -> None:
    """And one that only reads, or is not in force, makes nobody powerful."""
    okta.paths["/api/v1/users/00uana/roles"] = roles

    (ana, *_) = collected(tmp_path, by_token(okta), "okta/access").of("population.accounts")

    assert ana["is_privileged"] is expected


UNKNOWN = {
    "/api/v1/users/00uana/factors": ("has_mfa", "okta.factors"),
    "/api/v1/iam/assignees/users": ("is_privileged", "okta.roles"),
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_denied_is_not_known_and_never_no(tmp_path: Path, okta: Vendor, path: str) -> None:
    """With Okta's words; the accounts are there all the same."""
    okta.refused[path] = DENIED
    column, table = UNKNOWN[path]

    found = collected(tmp_path, by_token(okta), "okta/access")

    assert found.outcome == "partial"
    assert "403 You do not have permission" in found.collection.reason
    assert found.of("population.accounts")[0][column] is None
    assert found.covers["population.accounts"].last == NOON.date()
    assert found.covers[table].last is None


def test_a_user_who_is_deleted_while_we_ask_is_no_lack_of_evidence(
    tmp_path: Path, okta: Vendor
) -> None:
    """Okta says that there is none: nobody knows of their factors any more."""
    gone = {"errorCode": "E0000007", "errorSummary": "Not found: Resource not found: 00ucy (User)"}
    okta.refused["/api/v1/users/00ucy/factors"] = Said(gone, status=404)

    found = collected(tmp_path, by_token(okta), "okta/access")

    assert found.outcome == "complete"
    assert found.of("population.accounts")[2]["has_mfa"] is None


def test_an_organization_without_users_is_empty_and_vouched_for(
    tmp_path: Path, okta: Vendor
) -> None:
    """None is a fact when it was told to the end."""
    okta.paths = {
        "/api/v1/users": [],
        "/api/v1/groups": [],
        "/api/v1/iam/assignees/users": {"value": []},
    }

    found = collected(tmp_path, by_token(okta), "okta/access")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers["population.accounts"].last == NOON.date()


def broken(okta: Vendor, case: str) -> None:
    here = okta.server.address
    cases: dict[str, tuple[str, Said]] = {
        "an expired token": (
            "/api/v1/groups",
            Said({"errorSummary": f"Invalid token provided {TOKEN}"}, status=401),
        ),
        "a page twice": (
            "/api/v1/users",
            Said([user("ana")], headers={"Link": f'<{here}/api/v1/users?limit=200>; rel="next"'}),
        ),
        "a page elsewhere": (
            "/api/v1/users",
            Said([], headers={"Link": '<https://elsewhere.example/api/v1/users>; rel="next"'}),
        ),
        "no list": ("/api/v1/users", Said({"users": []})),
        "half an answer": ("/api/v1/groups", Said(half([group("Everyone")]))),
        "a page that is denied": ("/api/v1/users?after=2", DENIED),
    }
    path, said = cases[case]
    okta.refused[path] = said


BROKEN = {
    "an expired token": "401 Invalid token provided [secret]",
    "a page twice": "names a page that was read already",
    "a page elsewhere": "was not called: it is not at",
    "no list": "the answer holds no list",
    "half an answer": "is not whole JSON",
    "a page that is denied": "page 2: 403",
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(tmp_path: Path, okta: Vendor, case: str) -> None:
    """Never a shorter list; and never the token."""
    broken(okta, case)

    found = collected(tmp_path, by_token(okta), "okta/access")

    assert (found.outcome, found.rows) == ("refused", [])
    assert BROKEN[case] in found.collection.reason
    assert TOKEN not in found.collection.reason


def test_it_waits_as_long_as_okta_asks_and_goes_on(tmp_path: Path, okta: Vendor) -> None:
    """By its own clock, and without losing a page."""
    limited = {
        "Date": "Thu, 05 Mar 2026 12:00:00 GMT",
        "X-Rate-Limit-Remaining": "0",
        "X-Rate-Limit-Reset": str(int(NOON.timestamp()) + 30),
    }
    okta.said["/api/v1/groups"] = [
        Said({"errorSummary": "API call exceeded rate limit"}, status=429, headers=limited),
        Said({"errorSummary": "Too many"}, status=429, headers={"Retry-After": "7"}),
    ]

    found = collected(tmp_path, by_token(okta), "okta/access")

    assert found.outcome == "complete"
    assert okta.waits == [31.0, 7.0]


PASSWORDS = {
    "id": "p1",
    "name": "Everybody",
    "status": "ACTIVE",
    "priority": 1,
    "conditions": {"people": {"groups": {"include": ["00gb", "00ga"]}}},
    "settings": {
        "password": {
            "complexity": {
                "minLength": 12,
                "minLowerCase": 1,
                "minUpperCase": 1,
                "minNumber": 1,
                "minSymbol": 0,
                "dictionary": {"common": {"exclude": True}},
            },
            "age": {"maxAgeDays": 0, "historyCount": 4},
            "lockout": {"maxAttempts": 5},
        }
    },
}
RULE = {
    "id": "r1",
    "name": "Staff",
    "status": "ACTIVE",
    "priority": 1,
    "actions": {
        "signon": {
            "access": "ALLOW",
            "requireFactor": True,
            "factorPromptMode": "SESSION",
            "session": {"maxSessionIdleMinutes": 60, "maxSessionLifetimeMinutes": 720},
        }
    },
}


def with_policies(okta: Vendor, *rules: dict[str, Any]) -> None:
    okta.paths["/api/v1/policies?type=PASSWORD"] = [PASSWORDS]
    session = {"id": "s1", "name": "Default", "status": "ACTIVE", "priority": 2}
    okta.paths["/api/v1/policies?type=OKTA_SIGN_ON"] = [session]
    okta.paths["/api/v1/policies/s1/rules"] = list(rules)


def test_policies_say_what_is_demanded_of_passwords_and_sessions(
    tmp_path: Path, okta: Vendor
) -> None:
    """What a rule does not say is not known: a new kind of rule demands no factor by itself."""
    with_policies(okta, RULE, {"id": "r2", "name": "New", "status": "INACTIVE", "actions": {}})

    found = collected(tmp_path, by_token(okta), "okta/policies")

    (password,) = found.of("okta.password_policies")
    names = ("groups", "min_length", "min_classes", "refuses_common", "max_age_days", "lock_after")
    assert [password[name] for name in names] == ["00ga,00gb", 12, 3, True, 0, 5]
    names = ("rule", "is_active", "allows", "requires_factor", "idle_minutes", "longest_minutes")
    rules = [tuple(row[name] for name in names) for row in found.of("okta.sign_on_rules")]
    assert rules == [
        ("Staff", True, True, True, 60, 720),
        ("New", False, None, None, None, None),
    ]
    assert set(found.covers.values()) == {Cover(NOON.date(), NOON.date())}


def test_rules_that_are_denied_leave_sessions_without_their_day(
    tmp_path: Path, okta: Vendor
) -> None:
    """The policies of passwords are vouched for all the same."""
    with_policies(okta)
    okta.refused["/api/v1/policies/s1/rules"] = DENIED

    found = collected(tmp_path, by_token(okta), "okta/policies")

    assert found.outcome == "partial"
    assert found.covers["okta.sign_on_rules"].last is None
    assert found.covers["okta.password_policies"].last == NOON.date()


def event(uid: str, kind: str, day: str = "2026-03-03", **more: object) -> dict[str, Any]:
    found = {
        "uuid": uid,
        "eventType": kind,
        "published": f"{day}T09:00:00.123Z",
        "outcome": {"result": "SUCCESS", "reason": None},
        "actor": {"id": "00uana", "type": "User", "alternateId": "ana@larkspur.example"},
        "client": {"ipAddress": "198.51.100.7", "userAgent": {"rawUserAgent": "curl"}},
        "authenticationContext": {"externalSessionId": "s1"},
        "debugContext": {"debugData": {}},
        "target": [],
    }
    return {**found, **more}


def with_events(okta: Vendor, day: str, *events: dict[str, Any]) -> None:
    okta.paths[f"/api/v1/logs?since={day}T00:00:00.000Z"] = list(events)


BOB = {"id": "00ubob", "type": "User", "alternateId": "bob@larkspur.example", "displayName": "Bob"}
OPS = {"id": "00gops", "type": "UserGroup", "alternateId": "unknown", "displayName": "Ops"}


def test_the_log_tells_who_signed_in_and_whose_access_changed(tmp_path: Path, okta: Vendor) -> None:
    """Every event once, in the table that is about its kind, over the pages of each day."""
    refused = {"result": "FAILURE", "reason": "INVALID_CREDENTIALS"}
    privilege = {"debugData": {"privilegeGranted": "Super administrator"}}
    with_events(
        okta,
        "2026-03-03",
        event("e1", "user.session.start"),
        event("e2", "user.session.start", outcome=refused),
        event("e3", "group.user_membership.add", target=[OPS, BOB]),
        event("e4", "user.account.privilege.grant", target=[BOB], debugContext=privilege),
        event("e5", "policy.lifecycle.update", target=[{"displayName": "Default Policy"}]),
    )
    with_events(okta, "2026-03-04", event("e5", "policy.lifecycle.update"))

    found = collected(tmp_path, by_token(okta), "okta/log")

    assert found.outcome == "complete"
    signed = [(row["is_success"], row["reason"]) for row in found.of("population.sign_ins")]
    assert signed == [(True, None), (False, "INVALID_CREDENTIALS")]
    names = ("account", "action", "privilege", "is_privileged")
    granted = [tuple(row[name] for name in names) for row in found.of("population.access_grants")]
    assert granted == [
        ("bob@larkspur.example", "granted", "Ops", None),
        ("bob@larkspur.example", "granted", "Super administrator", True),
    ]
    (other,) = found.of("population.api_activity")
    assert (other["operation"], other["resource"]) == ("policy.lifecycle.update", "Default Policy")
    assert other["occurred_at"] == "2026-03-03 09:00:00"
    assert found.covers["population.sign_ins"] == Cover(date(2026, 3, 3), date(2026, 3, 4))


ROLE_CHANGES = [("ROLE_ASSIGNED", "granted"), ("ROLE_UNASSIGNED", "revoked")]


@pytest.mark.parametrize(("mark", "action"), ROLE_CHANGES)
def test_a_role_that_is_taken_away_is_told_as_a_grant_and_is_none(
    tmp_path: Path, okta: Vendor, mark: str, action: str
) -> None:
    """A mark tells the two apart; what is named beside it is what remains, not what changed."""
    role_changed = {"type": "ROLE", "id": "HelpDeskAdmin", "displayName": "Help Desk Administrator"}
    marked = {"type": mark, "id": mark, "displayName": "Role"}
    remaining = {"debugData": {"privilegeGranted": "Super administrator"}}
    changed = event(
        "e1",
        "user.account.privilege.grant",
        target=[BOB, marked, role_changed],
        debugContext=remaining,
    )
    with_events(okta, "2026-03-03", changed)

    (row,) = collected(tmp_path, by_token(okta), "okta/log").of("population.access_grants")

    assert (row["action"], row["privilege"]) == (action, "Help Desk Administrator")
    assert (row["account"], row["is_privileged"]) == ("bob@larkspur.example", True)


FACTORS = [
    ("OKTA_VERIFY_PUSH", "s1", True),
    ("FIDO2_WEBAUTHN", "s2", None),
    ("PASSWORD_AS_FACTOR", "s1", None),
    ("EMAIL_FACTOR", "s1", None),
    (None, "s1", None),
]


@pytest.mark.parametrize(("given", "session", "expected"), FACTORS)
def test_a_sign_in_had_a_second_factor_when_one_was_given_in_its_session(
    tmp_path: Path, okta: Vendor, given: str | None, session: str, expected: object
) -> None:
    """Okta counts passwords among factors; what no event ties to the session is not known."""
    verified = event(
        "e2",
        "user.authentication.auth_via_mfa",
        authenticationContext={"externalSessionId": session},
        debugContext={"debugData": {"factor": given} if given else None},
    )
    with_events(okta, "2026-03-03", event("e1", "user.session.start"), verified)

    (row,) = collected(tmp_path, by_token(okta), "okta/log").of("population.sign_ins")

    assert row["is_mfa"] is expected


def test_the_log_is_asked_day_by_day_from_where_it_ended_and_no_further_than_it_goes(
    okta: Vendor,
) -> None:
    """What Okta has forgotten is not asked for, and so not vouched for."""
    target = okta.server.address
    cursors = {("okta/log", target): "2025-09-01"}
    asked = CONNECTOR.questions(by_token(okta), Asking(NOON, cursors=cursors))[2:]

    assert asked[0].parameters["first"] == "2025-12-06"
    assert asked[-1].parameters["last"] == "2026-03-04"
    cursors = {("okta/log", target): "2026-03-04"}
    again = CONNECTOR.questions(by_token(okta), Asking(NOON, cursors=cursors))
    assert [one.stream for one in again] == ["okta/access", "okta/policies"]


def test_an_application_signs_for_its_token_and_gets_another_when_it_ends(
    tmp_path: Path, okta: Vendor
) -> None:
    """In the middle of a collection, which goes on without a page twice or less."""
    okta.said["/oauth2/v1/token"] = [granted("first-token"), granted("second-token")]
    okta.said["/api/v1/groups"] = [Said({"errorSummary": "The token has expired"}, status=401)]

    found = collected(tmp_path, by_key(okta), "okta/access")

    assert (found.outcome, len(found.of("population.accounts"))) == ("complete", 4)
    (first, *_) = okta.server.asked
    form = {name: values[0] for name, values in parse_qs(first[3].decode()).items()}
    head, claims, signature = form["client_assertion"].split(".")
    read = json.loads(unpadded(claims))
    assert json.loads(unpadded(head)) == {"alg": "RS256", "kid": "k1", "typ": "JWT"}
    assert (read["iss"], read["aud"]) == ("0oaApp", f"{okta.server.address}/oauth2/v1/token")
    RSA.public_key().verify(
        unpadded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    used = [headers.get("authorization") for _, _, headers, _ in okta.server.asked]
    assert set(used) == {None, "Bearer first-token", "Bearer second-token"}


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_an_application_that_is_refused_a_token_says_why_and_shows_no_secret(
    tmp_path: Path, okta: Vendor
) -> None:
    """Neither its key nor what it signed."""
    said = {"error": "invalid_client", "error_description": "The client_assertion is not valid"}
    okta.refused["/oauth2/v1/token"] = Said(said, status=401)

    found = collected(tmp_path, by_key(okta), "okta/access")

    assert found.outcome == "refused"
    assert "The client_assertion is not valid" in found.collection.reason
    assert "eyJ" not in found.collection.reason


def test_neither_a_token_nor_a_key_is_refused_before_anything_is_asked(
    tmp_path: Path, okta: Vendor
) -> None:
    """With what to give."""
    found = collected(tmp_path, okta.access({"address": okta.server.address}, {}), "okta/access")

    assert "has no credentials" in found.collection.reason
    assert okta.asked == []


def test_no_secret_is_kept_whatever_is_collected(tmp_path: Path, okta: Vendor) -> None:
    """Tokens go in one header, and into no address."""
    okta.refused["/oauth2/v1/token"] = granted("granted-token")
    for access in (by_token(okta), by_key(okta)):
        for stream in ("okta/access", "okta/log"):
            collected(tmp_path, access, stream)

    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (TOKEN, "granted-token", *PEM.splitlines()[1:-1]):
        assert secret.encode() not in kept
        assert secret not in okta.sent


def test_the_check_says_what_is_granted_and_what_is_denied_in_its_words(okta: Vendor) -> None:
    """One thing of each kind is looked at."""
    okta.refused["/api/v1/iam/assignees/users"] = DENIED

    said = checked(CONNECTOR, by_token(okta))

    assert said.reached == "okta 127.0.0.1"
    grants = {finding.permission: finding.grant for finding in said.findings}
    assert grants.pop("okta.roles.read") is Grant.DENIED
    assert set(grants.values()) == {Grant.GRANTED}


SETTINGS = [
    ({"address": "https://larkspur-admin.okta.com"}, "address", "pages for administrators"),
    ({"address": "https://larkspur.okta.com", "private_key": "-----BEGIN"}, "private_key", "RSA"),
]


@pytest.mark.parametrize(("content", "name", "words"), SETTINGS)
def test_settings_that_cannot_work_are_problems_of_their_fields(
    content: dict[str, str], name: str, words: str
) -> None:
    """Before anything is kept."""
    _, problems = read_settings(CONNECTOR.settings, content)

    (problem,) = [each for each in problems if each.where == name]
    assert words in problem.what


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path, okta: Vendor) -> None:
    """Of the wrong type, too long, or not of Unicode."""
    strange = {"login": "\ud800" + "x" * 900, "email": 7, "firstName": ["a"]}
    okta.paths["/api/v1/users"] = [user("ana", "FLYING", profile=strange, lastLogin="yesterday")]

    (row, *_) = collected(tmp_path, by_token(okta), "okta/access").of("population.accounts")

    assert row["account"].startswith("\\ud800x")
    assert {row[name] for name in ("email", "is_enabled", "last_used_at")} == {None}
