"""What a text claims, as far as words show it: that there is none, how many people, which names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_ABOUT = ("about", "around", "approximately", "roughly", "some", "nearly", "almost")
_LEAST = ("more than", "over", "at least")
_MOST = ("fewer than", "less than", "under", "up to", "at most")
_STAFF = "employees|employee|persons|people|staff members|members of staff|team members"
_COUNT = re.compile(
    rf"(?:\b(?P<hedge>{'|'.join((*_ABOUT, *_LEAST, *_MOST))})\s+)?"
    rf"(?<![\w.,])(?P<number>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,7}}|{'|'.join(_WORDS)})\s+"
    r"(?:(?:full-time|part-time|permanent)\s+)?"
    rf"(?P<noun>{_STAFF})\b(?P<rest>\s+(?:in|on|at|of|who|from|with|for)\b)?",
    re.IGNORECASE | re.ASCII,
)
_TOLERANCE = 0.1
"""`About 40` may be 36 to 44."""
_TO_FILL_IN = re.compile(
    r"(?<!\w)\[(?![^\]\n]{0,60}[0-9]\.[0-9])[A-Za-z][^\]\[\n]{1,60}\]"
    r"|\{\{[^{}\n]{0,60}\}\}|(?<!_)_{4,}"
)
"""Brackets that name no criterion, as in `[CC6.1]`; braces of a template; a line to write on."""


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """A number of people that a text says.

    Attributes:
        said: as the text says it.
        number: the number.
        hedge: such as `about` or `more than`; empty for none.
        is_part: it may be a part of all, as in `14 people in engineering`.
    """

    said: str
    number: int
    hedge: str
    is_part: bool

    def contradicts(self, registered: int) -> bool:
        """Return whether it cannot be right when the register has `registered` people.

        >>> PeopleCount("40 employees", 40, "", False).contradicts(34)
        True
        >>> PeopleCount("14 people in support", 14, "", True).contradicts(34)
        False
        """
        if self.hedge in _LEAST:
            return self.number > registered
        if self.hedge in _MOST:
            return not self.is_part and registered > self.number
        slack = max(1, round(self.number * _TOLERANCE)) if self.hedge else 0
        if self.is_part:
            return self.number - slack > registered
        return abs(self.number - registered) > slack


def people_counts(text: str) -> list[PeopleCount]:
    """Return the numbers of people that `text` says, in order.

    >>> [(each.said, each.number) for each in people_counts("About 40 employees; 5 people on duty")]
    [('About 40 employees', 40), ('5 people', 5)]
    """
    found = []
    for match in _COUNT.finditer(text):
        word = match["number"].lower()
        number = _WORDS[word] if word in _WORDS else int(word.replace(",", ""))
        rest = (match["rest"] or "").split()
        said = match[0].removesuffix(match["rest"] or "")
        # A bullet or brackets around a count make it one team's: `Engineering (14 people)`.
        is_part = bool(rest) or text[: match.start()].rstrip(" ").endswith("(")
        hedge = " ".join((match["hedge"] or "").lower().split())
        found.append(PeopleCount(" ".join(said.split()), number, hedge, is_part))
    return found


def words_found(words: Iterable[str], text: str) -> list[str]:
    r"""Return those of `words` that stand in `text`, whole; capitals are found as capitals.

    >>> words_found(["TODO", "no control"], "There is no\n control. todo")
    ['no control']
    """
    # Looking for the letters first is many times faster than a pattern that finds nothing.
    folded = text.casefold()
    return [word for word in words if _letters_in(word, folded) and _word(word).search(text)]


def _letters_in(word: str, folded: str) -> bool:
    return all(part in folded for part in word.casefold().split())


@lru_cache(maxsize=1_000)
def _word(word: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(part) for part in word.split())
    flags = 0 if word.isupper() else re.IGNORECASE
    return re.compile(rf"(?<!\w){inner}(?!\w)", flags)


def placeholders(words: Sequence[str], text: str) -> list[str]:
    """Return what a template left in `text`: its words, brackets to fill in, lines to write on.

    >>> placeholders(["TODO"], "[Company] uses [CC6.1] and {{name}}. TODO")
    ['TODO', '[Company]', '{{name}}']
    """
    return words_found(words, text) + list(dict.fromkeys(_TO_FILL_IN.findall(text)))


def says_none(text: str, *, sentences: Sequence[str], phrases: Sequence[str]) -> bool:
    """Return whether `text` says that there is none: a whole sentence does, or a part of one.

    >>> says_none("None.", sentences=["none"], phrases=[])
    True
    """
    said = {" ".join(each.split()).lower() for each in re.split(r"[.!;\n]", text)}
    return bool(said & set(sentences)) or bool(words_found(phrases, text))
