"""What is noticed in each part of the program: when it begins, when it is over."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client

from acme import Acme
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.models import ExaminationRecord
from reperform.audit.outline import outline_of
from reperform.evidence.folders import collection_folder
from reperform.evidence.models import CollectedTable, CollectionRecord, Connection, Run
from reperform.ledger.models import Change
from reperform.noticing.actions.looking import look
from reperform.noticing.actions.remediation import set_remediation_days
from reperform.noticing.models import Notice
from reperform.noticing.queries.notices import WATCHES, noticed
from reperform.noticing.remediation import Days, read_days
from reperform.program.actions.plan import make_task
from reperform.program.actions.scope import change_scope
from reperform.program.models import Policy, Vendor
from reperform.program.plan import Risk, TaskFields
from reperform.program.scope.document import ScopeDocument
from web.examined import results

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 10, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def scoped(larkspur: Organization) -> Organization:
    """An organization whose period began on 1 August 2026."""
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(system="X", type=2, first=date(2026, 8, 1), last=date(2027, 7, 31)),
        seen=0,
        library="0" * 64,
        by="test",
        at=NOW,
    )
    return larkspur


def found(
    organization: Organization, *kinds: str, at: datetime = NOW
) -> list[tuple[str, str, str]]:
    """Return kind, subject and day since when of what is noticed, of these kinds only."""
    return [
        (each.kind.value, each.subject, each.since.date().isoformat())
        for each in noticed(organization, at=at)
        if each.kind.value in kinds
    ]


def examined(organization: Organization, number: int, conclusion: str) -> None:
    said: dict[str, Any] = json.loads(json.dumps(results()))
    said["tests"][0]["conclusion"] = conclusion
    ExaminationRecord.objects.create(
        organization=organization,
        number=number,
        type=2,
        first_day=date(2026, 8, 1),
        last_day=date(2026, 8, 31),
        results=said,
        outline=outline_of(said),
        results_sha256="0" * 64,
        bundle_sha256="0" * 64,
        folder="none",
        by="test",
        at=NOW - (10 - number) * DAY,
    )


def connection(organization: Organization, connector: str) -> Connection:
    return Connection.objects.create(
        organization=organization,
        number=1 + Connection.objects.count(),
        title=f"Source {Connection.objects.count()}",
        connector=connector,
        changed_by="test",
        changed_at=NOW,
    )


def collected(
    row: Connection, table: str, first: date | None, last: date, *, target: str = "all"
) -> CollectionRecord:
    """Let a connection have brought a table that vouches for days."""
    number = 1 + Run.objects.filter(connection=row).count()
    run = Run.objects.create(
        connection=row,
        number=number,
        asked_by="test",
        started_at=NOW,
        ended_at=NOW,
        outcome="complete",
    )
    record = CollectionRecord.objects.create(
        run=run,
        organization=row.organization,
        connection=row,
        stream=f"{row.connector}/some",
        sequence=1 + CollectionRecord.objects.count(),
        target=target,
        started_at=NOW,
        ended_at=NOW,
        outcome="complete",
        is_used=True,
    )
    CollectedTable.objects.create(
        collection=record, connection=row, table=table, rows=1, first_day=first, last_day=last
    )
    return record


def write_table(record: CollectionRecord, table: str, select: str) -> None:
    """Write the Parquet file of a collected table, as shaping would."""
    folder = collection_folder(record.organization.log, record.stream, record.sequence).tables
    path: Path = folder / f"{table}.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def test_each_kind_of_notice_belongs_to_one_part() -> None:
    """What no part answered for would never be over."""
    kinds = [kind for watch in WATCHES for kind in watch.kinds]

    assert len(kinds) == len(set(kinds)) == 14


def test_drift_begins_with_the_examination_that_broke_and_ends_with_the_one_that_passes(
    larkspur: Organization,
) -> None:
    for number, conclusion in enumerate(("no exceptions", "exceptions noted", "exceptions noted")):
        examined(larkspur, number + 1, conclusion)
        look(organization=larkspur, by="test", at=NOW + number * DAY)

    notice = Notice.objects.get(kind="deviates")
    assert (notice.subject, notice.over_at, notice.key) == ("CHG-01.T1", None, "3/CHG-01.T1")
    assert notice.noticed_at == NOW + DAY
    examined(larkspur, 4, "no exceptions")
    look(organization=larkspur, by="test", at=NOW + 4 * DAY)
    notice.refresh_from_db()
    assert notice.over_at == NOW + 4 * DAY
    assert Notice.objects.get(kind="better").over_at is None


def test_an_examination_of_another_type_is_not_compared(larkspur: Organization) -> None:
    examined(larkspur, 1, "no exceptions")
    examined(larkspur, 2, "exceptions noted")
    ExaminationRecord.objects.filter(number=1).update(type=1)

    assert found(larkspur, "deviates") == []


def test_days_between_two_collections_are_a_hole_with_its_dates(
    scoped: Organization, says: Acme
) -> None:
    """Days before the first count from the period's; days after the last are no hole yet."""
    row = connection(scoped, "suricata")
    collected(row, "suricata.alerts", date(2026, 8, 1), date(2026, 8, 10))
    collected(row, "suricata.alerts", date(2026, 8, 14), date(2026, 9, 1))
    table = _events_table("suricata")
    CollectedTable.objects.update(table=table)

    (hole,) = [each for each in noticed(scoped, at=NOW) if each.kind.value == "hole"]

    assert (hole.subject, hole.since.date()) == (f"CON-1 {table}", date(2026, 8, 11))
    assert "has no evidence from 2026-08-11 to 2026-08-13" in hole.text
    collected(row, table, date(2026, 8, 11), date(2026, 8, 13))
    assert found(scoped, "hole") == []


def test_days_of_the_period_before_the_first_collection_are_a_hole(scoped: Organization) -> None:
    row = connection(scoped, "suricata")
    collected(row, _events_table("suricata"), date(2026, 8, 3), date(2026, 9, 1))

    assert [each[2] for each in found(scoped, "hole")] == ["2026-08-01"]


def test_a_state_has_no_holes_and_neither_has_a_retired_connection(scoped: Organization) -> None:
    row = connection(scoped, "tls")
    collected(row, "tls.endpoints", date(2026, 8, 1), date(2026, 8, 1))
    collected(row, "tls.endpoints", date(2026, 8, 9), date(2026, 8, 9))
    gone = connection(scoped, "suricata")
    collected(gone, _events_table("suricata"), date(2026, 8, 9), date(2026, 8, 9))
    Connection.objects.filter(pk=gone.pk).update(retired_on=TODAY, retired_reason="left")

    assert found(scoped, "hole") == []


def _events_table(connector: str) -> str:
    from reperform.connectors.registry import installed  # noqa: PLC0415 - what is installed

    return next(
        table.name
        for stream in installed().connectors[connector].streams
        for table in stream.source.tables
        if table.kind == "events"
    )


def test_a_policy_is_noticed_thirty_days_before_its_review_and_again_when_the_day_has_passed(
    larkspur: Organization,
) -> None:
    due = date(2026, 10, 10)
    policy = Policy.objects.create(
        organization=larkspur,
        key="access-control",
        title="Access",
        review_due=due,
        changed_by="test",
        changed_at=NOW,
    )
    both = ("expiring", "expired")

    assert found(larkspur, *both, at=NOW - DAY) == []
    assert found(larkspur, *both) == [("expiring", "Policy access-control", "2026-09-10")]
    on_the_day = datetime(2026, 10, 10, 23, 59, tzinfo=UTC)
    assert [each[0] for each in found(larkspur, *both, at=on_the_day)] == ["expiring"]
    after = found(larkspur, *both, at=on_the_day + timedelta(minutes=1))
    assert after == [("expired", "Policy access-control", "2026-10-11")]
    Policy.objects.filter(pk=policy.pk).update(review_due=due + 365 * DAY)
    assert found(larkspur, *both, at=on_the_day) == []


def test_the_report_of_a_critical_vendor_ends_a_year_after_its_last_day(
    larkspur: Organization,
) -> None:
    said = {"organization": larkspur, "changed_by": "test", "changed_at": NOW}
    Vendor.objects.create(
        number=1, name="Cloud", criticality="critical", report_last=date(2025, 9, 9), **said
    )
    Vendor.objects.create(
        number=2, name="Snacks", criticality="low", report_last=date(2020, 1, 1), **said
    )

    assert found(larkspur, "expired") == [("expired", "VEN-1 report", "2026-09-10")]


def test_a_certificate_is_noticed_by_the_newest_handshake(
    larkspur: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPERFORM_HOME", str(tmp_path))
    row = connection(larkspur, "tls")
    for not_after in ("2026-09-20", "2026-09-12 23:00:00"):
        record = collected(row, "tls.endpoints", TODAY, TODAY)
        select = f"SELECT 'app.example:443' AS endpoint, TIMESTAMP '{not_after}' AS not_after"
        write_table(record, "tls.endpoints", select)

    (notice,) = [each for each in noticed(larkspur, at=NOW) if each.kind.value == "expiring"]

    assert notice.subject == "CON-1 app.example:443"
    assert "valid until 2026-09-12" in notice.text


def test_tasks_and_reviews_of_vendors_are_overdue_from_the_day_after(
    larkspur: Organization, member: Callable[[Role], User]
) -> None:
    owner = Membership.objects.get(user=member(Role.CONTROL_OWNER))
    make_task(
        organization=larkspur,
        fields=TaskFields("Turn on MFA", owner=owner.pk, due_on=TODAY - DAY),
        by="test",
        at=NOW - 40 * DAY,
    )
    Vendor.objects.create(
        organization=larkspur,
        number=1,
        name="Cloud",
        due_on=TODAY,
        changed_by="test",
        changed_at=NOW,
    )

    assert found(larkspur, "overdue") == [("overdue", "TASK-1", "2026-09-10")]
    later = found(larkspur, "overdue", at=NOW + DAY)
    assert ("overdue", "VEN-1 review", "2026-09-11") in later
    assert [each.owner for each in noticed(larkspur, at=NOW)] == [owner.pk]


def test_nothing_is_late_by_days_that_nobody_decided(
    larkspur: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vulnerabilities of one severity are one notice while any is late; fixed ones are not."""
    monkeypatch.setenv("REPERFORM_HOME", str(tmp_path))
    row = connection(larkspur, "reports")
    vulnerable(row, "CVE-2026-1 critical 2026-08-20 open", "CVE-2026-2 critical 2026-08-01 fixed")
    make_task(
        organization=larkspur,
        fields=TaskFields("Turn on MFA", risk=Risk.HIGH),
        by="test",
        at=NOW - 40 * DAY,
    )
    examined(larkspur, 1, "exceptions noted")
    assert found(larkspur, "late") == []

    decide(larkspur, Days(critical=7, high=30, deviation=5), seen=0)

    assert sorted(found(larkspur, "late")) == [
        ("late", "CHG-01.T1", "2026-09-06"),
        ("late", "CON-1 critical", "2026-08-27"),
        ("late", "TASK-1", "2026-08-31"),
    ]
    look(organization=larkspur, by="test", at=NOW)
    vulnerable(row, "CVE-2026-3 critical 2026-08-25 open")
    look(organization=larkspur, by="test", at=NOW + timedelta(hours=1))
    notice = Notice.objects.get(subject="CON-1 critical")
    assert notice.over_at is None
    assert "the oldest is CVE-2026-3 on web-1, found on 2026-08-25" in notice.text
    vulnerable(row, "CVE-2026-3 critical 2026-08-25 fixed")
    look(organization=larkspur, by="test", at=NOW + timedelta(hours=2))
    notice.refresh_from_db()
    assert notice.over_at == NOW + timedelta(hours=2)


def vulnerable(row: Connection, *lines: str) -> None:
    record = collected(row, "population.vulnerabilities", TODAY, TODAY)
    selects = []
    for line in lines:
        cve, severity, day, status = line.split()
        selects.append(
            f"SELECT '{cve}' AS cve, '{cve}' AS finding_uid, 'T' AS title, 'web-1' AS resource,"
            f" '{severity}' AS severity, TIMESTAMP '{day}' AS found_at, '{status}' AS status"
        )
    write_table(record, "population.vulnerabilities", " UNION ALL ".join(selects))


def decide(organization: Organization, days: Days, *, seen: int) -> None:
    set_remediation_days(organization=organization, days=days, seen=seen, by="ana", at=NOW)


def test_days_are_read_whole_or_refused() -> None:
    assert read_days({"critical": "7", "high": ""}) == (Days(critical=7), [])
    _, problems = read_days({"critical": 30, "high": 7})
    assert [each.where for each in problems] == ["high"]
    _, problems = read_days({"critical": "soon", "hgih": 3, "low": 0})
    assert {each.where for each in problems} == {"critical", "hgih", "low"}


def test_the_days_are_decided_on_a_page_and_a_second_decision_loses_nothing(
    larkspur: Organization, manager: Client
) -> None:
    url = "/o/larkspur/notices/remediation/"

    assert manager.post(url, {"seen": "0", "critical": "x"}).status_code == 422
    assert manager.post(url, {"seen": "0", "critical": "7"}).status_code == 302
    stale = manager.post(url, {"seen": "0", "critical": "14"})
    assert stale.status_code == 409
    assert 'value="14"' in stale.content.decode()
    assert Change.objects.filter(act="remediation_days.set").count() == 1


def test_who_may_not_read_a_topic_does_not_find_its_notices(
    larkspur: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    """The plan is management's own: the auditor reads it neither there nor here."""
    make_task(
        organization=larkspur,
        fields=TaskFields("Hidden task", due_on=TODAY - DAY),
        by="test",
        at=NOW,
    )
    look(organization=larkspur, by="test", at=NOW)

    def shown(role: Role) -> str:
        return signed_in(member(role)).get("/o/larkspur/notices/").content.decode()

    assert "Hidden task" in shown(Role.READ_ONLY)
    assert "Hidden task" not in shown(Role.AUDITOR)
