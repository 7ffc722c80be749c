"""Readiness over time: recorded by a button, a command and each kept examination."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from typer.testing import CliRunner

from reperform.accounts.models import Organization
from reperform.audit.queries import program_state
from reperform.catalog.installed import catalog
from reperform.cli.readiness import readiness_app
from reperform.ledger.models import Change
from reperform.program.actions.readiness import record_readiness
from reperform.program.models import ReadinessSnapshot
from web.test_gap import adopt


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/gap/readiness/"


def record(organization: Organization, at: datetime) -> None:
    state = program_state(organization, catalog=catalog(), at=at)
    record_readiness(organization=organization, state=state, by="test", at=at)


def test_looking_records_nothing(manager: Client, home: str) -> None:
    """A page that is only read writes no day."""
    text = unescape(manager.get(home).content.decode())

    assert "No day is recorded yet." in text
    assert not ReadinessSnapshot.objects.exists()


def test_the_button_records_today_once(manager: Client, home: str, larkspur: Organization) -> None:
    """The same once more changes nothing; a change replaces it, and the trail has both."""
    manager.post(home)
    manager.post(home)
    assert Change.objects.filter(act="readiness.recorded").count() == 1

    adopt(larkspur, "CHG-01")
    manager.post(home)

    assert Change.objects.filter(act="readiness.recorded").count() == 2
    kept = ReadinessSnapshot.objects.get(organization=larkspur)
    assert kept.content["adopted_controls"] == 1
    assert kept.content["counts"]["not met"] == 33


def test_the_chart_is_drawn_with_a_table_that_says_the_same(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """No script and no style attribute: the page's policy would stop both."""
    for day in (1, 2, 9):
        record(larkspur, datetime(2026, 8, day, 9, tzinfo=UTC))

    text = unescape(manager.get(home).content.decode())

    assert text.count("<rect ") == 3
    assert "style=" not in text
    assert "9 Aug 2026" in text
    assert "There is 1 hole between recorded days." in text


@pytest.mark.django_db(transaction=True)
def test_the_command_records_every_organization_on_this_day_only(
    larkspur: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reperform.cli.site.open_site", lambda: None)

    done = CliRunner().invoke(readiness_app, ["record"])
    unknown = CliRunner().invoke(readiness_app, ["record", "--organization", "no-such"])

    assert done.exit_code == 0
    assert "larkspur" in done.output
    assert [each.on for each in ReadinessSnapshot.objects.all()] == [datetime.now(UTC).date()]
    assert "there is no organization 'no-such'" in str(unknown.exception)
