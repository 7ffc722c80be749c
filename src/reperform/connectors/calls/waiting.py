"""How long a source asks us to wait before the same question is asked again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_BAD, _FORBIDDEN = 400, 403
_LEFT = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
_RESET = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")
_LIMITED = ("rate limit exceeded", "ratelimitexceeded", "ratelimited", "quota exceeded")
_EPOCH = 1_000_000_000
"""A larger number is seconds since 1970, a smaller one is seconds from now."""
_DOUBLED = 6


def asked_to_wait(
    status: int, headers: Mapping[str, str], *, attempt: int, now: datetime, told: str = ""
) -> float | None:
    """Return the seconds to wait; None when the reply is no call to wait.

    Args:
        status: of the reply.
        headers: by lower-case name.
        attempt: how often it was asked, from 1.
        now: at the source, when it says, see `said_at`.
        told: the source's words when it refused.

    Source: RFC 9110, 10.2.3 (Retry-After); GitHub, GitLab and Okta for the limits' headers; Google
    and Linear for limits that are told in words only.

    >>> asked_to_wait(429, {"retry-after": "7"}, attempt=1, now=datetime.now(UTC))
    7.0
    >>> asked_to_wait(403, {}, attempt=1, now=datetime.now(UTC)) is None
    True
    """
    is_spent = any(headers.get(name) == "0" for name in _LEFT)
    is_told = any(words in told.lower() for words in _LIMITED)
    is_limited = status == _FORBIDDEN and (is_spent or is_told or "retry-after" in headers)
    is_limited |= status == _BAD and is_told
    if status not in _BUSY and not is_limited:
        return None
    said = _retry_after(headers.get("retry-after", ""), now)
    if said is None and (is_spent or status == 429):  # noqa: PLR2004 - RFC 6585, 4
        said = _reset(headers, now)
    return backoff(attempt) if said is None else max(said, 0.0)


def backoff(attempt: int) -> float:
    """Return how long to wait where nobody says: 1, 2, 4, ... 32 seconds."""
    return float(2 ** (min(attempt, _DOUBLED) - 1))


def said_at(headers: Mapping[str, str]) -> datetime | None:
    """Return the source's clock, when it says; what it asks for is meant by that clock."""
    return _moment(headers.get("date", ""))


def _retry_after(said: str, now: datetime) -> float | None:
    said = said.strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    at = _moment(said)
    return None if at is None else (at - now).total_seconds()


def _reset(headers: Mapping[str, str], now: datetime) -> float | None:
    said = next((headers[name].strip() for name in _RESET if name in headers), "")
    if not (said.isascii() and said.isdecimal()):
        return None
    number = int(said[:12])
    # One second more: a limit that ends within the second is still there at its beginning.
    return float(number - int(now.timestamp()) + 1 if number > _EPOCH else number)


def _moment(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
