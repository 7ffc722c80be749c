"""Finds what a control does not say: who, what, when, how, on what, leaving which trace.

A lint, not a judge: each finding names the words and what to write instead, and none keeps
anybody from saving.  The words are in `library/lint/controls.yaml`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reperform.program.controls.document import ControlDocument
from reperform.program.controls.wording import Wording

MOST_WORDS = 130
"""A longer text holds several controls; ours have at most 110 words."""
_MOST_RHYTHMS = 2
_ALIKE = 0.9
_FEWEST_ALIKE = 12
_RHYTHMS = ("daily", "weekly", "monthly", "quarterly", "annual")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")
_WORD = re.compile(r"[\w'-]+")
_BE = r"(?:is|are|was|were|be|been|being|gets?)"
_PLACEHOLDER = re.compile(r"\{[^{}\n]{0,60}\}|\[[^\[\]\n]{0,60}\]|<[a-z][^<>\n]{0,60}>|_{3,}")
_FIGURE = re.compile(
    r"\b\d+(?:[.,]\d+)? (?:(?:business|working) )?(?:minutes?|hours?|days?|weeks?|months?|years?"
    r"|percent|attempts|characters)\b"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a control does not say, or says so that two would read it in two ways.

    Attributes:
        leaves: what is open: who, what, when, how, trace, or how it is written (form).
        field: the field to change.
        words: the words that leave it open; empty when there are none about it.
        todo: what to write instead.
    """

    leaves: str
    field: str
    words: str
    todo: str

    def __str__(self) -> str:
        words = f"“{self.words}”: " if self.words else ""
        return f"{self.leaves}: {words}{self.todo}"


Library = Mapping[str, ControlDocument]
"""The library's texts, by id."""


def findings(
    document: ControlDocument,
    wording: Wording,
    *,
    library_id: str = "",
    library: Library | None = None,
    is_owned: bool = True,
) -> tuple[Finding, ...]:
    """Return what a control leaves open, in the order of the questions.

    Args:
        document: the control.
        wording: see `control_wording`.
        library_id: the library's control that it comes from; empty for one of their own.
        library: the library's texts, to find words that were only copied.
        is_owned: whether somebody answers for it by name.
    """
    found = [
        *_who(document, wording),
        *_what(document, wording),
        *_when(document, wording),
        *_vague(document, wording),
        *_trace(document, wording),
        *_form(document, wording),
        *_copied(document, library_id, library or {}, is_owned=is_owned),
    ]
    return tuple(dict.fromkeys(found))


def _who(document: ControlDocument, wording: Wording) -> Iterator[Finding]:
    text = document.text
    is_automated = document.kind == "automated"
    if not _acts(text, document, wording, is_automated=is_automated):
        words = _passive(text, wording)
        todo = "say who does it: the Head of Infrastructure, the person on call"
        yield Finding("who", "text", words, todo)
        return
    if is_automated:
        return
    for sentence in _SENTENCE.split(text):
        words = _passive(sentence, wording)
        if words and not _acts(sentence, document, wording, is_automated=False):
            yield Finding("who", "text", words, f"say who does it: the {_role(document)}")


def _acts(text: str, document: ControlDocument, wording: Wording, *, is_automated: bool) -> bool:
    role = document.owner_role
    if role and role.casefold() in text.casefold():
        return True
    if wording.actors.search(text):
        return True
    return bool(wording.mechanisms.search(text)) and (is_automated or document.kind != "manual")


def _passive(text: str, wording: Wording) -> str:
    """Return the first act in the passive, as in `is reviewed`."""
    found = re.search(
        rf"\b(?<!not ){_BE}(?:\s+\w+ly|\s+then|\s+also|\s+not)?\s+{wording.acts.pattern}",
        text,
        re.IGNORECASE,
    )
    return " ".join(found[0].split()) if found else ""


def _role(document: ControlDocument) -> str:
    return document.owner_role or "Head of Infrastructure"


def _what(document: ControlDocument, wording: Wording) -> Iterator[Finding]:
    if document.population or wording.scope_words.search(document.text):
        return
    todo = "say on what it operates: each new account, every production host, any change"
    yield Finding("what", "text", "", todo)


def _when(document: ControlDocument, wording: Wording) -> Iterator[Finding]:
    said = {
        name: " ".join(match[0].split())
        for name, pattern in wording.frequencies.items()
        if (match := pattern.search(document.text))
    }
    if document.frequency in said:
        return
    if document.frequency == "continuous" and document.kind != "manual":
        return  # a state, and its text need not say that it lasts
    rhythm = next((name for name in _RHYTHMS if name in said), "")
    if rhythm:
        todo = f"make text and frequency agree: the field says {document.frequency}"
        yield Finding("when", "frequency", said[rhythm], todo)
    elif document.frequency in _RHYTHMS or not said:
        todo = f"say when, as the frequency does ({document.frequency}): each quarter, within 1 day"
        yield Finding("when", "text", "", todo)


def _vague(document: ControlDocument, wording: Wording) -> Iterator[Finding]:
    for vague in wording.vague:
        for field in ("title", "text", "population"):
            for match in vague.words.finditer(getattr(document, field)):
                yield Finding(vague.leaves, field, " ".join(match[0].split()), vague.write)


def _trace(document: ControlDocument, wording: Wording) -> Iterator[Finding]:
    if not document.evidence:
        todo = "name what it leaves behind: the ticket, the minutes, the log"
        yield Finding("trace", "evidence", "", todo)
        return
    stems = {word[:5].casefold() for line in document.evidence for word in _WORD.findall(line)}
    is_named = any(word[:5].casefold() in stems for word in _long_words(document.text))
    if not is_named and not wording.traces.search(document.text):
        todo = f"say where it shows in the text as well: {document.evidence[0]}"
        yield Finding("trace", "text", "", todo)


def _long_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) > 4]  # noqa: PLR2004 - not `the`, `with`


def _form(document: ControlDocument, wording: Wording) -> Iterator[Finding]:
    for field in ("title", "text", "population", "owner_role"):
        value = getattr(document, field)
        for pattern in (wording.placeholders, _PLACEHOLDER):
            for left in pattern.findall(value):
                todo = "decide what stands there: it is left from a template"
                yield Finding("form", field, left, todo)
    words = len(document.text.split())
    rhythms = [
        " ".join(match[0].split())
        for name in _RHYTHMS
        if (match := wording.frequencies[name].search(document.text))
    ]
    if words > MOST_WORDS:
        todo = f"it has {words} words: write several controls, each of which can fail by itself"
        yield Finding("form", "text", "", todo)
    elif len(rhythms) > _MOST_RHYTHMS:
        todo = "write a control for each rhythm: one that fails would hide behind the others"
        yield Finding("form", "text", ", ".join(rhythms), todo)


def _copied(
    document: ControlDocument, library_id: str, library: Library, *, is_owned: bool
) -> Iterator[Finding]:
    origin = library.get(library_id)
    if origin is None:
        near = next((name for name in library if _is_near(document.text, library[name].text)), "")
        if near:
            todo = f"it is the library's {near} nearly word for word: adopt that one instead"
            yield Finding("form", "text", "", todo)
        return
    roles = (origin.owner_role.casefold(), document.owner_role.casefold())
    text = document.text.casefold()
    if roles[0] != roles[1] and roles[0] in text and roles[1] not in text:
        todo = f"the owner's role is {document.owner_role}: name the role that you have"
        yield Finding("who", "text", origin.owner_role, todo)
    elif not is_owned and _is_near(document.text, origin.text):
        todo = (
            "it is the library's text, and nobody answers for it yet: check roles, days and"
            " figures against what you do, tailor them, and name its owner"
        )
        yield Finding("form", "text", ", ".join(_assumed(document)), todo)


def _assumed(document: ControlDocument) -> list[str]:
    """Return what the library could only assume: the role, and figures."""
    role = [document.owner_role] if document.owner_role in document.text else []
    return [*role, *dict.fromkeys(_FIGURE.findall(document.text))][:6]


def _is_near(text: str, other: str) -> bool:
    """Tell nearly the same words, whatever their order."""
    words, others = _words(text), _words(other)
    if min(len(words), len(others)) < _FEWEST_ALIKE:
        return False
    return len(words & others) >= _ALIKE * len(words | others)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
