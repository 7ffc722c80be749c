"""The acts on evidence that people bring by hand."""

from collections.abc import Callable

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.evidence.actions import manual
from reperform.evidence.manual import ManualFields, read_manual
from reperform.evidence.models import ManualEvidence

Act = Callable[[], object]
SAID = {"title": "Minutes", "request": "PBC-12", "first": "2026-07-01"}


def fields() -> ManualFields:
    read, problems = read_manual(SAID, today=AT.date(), now=AT)
    assert problems == []
    return read


def bring(place: Place) -> Act:
    return lambda: manual.bring_evidence(
        organization=place.organization,
        fields=fields(),
        name="minutes.txt",
        content=b"We met.\n",
        by=BY,
        at=AT,
    )


def brought(place: Place) -> ManualEvidence:
    return manual.bring_evidence(
        organization=place.organization,
        fields=fields(),
        name="minutes.txt",
        content=b"We met.\n",
        by="test",
        at=EARLIER,
    )


def withdraw(place: Place) -> Act:
    brought(place)
    return lambda: manual.withdraw_evidence(
        organization=place.organization,
        number=1,
        reason="another meeting",
        seen=1,
        on=AT.date(),
        by=BY,
        at=AT,
    )


CASES: dict[str, Case] = {
    "evidence.actions.manual.bring_evidence": Case(
        bring,
        ("evidence.brought",),
        after={"title": "Minutes", "request": "PBC-12", "name": "minutes.txt", "size": 8},
    ),
    "evidence.actions.manual.withdraw_evidence": Case(
        withdraw,
        ("evidence.withdrawn",),
        before={"withdrawn_on": None},
        after={"withdrawn_on": "2026-08-01", "reason": "another meeting"},
    ),
}
NO_ACTS: dict[str, str] = {
    "report.actions.manual.take_manual": (
        "a part of examine_connections, whose entry names the files"
    ),
}
