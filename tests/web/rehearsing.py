"""Two connections: one rehearses files, the other writes at the same time.  Run by a test."""

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import django

AT = datetime(2026, 8, 1, 9, tzinfo=UTC)
BY = "ada@larkspur.example"
FILES = {
    "scope.yaml": b"system: Invoicing\ncategories: [security]\ntype: 1\nlast: 2026-12-31\n",
    "controls/OWN-01.md": b"""---
title: Look at accounts
owner: ada@larkspur.example
nature: detective
kind: manual
frequency: quarterly
owner_role: Security lead
criteria: [CC6.1]
---

The security lead looks at all accounts each quarter.
""",
}


def in_another_connection(act: Callable[[], object]) -> float:
    """Do it in a thread, which has a connection of its own; return how long it took.

    Raises:
        AssertionError: it did not end while this connection goes on.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by whoever calls

    done: list[object] = []

    def acting() -> None:
        try:
            done.append(act())
        except Exception as error:  # noqa: BLE001 - the other thread says what it was
            done.append(error)
        finally:
            connection.close()

    thread, begun = threading.Thread(target=acting), time.monotonic()
    thread.start()
    thread.join(timeout=15)
    assert not thread.is_alive(), "it still waits"
    assert not isinstance(done[0], Exception), done[0]
    return time.monotonic() - begun


def rehearse() -> None:
    """Rehearse a program while somebody else founds, plans and is recorded in the same one."""
    from django.db import connection  # noqa: PLC0415 - as above

    from reperform.accounts.actions.organizations import found_organization  # noqa: PLC0415
    from reperform.accounts.models import Membership, Organization, User  # noqa: PLC0415
    from reperform.catalog.installed import catalog  # noqa: PLC0415
    from reperform.ledger.queries import changes  # noqa: PLC0415
    from reperform.program.actions.code import apply as applying  # noqa: PLC0415
    from reperform.program.models import AdoptedControl  # noqa: PLC0415

    organization = found_organization(name="Larkspur", by=BY, at=AT)
    user = User.objects.create(email=BY, date_joined=AT)
    Membership.objects.create(
        user=user, organization=organization, role="compliance manager", since=AT
    )
    facts: dict[str, Any] = {"organization": organization, "catalog": catalog(), "by": BY, "at": AT}
    left = getattr(applying, "_left")  # noqa: B009 - wrapped below
    waited: list[float] = []

    def at_the_end(*given: Any) -> Any:  # noqa: ANN401 - as it is
        patching.stop()
        assert AdoptedControl.objects.filter(organization=organization).exists()
        # The same organization, the same tables, and the same log.
        waited.append(in_another_connection(lambda: applying.apply_program(files=OTHER, **facts)))
        assert not AdoptedControl.objects.filter(code="OWN-02").exists()  # not of this snapshot
        return left(*given)

    # After the last change, before the rehearsal ends.
    patching = patch.object(applying, "_left", at_the_end)
    patching.start()
    plan = applying.plan_program(files=FILES, **facts)

    assert not plan.is_refused, plan.problems
    assert [change.item.name for change in plan.changes] == ["scope", "controls/OWN-01"]
    assert len(waited) == 1
    codes = AdoptedControl.objects.filter(organization=organization).values_list("code", flat=True)
    assert list(codes) == ["OWN-02"]
    acts = [each.act for each in changes(organization.log)]
    assert acts == ["control.adopted", "organization.founded"]
    assert Organization.objects.count() >= 1
    with connection.cursor() as cursor:
        table = AdoptedControl._meta.db_table  # noqa: SLF001 - as Django documents it
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        assert cursor.fetchone()[0] == AdoptedControl.objects.count()


OTHER = {
    "controls/OWN-02.md": FILES["controls/OWN-01.md"].replace(b"at accounts", b"at keys"),
}

if __name__ == "__main__":
    django.setup()
    rehearse()
    sys.stdout.write("nobody waited\n")
