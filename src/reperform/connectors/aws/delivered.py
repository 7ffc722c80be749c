"""Delivered files of CloudTrail, one answer each: whole, or refused with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, NotReadError, Row
from reperform.connectors.aws.digests import BOUNDS as DIGESTS
from reperform.connectors.aws.digests import DIGEST, LOG, Digest, covers, read_digest
from reperform.connectors.aws.records import NotRecordsError, records
from reperform.connectors.aws.trail_rows import API, GRANTS, SIGN_INS, rows
from reperform.connectors.by_days import ByDays, Days
from reperform.connectors.folder import Found
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.unpacked import Bounds, checked, pieces_of, unpacked

TABLES = tuple(POPULATIONS[name] for name in (API, SIGN_INS, GRANTS))
BLIND = (
    "log files that CloudTrail never wrote or somebody removed, unless digest files are there; "
    "whether a digest file is CloudTrail's own: its signature is not checked; data events that no "
    "trail selects; second factors that are given to an identity provider"
)


def answer(name: str, asked: str, found: Found, bounds: Bounds) -> Answer:
    """Return a delivered file as an answer, refused when it is not whole.

    Args:
        name: where it lies below the folder or bucket that was asked, with `/` between.
        asked: its address.
        found: its bytes.
        bounds: what it may unpack to.
    """
    is_digest = "CloudTrail-Digest" in name
    title = f"{DIGEST if is_digest else LOG}{name}"
    if found.refused:
        return Answer(title, asked, refused=found.refused)
    if is_digest:
        body = checked(found.pieces, partial(_digest, name), DIGESTS)
    else:
        body = checked(found.pieces, records, bounds)
    return Answer(title, asked, body, size=found.size)


def _digest(name: str, pieces: Iterator[bytes]) -> Iterator[Digest]:
    found = read_digest(pieces, name)
    if found is None:
        raise NotReadError("is no digest file of CloudTrail")
    yield found


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of each record."""
    for kept in answers:
        if not kept.name.startswith(LOG) or not kept.blob:
            continue
        blob = kept.blob
        try:
            for at, record in records(unpacked(pieces_of(kept.open()))):
                yield from rows(record, blob, at)
        except NotRecordsError:
            continue  # such a file was refused when it was asked for


def _covers(answers: Sequence[Kept], days: Mapping[str, Days]) -> dict[str, Cover]:
    """Return the days that the files vouch for."""
    return covers(answers, [spec.name for spec in TABLES], days.get(API))


COVERS = ByDays(shape, _covers)
