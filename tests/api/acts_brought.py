"""The acts on files that are brought to a connection."""

from collections.abc import Callable

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.connectors import reports
from reperform.evidence.actions import brought, connections
from reperform.evidence.connection import ConnectionFields

Act = Callable[[], object]
FIELDS = ConnectionFields("Scans", {"folder": "", "files": []})


def made(place: Place) -> None:
    connections.make_connection(
        organization=place.organization,
        connector=reports.SCANS,
        fields=FIELDS,
        by="test",
        at=EARLIER,
    )


def bring(place: Place) -> Act:
    made(place)
    return lambda: brought.bring_file(
        organization=place.organization, number=1, name="a.json", content=b"{}", by=BY, at=AT
    )


def take_back(place: Place) -> Act:
    made(place)
    kept = brought.bring_file(
        organization=place.organization,
        number=1,
        name="a.json",
        content=b"{}",
        by="test",
        at=EARLIER,
    )
    return lambda: brought.take_back_file(
        organization=place.organization, number=1, file=kept.number, by=BY, at=AT
    )


CASES: dict[str, Case] = {
    "evidence.actions.brought.bring_file": Case(
        bring, ("connection.file_brought",), after={"name": "a.json", "size": 2}
    ),
    "evidence.actions.brought.take_back_file": Case(
        take_back, ("connection.file_taken_back",), before={"name": "a.json", "size": 2}
    ),
}
NO_ACTS: dict[str, str] = {
    "evidence.actions.brought.refuse_no_files": "refuses, or does nothing",
}
