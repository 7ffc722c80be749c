"""What is to be noticed at connections now, and what was, for programs."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged
from reperform.evidence.models import Notice
from reperform.evidence.notice import Noticed
from reperform.evidence.queries.notices import kept_notices, noticed

notices_router = Router()


class NoticedOut(Schema):
    """What holds now: `kind` is missed, failed, lacking or silent; `connection` its number."""

    connection: int
    title: str
    kind: str
    since: datetime
    text: str

    @staticmethod
    def of(each: Noticed) -> "NoticedOut":
        """Return a notice as an answer."""
        return NoticedOut(
            connection=each.connection,
            title=each.title,
            kind=each.kind.value,
            since=each.since,
            text=each.text,
        )


class KeptNoticeOut(NoticedOut):
    """What was noticed; `over_at` is when it was seen to hold no more, null while it did."""

    noticed_at: datetime
    over_at: datetime | None

    @staticmethod
    def kept(row: Notice) -> "KeptNoticeOut":
        """Return a kept notice as an answer."""
        return KeptNoticeOut(
            connection=row.connection.number,
            title=row.connection.title,
            kind=row.kind,
            since=row.since,
            text=row.text,
            noticed_at=row.noticed_at,
            over_at=row.over_at,
        )


@notices_router.get("", response=Page[NoticedOut], auth=takes("connections.view"))
def list_noticed(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List where evidence does not arrive as it should, as it is computed now."""
    found = noticed(request.auth.organization, at=request.auth.at)
    return paged(found, offset, limit, NoticedOut.of)


@notices_router.get("/kept", response=Page[KeptNoticeOut], auth=takes("connections.view"))
def list_kept(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List what was noticed, newest first, what holds no more too."""
    found = kept_notices(request.auth.organization)
    return paged(found, offset, limit, KeptNoticeOut.kept)
