"""Days and months that a text names."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "(?P<{0}>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _NAMES) + r"|sept)\.?"
_DAY = r"(?P<{0}>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_YEAR = "(?P<{0}>(?:19|20)[0-9]{{2}})"
_FORMS = re.compile(
    r"(?<![\w/-])(?:"
    r"(?P<iso>(?P<y1>[0-9]{4})-(?P<m1>[0-9]{2})-(?P<d1>[0-9]{2}))"
    r"|(?P<slashed>[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{2,4})"
    rf"|{_MONTH.format('m2')}\s+{_DAY.format('d2')},?\s+{_YEAR.format('y2')}"
    rf"|{_DAY.format('d3')}\s+{_MONTH.format('m3')},?\s+{_YEAR.format('y3')}"
    rf"|{_MONTH.format('m4')},?\s+{_YEAR.format('y4')}"
    r")(?![\w/-])",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A day or a month of a text.

    Attributes:
        said: as the text says it.
        first: its first day; None when it is no day, or can be read in two ways.
        last: its last day, likewise.
    """

    said: str
    first: date | None
    last: date | None


def dates_in(text: str) -> list[NamedDate]:
    """Return the days and months that `text` names, in order.

    A year alone is not one.  `03/04/2026` is March or April, so it has no day.

    >>> [(each.said, str(each.first)) for each in dates_in("March 2, 2026; May 2026; 31 June 2026")]
    [('March 2, 2026', '2026-03-02'), ('May 2026', '2026-05-01'), ('31 June 2026', 'None')]
    """
    return [_date(found) for found in _FORMS.finditer(text)]


def _date(found: re.Match[str]) -> NamedDate:
    said = " ".join(found[0].split())
    if found["slashed"]:
        return NamedDate(said, None, None)
    if found["m4"]:
        year, month = int(found["y4"]), _month(found["m4"])
        return NamedDate(said, date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    if found["iso"]:
        numbers = (int(found["y1"]), int(found["m1"]), int(found["d1"]))
    else:
        at = "2" if found["m2"] else "3"
        numbers = (int(found[f"y{at}"]), _month(found[f"m{at}"]), int(found[f"d{at}"]))
    try:
        day = date(*numbers)
    except ValueError:
        return NamedDate(said, None, None)
    return NamedDate(said, day, day)


def _month(name: str) -> int:
    return [each[:3] for each in _NAMES].index(name[:3].lower()) + 1
