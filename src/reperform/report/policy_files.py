"""Lists of policies and of acceptances as files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from reperform.report.sheets import Sheet, SheetColumn, Value, render_csv, render_xlsx

SHEETS: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Kind of file -> content type."""
POLICIES = (
    ("Id", 26),
    ("Title", 36),
    ("State", 12),
    ("Version in force", 10),
    ("In force from", 12),
    ("Owner", 26),
    ("Next review", 12),
    ("Review overdue", 10),
    ("Asked to accept", 10),
    ("Accepted", 10),
    ("Late", 8),
)
ACCEPTANCES = (
    ("Person", 26),
    ("E-mail", 30),
    ("Position", 24),
    ("Department", 20),
    ("Kind", 12),
    ("State", 18),
    ("Due", 12),
    ("Accepted on", 12),
    ("Version", 8),
    ("SHA-256 of the text", 30),
    ("Recorded by", 30),
    ("Proof", 24),
    ("Account", 22),
)
"""Header and width of each column."""


def policy_sheet(
    kind: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[tuple[Value, ...]],
    *,
    title: str,
    at: datetime,
    is_example: bool,
) -> bytes:
    """Return rows as a file of a kind of `SHEETS`.

    Raises:
        KeyError: there is no such kind.
    """
    made = Sheet(title, tuple(SheetColumn(*each) for each in columns), tuple(rows))
    if SHEETS[kind].startswith("text/csv"):
        return render_csv(made, is_example=is_example)
    return render_xlsx([made], title=title, at=at, is_example=is_example)
