"""A tenant of Microsoft Entra ID, over real HTTP: accounts, methods, groups, roles, logs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from answering import Said
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.entra import CONNECTOR
from reperform.connectors.settings import Access
from vendor import Vendor, by_odata, granted, half, vending

pytestmark = pytest.mark.enable_socket

SECRET = "Abc8Q~0123456789abcdefghij"
GRANTED = "eyJ0eXAi.first"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 3))
V1 = "/v1.0"
TOKENS = "/larkspur.example/oauth2/v2.0/token"
ELIGIBLE = f"{V1}/roleManagement/directory/roleEligibilityScheduleInstances"
POLICIES = f"{V1}/identity/conditionalAccess/policies"
DEFAULTS = f"{V1}/policies/identitySecurityDefaultsEnforcementPolicy"
USED = f"{V1}/users?$select=id,signInActivity"
REPORT = f"{V1}/reports/authenticationMethods/userRegistrationDetails"


@pytest.fixture
def entra() -> Iterator[Vendor]:
    with vending(by_odata) as found:
        found.refused[TOKENS] = granted(GRANTED)
        found.paths[f"{V1}/users"] = [
            user("ana"),
            user("bob"),
            user("cy", accountEnabled=False),
            user("eve", userType="Guest"),
        ]
        found.paths[USED] = [used("ana", "2026-03-01T08:00:00Z"), {"id": "u-bob"}]
        found.paths[REPORT] = [methods("ana", "fido2", "mobilePhone"), methods("bob")]
        found.paths[f"{V1}/groups"] = [named("g-ops", "Ops"), named("g-none", "Nobody")]
        found.paths[f"{V1}/groups/g-ops/members"] = [member("bob"), nested("g-none")]
        found.paths[f"{V1}/groups/g-none/members"] = []
        found.paths[f"{V1}/directoryRoles"] = [
            named("r-global", "Global Administrator"),
            named("r-reader", "Security Reader"),
        ]
        found.paths[f"{V1}/directoryRoles/r-global/members"] = [member("ana")]
        found.paths[f"{V1}/directoryRoles/r-reader/members"] = [member("eve")]
        found.paths[ELIGIBLE] = [
            {
                "principalId": "g-ops",
                "endDateTime": "2026-12-31T00:00:00Z",
                "roleDefinition": {"displayName": "User Administrator"},
            }
        ]
        found.paths[f"{V1}/subscribedSkus"] = [licence("AAD_PREMIUM_P2")]
        found.paths[f"{V1}/auditLogs/signIns"] = []
        found.paths[f"{V1}/auditLogs/directoryAudits"] = []
        found.paths[POLICIES] = []
        found.paths[DEFAULTS] = {"id": "d", "isEnabled": False}
        yield found


def user(name: str, **more: object) -> dict[str, Any]:
    found = {
        "id": f"u-{name}",
        "userPrincipalName": f"{name}@larkspur.example",
        "displayName": name.title(),
        "mail": f"{name.title()}@larkspur.example",
        "userType": "Member",
        "accountEnabled": True,
        "createdDateTime": "2025-01-01T00:00:00Z",
        "lastPasswordChangeDateTime": "2025-02-01T00:00:00Z",
        "aFieldThatIsNew": [1],
    }
    return {**found, **more}


def used(name: str, at: str) -> dict[str, Any]:
    tried = {
        "lastSignInDateTime": "2026-03-02T08:00:00Z",
        "lastSuccessfulSignInDateTime": at,
    }
    return {"id": f"u-{name}", "signInActivity": tried}


def methods(name: str, *registered: str) -> dict[str, Any]:
    return {
        "id": f"u-{name}",
        "userPrincipalName": f"{name}@larkspur.example",
        "isMfaRegistered": bool(registered),
        "isMfaCapable": bool(registered),
        "methodsRegistered": list(registered),
        "defaultMfaMethod": "none",
    }


def named(uid: str, name: str) -> dict[str, Any]:
    return {"id": uid, "displayName": name}


def member(name: str) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.user",
        "id": f"u-{name}",
        "displayName": name.title(),
        "userPrincipalName": f"{name}@larkspur.example",
    }


def nested(uid: str) -> dict[str, Any]:
    return {"@odata.type": "#microsoft.graph.group", "id": uid, "displayName": "Nobody"}


def licence(plan: str) -> dict[str, Any]:
    return {"capabilityStatus": "Enabled", "servicePlans": [{"servicePlanName": plan}]}


def denied(code: str, words: str, status: int = 403) -> Said:
    return Said({"error": {"code": code, "message": words, "innerError": {}}}, status=status)


NO_LICENCE = denied(
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "Neither tenant is B2C or tenant doesn't have premium license",
)
NO_RIGHT = denied("Authorization_RequestDenied", "Insufficient privileges")


def access(entra: Vendor) -> Access:
    here = entra.server.address
    settings = {"tenant": "larkspur.example", "client_id": "app", "login": here, "graph": here}
    return entra.access(settings, {"client_secret": SECRET})


def collected(tmp_path: Path, entra: Vendor, stream: str, asking: Asking = MARCH) -> Collected:
    asked = CONNECTOR.questions(access(entra), asking)
    question = next(one for one in asked if one.stream == stream)
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def accounts(found: Collected, *names: str) -> dict[str, tuple[Any, ...]]:
    return {
        row["account"].partition("@")[0]: tuple(row.get(name) for name in names)
        for row in found.of("population.accounts")
    }


def test_accounts_say_their_state_their_use_and_their_second_factors(
    tmp_path: Path, entra: Vendor
) -> None:
    """Over several pages; the report says nothing of some, which is not no."""
    found = collected(tmp_path, entra, "entra/access")

    assert found.outcome == "complete"
    assert accounts(found, "is_enabled", "has_mfa", "is_external", "last_used_at") == {
        "ana": (True, True, False, "2026-03-01 08:00:00"),
        "bob": (True, False, False, None),
        "cy": (False, None, False, None),
        "eve": (True, None, True, None),
    }
    (ana, *_) = found.of("population.accounts")
    assert (ana["email"], ana["last_used_known"]) == ("ana@larkspur.example", True)
    (row, _) = found.of("entra.methods")
    assert (row["methods"], row["is_mfa_capable"]) == ("fido2,mobilePhone", True)
    assert set(found.covers.values()) == {Cover(NOON.date(), NOON.date())}


def test_who_may_activate_a_role_by_a_group_is_powerful_and_who_only_reads_is_not(
    tmp_path: Path, entra: Vendor
) -> None:
    """Each with what makes it so."""
    found = collected(tmp_path, entra, "entra/access")

    assert accounts(found, "is_privileged", "privileges") == {
        "ana": (True, "Global Administrator"),
        "bob": (True, "User Administrator (eligible)"),
        "cy": (False, None),
        "eve": (False, "Security Reader"),
    }
    groups = [
        (row["group_name"], row.get("member_uid"), row["is_privileged"])
        for row in found.of("population.groups")
    ]
    assert groups == [
        ("Ops", "u-bob", True),
        ("Ops", "g-none", True),
        ("Nobody", None, True),
        ("Global Administrator", "u-ana", True),
        ("Security Reader", "u-eve", False),
    ]
    roles = [
        (row["role"], row["holder_uid"], row["is_eligible"]) for row in found.of("entra.roles")
    ]
    assert roles == [
        ("Global Administrator", "u-ana", False),
        ("Security Reader", "u-eve", False),
        ("User Administrator", "g-ops", True),
    ]


PREMIUM, PRIVILEGES = "doesn't have premium license", "Insufficient privileges"
UNKNOWN = {
    (USED, "last_used_at"): (NO_LICENCE, PREMIUM),
    (REPORT, "has_mfa"): (NO_LICENCE, PREMIUM),
    (f"{V1}/directoryRoles", "is_privileged"): (NO_RIGHT, PRIVILEGES),
    (f"{V1}/groups/g-ops/members", "is_privileged"): (NO_RIGHT, PRIVILEGES),
    (ELIGIBLE, "is_privileged"): (NO_RIGHT, PRIVILEGES),
}


@pytest.mark.parametrize(("path", "column"), UNKNOWN)
def test_what_a_licence_or_a_right_lacks_for_is_not_known_and_never_no(
    tmp_path: Path, entra: Vendor, path: str, column: str
) -> None:
    """With the words of the server; the accounts are there all the same."""
    said, words = UNKNOWN[path, column]
    entra.refused[path] = said

    found = collected(tmp_path, entra, "entra/access")

    assert found.outcome == "partial"
    assert words in found.collection.reason
    assert accounts(found, column)["cy"] == (None,)
    assert found.covers["population.accounts"].last == NOON.date()


def test_without_a_licence_for_it_nobody_may_activate_roles(tmp_path: Path, entra: Vendor) -> None:
    """That is a fact; a role that one holds is known all the same."""
    entra.refused[ELIGIBLE] = denied("AadPremiumLicenseRequired", "The tenant needs a P2", 400)

    found = collected(tmp_path, entra, "entra/access")

    assert found.outcome == "complete"
    assert accounts(found, "is_privileged")["bob"] == (False,)


def test_a_tenant_without_anything_is_empty_and_vouched_for(tmp_path: Path, entra: Vendor) -> None:
    """None is a fact when it was told to the end."""
    for path in (f"{V1}/users", USED, REPORT, f"{V1}/groups", f"{V1}/directoryRoles", ELIGIBLE):
        entra.paths[path] = []

    found = collected(tmp_path, entra, "entra/access")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers["population.groups"].last == NOON.date()


STRENGTH = {"displayName": "Keys", "requirementsSatisfied": "mfa"}
CONTROLS = [
    ({"operator": "OR", "builtInControls": ["mfa"]}, (True, "mfa")),
    (
        {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]},
        (False, "compliantDevice OR mfa"),
    ),
    (
        {"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]},
        (True, "compliantDevice AND mfa"),
    ),
    ({"operator": "OR", "authenticationStrength": STRENGTH}, (True, "Keys")),
    ({"operator": "OR", "authenticationStrength": {"displayName": "Own"}}, (None, "Own")),
    (None, (False, None)),
]


@pytest.mark.parametrize(("controls", "expected"), CONTROLS)
def test_a_policy_demands_a_second_factor_when_nothing_else_does_instead(
    tmp_path: Path, entra: Vendor, controls: object, expected: tuple[object, str | None]
) -> None:
    """A compliant device in its place is no second factor."""
    users = {"includeUsers": ["All"], "excludeGroups": ["g-break-glass"], "excludeUsers": []}
    apps = {"includeApplications": ["All"]}
    policy = {"id": "1", "displayName": "Everybody", "state": "enabled", "grantControls": controls}
    entra.paths[POLICIES] = [{**policy, "conditions": {"users": users, "applications": apps}}]

    found = collected(tmp_path, entra, "entra/policies")

    row, defaults = found.of("entra.conditional_access")
    assert (row["requires_mfa"], row["controls"]) == expected
    names = ("is_enforced", "is_for_all_users", "is_for_all_apps", "excluded", "blocks")
    assert [row[name] for name in names] == [True, True, True, 1, False]
    assert (defaults["policy"], defaults["is_enforced"]) == ("security defaults", False)
    assert found.covers["entra.conditional_access"] == Cover(NOON.date(), NOON.date())


def test_a_policy_for_reporting_only_enforces_nothing(tmp_path: Path, entra: Vendor) -> None:
    """And one that may not be read leaves the day without cover."""
    state = "enabledForReportingButNotEnforced"
    entra.paths[POLICIES] = [{"id": "1", "displayName": "Trial", "state": state}]
    trial = collected(tmp_path, entra, "entra/policies")
    entra.refused[DEFAULTS] = NO_RIGHT
    denied_one = collected(tmp_path, entra, "entra/policies")

    assert trial.of("entra.conditional_access")[0]["is_enforced"] is False
    assert denied_one.covers["entra.conditional_access"].last is None


def broken(entra: Vendor, case: str) -> None:
    here = entra.server.address
    more = {"value": [], "@odata.nextLink": f"{here}{V1}/groups"}
    cases = {
        "a page twice": Said({"value": [], "@odata.nextLink": f"{here}{V1}/again?a=1"}),
        "a page elsewhere": Said({**more, "@odata.nextLink": "https://elsewhere.example/v1.0"}),
        "a page that is no address": Said({**more, "@odata.nextLink": 7}),
        "no list": Said({"values": []}),
        "half an answer": Said(half({"value": [named("g", "G")]})),
        "a token that is not taken": Said({"error": {"code": "InvalidAuthenticationToken"}}, 401),
    }
    entra.refused[f"{V1}/groups"] = cases[case]
    entra.refused[f"{V1}/again"] = cases["a page twice"]


BROKEN = {
    "a page twice": "names a page that was read already",
    "a page elsewhere": "was not called: it is not at",
    "a page that is no address": "is no address",
    "no list": "the answer holds no list in value",
    "half an answer": "is not whole JSON",
    "a token that is not taken": "401 InvalidAuthenticationToken",
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(tmp_path: Path, entra: Vendor, case: str) -> None:
    """Never a shorter list."""
    broken(entra, case)

    found = collected(tmp_path, entra, "entra/access")

    assert (found.outcome, found.rows) == ("refused", [])
    assert BROKEN[case] in found.collection.reason


def test_a_token_that_ends_in_the_middle_is_renewed_and_nothing_is_lost(
    tmp_path: Path, entra: Vendor
) -> None:
    """The secret goes into the body of the request for a token, and nowhere else."""
    entra.said[TOKENS] = [granted(GRANTED), granted("eyJ0eXAi.second")]
    expired = denied("InvalidAuthenticationToken", "Lifetime validation failed", 401)
    entra.said[f"{V1}/groups"] = [expired, Said({}, 429, {"Retry-After": "3"})]

    found = collected(tmp_path, entra, "entra/access")

    assert (found.outcome, len(found.of("population.accounts"))) == ("complete", 4)
    assert entra.waits == [3.0]
    asked = [(path, body) for _, path, _, body in entra.server.asked if path == TOKENS]
    form = parse_qs(asked[0][1].decode())
    assert form["scope"] == [f"{entra.server.address}/.default"]
    assert form["client_secret"] == [SECRET]
    assert len(asked) == 2
    others = [path + body.decode() for _, path, _, body in entra.server.asked if path != TOKENS]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (SECRET, GRANTED, "eyJ0eXAi.second"):
        assert secret.encode() not in kept
        assert secret not in "".join(others)


def test_a_secret_that_ended_is_said_in_the_words_of_the_server(
    tmp_path: Path, entra: Vendor
) -> None:
    """And is not shown, although the server repeats it."""
    words = f"AADSTS7000222: The provided client secret keys are expired: {SECRET}"
    said = {"error": "invalid_client", "error_description": words}
    entra.refused[TOKENS] = Said(said, status=401)

    found = collected(tmp_path, entra, "entra/access")

    assert found.outcome == "refused"
    assert "AADSTS7000222" in found.collection.reason
    assert SECRET not in found.collection.reason


def signed(uid: str, code: int = 0, **more: object) -> dict[str, Any]:
    found = {
        "id": uid,
        "createdDateTime": "2026-03-03T09:00:00Z",
        "userPrincipalName": "ana@larkspur.example",
        "userId": "u-ana",
        "clientAppUsed": "Browser",
        "ipAddress": "198.51.100.7",
        "status": {"errorCode": code, "failureReason": "Other.", "additionalDetails": None},
    }
    return {**found, **more}


def with_log(entra: Vendor, path: str, column: str, day: str, *events: dict[str, Any]) -> None:
    said = f"{column} ge {day}T00:00:00Z and {column} le {day}T23:59:59.9999999Z"
    entra.paths[f"{V1}/auditLogs/{path}?$filter={said}"] = list(events)


SIGNED = [
    ({}, (True, None)),
    ({"authenticationRequirement": "multiFactorAuthentication"}, (True, True)),
    ({"authenticationRequirement": "singleFactorAuthentication"}, (True, False)),
    ({"status": {"errorCode": 0, "additionalDetails": "MFA completed in Azure AD"}}, (True, True)),
    ({"status": {"errorCode": 50_126}}, (False, None)),
    ({"status": None}, (None, None)),
]


@pytest.mark.parametrize(("more", "expected"), SIGNED)
def test_a_sign_in_says_whether_it_succeeded_and_with_a_second_factor(
    tmp_path: Path, entra: Vendor, more: dict[str, Any], expected: tuple[object, object]
) -> None:
    """Where nothing says so, it is not known."""
    with_log(entra, "signIns", "createdDateTime", "2026-03-03", signed("s1", **more))

    found = collected(tmp_path, entra, "entra/sign-ins")

    (row,) = found.of("population.sign_ins")
    assert (row["is_success"], row["is_mfa"]) == expected
    assert found.covers["population.sign_ins"] == Cover(date(2026, 3, 3), date(2026, 3, 4))


def test_sign_ins_of_a_tenant_without_a_premium_licence_are_refused_with_its_words(
    tmp_path: Path, entra: Vendor
) -> None:
    """No sign-ins and none told are two things."""
    entra.refused[f"{V1}/auditLogs/signIns"] = NO_LICENCE

    found = collected(tmp_path, entra, "entra/sign-ins")

    assert (found.outcome, found.rows) == ("partial", [])
    cover = found.covers["population.sign_ins"]
    assert "doesn't have premium license" in cover.missing
    assert not cover.is_whole


def change(uid: str, name: str, *targets: dict[str, Any], **more: object) -> dict[str, Any]:
    found = {
        "id": uid,
        "category": "RoleManagement",
        "activityDisplayName": name,
        "activityDateTime": "2026-03-03T09:00:00.1234567Z",
        "result": "success",
        "initiatedBy": {"user": {"id": "u-ana", "userPrincipalName": "ana@larkspur.example"}},
        "targetResources": list(targets),
    }
    return {**found, **more}


BOB = {
    "type": "User",
    "displayName": None,
    "userPrincipalName": "bob@larkspur.example",
    "modifiedProperties": [{"displayName": "Role.DisplayName", "newValue": '"User Administrator"'}],
}


def test_the_audit_log_tells_whose_access_was_changed_and_what_else(
    tmp_path: Path, entra: Vendor
) -> None:
    """Over the pages of each day, in the table that is about its kind."""
    app = {"app": {"displayName": "Provisioning"}, "user": None}
    with_log(
        entra,
        "directoryAudits",
        "activityDateTime",
        "2026-03-03",
        change("c1", "Add member to role", BOB),
        change("c2", "Add eligible member to role in PIM completed (timebound)", BOB),
        change("c3", "Disable account", BOB | {"modifiedProperties": []}, initiatedBy=app),
        change("c4", "Update policy", {"displayName": "Default"}, result="failure"),
    )

    found = collected(tmp_path, entra, "entra/audit")

    names = ("account", "action", "privilege", "is_privileged", "by_account")
    said = [tuple(row[name] for name in names) for row in found.of("population.access_grants")]
    bob, ana = "bob@larkspur.example", "ana@larkspur.example"
    assert said == [
        (bob, "granted", "User Administrator", True, ana),
        (bob, "granted", "User Administrator", True, ana),
        (bob, "revoked", None, None, "Provisioning"),
    ]
    (other,) = found.of("population.api_activity")
    assert (other["operation"], other["is_success"]) == ("Update policy", False)
    assert found.covers["population.access_grants"] == Cover(date(2026, 3, 3), date(2026, 3, 4))


LICENCES = [("AAD_PREMIUM", date(2026, 2, 4)), ("EXCHANGE_S_STANDARD", date(2026, 2, 27))]


@pytest.mark.parametrize(("plan", "first"), LICENCES)
def test_days_that_the_licence_makes_the_tenant_forget_are_not_vouched_for(
    tmp_path: Path, entra: Vendor, plan: str, first: date
) -> None:
    """Thirty with a premium edition, else seven: an empty answer for older days is no evidence."""
    entra.paths[f"{V1}/subscribedSkus"] = [licence(plan)]
    asked = CONNECTOR.questions(access(entra), Asking(NOON, since=date(2026, 1, 1)))
    audits = [one for one in asked if one.stream == "entra/audit"]
    source = CONNECTOR.stream("entra/audit").source

    found = [put(one, source, tmp_path, NOON).covers["population.access_grants"] for one in audits]

    covered = [cover for cover in found if cover.last]
    assert (covered[0].first, covered[-1].last) == (first, date(2026, 3, 4))
    assert all("remembers nothing" in cover.missing for cover in found if not cover.last)


def test_the_check_says_what_is_granted_and_what_lacks_a_licence(entra: Vendor) -> None:
    """One thing of each kind is looked at."""
    entra.refused[f"{V1}/auditLogs/signIns"] = NO_LICENCE

    said = checked(CONNECTOR, access(entra))

    assert said.reached == "entra larkspur.example"
    grants = {finding.permission: finding.grant for finding in said.findings}
    assert grants == {
        "Directory.Read.All": Grant.GRANTED,
        "AuditLog.Read.All": Grant.DENIED,
        "RoleEligibilitySchedule.Read.Directory": Grant.GRANTED,
        "Policy.Read.All": Grant.GRANTED,
    }


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path, entra: Vendor) -> None:
    """Of the wrong type, too long, or not of Unicode."""
    strange = user("ana", mail=7, accountEnabled="yes", userType=[], createdDateTime="never")
    entra.paths[f"{V1}/users"] = [strange | {"userPrincipalName": "\ud800" + "x" * 900}]

    (row,) = collected(tmp_path, entra, "entra/access").of("population.accounts")

    assert row["account"].startswith("\\ud800x")
    silent = ("email", "is_enabled", "is_external", "created_at")
    assert {row[name] for name in silent} == {None}
