"""A list of vendors in a file, which knows each by its name; a file that goes out can come back.

An empty cell of a column that is there empties the field; a column that is not there changes
nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.importing import RegisterImport
from reperform.program.importing.columns import Columns
from reperform.program.importing.rows import Rows
from reperform.program.vendors import VendorFields, read_vendor, vendor_content

VendorImport = RegisterImport[VendorFields]
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "service": "Service",
        "owner": "Owner",
        "website": "Website",
        "criticality": "Criticality",
        "classification": "Classification",
        "data": "Data",
        "countries": "Countries",
        "has_access": "Reaches our systems",
        "access": "Access",
        "is_subservice": "Subservice organization",
        "method": "Method",
        "started_on": "Started on",
        "contract_on": "Contract on",
        "renews_on": "Renews on",
        "notice_by": "Notice by",
        "dpa": "DPA",
        "dpa_on": "DPA on",
        "has_confidentiality": "Confidentiality terms",
        "has_security_terms": "Security terms",
        "subprocessors": "Sub-processors",
        "note": "Note",
    }
)
"""Field -> name of its column."""
LEFT_OUT = ("Number", "Last review", "Outcome", "Next review", "Ended on")
"""Columns of a file that goes out which say what no file decides."""
LISTS = ("data", "countries", "subprocessors")
_COLUMNS = Columns(
    titles=COLUMNS,
    needed="name",
    many="vendors",
    left_out=tuple(title.lower() for title in LEFT_OUT),
    is_strict=True,
    decisions=[name for name in COLUMNS if name not in LISTS],
    lists=LISTS,
    addresses=("owner",),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        vendors: number and what it says, by name in small letters.
        members: number by e-mail address, of those who may be owners.
        classes: the criticalities that there are.
    """

    vendors: Mapping[str, tuple[int, VendorFields]]
    members: Mapping[str, int]
    classes: Collection[str]


class _Vendors(Rows[VendorFields]):
    def __init__(self, known: Known) -> None:
        super().__init__(_COLUMNS, known.members)
        self._known = known
        self._seen: dict[str, int] = {}

    def about(self, said: dict[str, Any]) -> tuple[int | None, VendorFields | None]:
        key = " ".join(said["name"].split()).casefold()
        return self._known.vendors.get(key, (None, None))

    def read(
        self,
        said: Mapping[str, Any],
        before: VendorFields | None,  # noqa: ARG002 - one reads every vendor alike
    ) -> tuple[VendorFields, list[Problem]]:
        return read_vendor(said, classes=self._known.classes)

    def content(self, fields: VendorFields) -> Mapping[str, Any]:
        return vendor_content(fields)

    def unknown(self, address: str) -> tuple[str, str]:
        todo = "write the e-mail address of a member who may be owner"
        return f"is no member: {visible(address, limit=60)}", todo

    def check(self, row: int, number: int | None, fields: VendorFields) -> None:  # noqa: ARG002 - a name is there once in any case
        key = " ".join(fields.name.split()).casefold()
        if key and key in self._seen:
            self.wrong("name", f"says the same vendor as row {self._seen[key]}", "keep one")
        self._seen.setdefault(key, row)

    def does(self, number: int | None, before: VendorFields | None, after: VendorFields) -> str:  # noqa: ARG002 - named by its name
        if before is None:
            return "enters it"
        was, is_ = vendor_content(before), vendor_content(after)
        changed = [title for name, title in COLUMNS.items() if was[name] != is_[name]]
        return f"changes {', '.join(changed)}" if changed else ""


def plan_import(grid: Grid, known: Known) -> VendorImport:
    """Return what each row of a file would do, and every problem by file, row and field."""
    return _Vendors(known).plan(grid)
