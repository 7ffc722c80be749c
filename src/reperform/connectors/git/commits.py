"""From the bytes of commit and tag objects to rows."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from reperform.connectors.answer import Row
from reperform.connectors.git.message import (
    change_request,
    subject_of,
    text_of,
    ticket,
    trailers,
)
from reperform.connectors.git.objects import GitObject

_IDENTITY = re.compile(rb"(.*?) ?<([^>]*)>? ?(-?\d+)? ?([+-]\d+)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 253_402_300_799
_ARMOR = (
    (b"-----BEGIN PGP", "pgp"),
    (b"-----BEGIN SSH", "ssh"),
    (b"-----BEGIN SIGNED MESSAGE", "x509"),
)
_GRADES = {
    "G": "good",
    "U": "good",
    "B": "bad",
    "X": "expired",
    "Y": "expired",
    "R": "revoked",
    "E": "untrusted",
    "N": "unverifiable",
}


class Signature(NamedTuple):
    """A grade as git gives it, and the signer's name."""

    grade: str
    signer: str


class Identity(NamedTuple):
    """A person and a moment.  `at` is None when the object has no time that a calendar has."""

    name: str
    email: str
    at: str | None


@lru_cache(maxsize=4_096)
def _person(name: bytes, email: bytes, encoding: str) -> tuple[str, str]:
    return text_of(name, encoding).strip(), text_of(email, encoding).strip().lower()


def moment(seconds: int) -> str | None:
    """Return seconds since 1970 as `2026-07-31 23:59:59` in UTC; None beyond the calendar."""
    if not 0 <= seconds <= _LAST_SECOND:
        return None
    return (_EPOCH + timedelta(seconds=seconds)).isoformat(" ")[:19]


def identity(raw: bytes, encoding: str = "") -> Identity:
    """Return who and when an author, committer or tagger line says."""
    found = _IDENTITY.match(raw)
    if not found:
        return Identity(text_of(raw, encoding)[:200], "", None)
    name, email = _person(found[1], found[2], encoding)
    return Identity(name, email, moment(int(found[3])) if found[3] else None)


def _headers(head: bytes) -> dict[bytes, bytes]:
    """Return the first value of each header; a continued one with its lines joined."""
    headers: dict[bytes, bytes] = {}
    for line in head.replace(b"\n ", b"\x00").split(b"\n"):
        key, _, value = line.partition(b" ")
        headers.setdefault(key, value)
    return headers


def _armor(text: bytes) -> str:
    for begin, kind in _ARMOR:
        if begin in text:
            return kind
    return "none"


def commit_rows(
    one: GitObject,
    *,
    blob: str,
    first_parents: frozenset[bytes],
    signatures: Mapping[bytes, Signature] | None,
) -> Iterator[Row]:
    """Yield a commit's row and those of its trailers.

    Args:
        one: the commit object.
        blob: digest of the blob that holds it.
        first_parents: the release branch's own line.
        signatures: grade by commit; None when signatures were not checked.
    """
    head, _, raw = one.body.partition(b"\n\n")
    headers = _headers(head)
    encoding = headers.get(b"encoding", b"").decode("ascii", errors="replace")
    author = identity(headers.get(b"author", b""), encoding)
    committer = identity(headers.get(b"committer", b""), encoding)
    signed = headers.get(b"gpgsig", b"") or headers.get(b"gpgsig-sha256", b"")
    kind = _armor(signed)
    parents = head.count(b"\nparent ")
    message = text_of(raw, encoding)
    subject = subject_of(message)
    request = change_request(subject, message)
    commit_id = one.id.decode("ascii")
    status, signer = _graded(kind, signatures, one.id)
    yield Row(
        "git.commits",
        {
            "commit_id": commit_id,
            "author_name": author.name,
            "author_email": author.email,
            "authored_at": author.at,
            "committer_name": committer.name,
            "committer_email": committer.email,
            "committed_at": committer.at,
            "parent_count": parents,
            "is_merge": parents > 1,
            "on_first_parent": one.id in first_parents,
            "subject": subject,
            "message_bytes": len(raw),
            "signature": kind,
            "signature_status": status,
            "signer": signer,
            "change_request": request[0] if request else None,
            "change_system": request[1] if request else None,
            "ticket": ticket(message),
        },
        blob,
        one.at,
    )
    for trailer in trailers(raw, encoding):
        values: dict[str, Any] = {
            "commit_id": commit_id,
            "committed_at": committer.at,
            "key": trailer.key,
            "name": trailer.name or None,
            "email": trailer.email or None,
            "value": trailer.value,
        }
        yield Row("git.trailers", values, blob, one.at)


def _graded(
    kind: str, signatures: Mapping[bytes, Signature] | None, object_id: bytes
) -> tuple[str | None, str | None]:
    if kind == "none" or signatures is None:
        return None, None
    graded = signatures.get(object_id)
    if graded is None:
        return "unverifiable", None
    status = _GRADES.get(graded.grade, "unverifiable")
    return status, (graded.signer or None) if status == "good" else None


def tag_values(one: GitObject, signatures: Mapping[bytes, Signature] | None) -> dict[str, Any]:
    """Return what an annotated tag's object says, by column of git.tags."""
    head, _, message = one.body.partition(b"\n\n")
    tagger = identity(_headers(head).get(b"tagger", b""))
    kind = _armor(message)
    status, signer = _graded(kind, signatures, one.id)
    return {
        "is_annotated": True,
        "tagger_name": tagger.name or None,
        "tagger_email": tagger.email or None,
        "tagged_at": tagger.at,
        "signature": kind,
        "signature_status": status,
        "signer": signer,
    }
