"""Which days delivered files of CloudTrail vouch for: what its digest files say of them.

CloudTrail writes a digest file each hour for each account and region, also when nothing happened.
It names every log file of the hour with the SHA-256 of its content.  Without digests, nothing shows
that no log file is missing, and no day is vouched for.
See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from reperform.base.table import Cover
from reperform.connectors.answer import Kept
from reperform.connectors.aws.records import NotRecordsError
from reperform.connectors.kept import json_of
from reperform.connectors.unpacked import WIDEST, Bounds, pieces_of, unpacked

DIGEST, LOG = "digest ", "log "
"""How the names of the answers begin."""

BOUNDS = Bounds(most=64 << 20, times=WIDEST.times)
"""What a digest file may unpack to."""

_LATE = timedelta(hours=1)
"""How long after an event its log file may come: CloudTrail says five minutes on average."""
_TOLERATED = timedelta(seconds=1)
_DAY = timedelta(days=1)
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Digest:
    """What one digest file says."""

    stream: tuple[str, str]
    """Account and region."""
    first: datetime
    last: datetime
    logs: tuple[tuple[str, str], ...]
    """File name without folders, and SHA-256 of the unpacked content."""


def covers(
    answers: Sequence[Kept], tables: Sequence[str], days: tuple[date, date] | None
) -> dict[str, Cover]:
    """Return the days that kept files cover, alike for every table that they fill.

    Args:
        answers: what was kept.
        tables: that the files fill.
        days: first and last day of their events; None when none has a time.
    """
    missing = [f"{answer.name}: {answer.refused}" for answer in answers if answer.refused]
    logs = {_base(answer.name): answer for answer in answers if answer.name.startswith(LOG)}
    digests = [found for answer in answers if (found := _digest(answer))]
    seen = _seen(digests, days)
    if not digests:
        missing.append("there is no digest file, so nothing shows that no log file is missing")
    missing += _wrong(digests, logs)
    span = _span(digests, continues=_continues(answers))
    if not missing and span is None:
        missing.append("the digest files cover no whole day, and an hour after it")
    if missing or span is None:
        cover = Cover(seen[0], seen[1], _cut(missing), is_whole=False)
        cover = cover if seen[1] else Cover(None, None, _cut(missing))
    else:
        cover = Cover(*span)
    return dict.fromkeys(tables, cover)


def _cut(missing: Sequence[str]) -> str:
    more = len(missing) - _MOST_NAMED
    said = "; ".join(missing[:_MOST_NAMED])
    return f"{said}; and {more:,} more" if more > 0 else said


def _base(name: str) -> str:
    return name.rpartition("/")[2].removeprefix(LOG).removesuffix(".gz")


def _digest(kept: Kept) -> Digest | None:
    if not kept.name.startswith(DIGEST) or not kept.blob:
        return None
    try:
        return read_digest(unpacked(pieces_of(kept.open()), BOUNDS), kept.name)
    except NotRecordsError:
        return None


def read_digest(pieces: Iterator[bytes], name: str) -> Digest | None:
    """Return what a digest file says; None when it is none.

    The region is the folder after `CloudTrail-Digest`, else the part of the file's name.

    Raises:
        NotRecordsError: it cannot be unpacked.
    """
    content = b"".join(pieces)
    try:
        found = json.loads(content)
        parts = name.rsplit("CloudTrail-Digest/", maxsplit=1)[-1].split("/")
        region = parts[0] if len(parts) > 1 else name.rpartition("/")[2].split("_")[3]
        return Digest(
            stream=(str(found["awsAccountId"]), region),
            first=_moment(found["digestStartTime"]),
            last=_moment(found["digestEndTime"]),
            logs=tuple(
                (_base(str(each["s3Object"])), str(each["hashValue"])) for each in found["logFiles"]
            ),
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None


def _moment(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _wrong(digests: Sequence[Digest], logs: Mapping[str, Kept]) -> list[str]:
    """Return what digests and log files say against each other."""
    named = {name: sha for digest in digests for name, sha in digest.logs}
    wrong = [f"{name} is named by a digest, and is not there" for name in named if name not in logs]
    for name, kept in logs.items():
        if not kept.blob:
            continue  # its refusal is said already
        if digests and name not in named and _is_inside(name, digests):
            wrong.append(f"{name} is named by no digest")
        elif name in named and _content_sha256(kept) != named[name]:
            wrong.append(f"{name} is not what CloudTrail delivered: its SHA-256 differs")
    return [*wrong, *_holes(digests)]


def _is_inside(name: str, digests: Sequence[Digest]) -> bool:
    """Return whether a log file was delivered in an hour that a digest of its stream covers.

    Files are named ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.
    """
    try:
        account, _, region, at = name.split("_")[:4]
        delivered = datetime.strptime(at, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError:
        return True
    own = [digest for digest in digests if digest.stream == (account, region)]
    begun, ended = (
        min((d.first for d in own), default=None),
        max((d.last for d in own), default=None),
    )
    return not own or (
        begun is not None and ended is not None and begun <= delivered < ended - _LATE
    )


def _content_sha256(kept: Kept) -> str:
    digest = hashlib.sha256()
    try:
        for piece in unpacked(pieces_of(kept.open())):
            digest.update(piece)
    except NotRecordsError:
        return ""
    return digest.hexdigest()


def _by_stream(digests: Sequence[Digest]) -> dict[tuple[str, str], list[Digest]]:
    streams: dict[tuple[str, str], list[Digest]] = {}
    for digest in sorted(digests, key=lambda each: (each.first, each.last)):
        streams.setdefault(digest.stream, []).append(digest)
    return streams


def _holes(digests: Sequence[Digest]) -> Iterator[str]:
    """Yield each stretch of time between two digests of an account and region."""
    for (account, region), own in sorted(_by_stream(digests).items()):
        until = own[0].last
        for digest in own[1:]:
            if digest.first - until > _TOLERATED:
                yield (
                    f"no digest of {account} {region} from {until:%Y-%m-%d %H:%M} "
                    f"to {digest.first:%Y-%m-%d %H:%M}"
                )
            until = max(until, digest.last)


def _span(digests: Sequence[Digest], *, continues: date | None) -> tuple[date, date] | None:
    """Return the first and last whole day that the digests of every stream reach around.

    Args:
        digests: what was found.
        continues: the first day whose deliveries were asked for, when those of the days before it
            are kept by an earlier collection: they hold most of the day before.
    """
    streams = _by_stream(digests).values()
    if not streams:
        return None
    begins = max(own[0].first for own in streams).astimezone(UTC)
    ends = min(max(digest.last for digest in own) for own in streams).astimezone(UTC) - _LATE
    if continues and begins <= datetime.combine(continues, time(), UTC) + _LATE:
        first = continues - _DAY
    else:
        first = begins.date() if begins.time() == time() else begins.date() + _DAY
    last = ends.date() - _DAY
    return (first, last) if first <= last else None


def _continues(answers: Sequence[Kept]) -> date | None:
    facts = next((json_of(each) for each in answers if each.name == "observed" and each.blob), None)
    said = facts.get("continues") if isinstance(facts, dict) else None
    return date.fromisoformat(said) if isinstance(said, str) else None


def _seen(
    digests: Sequence[Digest], days: tuple[date, date] | None
) -> tuple[date | None, date | None]:
    """Return the first and last day of which there is anything."""
    named = [day for digest in digests for day in (digest.first.date(), digest.last.date())]
    found = named or list(days or ())
    return (min(found), max(found)) if found else (None, None)
