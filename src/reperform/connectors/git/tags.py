"""From refs and tag objects to the rows of git.tags."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reperform.connectors.answer import Kept, Row
from reperform.connectors.git.commits import headers
from reperform.connectors.git.grades import Signature, graded, kind_in_tag, kind_of, tag_grades
from reperform.connectors.git.objects import GitObject, read_objects
from reperform.connectors.git.people import identity, moment
from reperform.connectors.git.text import text_of

_RELEASE = re.compile(r"(?:.*[/_-])?[vV]?\d+(?:\.\d+)+(?:[-+._]?[0-9A-Za-z.+-]*)?")
_PREFIX = b"refs/tags/"
_FIELDS = 4
_DEEPEST = 50


class _Tag(NamedTuple):
    target: bytes
    target_kind: bytes
    values: dict[str, Any]
    at: int


def tag_rows(
    refs: Kept, objects: Kept, signatures: Kept | None, object_format: str
) -> Iterator[Row]:
    """Yield a row for each tag among the refs, in their order."""
    grades = tag_grades(signatures)
    with objects.open() as file:
        tags = {one.id: _tag(one, grades) for one in read_objects(file, object_format)}
    at = 0
    with refs.open() as file:
        for line in file:
            fields = line.rstrip(b"\n").split(b" ", _FIELDS - 1)
            if len(fields) == _FIELDS and fields[3].startswith(_PREFIX):
                object_id, kind, when, ref = fields
                tag = tags.get(object_id)
                name = text_of(ref[len(_PREFIX) :])
                values = {
                    "tag": name,
                    "commit_id": _commit(object_id, kind, tags),
                    "is_release": bool(_RELEASE.fullmatch(name)),
                    "is_annotated": kind == b"tag",
                    **(tag.values if tag else _lightweight(kind, when)),
                }
                yield Row(
                    "git.tags", values, objects.blob if tag else refs.blob, tag.at if tag else at
                )
            at += len(line)


def _commit(object_id: bytes, kind: bytes, tags: Mapping[bytes, _Tag]) -> str | None:
    """Return the commit that a tag leads to, through tags of tags."""
    for _ in range(_DEEPEST):
        if kind != b"tag" or object_id not in tags:
            break
        object_id, kind = tags[object_id][:2]
    return object_id.decode("ascii") if kind == b"commit" else None


def _lightweight(kind: bytes, when: bytes) -> dict[str, Any]:
    # A tag of a file or a folder has no time at all.
    at = moment(int(when)) if kind == b"commit" and when.isdigit() else None
    return {"tagged_at": at, "signature": "none"}


def _tag(one: GitObject, grades: Mapping[bytes, Signature] | None) -> _Tag:
    head, _, message = one.body.partition(b"\n\n")
    found = headers(head)
    tagger = identity(found.get(b"tagger", b""))
    kind = kind_in_tag(message)
    if kind == "none":
        kind = kind_of(found.get(b"gpgsig", b"") or found.get(b"gpgsig-sha256", b""))
    status, signer = graded(kind, grades, one.id)
    values = {
        "tagger_name": tagger.name or None,
        "tagger_email": tagger.email or None,
        "tagged_at": tagger.at,
        "signature": kind,
        "signature_status": status,
        "signer": signer,
    }
    return _Tag(found.get(b"object", b""), found.get(b"type", b""), values, one.at)


def nested(one: GitObject) -> bytes | None:
    """Return the tag that a tag object names, or None when it names something else."""
    found = headers(one.body.partition(b"\n\n")[0])
    return found.get(b"object") if found.get(b"type") == b"tag" else None
