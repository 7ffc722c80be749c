"""A table of incidents from elsewhere: it enters incidents and changes none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.importing import RegisterImport
from reperform.program.importing.columns import Columns
from reperform.program.importing.rows import Rows
from reperform.program.incidents import (
    IncidentFields,
    State,
    incident_content,
    read_incident,
    reference,
)

IncidentImport = RegisterImport[IncidentFields]
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "title": "Title",
        "kind": "Kind",
        "severity": "Severity",
        "state": "State",
        "is_exercise": "Exercise",
        "reason": "Reason",
        "began_at": "Began",
        "noticed_at": "Noticed",
        "reported_at": "Reported",
        "confirmed_at": "Confirmed",
        "contained_at": "Contained",
        "resolved_at": "Resolved",
        "what": "What happened",
        "affected": "Affected",
        "assets": "Assets",
        "customers": "Customers",
        "criteria": "Criteria",
        "controls": "Controls",
        "personal_data": "Personal data",
        "handler": "Handler",
        "cause": "Root cause",
        "control_failed": "Control failed",
        "failed_controls": "Failed controls",
        "commitment_missed": "Commitment missed",
        "is_reportable": "DC 4 tells of it",
        "reportable_because": "Because",
        "extent": "Extent",
        "disposition": "Disposition",
        "lessons": "Lessons",
        "reviewed_on": "Reviewed on",
    }
)
"""Field -> title of its column, in files that go out and come in."""
_COLUMNS = Columns(
    titles=COLUMNS,
    needed="title",
    many="incidents",
    left_out=("reference",),
    is_strict=True,
    lists=("assets", "customers", "criteria", "controls", "failed_controls"),
    addresses=("handler",),
)


@dataclass(frozen=True, slots=True)
class Held:
    """What the rows are held against.

    Attributes:
        severities: ids of the levels.
        members: number by e-mail address.
        controls: codes of the organization's controls.
        there: number of each incident by title and day.
        at: when it is imported.
    """

    severities: Collection[str]
    members: Mapping[str, int]
    controls: Collection[str]
    there: Mapping[tuple[str, date], int]
    at: datetime


class _Incidents(Rows[IncidentFields]):
    def __init__(self, held: Held) -> None:
        super().__init__(_COLUMNS, held.members)
        self._held = held
        self._seen = dict(held.there)
        self._is_closed = False

    def about(self, said: dict[str, Any]) -> tuple[int | None, IncidentFields | None]:  # noqa: ARG002 - it changes none
        return None, None

    def read(
        self,
        said: Mapping[str, Any],
        before: IncidentFields | None,  # noqa: ARG002 - it changes none
    ) -> tuple[IncidentFields, list[Problem]]:
        fields, problems = read_incident(said, severities=self._held.severities, at=self._held.at)
        self._is_closed = fields.state is State.CLOSED
        return (replace(fields, state=State.RESOLVED) if self._is_closed else fields), problems

    def content(self, fields: IncidentFields) -> Mapping[str, Any]:
        return incident_content(fields)

    def check(self, row: int, number: int | None, fields: IncidentFields) -> None:  # noqa: ARG002 - it changes none
        for name in ("controls", "failed_controls"):
            for code in getattr(fields, name):
                if code not in self._held.controls:
                    what = f"there is no control {visible(code, limit=20)}"
                    self.wrong(name, what, "adopt it first")

    def is_left_out(self, fields: IncidentFields) -> bool:
        is_there = (fields.title, fields.on) in self._seen
        if fields.on is not None:
            self._seen.setdefault((fields.title, fields.on), 0)
        return is_there

    def does(
        self,
        number: int | None,  # noqa: ARG002 - it changes none
        before: IncidentFields | None,  # noqa: ARG002 - it changes none
        after: IncidentFields,
    ) -> str:
        if after.on is None:
            return ""
        there = self._seen.get((after.title, after.on))
        if there is not None:
            what = f"is {reference(there)} already" if there else "is in a row above already"
            return f"{what}: left out"
        does = f"enters an {'exercise' if after.is_exercise else 'incident'} of {after.on}"
        return (
            f"{does} as resolved: whom to notify is decided here before it is closed"
            if self._is_closed
            else does
        )


def plan_incidents(grid: Grid, held: Held) -> IncidentImport:
    """Return what each row of a file would do, and every problem by file, row and column."""
    return _Incidents(held).plan(grid)
