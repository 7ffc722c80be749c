"""The register of vendors as a file: what goes out can come in again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from reperform.program.vendors import VendorFields, vendor_content
from reperform.program.vendors.importing import COLUMNS, LEFT_OUT
from reperform.report.sheets import Sheet, SheetColumn, Value, render_csv, render_xlsx

VENDOR_FILES: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Kind of file -> content type."""
_WIDE = ("service", "data", "access", "note", "subprocessors")

Row = tuple[VendorFields, str, tuple[Value, ...]]
"""A vendor, its owner's e-mail address, and a value for each column of `LEFT_OUT`."""


def vendor_file(
    kind: str, rows: Iterable[Row], *, organization: str, at: datetime, is_example: bool
) -> bytes:
    """Return the register as a file of `kind`, see `VENDOR_FILES`.

    Raises:
        KeyError: there is no such kind.
    """
    sheet = _sheet(rows)
    title = f"Vendors of {organization}"
    made = {
        "csv": lambda: render_csv(sheet, is_example=is_example),
        "xlsx": lambda: render_xlsx([sheet], title=title, at=at, is_example=is_example),
    }
    return made[kind]()


def _sheet(rows: Iterable[Row]) -> Sheet:
    number, *rest = LEFT_OUT
    columns = (
        SheetColumn(number, 8),
        *(SheetColumn(label, 40 if name in _WIDE else 18) for name, label in COLUMNS.items()),
        *(SheetColumn(label, 14) for label in rest),
    )
    return Sheet("Vendors", columns, tuple(_cells(*row) for row in rows))


def _cells(fields: VendorFields, owner: str, facts: tuple[Value, ...]) -> tuple[Value, ...]:
    said = vendor_content(fields) | {"owner": owner}
    first, *rest = facts
    return (first, *(_cell(name, said[name]) for name in COLUMNS), *rest)


def _cell(name: str, value: object) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "not decided" if name in _DECIDED else ""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


_DECIDED = (
    *("criticality", "classification", "has_access", "is_subservice", "dpa"),
    *("has_confidentiality", "has_security_terms"),
)
"""Fields of which an empty cell would look like no."""
