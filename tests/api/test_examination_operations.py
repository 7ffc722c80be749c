"""Examinations through the API: asked for, looked at where the answer says, and by themselves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import acme
from acme import Acme
from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.cli.carrying import WAYS
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.running import run_connection
from reperform.evidence.actions.working import work_once
from reperform.evidence.connection import ConnectionFields
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import ScopeDocument
from reperform.report.actions import examining

BEGAN = datetime(2026, 7, 20, 12, tzinfo=UTC)


@pytest.fixture
def collected(larkspur: Organization, says: Acme, monkeypatch: pytest.MonkeyPatch) -> Organization:
    """Larkspur with a decided period, and what Acme brought of it; PDFs are not rendered."""

    def write(folder: Path, *_: object, **__: object) -> None:
        for name in ("report.pdf", "report.html", "gap.pdf", "gap.html"):
            (folder / name).write_bytes(b"not rendered")

    monkeypatch.setattr(examining, "write_reports", write)
    scope = ScopeDocument(system="I", type=2, first=date(2026, 7, 1), last=date(2026, 9, 30))
    change_scope(organization=larkspur, scope=scope, seen=0, library="0" * 64, by="ada", at=BEGAN)
    fields = ConnectionFields("Acme", {"account": "a", "plan": "small"}, {"token": acme.SECRET})
    make_connection(
        organization=larkspur, connector=acme.CONNECTOR, fields=fields, by="ada", at=BEGAN
    )
    run_connection(organization=larkspur, number=1, by="ada", clock=lambda: BEGAN)
    return larkspur


@pytest.fixture
def caller(program: Callable[..., Program]) -> Program:
    return program(Role.COMPLIANCE_MANAGER)


def test_an_examination_is_asked_for_and_looked_at(
    collected: Organization, caller: Program
) -> None:
    """202 and where to look; then the job names what was kept."""
    asked = caller.ask("post", "/examinations", {"last": "2026-08-31"})
    assert asked.status_code == 202
    job = asked.json()
    assert asked["Location"] == f"/api/v1/jobs/{job['number']}"
    assert (job["kind"], job["state"], job["connection"]) == ("examination", "waiting", None)

    assert work_once(clock=lambda: datetime.now(UTC) + timedelta(seconds=1), ways=WAYS)

    done = caller.get(f"/jobs/{job['number']}")
    assert (done["state"], done["examination"]) == ("done", 1)
    assert caller.get("/examinations/jobs")["items"] == [done]
    assert caller.get("/examinations/1")["last_day"] == "2026-08-31"


def test_days_that_cannot_be_are_refused_at_once(collected: Organization, caller: Program) -> None:
    refused = caller.ask("post", "/examinations", {"first": "2126-08-01", "last": "2126-08-31"})
    assert (refused.status_code, refused.json()["slug"]) == (422, "period-in-future")
    assert caller.get("/examinations/jobs")["items"] == []


def test_examinations_have_a_schedule(larkspur: Organization, caller: Program) -> None:
    address = "/examinations/schedule"
    none = {"version": 0, "plan": None, "next_at": None, "offset_seconds": 0, "paused_reason": ""}
    assert caller.get(address) == none
    body = {"plan": {"every": "week", "weekday": "friday", "hour": 5}, "seen": 0}
    kept = caller.ask("put", address, body).json()
    assert (kept["version"], kept["plan"]["weekday"]) == (1, "friday")
    assert caller.ask("put", address, body | {"plan": {"every": "day"}}).status_code == 409
    paused = caller.ask("post", f"{address}/pause", {"reason": "holiday", "seen": 1}).json()
    assert (paused["next_at"], paused["paused_reason"]) == (None, "holiday")


def test_a_test_is_asked_for_and_its_outcomes_are_listed(
    collected: Organization, caller: Program
) -> None:
    """Of evidence that nothing brings it is unable, and says on what it rests."""
    asked = caller.ask("post", "/tests/BCK-01.T1/jobs")
    assert asked.status_code == 202
    assert work_once(clock=lambda: datetime.now(UTC) + timedelta(seconds=1), ways=WAYS)

    job = caller.get(asked["Location"].removeprefix("/api/v1"))
    assert (job["kind"], job["state"], job["conclusion"]) == ("test", "done", "unable to test")
    (outcome,) = caller.get("/tests/BCK-01.T1/outcomes")["items"]
    assert (outcome["job"], outcome["examination"]) == (job["number"], None)
    assert outcome["record"]["collections"] == []
    listed = caller.get("/tests?control=BCK-01")["items"]
    assert [each["conclusion"] for each in listed if each["id"] == "BCK-01.T1"] == [
        "unable to test"
    ]
    assert caller.get("/tests/BCK-01.T1/jobs")["items"] == [job]


def test_a_test_has_a_schedule(larkspur: Organization, caller: Program) -> None:
    body = {"plan": {"every": "day", "hour": 6, "zone": "Europe/Berlin"}, "seen": 0}
    kept = caller.ask("put", "/tests/BCK-01.T1/schedule", body).json()
    assert (kept["version"], kept["plan"]["zone"]) == (1, "Europe/Berlin")
    assert caller.get("/tests/BCK-01.T1/schedule") == kept
    paused = caller.ask("post", "/tests/BCK-01.T1/schedule/pause", {"reason": "x", "seen": 1})
    assert paused.json()["next_at"] is None
    assert caller.ask("put", "/tests/GONE-01.T1/schedule", body).status_code == 404
