"""A register of risks from a spreadsheet: its columns are those that the register exports.

How much a risk matters is judged in the register and never read from a file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.program.importing import RegisterImport
from reperform.program.importing.columns import Columns
from reperform.program.importing.reference import ReferenceRows
from reperform.program.risks.risk import RiskFields, read_risk, risk_content

RiskImport = RegisterImport[RiskFields]
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "Reference",
        "title": "Title",
        "description": "Description",
        "objective": "Threatens",
        "category": "Category",
        "owner": "Owner",
        "treatment": "Treatment",
        "treatment_reason": "Reason of the treatment",
        "accepted_by": "Accepted by",
        "accepted_until": "Accepted until",
        "controls": "Controls",
        "criteria": "Criteria",
        "cycle_months": "Months between reviews",
        "frequency_low": "Events in 100 years, at least",
        "frequency_high": "Events in 100 years, at most",
        "loss_low": "Loss of one, at least",
        "loss_high": "Loss of one, at most",
    }
)
"""Field -> title of its column."""
_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "risk": "title",
        "risk title": "title",
        "name": "title",
        "risk description": "description",
        "risk owner": "owner",
        "owner email": "owner",
        "response": "treatment",
        "risk treatment": "treatment",
        "id": "number",
        "risk id": "number",
    }
)
"""Titles that other registers use, in small letters."""
_COLUMNS = Columns(
    titles=COLUMNS,
    needed="title",
    many="risks",
    others=_OTHERS,
    choices=("category", "treatment"),
    addresses=("owner", "accepted_by"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        members: number by e-mail address, of active members.
        risks: what each open risk says, by number.
        closed: numbers of the closed ones.
        controls: codes of the adopted controls.
        today: the day of the import.
    """

    members: Mapping[str, int]
    risks: Mapping[int, RiskFields]
    closed: Collection[int]
    controls: Collection[str]
    today: date


class _Risks(ReferenceRows[RiskFields]):
    is_name_once = False

    def __init__(self, known: Known) -> None:
        gone = dict.fromkeys(known.closed, "closed")
        super().__init__(_COLUMNS, known.members, "RISK", known.risks, gone)
        self._known = known

    def read(
        self, said: Mapping[str, Any], before: RiskFields | None
    ) -> tuple[RiskFields, list[Problem]]:
        codes = {*self._known.controls, *(before.controls if before else ())}
        return read_risk(said, today=self._known.today, controls=codes)

    def content(self, fields: RiskFields) -> Mapping[str, Any]:
        return risk_content(fields)


def plan_import(grid: Grid, known: Known) -> RiskImport:
    """Return what each row of a file would do, and every problem by file, row and column."""
    return _Risks(known).plan(grid)
