"""The words by which a vague control gives itself away: read from the library."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reperform.base.front_matter import FrontMatterError, load_yaml
from reperform.base.problem import Problem
from reperform.catalog.controls import FREQUENCIES
from reperform.catalog.fields import FieldReader
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file

WORDING = "lint/controls.yaml"
QUESTIONS = ("who", "what", "when", "how", "trace")
"""What a control must answer: who acts, on what, when, how, leaving which trace."""


@dataclass(frozen=True, slots=True)
class Vague:
    """Words that leave a question open, and what to write instead."""

    leaves: str
    words: re.Pattern[str]
    write: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What the file says; see the comments in it.

    Attributes:
        vague: words that leave a question open.
        placeholders: what is left from a template.
        actors: who acts.
        mechanisms: what acts by itself.
        acts: what people do, in the passive.
        frequencies: what says how often, by frequency.
        scope_words: what says which of the items.
        traces: what a control leaves behind.
    """

    vague: tuple[Vague, ...]
    placeholders: re.Pattern[str]
    actors: re.Pattern[str]
    mechanisms: re.Pattern[str]
    acts: re.Pattern[str]
    frequencies: Mapping[str, re.Pattern[str]]
    scope_words: re.Pattern[str]
    traces: re.Pattern[str]


@cache
def control_wording(folder: Path | None = None) -> Wording:
    """Return the wording in `folder`, by default our own library.

    Raises:
        LibraryMissingError: there is no library.
        LibraryRefusedError: the file is missing, cannot be read, or says what cannot be.
    """
    wording, problems = read_wording(folder or library_folder())
    if problems:
        raise LibraryRefusedError(
            f"the wording of controls was not read: first {problems[0]}",
            why="A vague control would pass as a clear one.",
            todo=f"correct library/{WORDING}, or install reperform again",
        )
    return wording


def read_wording(folder: Path) -> tuple[Wording, list[Problem]]:
    """Return what the file in `folder` says, and every problem with it."""
    problems: list[Problem] = []
    reader = FieldReader(_content(folder, problems), where=WORDING, problems=problems)
    wording = Wording(
        vague=tuple(_vague(item, problems) for item in reader.mappings("vague")),
        placeholders=whole_words(reader.texts("placeholders")),
        actors=whole_words(reader.texts("actors")),
        mechanisms=whole_words(reader.texts("mechanisms")),
        acts=whole_words(reader.texts("acts")),
        frequencies=_frequencies(reader, problems),
        scope_words=whole_words(reader.texts("scope_words")),
        traces=whole_words(reader.texts("traces")),
    )
    reader.refuse_others()
    return wording, problems


def whole_words(words: Collection[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of `words` whole; never anything when there are none.

    >>> whole_words(["as needed"]).findall("reviewed as  needed, reneeded")
    ['as  needed']
    """
    longest_first = sorted(words, key=len, reverse=True)
    parts = [re.sub(r"(\\ )+", r"\\s+", re.escape(word)) for word in longest_first]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts) or '(?!)'})(?![\w-])", re.IGNORECASE)


def _vague(item: Mapping[str, object], problems: list[Problem]) -> Vague:
    fields = FieldReader(item, where=f"{WORDING}: vague", problems=problems)
    vague = Vague(
        leaves=fields.choice("leaves", QUESTIONS),
        words=whole_words(fields.texts("words")),
        write=fields.text("write"),
    )
    fields.refuse_others()
    return vague


def _frequencies(reader: FieldReader, problems: list[Problem]) -> dict[str, re.Pattern[str]]:
    found = {}
    for item in reader.mappings("frequencies"):
        fields = FieldReader(item, where=f"{WORDING}: frequencies", problems=problems)
        found[fields.choice("frequency", FREQUENCIES)] = whole_words(fields.texts("words"))
        fields.refuse_others()
    for name in FREQUENCIES:
        if name not in found:
            what = f"{name} is missing"
            problems.append(Problem(f"{WORDING}: frequencies", what, "add it", "catalog-field"))
    return found


def _content(folder: Path, problems: list[Problem]) -> dict[str, object]:
    try:
        value = load_yaml(read_library_file(folder / WORDING), where=WORDING)
    except FrontMatterError as error:
        problems.append(Problem(WORDING, error.what, error.todo[0], "catalog-unreadable"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"was not read: {error}"
        problems.append(Problem(WORDING, what, "correct the file", "catalog-unreadable"))
    else:
        if isinstance(value, dict):
            return value
        what = "is not a list of `field: value`"
        problems.append(Problem(WORDING, what, "write one", "catalog-unreadable"))
    return {}
