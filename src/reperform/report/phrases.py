"""Phrases that several sections share: days, periods, counts, and names that may be missing."""

from datetime import date, datetime

from reperform.audit.examination import Examination
from reperform.program.scope import Scope

DRAFT = "DRAFT - not a SOC 2 report: no opinion has been expressed"
GAP = "For management - not a SOC 2 report: nobody has examined this system"
LOCKED = "To be completed by the service auditor"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(value: date) -> str:
    """Return a day as American prose writes it, whatever the machine's language.

    >>> day(date(2026, 7, 31))
    'July 31, 2026'
    """
    return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"


def days(first: date, last: date) -> str:
    """Return one day or a range of days for a table.

    >>> days(date(2026, 7, 1), date(2026, 7, 31))
    '2026-07-01..2026-07-31 (31 days)'
    """
    if first == last:
        return f"{first} (1 day)"
    return f"{first}..{last} ({(last - first).days + 1:,} days)"


def moment(value: datetime) -> str:
    """Return a moment in UTC to the second."""
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"


def span(first: datetime, last: datetime) -> str:
    """Return two moments, the day said once when it is the same."""
    if first.date() != last.date():
        return f"{moment(first)} to {moment(last)}"
    return f"{first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} UTC"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "item"), counted(1200, "criterion", "criteria")
    ('1 item', '1,200 criteria')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: tuple[str, ...]) -> str:
    """Return names as a sentence lists them.

    >>> listed(("security", "availability", "privacy"))
    'security, availability and privacy'
    """
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(text: str) -> str:
    """Return `text` with one full stop at its end.

    >>> sentence("root is refused"), sentence("It is off.")
    ('root is refused.', 'It is off.')
    """
    return text.rstrip().rstrip(".") + "."


def begun(text: str) -> str:
    """Return `text` with a capital letter, unless it begins with a name or a number.

    >>> begun("no item was seen."), begun("host.sudo_rules has no evidence.")
    ('No item was seen.', 'host.sudo_rules has no evidence.')
    """
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text


def when(scope: Scope) -> str:
    """Return what the report is for: a date or a period."""
    if scope.type == 1:
        return f"as of {day(scope.period.last)}"
    return f"the period {day(scope.period.first)} to {day(scope.period.last)}"


def organization(examination: Examination) -> str:
    """Return the service organization's name, or that it is not stated."""
    return examination.statement.organization or "[service organization not named]"


def system(examination: Examination) -> str:
    """Return the system's name, or that it is not stated."""
    return examination.statement.system or "[system not named]"


def values(examination: Examination) -> dict[str, str]:
    """Return the values that standing text may name."""
    return {
        "organization": organization(examination),
        "system": system(examination),
        "period_text": when(examination.scope),
        "categories": listed(examination.scope.categories),
    }
