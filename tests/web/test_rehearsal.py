"""A dry run of files holds up nobody, and leaves nothing, on either database."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from reperform.accounts.models import Membership, Organization, User
from reperform.catalog.installed import catalog
from reperform.program.actions.code.apply import plan_program
from reperform.program.actions.code.rehearsal import rehearsal
from reperform.program.models import AdoptedControl
from web.conftest import AT
from web.rehearsing import BY, FILES, rehearse

HERE = Path(__file__)


@pytest.mark.django_db(transaction=True)
def test_somebody_else_writes_while_files_are_tried(tmp_path: Path) -> None:
    """Two connections to one database: the same organization, the same tables, the same log.

    SQLite has one write lock for all; the tests' own database is in memory, so a copy of it is
    taken to a file, and the two connect to that.
    """
    if connection.vendor == "postgresql":
        rehearse()
        return
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "reperform.sqlite") as copy:
        connection.connection.backup(copy)
    copy.close()

    done = subprocess.run(
        [sys.executable, str(HERE.with_name("rehearsing.py"))],
        env=os.environ
        | {
            "REPERFORM_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "reperform.server.settings",
            "PYTHONPATH": str(HERE.parents[1]),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "nobody waited\n", done.stderr[-4000:]


@pytest.fixture
def ada(larkspur: Organization) -> Membership:
    user = User.objects.create(email=BY, date_joined=AT)
    return Membership.objects.create(
        user=user, organization=larkspur, role="compliance manager", since=AT
    )


@pytest.mark.usefixtures("ada")
def test_no_table_but_its_own_is_written(larkspur: Organization) -> None:
    """Each statement that changes rows finds a temporary table of that name."""
    with CaptureQueriesContext(connection) as asked:
        plan = plan_program(organization=larkspur, files=FILES, catalog=catalog(), by=BY, at=AT)

    assert not plan.is_refused, plan.problems
    hidden: set[str] = set()
    for sql in (each["sql"] for each in asked):
        if sql.startswith("CREATE TEMP TABLE"):
            hidden.add(sql.split('"')[1])
        elif sql.startswith(('INSERT INTO "', 'UPDATE "', 'DELETE FROM "')):
            assert sql.split('"')[1] in hidden, sql
    assert AdoptedControl._meta.db_table in hidden  # noqa: SLF001 - as Django documents it


@pytest.mark.usefixtures("ada")
def test_what_a_savepoint_took_back_is_hidden_again(larkspur: Organization) -> None:
    """A change that is refused takes its temporary table with it: the next change makes another."""
    name = larkspur.name
    with rehearsal(larkspur):
        with transaction.atomic():
            Organization.objects.filter(pk=larkspur.pk).update(name="first")
            transaction.set_rollback(True)
        with CaptureQueriesContext(connection) as asked:
            Organization.objects.filter(pk=larkspur.pk).update(name="second")
        assert any(each["sql"].startswith("CREATE TEMP TABLE") for each in asked)
        assert Organization.objects.get(pk=larkspur.pk).name == "second"
    assert Organization.objects.get(pk=larkspur.pk).name == name


@pytest.mark.usefixtures("ada")
def test_a_new_row_has_the_key_of_no_other(larkspur: Organization, stranger: User) -> None:
    """Else the rows of another organization that refer to that key would seem to be about it."""
    last = Membership.objects.order_by("-pk")[0]
    with rehearsal(larkspur):
        user = User.objects.create(email="new@larkspur.example", date_joined=AT)
        made = Membership.objects.create(
            user=user, organization=larkspur, role="employee", since=AT
        )
        assert made.pk > last.pk
        assert set(Membership.objects.values_list("organization", flat=True)) == {larkspur.pk}
    assert stranger.memberships.exists()
    assert not User.objects.filter(email="new@larkspur.example").exists()
