"""The acts on the calendar: planning, proving and correcting."""

from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from api.acts_program import Act, adopted
from reperform.accounts.permissions import Role
from reperform.program.actions import calendar, occurrences, reminders
from reperform.program.actions.occurrences import NewFile
from reperform.program.calendar import PlanFields
from reperform.program.calendar.entries import EntryFields, EntryKind

DONE = EntryFields(EntryKind.DONE, date(2026, 8, 1), note="Reviewed 12 accounts.")


def planning(place: Place) -> Act:
    adopted(place, "OWN-01")
    return lambda: calendar.plan_control(
        organization=place.organization,
        code="OWN-01",
        fields=PlanFields(grace_days=5, reason="The month ends on a weekend."),
        effective_on=AT.date(),
        seen=0,
        by=BY,
        at=AT,
    )


def proving(place: Place) -> Act:
    adopted(place, "OWN-01")
    member = place.member(Role.CONTROL_OWNER)
    return lambda: occurrences.prove_occurrence(
        organization=place.organization,
        code="OWN-01",
        fields=DONE,
        files=[NewFile("review.txt", b"12 accounts")],
        member=member,
        limited=False,
        by=BY,
        at=AT,
    )


def correcting(place: Place) -> Act:
    adopted(place, "OWN-01")
    member = place.member(Role.CONTROL_OWNER)
    occurrences.prove_occurrence(
        organization=place.organization,
        code="OWN-01",
        fields=DONE,
        member=member,
        limited=False,
        by="test",
        at=EARLIER,
    )
    return lambda: occurrences.correct_occurrence(
        organization=place.organization,
        number=1,
        fields=EntryFields(EntryKind.WITHDRAWN, DONE.on, note="It was another control."),
        member=member,
        limited=False,
        by=BY,
        at=AT,
    )


def reminding(place: Place) -> Act:
    member = place.member(Role.CONTROL_OWNER)
    reminders.claim_reminder(member=member, on=DONE.on, items=3)
    return lambda: reminders.keep_reminder(member=member, on=DONE.on, by=BY, at=AT)


CASES = {
    "program.actions.reminders.keep_reminder": Case(
        reminding, ("reminder.sent",), after={"on": "2026-08-01", "things": 3}
    ),
    "program.actions.calendar.plan_control": Case(
        planning,
        ("calendar.planned",),
        {"grace_days": 0},
        {"from": "2026-08-01", "version": 2, "grace_days": 5},
    ),
    "program.actions.occurrences.prove_occurrence": Case(
        proving,
        ("occurrence.proved",),
        after={"entry": 1, "kind": "done", "on": "2026-08-01"},
        again="a second proof",
    ),
    "program.actions.occurrences.correct_occurrence": Case(
        correcting,
        ("occurrence.corrected",),
        {"kind": "done", "note": "Reviewed 12 accounts."},
        {"entry": 2, "corrects": 1, "kind": "withdrawn"},
    ),
}
NO_ACTS = {
    "program.actions.reminders.claim_reminder": "before a letter is sent; nothing happened yet",
    "program.actions.reminders.release_reminder": "a letter was not sent; nothing happened",
    "program.actions.calendar.calendar_problem": "a value",
    "program.actions.calendar.keep_expectations": "a part of an action, which records the change",
}
