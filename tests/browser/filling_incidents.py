"""Incidents for the filled installation: one whole, one bare, an exercise, a term."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reperform.accounts.models import Membership, Organization

NOW = datetime.now(UTC).replace(microsecond=0)


def fill_incidents(organization: "Organization", people: "list[Membership]") -> None:
    """Enter them."""
    from reperform.program.actions import incident_notices, incidents  # noqa: PLC0415
    from reperform.program.actions.incident_timeline import (  # noqa: PLC0415
        Proof,
        add_entry,
        make_lesson_task,
    )
    from reperform.program.incidents import IncidentFields, Kind, State  # noqa: PLC0415
    from reperform.program.incidents.duties import DutyFields, TermFields  # noqa: PLC0415
    from reperform.program.incidents.reports import Report  # noqa: PLC0415
    from reperform.program.incidents.timeline import EntryFields  # noqa: PLC0415
    from reperform.program.plan import TaskFields  # noqa: PLC0415

    began = NOW - timedelta(days=4)
    by: dict[str, Any] = {"by": "test", "at": NOW}
    whole = IncidentFields(
        title="Invoices could not be opened",
        what="A change of the schema was deployed before its program.",
        kind=Kind.OUTAGE,
        severity="sev2",
        state=State.CONTAINED,
        began_at=began,
        noticed_at=began,
        reported_at=began,
        confirmed_at=began + timedelta(hours=5),
        affected="Everybody who opens an invoice",
        assets=("Database",),
        customers=("Fernhill Bakery",),
        criteria=("CC8.1",),
        personal_data=True,
        handler=people[0].pk,
        cause="Nothing compared the versions.",
        control_failed=True,
        is_reportable=True,
        reportable_because="A control failed.",
        extent="300 customers",
    )
    incidents.make_incident(organization=organization, fields=whole, **by)
    incidents.report_incident(
        member=people[0], report=Report("Odd mail", "It asked for my password."), **by
    )
    exercise = IncidentFields("Ransom at the table", is_exercise=True, noticed_at=began)
    incidents.make_incident(organization=organization, fields=exercise, **by)
    here: dict[str, Any] = {"organization": organization, "number": 1, **by}
    add_entry(fields=EntryFields("Invoices open again."), proof=Proof("a.txt", b"ok"), **here)
    add_entry(fields=EntryFields("At 9:48.", corrects=1), proof=None, **here)
    late = DutyFields(applies=True, reason="Names.", done_at=NOW, how="Portal.", proof=1)
    incident_notices.decide_duty(duty="gdpr-33", fields=late, seen=0, **here)
    make_lesson_task(fields=TaskFields("Compare versions"), **here)
    incident_notices.make_term(
        organization=organization, fields=TermFields("Enterprise customers", hours=48), **by
    )
    long_ago = (NOW - timedelta(days=80)).date()
    incidents.state_no_incidents(
        organization=organization, first=long_ago, last=long_ago, basis="Alerts, tickets.", **by
    )
