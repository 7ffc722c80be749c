"""Delivered files of CloudTrail, one answer each: whole, or refused with the reason."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.digests import DIGEST, LOG, covers, read_digest
from reperform.connectors.aws.records import NotRecordsError, records, unpack
from reperform.connectors.aws.trail_rows import API, GRANTS, SIGN_INS, rows
from reperform.connectors.populations import TABLES as POPULATIONS

TABLES = tuple(POPULATIONS[name] for name in (API, SIGN_INS, GRANTS))
BLIND = (
    "log files that CloudTrail never wrote or somebody removed, unless digest files are there; "
    "whether a digest file is CloudTrail's own: its signature is not checked; data events that no "
    "trail selects; second factors that are given to an identity provider"
)


def answer(name: str, asked: str, raw: bytes) -> Answer:
    """Return a delivered file as an answer, refused when it is not whole.

    Args:
        name: where it lies below the folder or bucket that was asked, with `/` between.
        asked: its address.
        raw: its bytes.
    """
    if "CloudTrail-Digest" in name:
        if read_digest(raw, name) is None:
            return Answer(f"{DIGEST}{name}", asked, refused="is no digest file of CloudTrail")
        return Answer(f"{DIGEST}{name}", asked, [raw])
    try:
        for _ in records(unpack(raw)):
            pass
    except NotRecordsError as error:
        return Answer(f"{LOG}{name}", asked, refused=str(error))
    return Answer(f"{LOG}{name}", asked, [raw])


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of each record once: CloudTrail delivers some of them twice."""
    seen: set[str] = set()
    for kept in answers:
        if not kept.name.startswith(LOG) or not kept.blob:
            continue
        with kept.open() as file:
            raw = file.read()
        try:
            for at, record in records(unpack(raw)):
                if record["eventID"] not in seen:
                    seen.add(record["eventID"])
                    yield from rows(record, kept.blob, at)
        except NotRecordsError:
            continue  # such a file was refused when it was asked for


def covers_files(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that the files vouch for."""
    return covers(answers, [spec.name for spec in TABLES])
