"""The trail of changes, and what it takes to check it without this program."""

from base64 import b64encode
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    Limit,
    Offset,
    Page,
    Refused,
    attachment,
    sends,
)
from reperform.ledger import queries
from reperform.ledger.actions import check_log, origin, sign_checkpoint
from reperform.ledger.merkle import leaf_hash
from reperform.ledger.models import Change
from reperform.ledger.tiles import WIDTH, pack_entries, parse_tile_path
from reperform.ledger.tree import Tree, consistency_proof, inclusion_proof

router = Router()
Wanted = Annotated[str, Query(max_length=320, description="Only these; empty: all.")]
Size = Annotated[int | None, Query(ge=0, le=10**12, description="Of the tree; left out: all.")]


class EntryOut(Schema):
    """One change: who did what to what, when, and the fields before and after.

    `before` is null for what is new, `after` for what is gone.
    """

    number: int
    at: datetime
    by: str
    act: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class EntryWhole(EntryOut):
    """One change with what the ledger keeps of it (docs/spec/ledger.md)."""

    entry: str = Field(description="The leaf: a DSSE envelope, byte for byte.")
    sealed: str = Field(
        description="Base64 of 32 random bytes and the canonical JSON; the leaf has its SHA-256."
    )


class ProofOut(Schema):
    """That a leaf is in the tree (RFC 6962, 2.1.1); hashes in hexadecimal, leaf upwards."""

    number: int
    size: int
    leaf: str
    root: str
    hashes: list[str]


class ConsistencyOut(Schema):
    """That a tree begins with an older one (RFC 6962, 2.1.2); hashes in hexadecimal."""

    old_size: int
    old_root: str
    size: int
    root: str
    hashes: list[str]


class CheckOut(Schema):
    """A check of every entry, and what differed; `root` is null when entries are missing."""

    at: datetime
    by: str
    size: int
    root: str | None
    count: int
    differences: list[str]


class HeadOut(Schema):
    """The log: its name and key in checkpoints, its size, and when it was last checked."""

    origin: str
    verifier: str
    size: int
    checked: CheckOut | None


@router.get("", response=Page[EntryOut], auth=takes("trail.view"))
def list_entries(
    request: ApiRequest,
    *,
    subject: Wanted = "",
    act: Wanted = "",
    by: Wanted = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the changes, newest first."""
    found = queries.changes(
        request.auth.organization.log, subject=subject or None, act=act or None, by=by or None
    )
    return {
        "items": [_shown(each) for each in queries.part(found, offset, offset + limit)],
        "total": found.count(),
        "offset": offset,
    }


@router.get("/head", response=HeadOut, auth=takes("trail.view"))
def read_head(request: ApiRequest) -> HeadOut:
    """Return the log's name, key and size, and when it was last checked."""
    log = request.auth.organization.log
    return HeadOut(
        origin=origin(log),
        verifier=str(queries.installation_verifier()),
        size=queries.size(log),
        checked=_latest_check(log),
    )


@router.post("/checks", response={201: CheckOut}, auth=takes("trail.view"))
def check(request: ApiRequest) -> Any:  # noqa: ANN401 - ninja makes it
    """Check every entry: numbers, signatures, what they sealed, and the checkpoint kept last."""
    log = request.auth.organization.log
    check_log(log=log, by=request.auth.name, at=request.auth.at)
    return _latest_check(log)


@router.get(
    "/checkpoint",
    auth=takes("trail.view"),
    openapi_extra=sends("text/plain", HTTPStatus.UNPROCESSABLE_ENTITY),
)
def read_checkpoint(request: ApiRequest) -> HttpResponse:
    """Return a signed checkpoint over every entry (C2SP tlog-checkpoint); keep it elsewhere.

    422 when the entries are not those that the checkpoint before it covers.
    """
    content = sign_checkpoint(log=request.auth.organization.log)
    return attachment(content, "text/plain", "checkpoint")


@router.get(
    "/log/{path:path}", auth=takes("trail.view"), openapi_extra=sends("application/octet-stream")
)
def read_tile(request: ApiRequest, path: str) -> HttpResponse:
    """Return a tile of hashes or of entries (C2SP tlog-tiles), as `tile/entries/000.p/5`."""
    try:
        level, number, width = parse_tile_path(path)
    except ValueError as error:
        raise Http404 from error
    log = request.auth.organization.log
    height = 0 if level == "entries" else int(level)
    span = WIDTH**height
    first, end = number * WIDTH * span, (number * WIDTH + width) * span
    if end > queries.size(log):
        raise Http404
    entries = list(queries.entries(log, first, end))
    if level == "entries":
        return attachment(pack_entries(entries), "application/octet-stream", "entries")
    hashes = Tree(leaf_hash(entry) for entry in entries).hashes(height, 0, width)
    return attachment(b"".join(hashes), "application/octet-stream", "tile")


@router.get("/consistency", response={200: ConsistencyOut, 404: Refused}, auth=takes("trail.view"))
def read_consistency(
    request: ApiRequest,
    old_size: Annotated[int, Query(ge=0, le=10**12, description="That you hold.")] = 0,
    size: Size = None,
) -> ConsistencyOut:
    """Return the proof that the log begins with what an older checkpoint covers; 404: too large."""
    tree = queries.tree(request.auth.organization.log)
    size = len(tree) if size is None else size
    if not old_size <= size <= len(tree):
        raise Http404
    return ConsistencyOut(
        old_size=old_size,
        old_root=tree.root(old_size).hex(),
        size=size,
        root=tree.root(size).hex(),
        hashes=[
            each.hex() for each in consistency_proof(tree.hashes, old_size=old_size, size=size)
        ],
    )


@router.get("/{int:number}", response=EntryWhole, auth=takes("trail.view"))
def read_entry(request: ApiRequest, number: int) -> EntryWhole:
    """Return one change, and what it takes to compare it with its leaf."""
    found = queries.change(request.auth.organization.log, number)
    if found is None:
        raise Http404
    return EntryWhole(
        **_shown(found).dict(),
        entry=bytes(found.leaf.entry).decode(),
        sealed=b64encode(bytes(found.content)).decode(),
    )


@router.get("/{int:number}/proof", response=ProofOut, auth=takes("trail.view"))
def read_proof(request: ApiRequest, number: int, size: Size = None) -> ProofOut:
    """Return the proof that an entry is in the log, as it was at a size."""
    tree = queries.tree(request.auth.organization.log)
    size = len(tree) if size is None else size
    if not number < size <= len(tree):
        raise Http404
    return ProofOut(
        number=number,
        size=size,
        leaf=tree.hashes(0, number, number + 1)[0].hex(),
        root=tree.root(size).hex(),
        hashes=[each.hex() for each in inclusion_proof(tree.hashes, index=number, size=size)],
    )


def _shown(change: Change) -> EntryOut:
    view = queries.shown(change)
    return EntryOut(
        number=view.number,
        at=view.at,
        by=view.by,
        act=view.act,
        subject=view.subject,
        before=dict(view.before) if view.before else None,
        after=dict(view.after) if view.after else None,
    )


def _latest_check(log: str) -> CheckOut | None:
    found = queries.latest_check(log)
    if found is None:
        return None
    return CheckOut(
        at=found.at,
        by=found.by,
        size=found.size,
        root=found.root or None,
        count=found.count,
        differences=found.differences,
    )
