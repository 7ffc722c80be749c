"""A population as a sample needs it: identifiers, times, and a digest that anyone can compute."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime

from reperform.base.canonical import canonical_json
from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.testing.sampling.selection import Candidate, in_order

_COLUMNS = ("item", "occurred_at")


class PopulationRefusedError(RefusalError):
    """A list of items that cannot be read."""

    slug = "population-refused"


def population_sha256(population: list[Candidate]) -> str:
    """Return the digest of a population: no outcome takes part in it.

    It is the SHA-256 over one line of canonical JSON for each item, in the order of `in_order`:
    `{"item":…,"occurred_at":…}` and a line feed; the time as ISO 8601, or null.
    """
    digest = hashlib.sha256()
    for each in in_order(population):
        at = each.occurred_at.isoformat() if each.occurred_at else None
        digest.update(canonical_json({"item": each.item, "occurred_at": at}) + b"\n")
    return digest.hexdigest()


def read_population(content: bytes, *, name: str) -> list[Candidate]:
    """Return the items of a list: CSV with a heading, or lines of JSON, by the name's ending.

    Both have `item` and, where it is known, `occurred_at` as ISO 8601; other fields are left.

    Raises:
        PopulationRefusedError: not UTF-8, a line that is neither, no item, a time that is none, or
            times of which some have a time zone and some have none.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(name, 0, f"is not UTF-8 at byte {error.start:,}") from error
    rows = _json_rows(text, name) if name.endswith((".jsonl", ".ndjson")) else _rows(text, name)
    found = [Candidate(_time(row, name, line), _item(row, name, line)) for line, row in rows]
    zones = {each.occurred_at.tzinfo is None for each in found if each.occurred_at}
    if len(zones) > 1:
        raise _refused(name, 0, "holds times with and without a time zone")
    return found


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if _COLUMNS[0] not in (reader.fieldnames or ()):
            raise _refused(name, 1, f"has no column {_COLUMNS[0]!r}")
        for row in reader:
            if None in row:
                raise _refused(name, reader.line_num, "has more cells than the heading")
            yield reader.line_num, dict(row)
    except csv.Error as error:
        raise _refused(name, reader.line_num, f"is no CSV: {error}") from error


def _json_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    for line, each in enumerate(text.split("\n"), 1):
        if not each.strip():
            continue
        try:
            row = json.loads(each)
        except (ValueError, RecursionError) as error:
            raise _refused(name, line, "is no JSON") from error
        if not isinstance(row, dict):
            raise _refused(name, line, "is no JSON object")
        yield line, row


def _item(row: dict[str, object], name: str, line: int) -> str:
    item = row.get("item")
    if not isinstance(item, str) or not item.strip():
        raise _refused(name, line, "has no item")
    return item


def _time(row: dict[str, object], name: str, line: int) -> datetime | None:
    value = row.get("occurred_at")
    if value in (None, ""):
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        said = visible(str(value), limit=40)
        raise _refused(name, line, f"has the time '{said}', which is not ISO 8601") from error


def _refused(name: str, line: int, what: str) -> PopulationRefusedError:
    where = f"{visible(name)}, line {line:,}" if line else visible(name)
    return PopulationRefusedError(
        f"no sample was drawn: {where} {what}",
        why="A population that is read in part only gives another sample.",
        todo="give a CSV with the columns item and occurred_at, or lines of JSON with both",
    )
