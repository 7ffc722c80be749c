"""Names of time zones."""

from functools import cache
from zoneinfo import available_timezones


def zone_flaw(name: str) -> str:
    """Return why `name` is no time zone of the IANA database; empty when it is one.

    >>> zone_flaw("Europe/Berlin"), zone_flaw("Mars/Olympus")
    ('', 'is no time zone')
    """
    return "" if name in _known() else "is no time zone"


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
