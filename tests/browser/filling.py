"""Fills an installation with what a program looks like in its middle; run by `browser.serving`.

Everything goes in by the product's own actions.  Prints as JSON what a test needs to sign in:
the session of a member in each role, and the link of an open invitation.

Usage: REPERFORM_HOME=FOLDER python tests/browser/filling.py
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser.filling_incidents import fill_incidents
from browser.filling_registers import fill_registers
from browser.filling_states import fill_states
from reperform.cli.site import open_site

if TYPE_CHECKING:
    from reperform.accounts.models import Membership, Organization

NOW = datetime.now(UTC)
TODAY = NOW.date()
SLUG = "larkspur"
PASSWORD = "a sentence of nobody in particular"
LIVED = ("AC-10", "AC-12", "INC-02", "VEN-02")
"""Controls that the stories of the registers leave a trace of, beside every second one."""
_CONCLUSIONS = ("no exceptions", "exceptions noted", "unable to test", "did not operate")


def main() -> None:
    """Fill the installation."""
    open_site()
    from reperform.accounts.actions.organizations import found_organization  # noqa: PLC0415

    founded = NOW - timedelta(days=90)
    larkspur = found_organization(name="Larkspur", by="test", at=founded, is_example=True)
    second = found_organization(name="Second Company", by="test", at=NOW - timedelta(days=9))
    people = members(larkspur)
    decide_scope(larkspur)
    describe(larkspur)
    adopt(larkspur, people)
    plan(larkspur, people)
    fill_incidents(larkspur, people)
    fill_registers(larkspur, people)
    fill_states(larkspur, people)
    keep_examinations(larkspur)
    make_tokens(people[0])
    add_provider(larkspur)
    add_group(larkspur)
    said = {
        "sessions": {person.role: session(person) for person in people},
        "invitation": invitations(larkspur),
    }
    join(people[0], second)
    print(json.dumps(said))  # noqa: T201 - it is what the caller reads


def members(organization: "Organization") -> list["Membership"]:
    """Return a member in every role, the administrator first."""
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    from reperform.accounts.models import Membership, User  # noqa: PLC0415
    from reperform.accounts.permissions import Role  # noqa: PLC0415

    names = ("Ada Reyes", "Bo Lindqvist", "Chi Okafor", "Dee Marsh", "Eli Novak", "Fay Auditor")
    found = []
    for role, name in zip(Role, names, strict=True):
        user = User(email=f"{name.split()[0].lower()}@larkspur.example", name=name, date_joined=NOW)
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        found.append(
            Membership.objects.create(
                user=user, organization=organization, role=role.value, since=NOW
            )
        )
    return found


def join(person: "Membership", organization: "Organization") -> None:
    """Make somebody a member of a second organization."""
    from reperform.accounts.models import Membership  # noqa: PLC0415

    Membership.objects.create(
        user=person.user, organization=organization, role=person.role, since=NOW
    )


def session(person: "Membership") -> str:
    """Return the key of a session in which `person` has just signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    store = SessionStore()
    store[SESSION_KEY] = str(person.user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.user.get_session_auth_hash()
    store["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    store.create()
    return str(store.session_key)


def decide_scope(organization: "Organization") -> None:
    """Decide a Type 2 with two categories and a carved-out cloud host."""
    from reperform.catalog.installed import catalog  # noqa: PLC0415
    from reperform.program.actions.scope import change_scope  # noqa: PLC0415
    from reperform.program.scope.document import (  # noqa: PLC0415
        Commitment,
        Expectation,
        ScopeDocument,
        Subservice,
        SupplierReport,
    )

    first = TODAY - timedelta(days=200)
    scope = ScopeDocument(
        system="Marigold Payroll",
        services=("Computes payroll for small firms", "Files returns with the tax office"),
        boundaries="The production environment, its deployment, and the people who run it.",
        categories=("security", "availability"),
        type=2,
        first=first,
        last=first + timedelta(days=364),
        commitments=(
            Commitment("commitment", "Payroll data is kept from others.", "security"),
            Commitment("requirement", "Production takes a second factor.", "security"),
            Commitment("commitment", "The service answers 99.9 % of each month.", "availability"),
        ),
        subservices=(
            Subservice(
                name="Nimbus Cloud",
                service="Hosts servers and databases",
                method="carve-out",
                expectations=(Expectation("Access to data centers is reviewed", ("CC6.4",)),),
                report=SupplierReport("SOC 2 Type 2", first, TODAY + timedelta(days=20)),
            ),
        ),
        user_controls=(Expectation("Customers remove their leavers", ("CC6.2", "CC6.3")),),
        not_applicable={"CC6.4": "Nobody works in offices, and Nimbus Cloud has the data centers."},
    )
    change_scope(
        organization=organization,
        scope=scope,
        seen=0,
        library=catalog().digest,
        by="bo@larkspur.example",
        at=NOW - timedelta(days=80),
    )


def describe(organization: "Organization") -> None:
    """Write half of the description, one field twice."""
    from reperform.program.actions.description import write_field  # noqa: PLC0415
    from reperform.program.description.files import description_library  # noqa: PLC0415

    for number, field in enumerate(description_library().fields):
        for seen in range(2 if number == 0 else number % 2):
            write_field(
                organization=organization,
                field=field.name,
                text=field.example if seen == 0 else f"{field.example}\n\nOne sentence more.",
                seen=seen,
                by="bo@larkspur.example",
                at=NOW - timedelta(days=60 - number),
            )


def adopt(organization: "Organization", people: list["Membership"]) -> None:
    """Adopt half of the library, some of it without an owner or not in place."""
    from reperform.catalog.installed import catalog  # noqa: PLC0415
    from reperform.program.actions.control_keeping import NewControl  # noqa: PLC0415
    from reperform.program.actions.controls import adopt_controls  # noqa: PLC0415
    from reperform.program.controls.document import library_document  # noqa: PLC0415

    taken = [
        control
        for number, control in enumerate(catalog().controls)
        if number % 2 == 0 or control.id in LIVED
    ]
    controls = [
        NewControl(
            code=control.id,
            document=library_document(control),
            library_id=control.id,
            taken=library_document(control),
            owner=people[number % 4] if number % 5 else None,
            implemented_on=TODAY - timedelta(days=60) if number % 3 else None,
        )
        for number, control in enumerate(taken)
    ]
    done = adopt_controls(
        organization=organization, controls=controls, by="bo@larkspur.example", at=NOW
    )
    assert len(done.codes) == len(taken), done.refused


def plan(organization: "Organization", people: list["Membership"]) -> None:
    """Plan tasks: one late, one of the employee's, one done."""
    from reperform.program.actions.plan import make_task  # noqa: PLC0415
    from reperform.program.plan import Risk, TaskFields, TaskState  # noqa: PLC0415

    every = [
        TaskFields("Restore a backup and keep the record", criterion="A1.3", risk=Risk.HIGH),
        TaskFields("Ask Nimbus Cloud for its next report", criterion="CC9.2", effort_days=1),
        TaskFields("Acknowledge the security policy", criterion="CC1.1"),
        TaskFields(
            "Name an owner for each policy", state=TaskState.DONE, closed_on=TODAY, reason="Done."
        ),
    ]
    for number, fields in enumerate(every):
        make_task(
            organization=organization,
            fields=replace(
                fields,
                owner=people[number + 1].pk,
                due_on=TODAY + timedelta(days=(-3, 5, 9, 1)[number]),
            ),
            by="bo@larkspur.example",
            at=NOW,
        )


def keep_examinations(organization: "Organization") -> None:
    """Keep two examinations; the second found more than the first."""
    from reperform.audit.actions import keep_examination  # noqa: PLC0415
    from web.examined import write_outputs, write_small_bundle  # noqa: PLC0415

    for days, worse in ((2, 0), (0, 3)):
        with tempfile.TemporaryDirectory() as folder:
            out = write_outputs(Path(folder) / "out", results(worse))
            write_small_bundle(out / "bundle.zip")
            keep_examination(
                organization=organization,
                folder=out,
                by="bo@larkspur.example",
                at=NOW - timedelta(days=days),
            )


def results(worse: int) -> dict[str, Any]:
    """Return results over the whole library, in which `worse` more tests found exceptions."""
    from reperform.catalog.installed import catalog  # noqa: PLC0415

    controls = catalog().controls
    tests = [test(control.id, number, worse) for number, control in enumerate(controls[:40])]
    said: dict[str, Any] = {
        "format": "reperform-results/1",
        "scope": {
            "type": 2,
            "period": {"first": str(TODAY - timedelta(days=365)), "last": str(TODAY)},
            "categories": ["security", "availability"],
        },
        "organization": "Larkspur",
        "system": "Marigold Payroll",
        "collections": [
            {
                "stream": f"host/{name}",
                "outcome": "refused" if refused and worse else "complete",
                "reason": "needs root" if refused and worse else "",
                "target": "/",
            }
            for name, refused in (("firewall", True), ("accounts", False), ("packages", False))
        ],
        "tables": [
            {
                "name": "git.tags",
                "kind": "events",
                "rows": 40,
                "sha256": "0" * 64,
                "covered_days": 364,
                "gaps": [
                    {"first": str(TODAY), "last": str(TODAY), "reason": "the day was not over"}
                ],
            }
        ],
        "tests": tests,
        "controls": [
            {
                "id": control.id,
                "title": control.title,
                "criteria": list(control.criteria),
                "designed": "partly",
                "implemented": "yes" if number % 3 else "unknown",
                "evidenced": "yes" if number % 3 else "no",
                "operated": "no" if number % 5 == 0 else "unknown",
                "reasons": ["Proposed by the library; management has not adopted it."],
                "steps": ["Adopt it, or write down why it is not needed."],
                "tests": [f"{control.id}.T1"] if number < len(tests) else [],
            }
            for number, control in enumerate(controls)
        ],
        "criteria": [
            {
                "id": criterion.id,
                "status": ("met", "partly met", "not met")[number % 3],
                "controls": [each.id for each in controls if criterion.id in each.criteria],
            }
            for number, criterion in enumerate(catalog().criteria[:36])
        ],
        "description": [],
    }
    return said


def test(control: str, number: int, worse: int) -> dict[str, Any]:
    """Return what one test of a control found."""
    conclusion = _CONCLUSIONS[1 if number < worse else (0 if number < 8 else number % 4)]
    deviations = 2 if conclusion == "exceptions noted" else 0
    return {
        "id": f"{control}.T1",
        "control": control,
        "title": "Each item shows what the control promises",
        "nature": "inspection",
        "conclusion": conclusion,
        "population": 0 if conclusion == "did not operate" else 40,
        "passed": 40 - deviations if conclusion in _CONCLUSIONS[:2] else 0,
        "deviations": deviations,
        "unable": 40 if conclusion == "unable to test" else 0,
        "exceptions": [
            {"item": f"change {n}", "outcome": "deviation", "reason": "No review is recorded."}
            for n in range(deviations)
        ],
        "gaps": [],
        "inputs": {"git.commits": "0" * 64},
        "parameters": {"period_first": str(date(TODAY.year - 1, 8, 1))},
        "reason": f"{deviations} of 40 items deviate" if deviations else "",
        "sha256": "1" * 64,
    }


def make_tokens(person: "Membership") -> None:
    """Make a token that ends soon."""
    from reperform.accounts.actions.tokens import make_token  # noqa: PLC0415

    make_token(
        membership=person, name="nightly", scopes=["results.view"], days=10, by="test", at=NOW
    )


def add_provider(organization: "Organization") -> None:
    """Add an identity provider that nobody asks."""
    from reperform.accounts.actions.providers import ProviderSettings, put_provider  # noqa: PLC0415

    said = ProviderSettings(
        kind="oidc",
        name="Larkspur's directory",
        issuer="https://id.larkspur.example",
        client_id="reperform",
        client_secret="not a real one",
    )
    put_provider(organization=organization, provider=None, said=said, by="test", at=NOW)


def add_group(organization: "Organization") -> None:
    """Let the directory push a group with somebody in it, that gives no role yet."""
    from reperform.accounts.actions.groups import GroupSaid, make_group  # noqa: PLC0415
    from reperform.accounts.actions.provisioning import Said, provision  # noqa: PLC0415

    grace = "grace@larkspur.example"
    said = Said(grace, "", grace, "Grace", is_active=True, document={"userName": grace})
    person = provision(organization=organization, said=said, by="test", at=NOW)
    group = GroupSaid("Engineers", "", frozenset({person.pk}))
    make_group(organization=organization, said=group, by="test", at=NOW)


def invitations(organization: "Organization") -> str:
    """Return the path of an invitation that is open; another one is about to expire."""
    from reperform.accounts.actions.members import invite  # noqa: PLC0415
    from reperform.accounts.permissions import Role  # noqa: PLC0415

    by = "ada@larkspur.example"
    invite(
        organization=organization,
        email="gil@larkspur.example",
        role=Role.EMPLOYEE,
        by=by,
        at=NOW - timedelta(days=5),
    )
    _, secret = invite(
        organization=organization, email="hal@larkspur.example", role=Role.EMPLOYEE, by=by, at=NOW
    )
    return f"/invitation/{secret}/"


if __name__ == "__main__":
    main()
