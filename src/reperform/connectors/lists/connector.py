"""lists/...: rows of files in a folder, by a mapping that the user states."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover, Kind
from reperform.connectors.answer import Answer, Kept, NotCollectedError, Question, Row, Source
from reperform.connectors.content import NotReadError
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import Files
from reperform.connectors.kept import json_of, row, said
from reperform.connectors.lists.drop import reached, title_of
from reperform.connectors.lists.files import LARGEST
from reperform.connectors.lists.reading import DELIMITERS, PREFIX, Facts, Read, once, read_file
from reperform.connectors.lists.rules import RuleError, read_rules
from reperform.connectors.lists.told import NOUNS, SETTINGS
from reperform.connectors.populations import TABLES
from reperform.connectors.settings import Access

FILE = "file "
_READ = "read"
_DAY = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")
_MOST_FILES = 1_000
_MOST_BYTES = 512 << 20
BLIND = (
    "what the tool that wrote the files left out of them; whether a file was changed since; fields "
    "that no line of the mapping names, which stay in the kept file"
)


def facts_from(access: Access, asking: Asking) -> Facts:
    """Return what is stated of the files, as the first answer keeps it."""
    return Facts(
        at=asking.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        table=access.text("table"),
        system=access.text("system"),
        mapping=access.lines("mapping"),
        zone=access.text("zone"),
        nothing=access.lines("nothing"),
        delimiter=DELIMITERS[access.text("delimiter") or "comma"],
        since=str(asking.since or ""),
    )


def names_of(place: Files, dated: str) -> list[str]:
    """Return the files that count: all of them, or those of the newest day in their names.

    Raises:
        NotCollectedError: there is none, there are more than anybody would put there, or one has
            no day in its name although days are to be there.
    """
    names = place.names()
    if not names or len(names) > _MOST_FILES:
        what = f"it holds more than {_MOST_FILES:,} files" if names else "it holds no file"
        raise _not_read(place, what)
    if dated != "name":
        return names
    days = {name: day_of(name) for name in names}
    without = [name for name, day in days.items() if day is None]
    if without:
        raise _not_read(place, f"{without[0]} has no day in its name")
    newest = max(filter(None, days.values()))
    return [name for name, day in days.items() if day == newest]


def day_of(name: str) -> date | None:
    """Return the day in a file's name; None when there is none, or more than one.

    >>> day_of("hr/people-2026-03-01.csv"), day_of("people.csv")
    (datetime.date(2026, 3, 1), None)
    """
    found = set(_DAY.findall(name.rpartition("/")[2]))
    try:
        return date.fromisoformat(found.pop()) if len(found) == 1 else None
    except ValueError:
        return None


def _not_read(place: Files, what: str) -> NotCollectedError:
    return NotCollectedError(
        f"{place.title} was not read: {what}",
        why="A list that lacks a file would look as if what is in it were not there.",
        todo="look whether what should fill the folder did, then collect again",
    )


def _ask(access: Access, asking: Asking) -> Iterator[Answer]:
    facts, title = facts_from(access, asking), title_of(access)
    try:
        read_rules(facts.mapping, facts.spec)
    except RuleError as error:
        raise NotCollectedError(
            f"{title} was not read: the mapping: {error}",
            why="Rows that nobody said how to read would be guessed.",
            todo="open the page Mapping of the connection, and correct the line",
        ) from error
    with reached(access) as place:
        yield from _answers(place, facts, access.text("dated"))


def _answers(place: Files, facts: Facts, dated: str) -> Iterator[Answer]:
    names = names_of(place, dated)
    day = facts.at[:10] if dated == "collected" else str(day_of(names[0]) or "")
    facts = Facts.of(facts.content | {"day": day if dated in ("collected", "name") else ""})
    yield Answer("observed", "clock, settings", [canonical_json(facts.content)])
    left = _MOST_BYTES
    for name in names:
        raw, refused = place.read(name, min(LARGEST, left))
        left -= len(raw)
        yield answer(name, place.address(name), raw, facts, refused)


def answer(name: str, asked: str, raw: bytes, facts: Facts, refused: str = "") -> Answer:
    """Return a file as an answer, refused when one row of it cannot be read."""
    try:
        refused = refused or read_file(raw, name=name, facts=facts).refused
    except NotReadError as error:
        refused = str(error)
    label = f"{FILE}{name}"
    return Answer(label, asked, refused=refused) if refused else Answer(label, asked, [raw])


def _reads(answers: Sequence[Kept], facts: Facts) -> Iterator[tuple[Kept, str, Read]]:
    for kept in answers:
        if kept.blob and kept.name.startswith(FILE):
            with kept.open() as file:
                raw = file.read()
            name = kept.name.removeprefix(FILE)
            yield kept, name, read_file(raw, name=name, facts=facts)


def _facts(answers: Sequence[Kept]) -> Facts | None:
    kept = next((each for each in answers if each.name == "observed" and each.blob), None)
    return Facts.of(json_of(kept)) if kept else None


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each row of the files, once, and one for each file."""
    facts = _facts(answers)
    if facts is None:
        return
    reads = list(_reads(answers, facts))
    kept_of = {name: kept for kept, name, _ in reads}
    columns = {each.name for each in facts.spec.columns}
    own: dict[str, Any] = {"system": said(facts.system)}
    if "observed_at" in columns:
        own["observed_at"] = facts.at if facts.day == facts.at[:10] else _midnight(facts.day)
    for file, values in once([(name, read) for _, name, read in reads]):
        yield row(facts.spec.name, kept_of[file], 0, **{**own, **values})


def _midnight(day: str) -> str | None:
    return f"{day} 00:00:00" if day else None


def covers(answers: Sequence[Kept], noun: str) -> Mapping[str, Cover]:
    """Return the day of the files; of what happened, every day before it since the first wanted."""
    facts, spec = _facts(answers), TABLES[f"{PREFIX}{noun}"]
    missing = "; ".join(
        f"{each.name.removeprefix(FILE)}: {each.refused}" for each in answers if each.refused
    )[:2_000]
    if facts is None or not facts.day or not any(each.blob for each in answers[1:]):
        said_why = missing or "nothing says of which day the files are"
        return {spec.name: Cover(None, None, said_why)}
    day = date.fromisoformat(facts.day)
    own = Cover(day, day, missing, is_whole=not missing)
    if spec.kind is Kind.EVENTS:
        first = date.fromisoformat(facts.since) if facts.since else None
        last = day - timedelta(days=1)
        if first is not None and first > last:
            return {spec.name: Cover(None, None, "the files are older than the first day wanted")}
        own = Cover(first, last, missing, is_whole=not missing)
    return {spec.name: own}


def _covers(noun: str) -> Callable[[Sequence[Kept], datetime], Mapping[str, Cover]]:
    return lambda answers, _: covers(answers, noun)


def source(noun: str) -> Source:
    """Return the source of one population."""
    return Source(f"lists/{noun}", (TABLES[f"{PREFIX}{noun}"],), shape, _covers(noun), BLIND)


def _questions(access: Access, asking: Asking) -> list[Question]:
    noun, target = access.text("table"), title_of(access)
    return [Question(f"lists/{noun}", target, lambda: _ask(access, asking))]


def _check(access: Access) -> Check:
    with reached(access) as place:
        count = len(names_of(place, access.text("dated")))
        return Check(f"{place.title}: {count:,} files that count", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="lists",
    title="A list in files, by your own mapping",
    asks="Every file of a folder, of an SFTP drop, or brought by hand (CSV, XLSX, JSON, JSON on "
    "each line): its rows become a list that auditors ask for, by a mapping that you state: a "
    "roster of people, a list of devices.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files in it"),),
    settings=SETTINGS,
    streams=tuple(Stream(source(noun), needs=(_READ,)) for noun in NOUNS),
    questions=_questions,
    check=_check,
    is_local=True,
)
