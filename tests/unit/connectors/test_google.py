"""An organization of Google Workspace, over real HTTP: accounts, groups, roles, logs."""

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
from reperform.connectors.google import CONNECTOR
from reperform.connectors.settings import Access, read_settings
from vendor import PEM, RSA, Query, Vendor, by_token, granted, half, vending

pytestmark = pytest.mark.enable_socket

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 2))
KEY = {"client_email": "r@p.iam.example", "private_key": PEM, "private_key_id": "k1"}
GRANTED = "ya29.first"
DIRECTORY = "/admin/directory/v1"
OURS = f"{DIRECTORY}/customer/my_customer"
LOGS = "/admin/reports/v1/activity/users/all/applications"
KINDS = {
    f"{DIRECTORY}/users": ("users", "admin#directory#users"),
    f"{DIRECTORY}/groups": ("groups", "admin#directory#groups"),
    f"{OURS}/roles": ("items", "admin#directory#roles"),
    f"{OURS}/roleassignments": ("items", "admin#directory#roleAssignments"),
}
DENIED = Said({"error": {"code": 403, "message": "Not Authorized to access this"}}, status=403)


def page(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    members = ("members", "admin#directory#members")
    log = ("items", "admin#reports#activities")
    key, kind = KINDS.get(path, members if path.endswith("/members") else log)
    return by_token(key, kind)(vendor, path, query, found)


@pytest.fixture
def google() -> Iterator[Vendor]:
    with vending(page) as found:
        found.refused["/token"] = granted(GRANTED)
        found.paths[f"{DIRECTORY}/users"] = [
            user("ana", isAdmin=True),
            user("bob", isEnrolledIn2Sv=False, lastLoginTime="1970-01-01T00:00:00.000Z"),
            user("cy", suspended=True),
            user("dee"),
        ]
        found.paths[f"{DIRECTORY}/groups"] = [group("ops"), group("none")]
        found.paths[f"{DIRECTORY}/groups/g-ops/members"] = [member("bob"), member("none", "GROUP")]
        found.paths[f"{DIRECTORY}/groups/g-none/members"] = []
        found.paths[f"{OURS}/roles"] = [
            role(1, "_SEED_ADMIN_ROLE", isSuperAdminRole=True),
            role(2, "_READ_ONLY_ADMIN_ROLE"),
            role(3, "Helpers", isSystemRole=False),
            role(4, "_USER_MANAGEMENT_ADMIN_ROLE"),
        ]
        found.paths[f"{OURS}/roleassignments"] = [
            held(1, 1, "u-ana"),
            held(2, 2, "u-cy"),
            held(3, 3, "u-dee"),
            held(4, 4, "g-ops", "group"),
        ]
        found.paths[f"{LOGS}/login"] = []
        found.paths[f"{LOGS}/admin"] = []
        yield found


def user(name: str, **more: object) -> dict[str, Any]:
    found = {
        "id": f"u-{name}",
        "primaryEmail": f"{name.title()}@larkspur.example",
        "name": {"fullName": name.title()},
        "isAdmin": False,
        "isDelegatedAdmin": False,
        "suspended": False,
        "archived": False,
        "isEnrolledIn2Sv": True,
        "isEnforcedIn2Sv": False,
        "creationTime": "2025-01-01T00:00:00.000Z",
        "lastLoginTime": "2026-03-01T08:00:00.000Z",
        "orgUnitPath": "/",
        "aFieldThatIsNew": [],
    }
    return {**found, **more}


def group(name: str) -> dict[str, Any]:
    return {"id": f"g-{name}", "email": f"{name}@larkspur.example", "name": name.title()}


def member(name: str, kind: str = "USER") -> dict[str, Any]:
    uid = f"{'u' if kind == 'USER' else 'g'}-{name}"
    return {"id": uid, "email": f"{name}@larkspur.example", "type": kind, "role": "MEMBER"}


def role(number: int, name: str, **more: object) -> dict[str, Any]:
    return {"roleId": str(number), "roleName": name, "isSystemRole": True, **more}


def held(number: int, role_id: int, uid: str, kind: str = "user") -> dict[str, Any]:
    return {
        "roleAssignmentId": str(number),
        "roleId": str(role_id),
        "assignedTo": uid,
        "assigneeType": kind,
        "scopeType": "CUSTOMER",
    }


def access(google: Vendor) -> Access:
    here = google.server.address
    settings = {"admin": "admin@larkspur.example", "login": here, "address": here}
    return google.access(settings, {"key": json.dumps(KEY, indent=2)})


def collected(tmp_path: Path, google: Vendor, stream: str) -> Collected:
    asked = CONNECTOR.questions(access(google), MARCH)
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def accounts(found: Collected, *names: str) -> dict[str, tuple[Any, ...]]:
    return {
        row["account"].partition("@")[0]: tuple(row.get(name) for name in names)
        for row in found.of("population.accounts")
    }


def test_accounts_say_their_state_their_use_and_their_second_factors(
    tmp_path: Path, google: Vendor
) -> None:
    """Over several pages; whoever never signed in has the time of an epoch there."""
    found = collected(tmp_path, google, "google/access")

    assert found.outcome == "complete"
    assert accounts(found, "is_enabled", "has_mfa", "last_used_at", "last_used_known") == {
        "ana": (True, True, "2026-03-01 08:00:00", True),
        "bob": (True, False, None, True),
        "cy": (False, True, "2026-03-01 08:00:00", True),
        "dee": (True, True, "2026-03-01 08:00:00", True),
    }
    assert {row["is_mfa_enforced"] for row in found.of("google.users")} == {False}
    assert set(found.covers.values()) == {Cover(NOON.date(), NOON.date())}


def test_roles_make_powerful_by_oneself_and_by_groups_and_own_roles_are_not_known(
    tmp_path: Path, google: Vendor
) -> None:
    """One that only reads makes nobody powerful."""
    found = collected(tmp_path, google, "google/access")

    assert accounts(found, "is_privileged", "privileges") == {
        "ana": (True, "_SEED_ADMIN_ROLE"),
        "bob": (True, "_USER_MANAGEMENT_ADMIN_ROLE"),
        "cy": (False, "_READ_ONLY_ADMIN_ROLE"),
        "dee": (None, "Helpers"),
    }
    groups = [
        (row["group_name"].partition("@")[0], row.get("member_uid"), row["is_privileged"])
        for row in found.of("population.groups")
    ]
    assert groups == [("ops", "u-bob", True), ("ops", "g-none", True), ("none", None, True)]
    assert [row["is_own"] for row in found.of("google.roles")] == [False, False, True, False]


UNKNOWN = {
    f"{OURS}/roles": "google.roles",
    f"{OURS}/roleassignments": "google.roles",
    f"{DIRECTORY}/groups/g-ops/members": "population.groups",
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_denied_is_not_known_and_never_no(
    tmp_path: Path, google: Vendor, path: str
) -> None:
    """With Google's words; a super administrator is known all the same."""
    google.refused[path] = DENIED

    found = collected(tmp_path, google, "google/access")

    assert found.outcome == "partial"
    assert "Not Authorized to access this" in found.collection.reason
    privileged = accounts(found, "is_privileged")
    assert (privileged["ana"], privileged["dee"]) == ((True,), (None,))
    assert found.covers[UNKNOWN[path]].last is None
    assert found.covers["population.accounts"].last == NOON.date()


def test_an_organization_without_anything_is_empty_and_vouched_for(
    tmp_path: Path, google: Vendor
) -> None:
    """Google leaves the list out then: the kind of the page says that it is one."""
    for path in KINDS:
        google.paths[path] = []

    found = collected(tmp_path, google, "google/access")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers["population.accounts"].last == NOON.date()


BROKEN = {
    "a page of another kind": (Said({"kind": "admin#directory#users"}), "is no page of"),
    "no page": (Said([]), "is no page of"),
    "half an answer": (Said(half({"kind": "x" * 50})), "is not whole JSON"),
    "a page again": (
        Said({"kind": "admin#directory#groups", "nextPageToken": "2"}),
        "names a page that was read already",
    ),
    "no cursor": (
        Said({"kind": "admin#directory#groups", "nextPageToken": [2]}),
        "nextPageToken is no cursor",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(
    tmp_path: Path, google: Vendor, case: str
) -> None:
    """Never a shorter list."""
    said, words = BROKEN[case]
    google.refused[f"{DIRECTORY}/groups"] = said

    found = collected(tmp_path, google, "google/access")

    assert (found.outcome, found.rows) == ("refused", [])
    assert words in found.collection.reason


def test_a_service_account_signs_for_its_token_and_gets_another_when_it_ends(
    tmp_path: Path, google: Vendor
) -> None:
    """In the middle of a collection; a limit that is told in words is waited for."""
    google.said["/token"] = [granted(GRANTED), granted("ya29.second")]
    ended = Said({"error": {"code": 401, "message": "Invalid Credentials"}}, status=401)
    limited = Said({"error": {"code": 403, "message": "Rate Limit Exceeded"}}, status=403)
    google.said[f"{DIRECTORY}/groups"] = [ended, limited]

    found = collected(tmp_path, google, "google/access")

    assert (found.outcome, len(found.of("population.accounts"))) == ("complete", 4)
    assert google.waits == [2.0]
    body = next(body for _, path, _, body in google.server.asked if path == "/token")
    head, claims, signature = parse_qs(body.decode())["assertion"][0].split(".")
    read = json.loads(unpadded(claims))
    assert (read["iss"], read["sub"]) == ("r@p.iam.example", "admin@larkspur.example")
    assert read["aud"] == f"{google.server.address}/token"
    assert read["scope"].split() == [
        f"https://www.googleapis.com/auth/{scope}"
        for scope in CONNECTOR.stream("google/access").needs
    ]
    RSA.public_key().verify(
        unpadded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (GRANTED, "ya29.second", *PEM.splitlines()[1:-1]):
        assert secret.encode() not in kept
        assert secret not in google.sent


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_delegation_that_lacks_is_said_in_googles_words_and_shows_no_secret(
    tmp_path: Path, google: Vendor
) -> None:
    """Neither the key nor what it signed."""
    words = "Client is unauthorized to retrieve access tokens using this method"
    said = {"error": "unauthorized_client", "error_description": words}
    google.refused["/token"] = Said(said, status=401)

    found = collected(tmp_path, google, "google/access")

    assert found.outcome == "refused"
    assert words in found.collection.reason
    assert "eyJ" not in found.collection.reason
    assert PEM.splitlines()[1] not in found.collection.reason


def entry(unique: str, *events: dict[str, Any], **more: object) -> dict[str, Any]:
    at = "2026-03-02T09:00:00.123Z"
    found = {
        "kind": "admin#reports#activity",
        "id": {"time": at, "uniqueQualifier": unique, "customerId": "C1"},
        "actor": {"email": "ana@larkspur.example", "profileId": "u-ana", "callerType": "USER"},
        "ipAddress": "198.51.100.7",
        "events": list(events),
    }
    return {**found, **more}


def event(name: str, **values: object) -> dict[str, Any]:
    def parameter(key: str, value: object) -> dict[str, Any]:
        kind = "multiValue" if isinstance(value, list) else "value"
        return {"name": key, kind: value}

    return {
        "type": "login",
        "name": name,
        "parameters": [parameter(*one) for one in values.items()],
    }


def with_log(google: Vendor, log: str, day: str, *entries: dict[str, Any]) -> None:
    google.paths[f"{LOGS}/{log}?startTime={day}T00:00:00.000Z"] = list(entries)


METHODS = [
    (["password", "google_authenticator"], "google_password", True),
    (["security_key"], "google_password", True),
    (["password"], "google_password", False),
    (["password", "login_location"], "google_password", False),
    (["none"], "google_password", False),
    (["none"], "saml", None),
    (["none"], "exchange", None),
    ([], "google_password", None),
    (None, "google_password", None),
]


@pytest.mark.parametrize(("methods", "kind", "expected"), METHODS)
def test_a_sign_in_had_a_second_factor_when_a_challenge_was_one(
    tmp_path: Path, google: Vendor, methods: list[str] | None, kind: str, expected: object
) -> None:
    """What one knows, or where one is, is none; what another provider asked is not known."""
    said: dict[str, object] = {"login_challenge_method": methods} if methods is not None else {}
    signed = event("login_success", login_type=kind, **said)
    with_log(google, "login", "2026-03-02", entry("1", signed))

    (row,) = collected(tmp_path, google, "google/sign-ins").of("population.sign_ins")

    assert (row["is_success"], row["is_mfa"]) == (True, expected)


def test_sign_ins_of_every_day_and_page_are_there_once(tmp_path: Path, google: Vendor) -> None:
    """Those that failed say why; other events of the log are left."""
    failed = event("login_failure", login_failure_type="login_failure_invalid_password")
    same = entry("5", event("login_success"))
    with_log(
        google,
        "login",
        "2026-03-02",
        entry("1", failed),
        entry("2", event("logout")),
        entry("3", event("login_success", login_type="saml")),
        same,
    )
    with_log(google, "login", "2026-03-03", same)

    found = collected(tmp_path, google, "google/sign-ins")

    said = [(row["is_success"], row["reason"]) for row in found.of("population.sign_ins")]
    assert said == [(False, "login_failure_invalid_password"), (True, None), (True, None)]
    assert found.covers["population.sign_ins"] == Cover(date(2026, 3, 2), date(2026, 3, 4))


def test_what_administrators_change_says_whose_access_and_what_else(
    tmp_path: Path, google: Vendor
) -> None:
    """An entry of several events is several rows."""
    bob, ops = "bob@larkspur.example", "ops@larkspur.example"
    with_log(
        google,
        "admin",
        "2026-03-02",
        entry(
            "1",
            event("ASSIGN_ROLE", ROLE_NAME="_SEED_ADMIN_ROLE", USER_EMAIL=bob),
            event("ADD_GROUP_MEMBER", USER_EMAIL=bob, GROUP_EMAIL=ops),
            event("SUSPEND_USER", USER_EMAIL=bob),
        ),
        entry("2", event("CHANGE_APPLICATION_SETTING", SETTING_NAME="Sharing", NEW_VALUE="all")),
    )

    found = collected(tmp_path, google, "google/admin")

    names = ("account", "action", "privilege", "is_privileged")
    said = [tuple(row[name] for name in names) for row in found.of("population.access_grants")]
    assert said == [
        (bob, "granted", "_SEED_ADMIN_ROLE", True),
        (bob, "granted", ops, None),
        (bob, "revoked", None, None),
    ]
    (other,) = found.of("population.api_activity")
    assert (other["operation"], other["resource"]) == ("CHANGE_APPLICATION_SETTING", "Sharing, all")
    assert found.covers["population.access_grants"] == Cover(date(2026, 3, 2), date(2026, 3, 4))


def test_a_log_that_is_denied_on_one_day_is_not_whole(tmp_path: Path, google: Vendor) -> None:
    """No event and none told are two things."""
    google.refused[f"{LOGS}/login?startTime=2026-03-03T00:00:00.000Z"] = DENIED

    found = collected(tmp_path, google, "google/sign-ins")

    assert found.outcome == "partial"
    assert not found.covers["population.sign_ins"].is_whole


def test_days_that_google_has_forgotten_are_not_asked_for(google: Vendor) -> None:
    """So nothing vouches for them."""
    asked = CONNECTOR.questions(access(google), Asking(NOON, since=date(2025, 1, 1)))

    assert asked[1].parameters["first"] == "2025-09-07"


def test_the_check_says_of_each_scope_whether_it_is_delegated(google: Vendor) -> None:
    """Each by a token of its own: Google grants all scopes of one or none."""
    refused = Said({"error": "unauthorized_client"}, status=401)
    google.said["/token"] = [granted("t1"), granted("t2"), refused, granted("t4")]
    google.refused[f"{DIRECTORY}/groups"] = DENIED

    said = checked(CONNECTOR, access(google))

    assert said.reached == "google larkspur.example"
    assert [finding.grant for finding in said.findings] == [
        Grant.GRANTED,
        Grant.DENIED,
        Grant.DENIED,
        Grant.GRANTED,
    ]
    assert "unauthorized_client" in said.findings[2].said


SETTINGS = [
    ({"admin": "larkspur.example"}, "admin", "is no address of e-mail"),
    ({"key": "{"}, "key", "is no JSON"),
    ({"key": "{}"}, "key", "has no client_email and private_key"),
    ({"key": json.dumps({**KEY, "private_key": "x"})}, "key", "is no RSA private key"),
]


@pytest.mark.parametrize(("content", "name", "words"), SETTINGS)
def test_settings_that_cannot_work_are_problems_of_their_fields(
    content: dict[str, str], name: str, words: str
) -> None:
    """Before anything is kept."""
    said = {"admin": "admin@larkspur.example", "key": json.dumps(KEY), **content}
    _, problems = read_settings(CONNECTOR.settings, said)

    assert [(each.where, each.what) for each in problems] == [(name, problems[0].what)]
    assert words in problems[0].what


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path, google: Vendor) -> None:
    """Of the wrong type, too long, or not of Unicode."""
    strange = user("ana", suspended="no", isEnrolledIn2Sv=1, lastLoginTime=7)
    named = {"primaryEmail": "\ud800" + "x" * 900, "name": []}
    google.paths[f"{DIRECTORY}/users"] = [strange | named]

    (row,) = collected(tmp_path, google, "google/access").of("population.accounts")

    assert row["account"].startswith("\\ud800x")
    silent = ("full_name", "is_enabled", "has_mfa", "last_used_at")
    assert {row[name] for name in silent} == {None}
    assert row["last_used_known"] is False
