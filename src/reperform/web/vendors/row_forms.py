"""Forms of a report's rows: its exceptions, its CUECs, and the controls that our scope expects.

Each row is a fieldset whose fields are named by its place, as in `0-text`; a row whose first field
is emptied is removed, and empty ones at the end are for more.  So it works without a script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from reperform.base.problem import Problem
from reperform.program.vendors.reports import MOST_ROWS
from reperform.web.asked import Asked

_BLANK = 3
Row = Mapping[str, Any]

_CODES = "Codes of your controls, as AC-03, HR-02"
EXCEPTIONS = (
    Asked("deviation", "What the report found", "text"),
    Asked("control", "Their control", longest=100, help="As the report numbers it."),
    Asked("response", "What their management answers", "text"),
    Asked("is_relevant", "Does it concern you?", "flag", help="Does it bear on what you rely on?"),
    Asked("reason", "Why it does, or does not", "text"),
    Asked("compensating", "Your controls that make up for it", help=_CODES),
)
CUECS = (
    Asked("text", "What they expect of you", "text"),
    Asked("reference", "Number in the report", longest=40),
    Asked("controls", "Your controls that answer it", help=_CODES),
    Asked("not_applicable", "Or why it does not concern you", "text"),
)
EXPECTED = (
    Asked("text", "What your scope expects", "text"),
    Asked("is_evidenced", "Does the report test it?", "flag"),
    Asked("where", "Where", help="Their control's number, or the page."),
)
_CODED = ("controls", "compensating")


@dataclass(frozen=True, slots=True)
class RowPart:
    """A part of a report that consists of rows.

    Attributes:
        name: in the URL, and of the report's field.
        title: a few words.
        one: what a row is called.
        lead: what is to be done.
        asked: of each row; the first field empty means no row.
    """

    name: str
    title: str
    one: str
    lead: str
    asked: tuple[Asked, ...]

    def rows(self, sent: QueryDict) -> list[dict[str, Any]]:
        """Return the rows that were sent, those that say nothing left out."""
        found = []
        for number in range(MOST_ROWS + _BLANK):
            row = {each.name: sent.get(f"{number}-{each.name}", "") for each in self.asked}
            if any(value.strip() for value in row.values()):
                found.append(row)
        lines = sent.get("more", "")[:100_000].splitlines()
        return found + [{self.asked[0].name: each.strip()} for each in lines if each.strip()]

    def fields(self, rows: Sequence[Row]) -> tuple[list[Asked], dict[str, Any]]:
        """Return what is asked of the rows and of empty ones, and what they say."""
        every = [*rows, *[{}] * _BLANK]
        asked, said = [], {}
        for number, row in enumerate(every):
            group = f"{self.one} {number + 1}" if row else f"Another {self.one}"
            for at, each in enumerate(self.asked):
                name = f"{number}-{each.name}"
                asked.append(replace(each, name=name, group="" if at else group))
                value = row.get(each.name)
                is_list = each.name in _CODED and not isinstance(value, str)
                said[name] = ", ".join(value or ()) if is_list else value
        return asked, said

    def placed(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return problems of rows, each at its field of the form."""
        return [replace(each, where=self._place(each.where)) for each in problems]

    def _place(self, where: str) -> str:
        row, _, field = where.removeprefix(f"{self.name} ").partition(": ")
        return f"{int(row) - 1}-{field}" if row.isdigit() and field else where


PARTS = {
    each.name: each
    for each in (
        RowPart(
            "exceptions",
            "Exceptions",
            "exception",
            "What section IV notes beside a control. Each is decided: does it concern you, why, and"
            " which control of yours makes up for it.",
            EXCEPTIONS,
        ),
        RowPart(
            "cuecs",
            "Complementary user entity controls",
            "CUEC",
            "Controls that the vendor expects of you. Each is answered by controls of yours, or"
            " ruled out with a reason; what is neither stays open.",
            CUECS,
        ),
        RowPart(
            "expected",
            "Controls that your scope expects",
            "control",
            "Your scope expects them of this vendor (CSOCs). Find each in its section IV.",
            EXPECTED,
        ),
    )
}
