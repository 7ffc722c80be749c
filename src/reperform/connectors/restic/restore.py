"""restic/restore: the newest snapshot is restored into an empty folder, and compared."""

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.kept import by_name, json_of, moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.restic.backups import newest, system, whole_seconds
from reperform.connectors.restic.program import opened, run
from reperform.connectors.settings import Access

RESTORES = POPULATIONS["population.restores"]
TABLES = (RESTORES,)
BLIND = (
    "whether what was backed up was right, and all that is needed; whether an application starts "
    "with it; how long a restore takes elsewhere; restores that somebody makes by hand"
)
_NAME = "restore"
_MOST_NAMED = 20
_FULL = "no space left"


def ask(access: Access) -> Iterator[Answer]:
    """Yield what came of a restore: every file's size is compared with the snapshot's list.

    restic itself compares the content of each restored file with the snapshot's digests.

    Raises:
        ResticError: the repository cannot be opened.
    """
    asked = "restic ls, restic restore --verify, into an empty folder"
    snapshot = newest(access)
    if snapshot is None:
        yield Answer(_NAME, asked, absent="there is no snapshot")
        return
    uid = str(snapshot["id"])
    size = int(json.loads(opened(access, "--json", "stats", uid))["total_size"])
    most = int(access.settings["most_bytes"])
    if size > most:
        yield Answer(_NAME, asked, refused=f"it restores to {size:,} bytes, more than {most:,}")
        return
    expected = _listed(opened(access, "--json", "ls", uid))
    with tempfile.TemporaryDirectory(prefix="reperform-restore-") as name:
        begun = time.monotonic()
        ended = run(access, "restore", uid, "--target", name, "--verify")
        seconds = int(time.monotonic() - begun)
        found = _found(Path(name))
    if ended.code != 0 and _FULL in ended.said.lower():
        yield Answer(_NAME, asked, refused=ended.said)
        return
    wrong = sorted(path for path, length in expected.items() if found.get(path) != length)
    facts = {
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "system": system(access),
        "snapshot": uid,
        "backed_up_at": snapshot.get("time"),
        "paths": snapshot.get("paths"),
        "code": ended.code,
        "said": ended.said,
        "files_expected": len(expected),
        "files": len(found),
        "bytes": sum(found.values()),
        "different": len(wrong),
        "first_different": wrong[:_MOST_NAMED],
        "seconds": seconds,
    }
    yield Answer(_NAME, asked, [canonical_json(facts)])


def _listed(output: bytes) -> dict[str, int]:
    """Return the size of each file of a snapshot, by its path."""
    nodes = [json.loads(line) for line in output.splitlines() if line.strip()]
    return {
        _printable(str(node["path"])): int(node.get("size", 0))
        for node in nodes
        if node.get("type") == "file" and "path" in node
    }


def _found(folder: Path) -> dict[str, int]:
    """Return the size of each file that was restored, by its path in the snapshot."""
    sizes = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                sizes[_printable(f"/{os.path.relpath(path, folder)}")] = path.stat().st_size
    return sizes


def _printable(path: str) -> str:
    """Return a path as text that JSON holds; restic writes bytes that are no text as U+FFFD."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the restore's row."""
    kept = by_name(answers).get(_NAME)
    facts: Any = json_of(kept) if kept else None
    if kept is None or not isinstance(facts, dict):
        return
    is_same = facts["code"] == 0 and not facts["different"]
    yield Row(
        RESTORES.name,
        {
            "system": facts["system"],
            "occurred_at": facts["at"],
            "backup_uid": facts["snapshot"],
            "subject": said(",".join(map(str, facts["paths"] or [])), most=2_000),
            "backed_up_at": moment(whole_seconds(facts["backed_up_at"])),
            "is_success": is_same and facts["files"] == facts["files_expected"],
            "files": facts["files"],
            "bytes": facts["bytes"],
            "files_compared": facts["files_expected"],
            "files_different": facts["different"],
            "compared_with": "the snapshot's own digests",
            "seconds": facts["seconds"],
        },
        kept.blob,
        0,
    )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of the restore; what others restored on it is not known to us."""
    today = started_at.astimezone(UTC).date()
    why = "; ".join(each.refused for each in answers if each.refused)
    return {RESTORES.name: Cover(None, None, why) if why else Cover(today, today)}
