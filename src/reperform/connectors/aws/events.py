"""aws/events: the account's calls of the last 90 days, as LookupEvents gives them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.delivered import TABLES
from reperform.connectors.aws.records import NotRecordsError, records
from reperform.connectors.aws.trail_rows import rows
from reperform.connectors.contract import Asking
from reperform.connectors.kept import json_of
from reperform.connectors.unpacked import pieces_of

NEEDS = ("cloudtrail:LookupEvents",)
BLIND = (
    "data events, such as reading an object of a bucket; what happened more than 90 days before "
    "the first collection; regions that are not named; second factors given to an identity provider"
)
_CALL = "cloudtrail.LookupEvents"
_KEPT_DAYS = 90
_LATE = timedelta(hours=1)
"""How long CloudTrail may take to show an event: it says fifteen minutes."""
_AT_ONCE = 7
_DAY = timedelta(days=1)


def spans(asking: Asking, cursor: str, *, is_bounded: bool) -> list[tuple[date, date]]:
    """Return the whole days that are to be asked for, a week at a time.

    Args:
        asking: when is asked, and from which day on; 90 days back where nobody names one.
        cursor: the last day that is collected; empty when none is.
        is_bounded: the source itself goes back no further than 90 days.
    """
    last = (asking.at - _LATE).date() - _DAY
    oldest = asking.at.date() - timedelta(days=_KEPT_DAYS)
    first = date.fromisoformat(cursor) + _DAY if cursor else asking.since or oldest
    first = max(first, oldest) if is_bounded else first
    found = []
    while first <= last:
        end = min(first + timedelta(days=_AT_ONCE - 1), last)
        found.append((first, end))
        first = end + _DAY
    return found


def cursor(parameters: Mapping[str, str], _: Sequence[Kept]) -> str:
    """Return the last day of a question that was answered whole."""
    return parameters["last"]


def ask(account: Account, *, region: str, first: date, last: date) -> Iterator[Answer]:
    """Yield every event of some days, fifty on a page, the newest first."""
    yield account.observed(region, first=str(first), last=str(last))
    yield from account.answers(
        "cloudtrail",
        "LookupEvents",
        region=region,
        StartTime=f"{first}T00:00:00Z",
        EndTime=f"{last}T23:59:59Z",
    )


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of each event."""
    for kept in answers:
        if not kept.blob or not kept.name.startswith(f"{_CALL} "):
            continue
        try:
            for at, record in records(pieces_of(kept.open())):
                yield from rows(record, kept.blob, at)
        except NotRecordsError:
            continue  # `covers` says so


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, when every page was given and can be read."""
    facts = next((json_of(kept) for kept in answers if kept.name == "observed" and kept.blob), None)
    missing = [f"{answer.name}: {answer.refused}" for answer in answers if answer.refused]
    for kept in answers:
        if kept.blob and kept.name.startswith(f"{_CALL} "):
            missing += _flaw(kept)
    if not isinstance(facts, dict) or not any(kept.name.startswith(_CALL) for kept in answers):
        cover = Cover(None, None, "; ".join(missing) or "nobody asked for events")
    else:
        first, last = (date.fromisoformat(str(facts[name])) for name in ("first", "last"))
        cover = Cover(first, last, "; ".join(missing), is_whole=not missing)
    return {spec.name: cover for spec in TABLES}


def _flaw(kept: Kept) -> list[str]:
    try:
        for _ in records(pieces_of(kept.open())):
            pass
    except NotRecordsError as error:
        return [f"{kept.name} {error}"]
    return []
