"""The official wording of the criteria, for an installation whose people hold a license to it.

It is kept in the installation's own folder, never in the library, so it enters no library digest,
no bundle, no report and no answer of the API: only the page of a criterion shows it, beside ours.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from reperform.base.canonical import canonical_json
from reperform.base.refusal import RefusalError
from reperform.catalog.criteria import CATEGORIES
from reperform.catalog.imports.check import read_import
from reperform.catalog.imports.entries import TITLE_NAMES, Entry, plain
from reperform.catalog.imports.proof import Proof
from reperform.catalog.imports.spelling import canonical_id
from reperform.ledger.durable import write_whole
from reperform.ledger.home import home

FORMAT = "reperform-licensed-criteria/1"
_LARGEST = 20_000_000
"""Bytes; a catalog to load has fewer (`source.LARGEST`)."""


class LicensedUnreadableError(RefusalError):
    """The official wording was loaded, and its file is not what was written."""

    slug = "licensed-unreadable"


@dataclass(frozen=True, slots=True)
class OfficialText:
    """What the publisher calls a criterion, which may be empty, and what it says."""

    title: str
    text: str


def licensed_file() -> Path:
    """Return where this installation keeps the official wording."""
    return home() / "licensed-criteria.json"


def load_official(path: Path, *, categories: Collection[str] = CATEGORIES) -> Proof:
    """Keep the official wording that a catalog holds; with any problem nothing is changed.

    Args:
        path: a file, or a folder of files, as `check_import` reads them.
        categories: the categories whose criteria must be there.

    Returns:
        What was proven; the wording is kept, durably, when it has no problem.
    """
    proof, entries = read_import(path, categories=categories)
    texts = {
        name: asdict(_official(entry)) for entry in entries if (name := canonical_id(entry.id))
    }
    if not proof.problems and texts:
        write_whole(licensed_file(), canonical_json({"format": FORMAT, "criteria": texts}))
    return proof


def unload_official() -> bool:
    """Remove the official wording from this installation; tell whether there was any."""
    try:
        licensed_file().unlink()
    except FileNotFoundError:
        return False
    return True


def official_texts() -> Mapping[str, OfficialText]:
    """Return the official wording by the criterion's id; empty when none was loaded.

    Raises:
        LicensedUnreadableError: its file cannot be read, or is not one that was written here.
    """
    path = licensed_file()
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LicensedUnreadableError(
            f"the official wording in {path} was not read: {error}",
            why="Half of it, or another text in its place, would look like the publisher's.",
            todo="load it again, or remove it: reperform catalog unload",
        ) from error


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, size: int) -> Mapping[str, OfficialText]:
    if size > _LARGEST:
        raise ValueError(f"it has {size:,} bytes")
    value = json.loads(path.read_text("utf-8"))
    if value["format"] != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    return {
        str(name): OfficialText(title=str(text["title"]), text=str(text["text"]))
        for name, text in value["criteria"].items()
    }


def _official(entry: Entry) -> OfficialText:
    """Return an entry's title and text; what has only one of them has a text."""
    titles = [cell.text for cell in entry.texts if plain(cell.name) in TITLE_NAMES and cell.text]
    texts = [
        text
        for cell in entry.texts
        if plain(cell.name) not in TITLE_NAMES
        for text in cell.texts
        if text.strip()
    ]
    if not texts:
        return OfficialText(title="", text="\n\n".join(titles))
    return OfficialText(title=titles[0] if titles else "", text="\n\n".join(texts))
