"""Files read by a mapping: rows of a population, or what is wrong by file, row and field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reperform.base.table import TableSpec
from reperform.connectors.content import NotReadError
from reperform.connectors.lists.files import Row, rows_of
from reperform.connectors.lists.rules import read_rules, used_fields
from reperform.connectors.lists.values import Reader, Wrong
from reperform.connectors.populations import TABLES

PREFIX = "population."
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What the first answer says: when was asked, and the mapping as it stood then.

    Attributes:
        at: when, `2026-07-31 12:00:00` in UTC.
        table: noun of the population, as `people`.
        system: where the rows are from.
        mapping: its lines.
        zone: of times that name none; empty when nobody stated it.
        nothing: words that say nothing.
        delimiter: of CSV.
        day: of the files; empty when nobody stated it.
        since: first day that a list of events goes back to; empty for as far as the source has it.
    """

    at: str
    table: str
    system: str
    mapping: tuple[str, ...]
    zone: str = ""
    nothing: tuple[str, ...] = ()
    delimiter: str = ","
    day: str = ""
    since: str = ""

    @property
    def spec(self) -> TableSpec:
        """The population that the mapping fills."""
        return TABLES[f"{PREFIX}{self.table}"]

    @property
    def content(self) -> dict[str, Any]:
        """Return them as JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Facts":
        """Return what `content` said."""
        lists = {name: tuple(content[name]) for name in ("mapping", "nothing")}
        return cls(**{**content, **lists})


@dataclass(frozen=True, slots=True)
class Read:
    """One file, read by a mapping.

    Attributes:
        fields: names of its fields.
        unused: of those, the ones that no line of the mapping uses: they stay in the file.
        first: its first rows, as they are.
        rows: number and columns of each row that counts.
        left_out: how many rows lack a field that the mapping calls `only`.
        wrong: what could not be read, in the order of the rows.
    """

    fields: tuple[str, ...]
    unused: tuple[str, ...]
    first: tuple[Row, ...]
    rows: tuple[tuple[int, Mapping[str, Any]], ...]
    left_out: int
    wrong: tuple[Wrong, ...]

    @property
    def refused(self) -> str:
        """Why the file is not taken; empty when every row could be read."""
        if not self.wrong:
            return ""
        shown = "; ".join(f"row {e.row}, {e.field}: {e.what}" for e in self.wrong[:_SHOWN])
        more = len(self.wrong) - _SHOWN
        return f"{shown}; and {more:,} more" if more > 0 else shown


def read_file(raw: bytes, *, name: str, facts: Facts) -> Read:
    """Return one file as the mapping reads it.

    Args:
        raw: its bytes.
        name: as people know it.
        facts: the mapping, and what else the user stated.

    Raises:
        NotReadError: it is not whole, or lacks a field that the mapping names.
        RuleError: the mapping cannot be followed.
    """
    rules = read_rules(facts.mapping, facts.spec)
    found = rows_of(raw, name=name, delimiter=facts.delimiter)
    used = used_fields(rules)
    lacking = [each for each in used if each not in found.fields]
    if lacking:
        there = ", ".join(found.fields)[:300]
        raise NotReadError(f"has no field {', '.join(lacking)[:200]}; it has: {there}")
    nothing = frozenset(each.lower() for each in facts.nothing)
    reader = Reader(rules, facts.zone, nothing)
    rows: list[tuple[int, Mapping[str, Any]]] = []
    wrong: list[Wrong] = []
    left_out = 0
    for number, row in found.rows:
        mapped = reader.read(number, row)
        left_out += mapped.is_left_out
        wrong += mapped.wrong
        if not mapped.wrong and not mapped.is_left_out:
            rows.append((number, mapped.values))
    unused = tuple(each for each in found.fields if each not in used)
    return Read(found.fields, unused, found.rows[:5], tuple(rows), left_out, tuple(wrong))


def once(reads: Sequence[tuple[str, Read]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the rows of several files with their file, each once: a row that comes again is one."""
    seen: set[str] = set()
    for file, read in reads:
        for _, values in read.rows:
            key = repr(sorted(values.items()))
            if key not in seen:
                seen.add(key)
                yield file, values
