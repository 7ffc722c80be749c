"""From the bytes of a commit to its row and those of its trailers."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from reperform.connectors.answer import Row
from reperform.connectors.git.grades import Signature, graded, kind_of
from reperform.connectors.git.message import change_request, full_subject, ticket
from reperform.connectors.git.objects import GitObject
from reperform.connectors.git.people import identity
from reperform.connectors.git.text import text_of
from reperform.connectors.git.trailers import trailers

_HEAD = re.compile(rb"tree [0-9a-f]+\n((?:parent [0-9a-f]+\n)*)author ([^\n]*)\ncommitter ([^\n]*)")
_TRAILER = ("commit_id", "committed_at", "key", "name", "email", "value")
_MOST = 500


def headers(head: bytes) -> dict[bytes, bytes]:
    """Return the first value of each header of an object; a continued one with its lines joined."""
    found: dict[bytes, bytes] = {}
    for line in head.replace(b"\n ", b"\x00").split(b"\n"):
        key, _, value = line.partition(b" ")
        found.setdefault(key, value.replace(b"\x00", b"\n"))
    return found


def _parts(head: bytes) -> tuple[int, bytes, bytes, str, bytes]:
    """Return number of parents, author, committer, declared encoding, and the signature's text."""
    match = _HEAD.match(head)
    if match and match.end() == len(head):
        return match[1].count(b"\n"), match[2], match[3], "", b""
    others = headers(head)
    signed = others.get(b"gpgsig") or others.get(b"gpgsig-sha256") or b""
    encoding = others.get(b"encoding", b"").decode("ascii", errors="replace")[:_MOST]
    if match:
        return match[1].count(b"\n"), match[2], match[3], encoding, signed
    # Hand-made: git takes as parents only what follows the tree without a break.
    lines = head.split(b"\n")[1:]
    parents = next((n for n, line in enumerate(lines) if line[:7] != b"parent "), len(lines))
    author, committer = others.get(b"author", b""), others.get(b"committer", b"")
    return parents, author, committer, encoding, signed


def commit_rows(
    one: GitObject,
    *,
    blob: str,
    first_parents: AbstractSet[bytes],
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
    parents, author, committer, encoding, signed = _parts(head)
    author_name, author_email, authored_at = identity(author, encoding)
    committer_name, committer_email, committed_at = identity(committer, encoding)
    message = text_of(raw, encoding)
    subject = full_subject(message)
    request, system = change_request(subject, message) or (None, None)
    commit_id = one.id.decode("ascii")
    kind, status, signer = "none", None, None
    if signed:
        kind = kind_of(signed)
        status, signer = graded(kind, signatures, one.id)
    yield Row(
        "git.commits",
        {
            "commit_id": commit_id,
            "author_name": author_name,
            "author_email": author_email,
            "authored_at": authored_at,
            "committer_name": committer_name,
            "committer_email": committer_email,
            "committed_at": committed_at,
            "parent_count": parents,
            "is_merge": parents > 1,
            "on_first_parent": one.id in first_parents,
            "subject": subject[:_MOST],
            "message_bytes": len(raw),
            "signature": kind,
            "signature_status": status,
            "signer": signer,
            "change_request": request,
            "change_system": system,
            "ticket": ticket(message),
        },
        blob,
        one.at,
    )
    for trailer in trailers(raw, encoding):
        values = zip(_TRAILER, (commit_id, committed_at, *trailer), strict=True)
        yield Row("git.trailers", dict(values), blob, one.at)
