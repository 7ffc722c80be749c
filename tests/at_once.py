"""One of several programs that do something at the same moment; started by test_at_once.py.

Usage: python at_once.py VERB ORGANIZATION START [ARGUMENT]: says that it is ready, waits until the
file START is there, then prints what came of it, as JSON.
"""

# ruff: noqa: E402 - models exist only after the settings are loaded

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

if __name__ == "__main__":  # imported by the search for doctests, it must not change the settings
    os.environ["DJANGO_SETTINGS_MODULE"] = "reperform.server.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from reperform.accounts.actions.members import change_member
from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.base.refusal import RefusalError
from reperform.ledger.actions import check_log, record
from reperform.ledger.queries import changes
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import ScopeDocument

AT = datetime.now(UTC)


def prepare(name: str, _: str) -> object:
    call_command("migrate", verbosity=0, interactive=False)
    organization = found_organization(name=name, by="test", at=AT)
    for person in ("ada", "grace"):
        user = User.objects.create(email=f"{person}@{organization.log}.example", date_joined=AT)
        Membership.objects.create(
            user=user, organization=organization, role=Role.ADMINISTRATOR.value, since=AT
        )
    return organization.slug


def append(slug: str, count: str) -> object:
    log = Organization.objects.get(slug=slug).log
    for _ in range(int(count)):
        with transaction.atomic():
            record(log=log, act="test.done", by="test", at=AT, subject="test", after={"a": 1})
    return "done"


def decide(slug: str, system: str) -> object:
    change_scope(
        organization=Organization.objects.get(slug=slug),
        scope=ScopeDocument(system=system),
        seen=0,
        library="0" * 64,
        by=system,
        at=AT,
    )
    return "done"


def demote(slug: str, person: str) -> object:
    found = Membership.objects.get(organization__slug=slug, user__email__startswith=f"{person}@")
    change_member(membership=found, role=Role.READ_ONLY, is_active=True, by="test", at=AT)
    return "done"


def report(slug: str, _: str) -> object:
    organization = Organization.objects.get(slug=slug)
    found = check_log(log=organization.log, by="test", at=AT)
    admins = Membership.objects.filter(organization=organization, role=Role.ADMINISTRATOR.value)
    return {
        "size": found.size,
        "problems": [str(each) for each in found.problems],
        "administrators": admins.count(),
        "decided": changes(organization.log, act="scope.decided").count(),
    }


if __name__ == "__main__":
    verb, slug, start, argument = (*sys.argv[1:], "", "")[:4]
    if start != "now":
        Path(f"{start}.{os.getpid()}").touch()
    while start != "now" and not Path(start).exists():
        time.sleep(0.001)
    try:
        outcome = globals()[verb](slug, argument)
    except RefusalError as refusal:
        outcome = refusal.slug
    sys.stdout.write(json.dumps(outcome))
