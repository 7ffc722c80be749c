"""Which column of a list of people says what: guessed from the header, corrected by the user."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "first_name": "First name",
        "last_name": "Last name",
        "email": "E-mail address",
        "started_on": "First day",
        "ended_on": "Last day",
        "position": "Position",
        "department": "Department",
        "manager": "Manager",
        "kind": "Kind of contract",
        "id": "Their id in the list",
    }
)
"""Field -> title of its column.  A name, whole or in two columns, and a first day are needed."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALIKE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "name": _words("name fullname employeename displayname employee person worker"),
        "first_name": _words("firstname givenname forename first"),
        "last_name": _words("lastname surname familyname last"),
        "email": _words("email emailaddress workemail mail e"),
        "started_on": _words(
            "firstday startdate start hiredate hired startedon joined joindate dateofjoining"
        ),
        "ended_on": _words(
            "lastday enddate terminationdate endedon leavingdate lastdayofwork left"
        ),
        "position": _words("position jobtitle title role job jobid jobname"),
        "department": _words("department departmentname departmentid team division costcenter"),
        "manager": _words(
            "manager managerid manageremail managername reportsto supervisor linemanager"
        ),
        "kind": _words("kind kindofcontract contract employmenttype workertype employeetype"),
        "id": _words("id number employeeid employeenumber personid workerid personnelno"),
    }
)
"""Field -> headers that mean it, in small letters and nothing else."""


class DayOrder(StrEnum):
    """How the list writes days that are not as 2026-12-31."""

    ISO = ""
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user says of a list.

    Attributes:
        columns: by field.
        order: of days, which is never guessed.
        domain: completes addresses that have none; empty when they are whole.
    """

    columns: Mapping[str, int]
    order: DayOrder = DayOrder.ISO
    domain: str = ""


_OTHER_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9.-]{1,200}", re.ASCII)


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return the columns by field; a field that no column is named for is left out.

    >>> guess(["employee_id", "First Name", "E-mail", "hire_date", "salary"])
    {'first_name': 1, 'email': 2, 'started_on': 3, 'id': 0}
    """
    found: dict[str, int] = {}
    for name, alike in ALIKE.items():
        for at, title in enumerate(header):
            if re.sub(r"[^a-z]", "", title.lower()) in alike and at not in found.values():
                found[name] = at
                break
    return found


def read_choices(said: Mapping[str, object], header: Sequence[str]) -> Choices:
    """Return what a user chose; what names no column or one that is taken is left out.

    Columns are guessed while nobody chose any.

    >>> read_choices({"name": "0", "email": "0", "order": "day first"}, ["A", "B"])
    Choices(columns={'name': 0}, order=<DayOrder.DAY_FIRST: 'day first'>, domain='')
    """
    found: dict[str, int] = {}
    for name in FIELDS:
        at = str(said.get(name, ""))
        is_column = re.fullmatch(r"\d{1,3}", at, re.ASCII) and int(at) < len(header)
        if is_column and int(at) not in found.values():
            found[name] = int(at)
    is_chosen = any(name in said for name in FIELDS)
    order, domain = str(said.get("order", "")), str(said.get("domain", "")).strip().lower()
    return Choices(
        found if is_chosen else guess(header),
        DayOrder(order) if order in list(DayOrder) else DayOrder.ISO,
        domain.lstrip("@") if _DOMAIN.fullmatch(domain.lstrip("@")) else "",
    )


def read_day(text: str, order: DayOrder) -> str:
    """Return a day as 2026-12-31 where it can be read, else as it was.

    >>> read_day("17-06-2013", DayOrder.DAY_FIRST), read_day("17-06-2013", DayOrder.ISO)
    ('2013-06-17', '17-06-2013')
    """
    found = _OTHER_DAY.fullmatch(text.strip())
    if found is None or order is DayOrder.ISO:
        return text
    first, second, year = (int(each) for each in found.groups())
    day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text
