"""The inventory and its data flows -> sheets, for XLSX and CSV."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reperform.program.assets import AssetFields, reference
from reperform.program.assets.flows import FlowFields
from reperform.program.assets.importing import COLUMNS
from reperform.report.sheets import Sheet, SheetColumn, Value

_WIDTHS: Mapping[str, int] = {"name": 30, "purpose": 44, "owner": 30, "vendor": 24}


@dataclass(frozen=True, slots=True)
class AssetLine:
    """An asset as a sheet has it: what it says, its owner's address, and how it ended."""

    number: int
    fields: AssetFields
    owner: str
    retired_on: date | None = None
    retired_because: str = ""
    disposal: str = ""
    disposal_note: str = ""


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A data flow as a sheet has it."""

    number: int
    fields: FlowFields
    source: str
    target: str


def asset_sheet(lines: Iterable[AssetLine]) -> Sheet:
    """Return one row for each asset; its columns are those that an import knows, and its end."""
    ends = (("Retired on", 12), ("Reason", 30), ("Disposal", 18), ("Disposal record", 30))
    columns = [SheetColumn(title, _WIDTHS.get(name, 15)) for name, title in COLUMNS.items()]
    columns += [SheetColumn(title, width) for title, width in ends]
    return Sheet("Assets", tuple(columns), tuple(_asset(each) for each in lines))


def _asset(line: AssetLine) -> tuple[Value, ...]:
    said = line.fields
    return (
        reference(line.number),
        said.name,
        said.kind.value,
        said.purpose,
        line.owner,
        said.environment.value,
        said.classification.value,
        said.criticality.value,
        said.vendor,
        decided(said.in_boundary),
        decided(said.internet_facing),
        decided(said.has_accounts),
        said.review_months,
        said.since,
        line.retired_on,
        line.retired_because,
        line.disposal,
        line.disposal_note,
    )


def flow_sheet(lines: Iterable[FlowLine]) -> Sheet:
    """Return one row for each data flow."""
    titles = (
        *(("No.", 6), ("From", 30), ("To", 30), ("Data", 40), ("Classification", 15)),
        *(("Protocol", 15), ("Encrypted", 12), ("Note", 40)),
    )
    rows = tuple(
        (
            each.number,
            each.source,
            each.target,
            each.fields.data,
            each.fields.classification.value,
            each.fields.protocol,
            decided(each.fields.encrypted, unknown="not known"),
            each.fields.note,
        )
        for each in lines
    )
    return Sheet("Data flows", tuple(SheetColumn(*each) for each in titles), rows)


def decided(said: bool | None, unknown: str = "not decided") -> str:  # noqa: FBT001 - the value itself
    """Return yes, no, or that nobody decided."""
    return unknown if said is None else "yes" if said else "no"
