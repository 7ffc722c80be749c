"""borg/restore: the newest archive is restored into an empty folder, and compared."""

import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.borg.backups import at_utc, is_broken_off, subject
from reperform.connectors.borg.program import archives_of, listed, opened, run, system
from reperform.connectors.kept import by_name, json_of, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.settings import Access

RESTORES = POPULATIONS["population.restores"]
TABLES = (RESTORES,)
BLIND = (
    "whether what was backed up was right, and all that is needed; whether an application starts "
    "with it; how long a restore takes elsewhere; restores that somebody makes by hand; owners, "
    "access lists and attributes of files"
)
_NAME = "restore"
_ASKED = "borg list with SHA-256, borg extract into an empty folder, SHA-256 of each file"
_MOST_NAMED = 20
_FULL = "no space left"
_WARNED = 1
_COLUMNS = "{type}{path}{size}{sha256}{source}"
_PLAIN = ("--numeric-ids", "--noflags", "--noacls", "--noxattrs")
"""What a restore elsewhere may not be able to set: content is compared, and nothing else."""
Sum = tuple[str, int, str]
"""Path, size in bytes and SHA-256 of a file."""


def ask(access: Access) -> Iterator[Answer]:
    """Yield what came of a restore: every file's digest is compared with the archive's.

    Raises:
        BorgError: the repository cannot be opened.
    """
    found = [one for one in archives_of(listed(access)) if not is_broken_off(one)]
    newest = max(found, key=lambda one: str(one.get("start")), default=None)
    if newest is None:
        yield Answer(_NAME, _ASKED, absent="there is no archive")
        return
    name = newest["name"]
    if "{" in name or "}" in name:
        why = "its name holds braces, which borg fills in"
    else:
        nodes = _nodes(access, name)
        why = _unsafe(nodes, int(access.settings["most_bytes"]))
    if why:
        yield Answer(_NAME, _ASKED, refused=f"{said(name)} was not restored: {why}")
    else:
        yield _restored(access, newest, _sums(nodes))


def _nodes(access: Access, name: str) -> list[dict[str, Any]]:
    output = opened(access, "list", "--json-lines", "--format", _COLUMNS, archive=name)
    return [json.loads(line) for line in output.splitlines() if line.strip()]


def _unsafe(nodes: Sequence[Mapping[str, Any]], most: int) -> str:
    """Return why files must not be restored: too many bytes, or outside of the folder."""
    size = sum(int(node["size"]) for node in nodes)
    if size > most:
        return f"it restores to {size:,} bytes, more than {most:,}"
    links = {node["path"] for node in nodes if node["type"] == "l"}
    for node in nodes:
        path = PurePosixPath(node["path"])
        if path.is_absolute() or ".." in path.parts or links & {str(up) for up in path.parents}:
            return "it holds a path that leads out of its folder"
    return ""


def _sums(nodes: Sequence[Mapping[str, Any]]) -> Counter[Sum]:
    """Return path, size and digest of each file; a hard link has those of its first name."""
    files = [node for node in nodes if node["type"] in ("-", "h")]
    first = {node["path"]: node for node in files if not node["source"]}
    sources = [first.get(node["source"] or node["path"], {}) for node in files]
    return Counter(
        (node["path"], int(source.get("size", -1)), str(source.get("sha256")))
        for node, source in zip(files, sources, strict=True)
    )


def _restored(access: Access, newest: Mapping[str, Any], expected: Counter[Sum]) -> Answer:
    with tempfile.TemporaryDirectory(prefix="reperform-restore-") as folder:
        begun = time.monotonic()
        ended = run(access, "extract", *_PLAIN, archive=newest["name"], at=folder)
        seconds = int(time.monotonic() - begun)
        found = Counter(_found(Path(folder)))
    if ended.code != 0 and _FULL in ended.said.lower():
        return Answer(_NAME, _ASKED, refused=ended.said)
    wrong = sorted(path for path, _, _ in (expected - found).elements())
    facts = {
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "system": system(access),
        "archive": newest.get("id"),
        "backed_up_at": newest.get("start"),
        "subject": said(subject(newest), most=2_000),
        "code": ended.code,
        "said": ended.said,
        "files_expected": expected.total(),
        "files": found.total(),
        "bytes": sum(size for _, size, _ in found.elements()),
        "different": len(wrong),
        "first_different": wrong[:_MOST_NAMED],
        "seconds": seconds,
    }
    return Answer(_NAME, _ASKED, [canonical_json(facts)])


def _found(folder: Path) -> Iterator[Sum]:
    """Yield path in the archive, size and digest of each file that was restored."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                yield _printable(os.path.relpath(path, folder)), path.stat().st_size, digest


def _printable(path: str) -> str:
    """Return a path as borg writes it: a question mark for each byte that is no text."""
    return path.encode("utf-8", errors="replace").decode()


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the restore's row."""
    kept = by_name(answers).get(_NAME)
    facts: Any = json_of(kept) if kept and kept.blob else None
    if kept is None or not isinstance(facts, dict):
        return
    is_same = facts["code"] in (0, _WARNED) and not facts["different"]
    yield Row(
        RESTORES.name,
        {
            "system": facts["system"],
            "occurred_at": facts["at"],
            "backup_uid": facts["archive"],
            "subject": facts["subject"],
            "backed_up_at": at_utc(facts["backed_up_at"]),
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
