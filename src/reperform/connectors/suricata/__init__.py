"""Suricata: what sensors of a network alerted of, in their EVE files, and what they missed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
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
from reperform.connectors.jsonlines import (
    Line,
    ask,
    inside,
    lines_of,
    names_of,
    refused_of,
    settings,
    whole,
)
from reperform.connectors.kept import moment, said
from reperform.connectors.settings import Access
from reperform.connectors.suricata.statistics import Sensors, cover, days_of, system
from reperform.connectors.suricata.tables import ALERTS, DROPS, TABLES

STREAM = "suricata/eve"
BLIND = (
    "traffic that does not pass the sensor, or is encrypted; attacks that no rule describes; "
    "rules that are switched off; files that nobody brought; sensors without a file"
)
_READ = "read"


def _flaw(event: Mapping[str, Any]) -> str:
    is_event = all(isinstance(event.get(name), str) for name in ("timestamp", "event_type"))
    return "" if is_event else "is no event of Suricata"


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each alert, and one for each day of each sensor's statistics."""
    sensors = Sensors()
    for kept, line in lines_of(answers):
        kind = line.value["event_type"]
        if kind == "alert":
            uid = hashlib.sha256(line.raw).hexdigest()
            yield Row(ALERTS.name, _alert(line, uid), kept.blob, line.at, uid)
        elif kind == "stats":
            sensors.see(kept, line)
    for name, sensor in sensors.by_name().items():
        for on, day in days_of(sensor).items():
            counted = {
                "system": name,
                "occurred_at": f"{on} 00:00:00",
                "measurements": day.measurements,
                "packets": day.packets,
                "dropped": day.dropped,
                "longest_gap": day.longest_gap,
            }
            yield Row(DROPS.name, counted, day.last.blob, day.last.offset)


def _alert(line: Line, uid: str) -> dict[str, Any]:
    event, flow = line.value, whole(line.value.get("flow_id"))
    return {
        "system": system(event),
        "event_uid": uid,
        "occurred_at": moment(event["timestamp"]),
        "signature_id": whole(inside(event, "alert", "signature_id")),
        "signature": said(inside(event, "alert", "signature")),
        "category": said(inside(event, "alert", "category")),
        "severity": whole(inside(event, "alert", "severity")),
        "action": said(inside(event, "alert", "action")),
        "source_ip": said(event.get("src_ip")),
        "source_port": whole(event.get("src_port")),
        "target_ip": said(event.get("dest_ip")),
        "target_port": whole(event.get("dest_port")),
        "protocol": said(event.get("proto")),
        "application": said(event.get("app_proto")),
        "flow_uid": None if flow is None else str(flow),
    }


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days of the sensors' statistics, and what they could not see on them."""
    sensors = Sensors()
    for kept, line in lines_of(answers):
        sensors.see(kept, line)
    found = cover(sensors.by_name(), refused_of(answers))
    return {spec.name: found for spec in TABLES}


SOURCE = Source(STREAM, TABLES, shape, covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [Question(STREAM, place_of(access).title, lambda: ask(access, _flaw))]


def _check(access: Access) -> Check:
    place = place_of(access)
    return Check(f"{place.title}: {len(names_of(place)):,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="suricata",
    title="Suricata, in EVE files",
    asks="Every EVE file of a folder, or brought by hand, packed or not: its alerts, and its "
    "statistics, which say when a sensor ran and how many packets it dropped.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=settings("EVE files (eve.json and what it was rotated to)"),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)

__all__ = ["CONNECTOR"]
