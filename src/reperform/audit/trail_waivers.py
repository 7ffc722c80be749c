"""Which waivers the trail of an organization says were approved and withdrawn."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reperform.base.problem import Problem
from reperform.program.waivers.granted import Granted

APPROVED, WITHDRAWN = "waiver.approved", "waiver.withdrawn"
WAIVERS = "inputs/waivers.json"
_ASK = "do not rely on what rests on it; ask for the bundle again"


def take_waiver(known: dict[int, Granted], said: Mapping[str, Any]) -> None:
    """Take one entry's act into the waivers that are known, by number.

    Raises:
        KeyError, TypeError, ValueError: it does not say what an act of its kind says.
    """
    number = int(str(said["subject"]).removeprefix("waiver "))
    after, day = said["after"], datetime.fromisoformat(said["at"]).date()
    if said["act"] == APPROVED:
        own = {name: value for name, value in after.items() if name != "decision"}
        known[number] = Granted.from_record(
            {
                **own,
                "number": number,
                "approved_by": said["by"],
                "approved_on": day.isoformat(),
                "withdrawn_on": None,
            }
        )
    else:
        was = known[number].as_record()
        known[number] = Granted.from_record(
            {
                **was,
                "withdrawn_on": str(date.fromisoformat(after["withdrawn_on"])),
                "withdrawn_by": said["by"],
                "withdrawn_because": after["reason"],
            }
        )


def read_waivers(folder: Path) -> tuple[Granted, ...]:
    """Return the waivers that a bundle says its examination was told of; none without the file.

    Raises:
        ValueError, KeyError, TypeError: it cannot be read.
    """
    path = folder / WAIVERS
    if not path.is_file():
        return ()
    return tuple(map(Granted.from_record, json.loads(path.read_bytes())["waivers"]))


def waiver_problems(told: Iterable[Granted], known: Mapping[int, Granted]) -> list[Problem]:
    """Compare the waivers of a bundle with those that its trail says were approved by then."""
    said = {each.number: each for each in told}
    found = []
    for number in sorted(said.keys() | known.keys()):
        if number not in known:
            what = "the trail does not say that it was approved"
        elif number not in said:
            what = "the trail says that it was approved, and it is left out"
        elif said[number] != known[number]:
            what = "it is not what the trail says was approved"
        else:
            continue
        found.append(Problem(WAIVERS, f"WVR-{number}: {what}", _ASK, "bundle-differs"))
    return found
