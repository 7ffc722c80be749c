"""An organization with many rows of everything, written past the actions so that it takes seconds.

The rows are what the actions would leave: the tests of actions hold that true, and this file needs
a line for each model that a page reads.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from grown.access_reviews import grow_access_reviews
from grown.assets import grow_assets
from grown.connections import grow_connections
from grown.files import grow_files
from grown.incidents import grow_incidents
from grown.manual import grow_manual
from grown.notices import grow_notices
from grown.occurrences import grow_occurrences
from grown.people import grow_people
from grown.policies import grow_policies
from grown.risks import grow_risks
from grown.vendors import grow_vendors
from grown.waivers import grow_waivers
from reperform.accounts.actions.tokens import make_token
from reperform.accounts.models import ApiToken, Invitation, Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.models import ExaminationRecord
from reperform.audit.outline import outline_of
from reperform.audit.outputs import OUTPUTS
from reperform.base.canonical import canonical_json
from reperform.catalog.installed import catalog
from reperform.ledger.home import home
from reperform.ledger.models import Change, Head, Leaf
from reperform.program.description.files import description_library
from reperform.program.models import (
    AdoptedControl,
    DescriptionVersion,
    ReadinessSnapshot,
    RemediationTask,
    ScopeVersion,
)
from reperform.program.scope.document import ScopeDocument, scope_content
from web.examined import write_small_bundle

_BATCH = 2_000
OPEN_AT_MOST = 400
"""Tasks, half of which are open: more than anybody can oversee."""


@dataclass(frozen=True)
class Size:
    """How many rows of each kind an organization has."""

    members: int = 4
    invitations: int = 3
    tokens: int = 3
    scopes: int = 3
    writings: int = 2
    controls: int = 15
    tasks: int = 30
    snapshots: int = 5
    examinations: int = 2
    changes: int = 40
    files: int = 2
    people: int = 12
    assets: int = 4
    occurrences: int = 60
    vendors: int = 12
    connections: int = 3
    incidents: int = 6
    risks: int = 20
    policies: int = 6
    access_reviews: int = 3
    manual: int = 3
    waivers: int = 3
    notices: int = 20

    def times(self, factor: int) -> "Size":
        return Size(**{name: factor * value for name, value in vars(self).items()})


def grow(organization: Organization, size: Size, *, results: dict[str, Any], at: datetime) -> None:
    """Add rows until there are as many as `size` says.

    Args:
        organization: whose they become.
        size: how many of each kind.
        results: what results.json of every examination holds.
        at: when everything happened.
    """
    owners = list(_members(organization, size.members, at))
    _entrances(organization, owners[0], size, at)
    _texts(organization, size, at)
    _controls(organization, owners, size.controls, at)
    _tasks(organization, owners, size.tasks, at)
    _examinations(organization, size, results, at)
    _changes(organization, size.changes, at)
    grow_files(organization, size.files, at)
    grow_people(organization, size.people, at)
    grow_assets(organization, owners, size.assets, at)
    grow_occurrences(organization, size.occurrences, at)
    grow_vendors(organization, owners, size.vendors, at)
    grow_connections(organization, size.connections, at)
    grow_manual(organization, size.manual, at)
    grow_incidents(organization, owners, size.incidents, at)
    grow_risks(organization, size.risks, at)
    grow_policies(organization, owners, size.policies, at)
    grow_access_reviews(organization, owners, size.access_reviews, at)
    grow_waivers(organization, owners, size.waivers, at)
    grow_notices(organization, owners, size.notices, at)


def _from(model: Any, organization: Organization, until: int, **only: Any) -> range:  # noqa: ANN401 - any model
    """Return the numbers that are still to be given."""
    rows = model.objects.filter(organization=organization, **only)
    return range(1 + (rows.aggregate(most=Max("number"))["most"] or 0), until + 1)


def _members(organization: Organization, count: int, at: datetime) -> Iterator[Membership]:
    roles = [role.value for role in Role if role is not Role.AUDITOR]
    for number in range(count):
        user, _ = User.objects.get_or_create(
            email=f"person{number}@{organization.slug}.example",
            defaults={"name": f"Person {number}", "date_joined": at},
        )
        yield Membership.objects.get_or_create(
            user=user,
            organization=organization,
            defaults={"role": roles[number % len(roles)], "since": at},
        )[0]


def _entrances(organization: Organization, owner: Membership, size: Size, at: datetime) -> None:
    until = at + timedelta(days=3650)
    there = Invitation.objects.filter(organization=organization).count()
    Invitation.objects.bulk_create(
        Invitation(
            organization=organization,
            email=f"guest{number}@{organization.slug}.example",
            role=Role.EMPLOYEE.value,
            secret_sha256=os.urandom(32).hex(),
            invited_by="test",
            created_at=at,
            expires_at=until,
        )
        for number in range(there, size.invitations)
    )
    for number in range(ApiToken.objects.filter(organization=organization).count(), size.tokens):
        make_token(
            membership=owner,
            name=f"token {number}",
            scopes=["scope.view"],
            days=300,
            by="test",
            at=at,
        )


def _texts(organization: Organization, size: Size, at: datetime) -> None:
    document = ScopeDocument(
        system="Grown",
        categories=("security", "availability"),
        type=2,
        first=date(2025, 8, 1),
        last=date(2026, 7, 31),
    )
    ScopeVersion.objects.bulk_create(
        ScopeVersion(
            organization=organization,
            number=number,
            content=scope_content(document),
            library=catalog().digest,
            by="test",
            at=at,
        )
        for number in _from(ScopeVersion, organization, size.scopes)
    )
    DescriptionVersion.objects.bulk_create(
        DescriptionVersion(
            organization=organization,
            field=field.name,
            number=number,
            text=f"Version {number}.\n\n{field.example}",
            by="test",
            at=at,
        )
        for field in description_library().fields
        for number in _from(DescriptionVersion, organization, size.writings, field=field.name)
    )


def _controls(
    organization: Organization, owners: list[Membership], count: int, at: datetime
) -> None:
    # One that has a test, in words of its own, is always among them.
    library = sorted(catalog().controls, key=lambda each: each.id != "CHG-01")
    there = AdoptedControl.objects.filter(organization=organization).count()
    possible = [owner for owner in owners if owner.is_active]
    AdoptedControl.objects.bulk_create(
        AdoptedControl(
            organization=organization,
            code=origin.id if number < len(library) else f"OWN-{number}",
            library_id=origin.id if number < len(library) else "",
            title=origin.title,
            text=origin.text + (" So are settings." if origin.id == "CHG-01" else ""),
            population=origin.population,
            criteria=list(origin.criteria),
            points_of_focus=list(origin.points_of_focus),
            evidence=list(origin.evidence),
            nature=origin.nature,
            kind=origin.kind,
            frequency=origin.frequency,
            owner_role=origin.owner,
            owner=possible[number % len(possible)],
            adopted_on=at.date() - timedelta(days=1_200),
            implemented_on=at.date(),
            changed_by="test",
            changed_at=at,
        )
        for number in range(there, count)
        for origin in [library[number % len(library)]]
    )


def _tasks(organization: Organization, owners: list[Membership], count: int, at: datetime) -> None:
    library = catalog().controls
    states = ("open", "done", "open", "dropped")

    def state(number: int) -> str:
        # A plan that was worked off for years: of the older tasks none is open any more.
        is_old = number <= count - OPEN_AT_MOST
        return "done" if is_old and states[number % 4] == "open" else states[number % 4]

    tasks = (
        RemediationTask(
            organization=organization,
            number=number,
            title=f"Task {number}: {origin.title}"[:300],
            criterion=origin.criteria[0],
            control=origin.id,
            owner=owners[number % len(owners)],
            due_on=at.date() + timedelta(days=number % 400 - 100),
            effort_days=1 + number % 9,
            risk=("low", "medium", "high")[number % 3],
            state=state(number),
            closed_on=None if state(number) == "open" else at.date() - timedelta(days=number % 700),
            changed_by="test",
            changed_at=at,
        )
        for number in _from(RemediationTask, organization, count)
        for origin in [library[number % len(library)]]
    )
    RemediationTask.objects.bulk_create(tasks, batch_size=_BATCH)


def _examinations(
    organization: Organization, size: Size, results: dict[str, Any], at: datetime
) -> None:
    there = ReadinessSnapshot.objects.filter(organization=organization).count()
    ReadinessSnapshot.objects.bulk_create(
        ReadinessSnapshot(
            organization=organization,
            on=at.date() - timedelta(days=number),
            content={
                "scope_version": 1,
                "examination": None,
                "adopted_controls": 15,
                "counts": {"met": 1, "partly met": 2, "not met": 30},
                "criteria": {},
                "open_tasks": 9,
                "late_tasks": number % 5,
                "earliest_start": None,
            },
            by="test",
            at=at,
        )
        for number in range(there, size.snapshots)
    )
    period = results["scope"]["period"]
    ExaminationRecord.objects.bulk_create(
        ExaminationRecord(
            organization=organization,
            number=number,
            type=2,
            first_day=date.fromisoformat(period["first"]),
            last_day=date.fromisoformat(period["last"]),
            results=results,
            summary={"tests": {}, "criteria": {}, "collections": {}, "controls": 1},
            outline=outline_of(results),
            scope_number=1,
            results_sha256="0" * 64,
            bundle_sha256="0" * 64,
            folder=_kept(f"{organization.log}-{number}", results),
            by="test",
            at=at,
        )
        for number in _from(ExaminationRecord, organization, size.examinations)
    )


def _kept(name: str, results: dict[str, Any]) -> str:
    folder = home() / "examinations" / name
    folder.mkdir(parents=True, exist_ok=True)
    for output in OUTPUTS:
        (folder / output).write_bytes(b"%PDF-1.7 " * 10)
    (folder / "results.json").write_text(json.dumps(results), "utf-8")
    write_small_bundle(folder / "bundle.zip")
    return name


def _changes(organization: Organization, count: int, at: datetime) -> None:
    head, _ = Head.objects.get_or_create(log=organization.log)
    numbers = range(head.size, count)
    leaves = Leaf.objects.bulk_create(
        (Leaf(log=head, number=number, entry=b"{}" * 400) for number in numbers),
        batch_size=_BATCH,
    )
    if any(leaf.pk is None for leaf in leaves):
        leaves = list(Leaf.objects.filter(log=head, number__in=numbers).order_by("number"))
    Change.objects.bulk_create(
        (
            Change(
                leaf=leaf,
                log=organization.log,
                at=at,
                by="test",
                act="control.changed",
                subject=f"control {leaf.number % 100}",
                content=_said(leaf.number, at),
            )
            for leaf in leaves
        ),
        batch_size=_BATCH,
    )
    head.size = max(head.size, count)
    head.save(update_fields=["size"])


def _said(number: int, at: datetime) -> bytes:
    said = {
        "act": "control.changed",
        "at": at.isoformat(),
        "by": "test",
        "subject": f"control {number % 100}",
        "before": {"version": number, "text": "before " * 20},
        "after": {"version": number + 1, "text": "after " * 20},
    }
    return bytes(32) + canonical_json(json.loads(json.dumps(said)))
