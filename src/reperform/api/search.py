"""Search, for programs: what the token may view, best first."""

from typing import Annotated, Any

from ninja import Query, Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged
from reperform.audit import queries
from reperform.base.search import LONGEST, excerpt
from reperform.catalog.installed import catalog

router = Router()

Question = Annotated[
    str, Query(max_length=LONGEST, description="Words; what is found holds every one.")
]


class FoundOut(Schema):
    """One thing that was found; `key` is its id among its kind."""

    kind: str
    key: str
    title: str
    excerpt: str


@router.get("", response=Page[FoundOut], auth=takes("overview.view"))
def search(
    request: ApiRequest, q: Question, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """Find what holds every word: criteria, controls, description, tasks, tests, words.

    Best first: what has this very id, titles that begin with it, titles, then texts.
    """
    found = queries.search(
        request.auth.organization,
        q.replace("\0", ""),
        may=request.auth.permissions,
        member=request.auth.membership,
        catalog=catalog(),
    )
    return paged(
        found,
        offset,
        limit,
        lambda each: FoundOut(
            kind=each.kind, key=each.key, title=each.title, excerpt=excerpt(each, q)
        ),
    )
