"""Files of reports as answers: from a folder of this machine, or as somebody brought them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from reperform.base.canonical import canonical_json
from reperform.base.zones import zone_flaw
from reperform.connectors.answer import Answer, NotCollectedError, Question
from reperform.connectors.content import NotReadError
from reperform.connectors.folder import Place, brought_setting, place_of
from reperform.connectors.reports.found import Report
from reperform.connectors.reports.kinds import LARGEST, reports
from reperform.connectors.reports.reading import COLLECTED, FILE, Facts, written
from reperform.connectors.settings import Access, Setting, SettingKind

_MOST_FILES, _MOST_BYTES = 5_000, 512 << 20

Refuses = Callable[[Sequence[Report]], str]
"""What a file says -> why it is not for this connector; empty when it is."""


def settings(what: str) -> tuple[Setting, ...]:
    """Return the settings of a connector of files.

    Args:
        what: which files, as `scanner reports`.
    """
    return (
        Setting(
            "folder",
            "Folder of the files",
            f"absolute path of a folder that holds {what}, and nothing else; each target, such as "
            "a repository, in a folder of its own when its reports do not name it",
            SettingKind.PATH,
            is_required=False,
        ),
        brought_setting(),
        Setting(
            "undated",
            "Files that do not say when they were made",
            "choose the day of collecting only when a job writes them anew before each collection",
            SettingKind.CHOICE,
            is_required=False,
            choices={"no": "vouch for no day", COLLECTED: "are of the day of collecting"},
        ),
        Setting(
            "zone",
            "Time zone of times that name none",
            "as Europe/Berlin; without it, such times are not known",
            is_required=False,
            flaw=zone_flaw,
        ),
        Setting(
            "apart",
            "Days that reports may lie apart",
            "a target whose newest report is older than the newest of all by more is named as not "
            "covered",
            SettingKind.NUMBER,
            is_required=False,
            default="31",
        ),
    )


def facts_from(access: Access, at: datetime) -> Facts:
    """Return what the first answer of a question says."""
    undated = COLLECTED if access.text("undated") == COLLECTED else ""
    now = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    apart = access.settings.get("apart")
    return Facts(now, access.text("zone"), undated, 31 if apart is None else int(apart))


def question(stream: str, access: Access, refuses: Refuses) -> Question:
    """Return the question for every file of a connection."""
    return Question(stream, place_of(access).title, lambda: _ask(access, refuses))


def _ask(access: Access, refuses: Refuses) -> Iterator[Answer]:
    place = place_of(access)
    names = listed(place)
    yield observed(access)
    left = _MOST_BYTES
    for name in names:
        raw, refused = place.read(name, min(LARGEST, left))
        left -= len(raw)
        if refused:
            yield Answer(f"{FILE}{name}", place.address(name), refused=refused)
        else:
            yield answer(name, place.address(name), raw, refuses)


def observed(access: Access) -> Answer:
    """Return when was asked, and what was stated of the files."""
    facts = facts_from(access, datetime.now(UTC))
    return Answer("observed", "clock, settings", [canonical_json(written(facts))])


def listed(place: Place) -> list[str]:
    """Return the names of the files that are asked for; hidden ones are not.

    Raises:
        NotCollectedError: there are more than anybody would put there, or none.
    """
    names = place.names()
    if not names or len(names) > _MOST_FILES:
        what = f"it holds more than {_MOST_FILES:,} files" if names else "it holds no file"
        raise NotCollectedError(
            f"{place.title} was not read: {what}",
            why="An empty folder is no report that nothing was found.",
            todo="look whether what should fill the folder did, then collect again",
        )
    return names


def answer(name: str, asked: str, raw: bytes, refuses: Refuses) -> Answer:
    """Return a file as an answer, refused when it cannot be read as what it should be.

    Args:
        name: as people know it.
        asked: where it is from.
        raw: its bytes.
        refuses: what the connector takes.
    """
    try:
        refused = refuses(reports(raw))
    except NotReadError as error:
        refused = str(error)
    except RecursionError:
        refused = "is nested too deep"
    label = f"{FILE}{name}"
    return Answer(label, asked, refused=refused) if refused else Answer(label, asked, [raw])
