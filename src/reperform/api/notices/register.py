"""What was noticed, for programs."""

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged
from reperform.noticing.actions.looking import look
from reperform.noticing.models import Notice
from reperform.noticing.queries.notices import newest_look, notices, topics_for

router = Router()


class NoticeOut(Schema):
    """One thing that was noticed.

    `page` and `key` name what it is about; `owner` is the number of the member whose it is.
    `over_at` is when it was seen to hold no more, null while it does.
    """

    number: int
    kind: str
    topic: str
    subject: str
    title: str
    since: datetime
    text: str
    todo: str
    page: str
    key: str
    owner: int | None
    noticed_at: datetime
    over_at: datetime | None

    @staticmethod
    def of(row: Notice) -> "NoticeOut":
        """Return a notice as an answer."""
        return NoticeOut(
            number=row.number,
            kind=row.kind,
            topic=row.topic,
            subject=row.subject,
            title=row.title,
            since=row.since,
            text=row.text,
            todo=row.todo,
            page=row.page,
            key=row.key,
            owner=row.owner_id,
            noticed_at=row.noticed_at,
            over_at=row.over_at,
        )


class NoticesAsked(Schema):
    """Which notices: of a kind, a topic, a state (`holds`, `over`), with words; all when empty."""

    kind: str = ""
    topic: str = ""
    state: str = ""
    q: str = ""


class LookOut(Schema):
    """When one last looked at everything; null when nobody ever did.  `new`: found by this look."""

    looked_at: datetime | None
    new: int = 0


@router.get("", response=Page[NoticeOut], auth=takes("notices.view"))
def list_notices(
    request: ApiRequest,
    asked: Query[NoticesAsked],
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List what was noticed of the topics that one may read, newest first, what is over too."""
    found = notices(
        request.auth.organization,
        topics=topics_for(request.auth.permissions),
        kind=asked.kind,
        topic=asked.topic,
        state=asked.state,
        words=asked.q[:200].replace("\0", " "),
    )
    return paged(found, offset, limit, NoticeOut.of)


@router.get("/looked", response=LookOut, auth=takes("notices.view"))
def read_look(request: ApiRequest) -> LookOut:
    """Return when one last looked at everything: what is newer is in no list."""
    return LookOut(looked_at=newest_look(request.auth.organization))


@router.post("/looked", response=LookOut, auth=takes("notices.edit"))
def look_now(request: ApiRequest) -> LookOut:
    """Look at everything now, as a worker does each hour."""
    auth = request.auth
    new = look(organization=auth.organization, by=auth.name, at=auth.at)
    return LookOut(looked_at=newest_look(auth.organization), new=new)
