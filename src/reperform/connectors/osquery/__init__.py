"""osquery: what scheduled queries found on hosts and devices, out of the files of their logs."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Question, Row, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import place_of
from reperform.connectors.jsonlines import ask, lines_of, names_of, once, refused_of, settings
from reperform.connectors.kept import by_name, json_of, plain
from reperform.connectors.osquery.devices import device, reads_flaw, reads_of
from reperform.connectors.osquery.results import (
    Result,
    State,
    flaw,
    moment_of,
    results_of,
    states_of,
)
from reperform.connectors.osquery.tables import ENDPOINTS, QUERIES, RESULTS, TABLES
from reperform.connectors.settings import Access, Setting, SettingKind

STREAM = "osquery/results"
BLIND = (
    "devices without osquery, and hosts that are silent: no change and no osquery look the same; "
    "results that were lost on their way; what a query does not select; whose a device is"
)
_READ, _LONGEST = "read", 2_000
_LARGEST = 256 << 20
"""Bytes of one file: the state of each query is known only once all of its results were read."""
_SILENCE = "whether a host was silent or had nothing to say is not known"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield devices, the state of each query, and every row that came, went or is in a snapshot.

    Raises:
        ValueError: the settings name a table that nothing is known of any more.
    """
    kept = by_name(answers)
    facts = json_of(kept["observed"]) if "observed" in kept else {}
    reads = reads_of(json.loads(facts.get("reads") or "[]"))
    system = f"osquery {facts.get('system')}" if facts.get("system") else "osquery"
    results = list(results_of(once(lines_of(answers))))
    states = states_of(results)
    newest = max((one.at for one in results), default=0)
    told = {"system": system, "observed_at": moment_of(newest)}
    hosts: dict[str, dict[str, State]] = {}
    for (host, query), state in states.items():
        hosts.setdefault(host, {})[query] = state
    for host, queries in hosts.items():
        last = max(queries.values(), key=lambda state: state.newest.at).newest
        values = {**told, **device(host, queries, reads)}
        yield Row(ENDPOINTS.name, values, last.blob, last.offset)
        yield from (
            _query(query, state, reads.get(query), told) for query, state in queries.items()
        )
    for one in results:
        if not one.is_snapshot or states[one.host, one.query].newest is one:
            yield from _rows(one, system)


def _query(query: str, state: State, reads: str | None, told: dict[str, str]) -> Row:
    newest = state.newest
    values = {
        **told,
        "host": newest.host,
        "query": query,
        "reads": reads,
        "epoch": newest.epoch,
        "counter": newest.counter,
        "first_at": moment_of(state.first_at),
        "last_at": newest.moment,
        "rows": len(state.rows) if state.is_whole else None,
        "is_whole": state.is_whole,
    }
    return Row(QUERIES.name, values, newest.blob, newest.offset)


def _rows(one: Result, system: str) -> Iterator[Row]:
    told: dict[str, Any] = {"system": system, "host": one.host, "query": one.query}
    told["occurred_at"] = one.moment
    for action, columns in one.rows:
        text = json.dumps(columns, ensure_ascii=False, sort_keys=True)
        text = plain(text.encode("utf-8", errors="backslashreplace"))[:_LONGEST]
        yield Row(RESULTS.name, {**told, "action": action, "columns": text}, one.blob, one.offset)


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the day of the newest result, and for what came and went the days from the first."""
    at = [one.at for one in results_of(once(lines_of(answers)))]
    refused = refused_of(answers)
    if not at:
        cover = Cover(None, None, refused or "there is no result")
        return {spec.name: cover for spec in TABLES}
    first, last = (datetime.fromtimestamp(each, UTC).date() for each in (min(at), max(at)))
    state = Cover(last, last, refused, is_whole=not refused)
    events = Cover(first, last, "; ".join(filter(None, [refused, _SILENCE])), is_whole=False)
    return {ENDPOINTS.name: state, QUERIES.name: state, RESULTS.name: events}


SOURCE = Source(STREAM, TABLES, shape, covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    facts = {"system": access.text("system"), "reads": json.dumps(access.lines("queries"))}
    return [
        Question(STREAM, place_of(access).title, lambda: ask(access, flaw, most=_LARGEST, **facts))
    ]


def _check(access: Access) -> Check:
    place = place_of(access)
    return Check(f"{place.title}: {len(names_of(place)):,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="osquery",
    title="osquery, in files of results",
    asks="Every file of results of a folder, or brought by hand, packed or not: what scheduled "
    "queries found, as rows that came and went, in batches, or in snapshots.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=(
        *settings("osquery's results (osqueryd.results.log, osqueryd.snapshots.log, rotated ones)"),
        Setting("system", "Name of the fleet", "as `laptops`", is_required=False),
        Setting(
            "queries",
            "What queries read",
            "one a line, `pack_base_disks = disk_encryption`: a scheduled query, and the table of "
            "osquery that it selects from; rows of the others are kept as they are",
            SettingKind.LINES,
            is_required=False,
            flaw=reads_flaw,
        ),
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)

__all__ = ["CONNECTOR", "SOURCE"]
