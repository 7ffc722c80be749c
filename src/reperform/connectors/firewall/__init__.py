"""firewall: rules of nftables and ufw, out of what their programs printed into files."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover
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
from reperform.connectors.folder import Place, brought_setting, place_of
from reperform.connectors.kept import observed_at
from reperform.connectors.linux.filters import rows_of, rules_of
from reperform.connectors.linux.rule import FIREWALL_RULES
from reperform.connectors.settings import Access, Setting, SettingKind

STREAM = "firewall/rules"
TABLES = (FIREWALL_RULES,)
BLIND = (
    "hosts without a file; whether a file is what the host follows now; filters outside the host, "
    "iptables of old, eBPF programs; an earlier rule that refuses part of what a later one accepts"
)
_READ, _FILE = "read", "file "
_LARGEST = 32 << 20
_MOST_FILES = 1_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A file's bytes, to be read before they are kept."""

    name: str
    raw: bytes
    asked: str = ""
    refused: str = ""
    absent: str = ""

    @property
    def blob(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    def open(self) -> IO[bytes]:
        return BytesIO(self.raw)


def _is_nft(raw: bytes) -> bool:
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _names(place: Place) -> list[str]:
    names = place.names()
    if not names or len(names) > _MOST_FILES:
        what = f"it holds more than {_MOST_FILES:,} files" if names else "it holds no file"
        raise NotCollectedError(
            f"{place.title} was not read: {what}",
            why="A folder without a file shows no filter, and not that nothing is open.",
            todo="look whether what should fill the folder did, then collect again",
        )
    return names


def ask(access: Access) -> Iterator[Answer]:
    """Yield each file that is a list of rules, and why another is none.

    Raises:
        NotCollectedError: the folder cannot be listed, or holds no file.
    """
    place = place_of(access)
    names = _names(place)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    yield Answer("observed", "clock", [canonical_json({"at": now})])
    for name in names:
        raw, refused = place.read(name, _LARGEST)
        if not refused:
            try:
                rules_of(_Held(name, raw), is_nft=_is_nft(raw))
            except NotReadError as error:
                refused = str(error)
        asked = place.address(name)
        yield (
            Answer(f"{_FILE}{name}", asked, refused=refused)
            if refused
            else Answer(f"{_FILE}{name}", asked, [raw])
        )


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each rule; the file's name up to its first dot is the host's.

    Raises:
        NotReadError: a file is none of the two forms any more.
    """
    seen = observed_at(answers)
    for kept in answers:
        if kept.blob and kept.name.startswith(_FILE):
            path = PurePosixPath(kept.name.removeprefix(_FILE))
            # Files of ufw have the same names on every host: then the folder is the host's.
            host = path.parent if path.name.startswith("user") and path.parent.name else path
            with kept.open() as file:
                is_nft = _is_nft(file.read(100))
            name = f"firewall {host.name.partition('.')[0]}"
            yield from rows_of(kept, is_nft=is_nft, system=name, observed_at=seen)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a file was not read."""
    today = started_at.astimezone(UTC).date()
    refused = "; ".join(f"{each.name}: {each.refused}" for each in answers if each.refused)
    is_any = any(each.blob and each.name.startswith(_FILE) for each in answers)
    if not is_any:
        return {FIREWALL_RULES.name: Cover(None, None, refused or "no file was read")}
    return {FIREWALL_RULES.name: Cover(today, today, refused, is_whole=not refused)}


SOURCE = Source(STREAM, TABLES, shape, covers, BLIND)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [Question(STREAM, place_of(access).title, lambda: ask(access))]


def _check(access: Access) -> Check:
    place = place_of(access)
    return Check(f"{place.title}: {len(_names(place)):,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="firewall",
    title="Firewalls of Linux hosts, in files",
    asks="Every file of a folder, or brought by hand: what `nft -j list ruleset` or `ufw status "
    "verbose` printed, or ufw's own user.rules; one file for each host, with its name.",
    blind=BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=(
        Setting(
            "folder",
            "Folder of the files",
            "absolute path of a folder that holds one file a host, written anew before each "
            "collection, as web-1.nft.json, db-1.ufw.txt or db-1/user.rules",
            SettingKind.PATH,
            is_required=False,
        ),
        brought_setting(),
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)

__all__ = ["CONNECTOR", "SOURCE"]
