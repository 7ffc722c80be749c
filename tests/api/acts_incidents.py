"""The acts on incidents."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.base.grid import read_grid
from reperform.program.actions import incident_notices, incidents
from reperform.program.actions.incident_import import import_incidents
from reperform.program.actions.incident_timeline import Proof, add_entry, make_lesson_task
from reperform.program.incidents import IncidentFields, State
from reperform.program.incidents.duties import DutyFields, TermFields
from reperform.program.incidents.reports import Report
from reperform.program.incidents.timeline import EntryFields
from reperform.program.models import Incident, IncidentDuty, NotificationTerm
from reperform.program.plan import TaskFields
from reperform.program.queries.incident_import import incident_import_plan
from reperform.program.queries.incidents import incident_fields

Act = Callable[[], object]
FIELDS = IncidentFields("Laptop lost", noticed_at=EARLIER - timedelta(days=1))
FILE = b"Title,Noticed\nLaptop lost,2026-07-01 10:00 UTC\n"
AGAIN = "each time is another one"


def there(place: Place, fields: IncidentFields = FIELDS) -> Incident:
    return incidents.make_incident(
        organization=place.organization, fields=fields, by="test", at=EARLIER
    )


def report(place: Place) -> Act:
    member = place.member()
    found = Report("Laptop lost", "On the train.")
    return lambda: incidents.report_incident(member=member, report=found, by=BY, at=AT)


def make(place: Place) -> Act:
    return lambda: incidents.make_incident(
        organization=place.organization, fields=FIELDS, by=BY, at=AT
    )


def changing(**changes: object) -> Callable[[Place], Act]:
    def prepare(place: Place) -> Act:
        there(place)

        def act() -> None:
            row = Incident.objects.get(organization=place.organization)
            incidents.change_incident(
                organization=place.organization,
                number=1,
                fields=replace(incident_fields(row), **changes),  # type: ignore[arg-type]
                seen=row.version,
                by=BY,
                at=AT,
            )

        return act

    return prepare


def none(place: Place) -> Act:
    return lambda: incidents.state_no_incidents(
        organization=place.organization,
        first=EARLIER.date(),
        last=AT.date(),
        basis="Alerts and tickets.",
        by=BY,
        at=AT,
    )


def entry(place: Place) -> Act:
    there(place)
    return lambda: add_entry(
        organization=place.organization,
        number=1,
        fields=EntryFields("The disk was wiped."),
        proof=Proof("wipe.txt", b"wiped"),
        by=BY,
        at=AT,
    )


def lesson(place: Place) -> Act:
    there(place)
    return lambda: make_lesson_task(
        organization=place.organization, number=1, fields=TaskFields("Buy cables"), by=BY, at=AT
    )


def duty(place: Place) -> Act:
    there(place)

    def act() -> None:
        row = IncidentDuty.objects.filter(incident__organization=place.organization).first()
        incident_notices.decide_duty(
            organization=place.organization,
            number=1,
            duty="gdpr-33",
            fields=DutyFields(applies=True, reason="Names of customers."),
            seen=row.version if row else 0,
            by=BY,
            at=AT,
        )

    return act


def dismiss(place: Place) -> Act:
    there(place)
    return lambda: incident_notices.dismiss_duties(
        organization=place.organization, number=1, reason="An encrypted disk.", by=BY, at=AT
    )


def term(place: Place) -> Act:
    fields = TermFields("Customers of the bank", hours=24)
    return lambda: incident_notices.make_term(
        organization=place.organization, fields=fields, by=BY, at=AT
    )


def change_term(place: Place) -> Act:
    fields = TermFields("Customers of the bank", hours=24)
    made = incident_notices.make_term(
        organization=place.organization, fields=fields, by="test", at=EARLIER
    )

    def act() -> None:
        incident_notices.change_term(
            organization=place.organization,
            number=made.number,
            fields=replace(fields, hours=48),
            seen=NotificationTerm.objects.get(pk=made.pk).version,
            by=BY,
            at=AT,
        )

    return act


def importing(place: Place) -> Act:
    member = place.member()
    plan = incident_import_plan(place.organization, read_grid(FILE, name="old.csv"), at=AT)
    return lambda: import_incidents(
        organization=place.organization,
        member=member,
        file_name="old.csv",
        content=FILE,
        expected=plan.fingerprint,
        by=BY,
        at=AT,
    )


CASES: dict[str, Case] = {
    "program.actions.incidents.report_incident": Case(
        report, ("incident.reported",), after={"title": "Laptop lost"}, again=AGAIN
    ),
    "program.actions.incidents.make_incident": Case(
        make, ("incident.made",), after={"title": "Laptop lost"}, again=AGAIN
    ),
    "program.actions.incidents.change_incident": Case(
        changing(severity="sev3"),
        ("incident.changed",),
        before={"severity": ""},
        after={"severity": "sev3"},
    ),
    "program.actions.incidents.change_incident, its state": Case(
        changing(state=State.CONTAINED), ("incident.moved",), before={"state": "reported"}
    ),
    "program.actions.incidents.change_incident, a false alarm": Case(
        changing(state=State.FALSE_ALARM, reason="It was in the bag."),
        ("incident.called_false_alarm",),
        after={"reason": "It was in the bag."},
    ),
    "program.actions.incidents.state_no_incidents": Case(
        none, ("incidents.none_stated",), after={"basis": "Alerts and tickets."}
    ),
    "program.actions.incident_timeline.add_entry": Case(
        entry, ("incident.entry_added",), after={"entry": 1}, again=AGAIN
    ),
    "program.actions.incident_timeline.make_lesson_task": Case(
        lesson, ("incident.task_made",), after={"task": 1, "title": "Buy cables"}, again=AGAIN
    ),
    "program.actions.incident_notices.decide_duty": Case(
        duty,
        ("incident.notice_decided",),
        before={"applies": None},
        after={"duty": "gdpr-33", "applies": True},
    ),
    "program.actions.incident_notices.dismiss_duties": Case(
        dismiss, ("incident.notices_dismissed",), after={"reason": "An encrypted disk."}
    ),
    "program.actions.incident_notices.make_term": Case(
        term, ("notification_term.made",), after={"hours": 24}, again=AGAIN
    ),
    "program.actions.incident_notices.change_term": Case(
        change_term, ("notification_term.changed",), before={"hours": 24}, after={"hours": 48}
    ),
    "program.actions.incident_import.import_incidents": Case(
        importing, ("incidents.imported",), after={"file": "old.csv"}
    ),
}
NO_ACTS = {
    "program.actions.incident_rows.move_deadlines": "a part of an action, which records the time",
    "program.actions.incident_rows.refused": "a value",
    "program.actions.incident_rows.subject": "a name",
    "program.actions.incident_rows.write_incident": "a part of an action, which records it",
}
