"""Reading kept answers, for shaping."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row

_LONGEST = 2_000
_LONGEST_MOMENT = 40


def by_name(answers: Sequence[Kept]) -> dict[str, Kept]:
    """Return the answers that have bytes, by name."""
    return {answer.name: answer for answer in answers if answer.blob}


def text_of(kept: Kept) -> str:
    """Return an answer as text; bytes that are not UTF-8 come out as escapes."""
    with kept.open() as file:
        return plain(file.read())


def plain(raw: bytes) -> str:
    """Return bytes as text that a table can hold."""
    return raw.decode("utf-8", errors="backslashreplace").replace("\x00", "\ufffd")


def said(value: object, *, most: int = 500) -> str | None:
    r"""Return a text of JSON as a table can hold it; None when it is no text, or empty.

    >>> said(3), said(""), said("\ud800"), said("a\x00b") == "a\ufffdb"
    (None, None, '\\ud800', True)
    """
    if not isinstance(value, str) or not value:
        return None
    cut = value if len(value) <= most else value[:most]
    if cut.isascii():
        return cut if "\x00" not in cut else cut.replace("\x00", "\ufffd")
    return plain(cut.encode("utf-8", errors="backslashreplace"))[:most]


def moment(value: object) -> str | None:
    """Return an ISO 8601 text as a timestamp in UTC; None when it is not one, or has no zone.

    >>> moment("2026-07-31T12:00:00+02:00"), moment("2026-07-31"), moment(None)
    ('2026-07-31 10:00:00', None, None)
    """
    if not isinstance(value, str) or len(value) > _LONGEST_MOMENT:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC).isoformat(" ", "seconds")[:19] if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def lines_of(kept: Kept) -> Iterator[tuple[int, int, str]]:
    """Yield number from 1, byte offset and text of each line."""
    at = 0
    with kept.open() as file:
        for number, line in enumerate(file, start=1):
            yield number, at, plain(line.rstrip(b"\r\n"))[:_LONGEST]
            at += len(line)


def json_of(kept: Kept) -> Any:  # noqa: ANN401 - JSON
    """Return an answer that a connector or a program wrote as JSON; None when it is not."""
    with kept.open() as file:
        try:
            return json.load(file)
        except (ValueError, RecursionError):
            return None


def is_whole_csv(kept: Kept) -> bool:
    """Return whether every line of CSV is as long as its head, to the end: `csv_of` gives all."""
    with kept.open() as file:
        reader = csv.reader((plain(line) for line in file), strict=True)
        try:
            return len({len(cells) for cells in reader}) == 1
        except csv.Error:
            return False


def csv_of(kept: Kept, *, null: str = "") -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yield byte offset and columns of each line of CSV below its head; `null` becomes None.

    A line that is shorter or longer than the head ends it, see `is_whole_csv`.
    """
    with kept.open() as file:
        lines = [plain(line) for line in file]
        file.seek(0)
        begins = list(accumulate(map(len, file), initial=0))
    reader = csv.reader(lines, strict=True)
    head = next(reader, [])
    at = reader.line_num
    try:
        for cells in reader:
            if len(cells) != len(head):
                return
            values = (None if cell == null else cell for cell in cells)
            yield begins[at], dict(zip(head, values, strict=True))
            at = reader.line_num
    except csv.Error:
        return


def observed_at(answers: Sequence[Kept]) -> str | None:
    """Return when the source was asked: each question about a state begins with `observed`."""
    kept = by_name(answers).get("observed")
    facts = json_of(kept) if kept else None
    return str(facts["at"]) if isinstance(facts, dict) and "at" in facts else None


def row(table: str, kept: Kept, at: int, **values: Any) -> Row:  # noqa: ANN401 - JSON values
    """Return a row read from a kept answer."""
    return Row(table, values, kept.blob, at)


def state_covers(
    answers: Sequence[Kept], started_at: datetime, needed: Mapping[str, Sequence[str]]
) -> dict[str, Cover]:
    """Return the cover of tables that show a state: the day of collecting, or why no day.

    Args:
        answers: what was kept.
        started_at: when the collection began.
        needed: table -> beginnings of the names of the answers without which it says nothing.
    """
    today = started_at.astimezone(UTC).date()
    covers = {}
    for table, names in needed.items():
        refused = [
            answer.refused
            for answer in answers
            if answer.refused and answer.name.startswith(tuple(names))
        ]
        said = "; ".join(refused)
        if not any(answer.name.startswith(tuple(names)) for answer in answers):
            said = f"nobody asked for {names[0]}"
        covers[table] = Cover(None, None, said) if said else Cover(today, today)
    return covers
