"""Which column of a file says what: guessed from the header, shown, and corrected by the user."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reperform.program.gap import Status

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "criterion": "Criterion or point of focus",
        "status": "Status",
        "note": "Note",
        "control": "Control",
        "owner": "Owner (e-mail address)",
        "due_on": "Due date",
        "effort_days": "Effort in working days",
        "risk": "Risk",
    }
)
"""Field -> its label.  The first two are needed."""

NEEDED = ("criterion", "status")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "criterion": _words(
            "criterion criteria criterionid tsc tsccriterion reference ref requirement"
            " pointoffocus criterionorpointoffocus"
        ),
        "status": _words("status assessment result rating state conclusion gapstatus"),
        "note": _words(
            "note notes comment comments finding findings observation gap description remark"
            " remarks details"
        ),
        "control": _words("control controlid controlnumber controlcode controlref"),
        "owner": _words("owner responsible assignee assignedto owneremail email"),
        "due_on": _words("due duedate dueon deadline targetdate"),
        "effort_days": _words("effort effortdays days workingdays estimate"),
        "risk": _words("risk risklevel priority severity"),
    }
)
"""Field -> headers that mean it, in letters only."""

STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(("met", "yes", "compliant", "implemented", "complete", "pass"), Status.MET),
    **dict.fromkeys(
        ("partly met", "partially met", "partly", "partial", "partially", "in progress"),
        Status.PARTLY,
    ),
    **dict.fromkeys(
        ("not met", "no", "gap", "missing", "non-compliant", "not compliant", "fail", "open"),
        Status.NOT_MET,
    ),
    **dict.fromkeys(("not applicable", "n/a", "na"), Status.NOT_APPLICABLE),
}
"""Words for a status, in small letters."""


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return the columns by field; a field that no column is named for is left out.

    >>> guess(["Ref.", "Gap status", "Owner (e-mail)", "Days"])
    {'criterion': 0, 'status': 1, 'owner': 2, 'effort_days': 3}
    """
    found: dict[str, int] = {}
    for field, names in _NAMES.items():
        for at, title in enumerate(header):
            is_named = _plain(title) in names or _plain(title.partition("(")[0]) in names
            if is_named and at not in found.values():
                found[field] = at
                break
    return found


def read_mapping(said: Mapping[str, object], columns: int) -> dict[str, int]:
    """Return the columns that a user chose; what names no column or one that is taken is left out.

    >>> read_mapping({"criterion": "0", "status": "0", "note": "9", "risk": ""}, 3)
    {'criterion': 0}
    """
    found: dict[str, int] = {}
    for field in FIELDS:
        at = str(said.get(field, ""))
        is_column = re.fullmatch(r"\d{1,3}", at, re.ASCII) and int(at) < columns
        if is_column and int(at) not in found.values():
            found[field] = int(at)
    return found


def _plain(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.lower())
