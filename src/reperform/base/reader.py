"""Reads the fields of a form, a JSON body or a file; what cannot be read is a problem.

Values may be text, as a form sends them, or of their own JSON type.  Nothing is guessed: a value
that cannot be read is a `Problem`, and reads as nothing.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from reperform.base.problem import Problem

LONGEST_LINE = 300
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 10**9
MOST_IN_LIST = 200
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,8})", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})? ?(UTC|Z|[+-]\d\d:?\d\d)", re.ASCII
)
_SEPARATORS = re.compile(r"[\s,;]+")
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(slots=True)
class Reader:
    """Reads `content`, and collects what is wrong with it.

    Attributes:
        content: by field name.
        slug: of the problems, see docs/errors.md.
        problems: what was wrong so far, in the order of reading.
    """

    content: Mapping[str, Any]
    slug: str
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: str, what: str, todo: str) -> None:
        """Note what is wrong with one field."""
        self.problems.append(Problem(where, what, todo, self.slug))

    def refuse_others(self, known: Collection[str], of: str) -> None:
        """Note every field that `of`, as in `a risk`, does not have."""
        for name in sorted(set(map(str, self.content)) - set(known)):
            self.problem(name[:40], f"is not a field of {of}", "leave it out")

    def line(self, name: str, *, needed: str = "", longest: int = LONGEST_LINE) -> str:
        """Return one line of text; `needed` says what to do when it is empty."""
        said = self._text(name, longest)
        if said and not said.isprintable():
            self.problem(name, "holds characters that cannot be shown", "remove them")
            return ""
        return self._needed(name, said, needed)

    def text(self, name: str, *, needed: str = "", longest: int = LONGEST_TEXT) -> str:
        """Return text of many lines; `needed` says what to do when it is empty."""
        return self._needed(name, self._text(name, longest), needed)

    def number(self, name: str, *, least: int = 1, most: int = LARGEST_NUMBER) -> int | None:
        """Return a whole number; None for nothing."""
        said = self.content.get(name)
        if said is None or said == "":
            return None
        if isinstance(said, str) and _NUMBER.fullmatch(said.strip()):
            said = int(said)
        if isinstance(said, bool) or not isinstance(said, int) or not least <= said <= most:
            self.problem(name, "is not a number that it can have", f"write {least:,} to {most:,}")
            return None
        return said

    def numbers(self, name: str, *, most: int = MOST_IN_LIST) -> tuple[int, ...]:
        """Return at most `most` whole numbers, each once, in order."""
        found: set[int] = set()
        for said in self._listed(name):
            number = Reader({name: said}, self.slug).number(name)
            if number is None:
                self.problem(name, "holds what is no number", "write numbers, as 3, 5")
                return ()
            found.add(number)
        if len(found) > most:
            self.problem(name, f"holds {len(found)} numbers", f"name at most {most}")
            return ()
        return tuple(sorted(found))

    def day(self, name: str, *, needed: str = "", latest: date | None = None) -> date | None:
        """Return a day; None for nothing.  `latest`: no later day is accepted."""
        said = self.content.get(name)
        if isinstance(said, str):
            said = said.strip()
        if said is None or said == "":
            self._needed(name, "", needed)
            return None
        try:
            day = said if isinstance(said, date) else date.fromisoformat(said)
        except (TypeError, ValueError):
            self.problem(name, "is not a day", "write it as 2026-12-31")
            return None
        if latest is not None and day > latest:
            self.problem(name, f"{day} has not come yet", f"write {latest} or an earlier day")
            return None
        return day

    def moment(
        self, name: str, *, needed: str = "", latest: datetime | None = None
    ) -> datetime | None:
        """Return a time in UTC, to the second; None for nothing.

        A time without its zone is a problem: whose clock it was cannot be guessed.  `latest`: no
        later time is accepted.
        """
        said = self.content.get(name)
        if isinstance(said, datetime) and said.tzinfo:
            said = moment_text(said)
        if said is None or said == "" or (isinstance(said, str) and not said.strip()):
            self._needed(name, "", needed)
            return None
        found = _moment(said) if isinstance(said, str) else None
        if found is None:
            todo = "write it with its zone, as 2026-12-31 14:05 UTC or 2026-12-31T14:05+01:00"
            self.problem(name, "is not a time with its zone", todo)
        elif latest is not None and found > latest:
            todo = f"write {moment_text(latest)} or an earlier time"
            self.problem(name, f"{moment_text(found)} has not come yet", todo)
            return None
        return found

    def choice(self, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
        """Return one of the values of `kind`; `default` for nothing."""
        said = self.content.get(name)
        if said is None or said == "":
            return default
        if said not in [each.value for each in kind]:
            todo = f"choose from: {', '.join(each.value for each in kind)}"
            self.problem(name, "is none of the choices", todo)
            return default
        return kind(said)

    def flag(self, name: str) -> bool | None:
        """Return yes or no; None for nothing, which is neither."""
        said = self.content.get(name)
        if said is None or said == "" or isinstance(said, bool):
            return said if isinstance(said, bool) else None
        word = str(said).strip().lower()
        if word not in (*_YES, *_NO):
            self.problem(name, "is neither yes nor no", "write yes or no, or leave it empty")
            return None
        return word in _YES

    def words(self, name: str, known: Collection[str] = ()) -> tuple[str, ...]:
        """Return names without spaces, such as criteria, each once, as they came.

        Args:
            name: of the field.
            known: the names that there are; any when empty.
        """
        said = tuple(dict.fromkeys(str(each).strip() for each in self._listed(name)))
        unknown = [each for each in said if known and each not in known]
        if unknown:
            self.problem(name, f"there is no {unknown[0][:40]}", "choose one that is in the list")
            return ()
        return tuple(each for each in said if each)

    def lines(self, name: str) -> tuple[str, ...]:
        """Return short texts: a list, or the lines of a text that are not empty."""
        said = self.content.get(name)
        if isinstance(said, list | tuple):
            if len(said) > MOST_IN_LIST or not all(isinstance(each, str) for each in said):
                self.problem(name, "is not a short list of texts", "write one text a line")
                return ()
            said = "\n".join(each.replace("\n", " ") for each in said)
        whole = Reader({name: said}, self.slug)
        text = whole.text(name)
        self.problems += whole.problems
        kept = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
        if len(kept) > MOST_IN_LIST:
            self.problem(name, f"has {len(kept):,} lines", f"keep to {MOST_IN_LIST}")
            return ()
        return kept

    def _listed(self, name: str) -> tuple[Any, ...]:
        said = self.content.get(name)
        if said is None:
            return ()
        if isinstance(said, str):
            said = [part for part in _SEPARATORS.split(said) if part]
        if not isinstance(said, list | tuple) or len(said) > MOST_IN_LIST:
            self.problem(name, "is not a short list", f"name at most {MOST_IN_LIST}")
            return ()
        return tuple(said)

    def _needed(self, name: str, said: str, todo: str) -> str:
        if todo and not said and not any(each.where == name for each in self.problems):
            self.problem(name, "is empty", todo)
        return said

    def _text(self, name: str, longest: int) -> str:
        said = self.content.get(name)
        if said is None:
            return ""
        if not isinstance(said, str):
            self.problem(name, "is not text", "write text")
            return ""
        kept = said.replace("\r\n", "\n").strip()
        if len(kept) > longest:
            self.problem(name, f"has {len(kept):,} characters", f"keep to {longest:,}")
        elif "\x00" in kept:
            self.problem(name, "holds characters that cannot be shown", "remove them")
        elif any("\ud800" <= char <= "\udfff" for char in kept):
            self.problem(name, "holds half of a character", "remove it")
        else:
            return kept
        return ""


def moment_text(at: datetime) -> str:
    """Return a time as a file, an answer or a form has it; `Reader.moment` reads it back.

    >>> moment_text(datetime(2026, 2, 11, 14, 5, tzinfo=UTC))
    '2026-02-11T14:05:00Z'
    """
    return f"{at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def _moment(said: str) -> datetime | None:
    found = _MOMENT.fullmatch(said.strip())
    if found is None:
        return None
    day, time, zone = found.groups()
    try:
        offset = "+00:00" if zone in ("UTC", "Z") else zone
        return datetime.fromisoformat(f"{day}T{time}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
