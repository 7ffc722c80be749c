"""What the trail of an organization says was done: collections, and the examination of them.

Collections were recorded when they were made, long before anybody examined them, among everything
else that happened.  What they brought is compared with what was examined: nothing is withheld.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reperform.audit.history import History
from reperform.audit.populations import Closing
from reperform.audit.record import BEGUN, FROZEN, RELEASED, RENDERED, TESTED, parse_scope
from reperform.audit.trail_systems import STATED, read_stated
from reperform.audit.trail_waivers import (
    APPROVED,
    WAIVERS,
    WITHDRAWN,
    read_waivers,
    take_waiver,
    waiver_problems,
)
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.evidence.blobs import sha256_of
from reperform.evidence.choosing import choose, ended_of
from reperform.evidence.lacking import Lacking
from reperform.ledger.sealed import CHANGES, read_sealed
from reperform.ledger.statement import Statement
from reperform.program.waivers.granted import Granted

STARTED, ENDED, ABANDONED = (f"collection.{what}" for what in ("started", "ended", "abandoned"))
MADE, RETIRED = "connection.made", "connection.retired"
_EVIDENCE_ACTS = (MADE, RETIRED, STARTED, ENDED, ABANDONED, FROZEN, RELEASED)
ACTS = (*_EVIDENCE_ACTS, BEGUN, TESTED, RENDERED, APPROVED, WITHDRAWN, STATED)
"""Every entry of these is told in a bundle: leaving one out would hide evidence, a waiver, or whose
rows were compared."""
_EVIDENCE = "inputs/evidence.json"
_ASK = "do not rely on what rests on it; ask for the bundle again"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, RefusalError)


@dataclass(slots=True)
class _Acts:
    """What the trail says, in order: up to the last examination, and of it."""

    started: dict[tuple[str, int], str] = field(default_factory=dict)
    """Stream and number -> target."""
    ended: dict[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    in_use: set[str] = field(default_factory=set)
    retired: dict[str, str] = field(default_factory=dict)
    """Connection -> the day on which it was retired, as ISO text."""
    numbers: dict[str, list[int]] = field(default_factory=dict)
    frozen: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """Period and table -> the population as it was frozen."""
    waivers: dict[int, Granted] = field(default_factory=dict)
    systems: Mapping[str, Any] = field(default_factory=dict)
    """The systems of record as they were stated last; empty when they never were."""
    at_beginning: "_Acts | None" = None
    begun: Mapping[str, Any] | None = None
    tested: Mapping[str, Any] | None = None
    rendered: Mapping[str, Any] | None = None

    def take(self, said: Mapping[str, Any]) -> None:
        """Take one entry's act."""
        act, subject, after = said["act"], str(said["subject"]), said["after"] or {}
        if act == MADE:
            self.in_use.add(subject)
        elif act == RETIRED:
            self.in_use.discard(subject)
            self.retired[subject] = str(after["retired_on"])
        elif act == STARTED:
            self.started[(after["stream"], after["sequence"])] = after["target"]
            self.numbers.setdefault(after["stream"], []).append(after["sequence"])
        elif act == ENDED:
            self.ended[(after["stream"], after["sequence"])] = {**after, "subject": subject}
        elif act == FROZEN:
            self.frozen |= {(after["period"], name): it for name, it in after["tables"].items()}
        elif act == RELEASED:
            self.frozen.pop((after["period"], after["table"]), None)
        elif act in (APPROVED, WITHDRAWN):
            take_waiver(self.waivers, said)
        elif act == STATED:
            self.systems = after
        else:
            self._examine(act, after)

    def _examine(self, act: str, after: Mapping[str, Any]) -> None:
        """Take one act of an examination."""
        if act == BEGUN:
            self.begun, self.tested, self.rendered = after, None, None
            self.at_beginning = _Acts(
                dict(self.started),
                dict(self.ended),
                set(self.in_use),
                dict(self.retired),
                frozen=dict(self.frozen),
                waivers=dict(self.waivers),
                systems=self.systems,
            )
        elif act == TESTED:
            self.tested = after
        elif act == RENDERED:
            self.rendered = after


def is_trail(folder: Path) -> bool:
    """Return whether an unpacked bundle has the trail of an organization."""
    return (folder / "ledger" / CHANGES).is_file()


def read_trail(
    folder: Path, statements: tuple[Statement | None, ...]
) -> tuple[History, tuple[Problem, ...]]:
    """Return what was done, as `read_history`, and where evidence was left out or put in.

    Args:
        folder: the unpacked bundle.
        statements: of its log, in order.
    """
    with (folder / "ledger" / CHANGES).open("rb") as lines:
        said, problems = read_sealed(lines, statements, acts=ACTS)
    acts, broken = _Acts(), []
    for number, each in said.items():
        try:
            acts.take(each)
        except (KeyError, TypeError, ValueError, AttributeError):
            broken.append(_order(f"entry {number} does not say what an act of its kind says"))
    history = History(is_trail=True)
    found = [*problems, *broken, *_numbers(acts)]
    if acts.begun is None or acts.at_beginning is None:
        return history, (*found, _order("no entry says that an examination was begun"))
    try:
        _take(history, acts)
        chosen = json.loads((folder / _EVIDENCE).read_bytes())
        history.collections = [each["record"] for each in chosen["collections"]]
        history.lacking = tuple(map(Lacking.from_record, chosen["lacking"]))
        history.blobs = set(_blobs(folder, history.collections))
        found += _chosen(folder, chosen, acts.at_beginning)
        found += _untold(folder, chosen, acts.at_beginning)
        history.closing = Closing.from_record(chosen["closing"]) if chosen["closing"] else None
        found += _frozen(history.closing, acts.at_beginning)
    except _UNREADABLE as error:
        found.append(Problem(_EVIDENCE, f"it cannot be read ({error})", _ASK, "bundle-differs"))
    try:
        history.waivers = read_waivers(folder)
        found += waiver_problems(history.waivers, acts.at_beginning.waivers)
        history.systems, differs = read_stated(folder, acts.at_beginning.systems)
        found += differs
    except _UNREADABLE as error:
        found.append(Problem(WAIVERS, f"it cannot be read ({error})", _ASK, "bundle-differs"))
    missing = [act for act, it in ((TESTED, acts.tested), (RENDERED, acts.rendered)) if it is None]
    found += [_order(f"no entry {act} follows the beginning of the examination") for act in missing]
    return history, tuple(found)


def _take(history: History, acts: _Acts) -> None:
    begun, tested, rendered = acts.begun or {}, acts.tested or {}, acts.rendered or {}
    files = {**begun["files"], **tested.get("files", {})}
    history.library = begun["library"]
    history.files = {name: {sha256} for name, sha256 in files.items()}
    history.current_files = set(files)
    history.reports = dict(rendered.get("files", {}))


def _blobs(folder: Path, records: Iterable[str]) -> Iterator[str]:
    """Yield the records, and the blobs that they name: what is not named is nobody's evidence."""
    for record in records:
        path = folder / "evidence" / "blobs" / record[:2] / record
        yield record
        if path.is_file() and sha256_of(path) == record:
            said = json.loads(path.read_bytes()[32:])
            yield from (answer["blob"] for answer in said["answers"] if answer["blob"])


def _chosen(folder: Path, chosen: Mapping[str, Any], acts: _Acts) -> list[Problem]:
    """Choose again, from every collection that had ended, and compare."""
    period = parse_scope((folder / "inputs" / "scope.json").read_bytes()).evidence_period
    ended = [ended_of(said, acts.started.get(place, "")) for place, said in acts.ended.items()]
    wanted = choose(ended, cursors=chosen["cursors"], period=period)
    named = {(each["stream"], each["sequence"], each["record"]) for each in chosen["collections"]}
    should = {(each.stream, each.sequence, each.record) for each in wanted}
    return [
        *(_evidence(each, "is evidence of the period and was left out") for each in should - named),
        *(_evidence(each, "is not what the trail says is evidence") for each in named - should),
    ]


def _evidence(place: tuple[str, int, str], what: str) -> Problem:
    stream, sequence, record = place
    where = f"collection {sequence} of {stream} ({record[:12]})"
    return Problem(_EVIDENCE, f"{where} {what}", _ASK, "bundle-differs")


def _untold(folder: Path, chosen: Mapping[str, Any], acts: _Acts) -> list[Problem]:
    """Find connections of which nothing is examined, and that are not said to lack.

    Those in use, and those that were retired on a day of the period or later.
    """
    period = parse_scope((folder / "inputs" / "scope.json").read_bytes()).evidence_period
    late = {
        name: f"retired on {on}" for name, on in acts.retired.items() if on >= str(period.first)
    }
    states = dict.fromkeys(acts.in_use, "in use") | late
    told = {f"connection {each['connection']}" for each in chosen["lacking"]}
    named = {(each["stream"], each["sequence"]) for each in chosen["collections"]}
    places = {(stream, acts.started.get((stream, number))) for stream, number in named}
    told |= {
        said["subject"]
        for (stream, number), said in acts.ended.items()
        if (stream, acts.started.get((stream, number))) in places
    }
    return [
        Problem(
            _EVIDENCE,
            f"{subject} was {states[subject]}; it was neither examined nor said to be lacking",
            _ASK,
            "bundle-differs",
        )
        for subject in sorted(states.keys() - told)
    ]


def _frozen(closing: Closing | None, acts: _Acts) -> list[Problem]:
    """Compare what is said to have been frozen with what the trail says."""
    if closing is None:
        return []
    said = {each.table: (each.rows, each.sha256) for each in closing.frozen.values()}
    recorded = {
        table: (it["rows"], it["sha256"])
        for (period, table), it in acts.frozen.items()
        if period == str(closing.period)
    }
    return [
        Problem(_EVIDENCE, f"{table} was not frozen as it says", _ASK, "bundle-differs")
        for table in sorted(said.keys() | recorded.keys())
        if said.get(table) != recorded.get(table)
    ]


def _numbers(acts: _Acts) -> list[Problem]:
    return [
        _order(f"the runs of {stream} are numbered {found[:20]}, not 1, 2, 3, ...")
        for stream, found in sorted(acts.numbers.items())
        if found != list(range(1, len(found) + 1))
    ]


def _order(what: str) -> Problem:
    return Problem("ledger", what, "ask how the evidence was collected", "ledger-order")
