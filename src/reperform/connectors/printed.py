"""Files of what a program of a host printed: one for each host, written anew before each run."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

from reperform.base.canonical import canonical_json
from reperform.base.table import Cover, TableSpec
from reperform.connectors.answer import Answer, Kept, NotCollectedError
from reperform.connectors.content import NotReadError
from reperform.connectors.folder import Place, brought_setting, place_of
from reperform.connectors.settings import Access, Setting, SettingKind

_FILE = "file "
_LARGEST = 32 << 20
_MOST_FILES = 1_000


@dataclass(frozen=True, slots=True)
class Held:
    """A file's bytes, to be read before they are kept; see `Kept`."""

    name: str
    raw: bytes
    asked: str = ""
    refused: str = ""
    absent: str = ""

    @property
    def blob(self) -> str:
        """As `Kept.blob`."""
        return hashlib.sha256(self.raw).hexdigest()

    def open(self) -> IO[bytes]:
        """As `Kept.open`."""
        return BytesIO(self.raw)


def settings(what: str) -> tuple[Setting, ...]:
    """Return the settings of a connector of such files; `what` names them."""
    return (
        Setting(
            "folder",
            "Folder of the files",
            f"absolute path of a folder that holds one file a host, written anew before each run: "
            f"{what}",
            SettingKind.PATH,
            is_required=False,
        ),
        brought_setting(),
    )


def names_of(place: Place) -> list[str]:
    """Return the names of the files.

    Raises:
        NotCollectedError: there is none, or there are more than anybody would put there.
    """
    names = place.names()
    if not names or len(names) > _MOST_FILES:
        what = f"it holds more than {_MOST_FILES:,} files" if names else "it holds no file"
        raise NotCollectedError(
            f"{place.title} was not read: {what}",
            why="A folder without a file says nothing of any host, and not that all is well.",
            todo="look whether what should fill the folder did, then collect again",
        )
    return names


def ask(access: Access, read: Callable[[Held], object]) -> Iterator[Answer]:
    """Yield each file that can be read, and why another cannot.

    Args:
        access: the connection's settings.
        read: reads a file to its end; raises NotReadError where it is none.

    Raises:
        NotCollectedError: the folder cannot be listed, or holds no file.
    """
    place = place_of(access)
    names = names_of(place)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    yield Answer("observed", "clock", [canonical_json({"at": now})])
    for name in names:
        raw, refused = place.read(name, _LARGEST)
        if not refused:
            try:
                read(Held(name, raw))
            except NotReadError as error:
                refused = str(error)
        body = [] if refused else [raw]
        yield Answer(f"{_FILE}{name}", place.address(name), body, refused)


def files_of(answers: Sequence[Kept], common: tuple[str, ...] = ()) -> Iterator[tuple[Kept, str]]:
    """Yield each kept file and the name of its host: the file's own, up to the first dot.

    Args:
        answers: what was kept.
        common: beginnings of names that such files have on every host; then the folder is its.
    """
    for kept in answers:
        if kept.blob and kept.name.startswith(_FILE):
            path = PurePosixPath(kept.name.removeprefix(_FILE))
            is_common = bool(common) and path.name.startswith(common) and bool(path.parent.name)
            yield kept, (path.parent if is_common else path).name.partition(".")[0]


def covers(
    answers: Sequence[Kept], started_at: datetime, tables: Sequence[TableSpec]
) -> Mapping[str, Cover]:
    """Return the day of collecting, not whole when a file was not read."""
    today = started_at.astimezone(UTC).date()
    refused = "; ".join(f"{each.name}: {each.refused}" for each in answers if each.refused)
    if any(files_of(answers)):
        cover = Cover(today, today, refused, is_whole=not refused)
    else:
        cover = Cover(None, None, refused or "no file was read")
    return {spec.name: cover for spec in tables}
