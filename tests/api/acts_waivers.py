"""The acts on waivers."""

from collections.abc import Callable
from datetime import date
from typing import Any

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.accounts.permissions import Role
from reperform.program.actions import waivers
from reperform.program.waivers.fields import WaiverFields, read_waiver

Act = Callable[[], object]
TESTS = {"CHG-01.T1": "1" * 64}
SAID = {"test": "CHG-01.T1", "items": ["abc"], "reason": "Ill.", "last": "2026-09-30"}


def fields(**said: object) -> WaiverFields:
    read, problems = read_waiver({**SAID, **said}, tests=TESTS, today=AT.date())
    assert problems == []
    return read


def ask(place: Place) -> Act:
    asker = place.member(Role.CONTROL_OWNER)
    return lambda: waivers.ask_waiver(
        organization=place.organization, fields=fields(), asker=asker, by=BY, at=AT
    )


def asked(place: Place) -> dict[str, Any]:
    asker = place.member(Role.CONTROL_OWNER)
    waivers.ask_waiver(
        organization=place.organization, fields=fields(), asker=asker, by="owner", at=EARLIER
    )
    return {"organization": place.organization, "number": 1, "by": BY, "at": AT, "asker": asker}


def change(place: Place) -> Act:
    said = asked(place)
    return lambda: waivers.change_waiver(**said, fields=fields(reason="Very ill."), seen=1)


def decide(place: Place) -> Act:
    said = asked(place)
    said["decider"] = place.member(Role.COMPLIANCE_MANAGER)
    del said["asker"]
    return lambda: waivers.decide_waiver(**said, is_approved=True, note="Once.", seen=1)


def withdraw(place: Place) -> Act:
    decide(place)()
    return lambda: waivers.withdraw_waiver(
        organization=place.organization, number=1, reason="Back.", seen=2, by=BY, at=AT
    )


CASES: dict[str, Case] = {
    "program.actions.waivers.ask_waiver": Case(
        ask,
        ("waiver.asked",),
        after={"test": "CHG-01.T1", "items": ["abc"], "last": "2026-09-30"},
        again="each request is a waiver of its own, which somebody decides",
    ),
    "program.actions.waivers.change_waiver": Case(
        change,
        ("waiver.changed",),
        before={"reason": "Ill."},
        after={"reason": "Very ill."},
    ),
    "program.actions.waivers.decide_waiver": Case(
        decide,
        ("waiver.approved",),
        before={"is_approved": None},
        after={
            "decision": "Once.",
            "test": "CHG-01.T1",
            "test_sha256": "1" * 64,
            "reason": "Ill.",
            "first": str(date(2026, 8, 1)),
            "asked_by": "owner",
        },
    ),
    "program.actions.waivers.withdraw_waiver": Case(
        withdraw,
        ("waiver.withdrawn",),
        before={"withdrawn_on": None},
        after={"withdrawn_on": "2026-08-01", "reason": "Back."},
    ),
}
NO_ACTS: dict[str, str] = {
    "report.actions.waivers.take_waivers": (
        "a part of examine_connections, whose entry names the file"
    ),
}
