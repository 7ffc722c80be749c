"""The scope, for programs."""

from datetime import datetime
from typing import Any

from django.http import Http404
from ninja import Router, Schema
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    paged,
)
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.installed import catalog
from reperform.program import queries
from reperform.program.actions.scope import change_scope
from reperform.program.scope.document import lacking, scope_content
from reperform.program.scope.reading import read_scope

router = Router()


class ScopeOut(Schema):
    """The scope as it stands: `version` is 0 while nobody has decided anything."""

    version: int
    content: dict[str, Any]
    lacking: list[str]


class ScopeIn(Schema):
    """The whole scope anew; `seen` is the version that it changes."""

    seen: int = Field(ge=0, le=1_000_000_000)
    content: dict[str, Any]


class ScopeVersionOut(Schema):
    """One version of the scope."""

    number: int
    by: str
    at: datetime
    library: str


class ScopeVersionWhole(ScopeVersionOut):
    """One version of the scope with what it decided."""

    content: dict[str, Any]


@router.get("", response=ScopeOut, auth=takes("scope.view"))
def read(request: ApiRequest) -> ScopeOut:
    """Return the scope and what it lacks."""
    return _scope(request)


@router.put("", response=ScopeOut, auth=takes("scope.edit"))
def decide(request: ApiRequest, body: ScopeIn) -> ScopeOut:
    """Decide the scope anew; what it was stays as a version."""
    document, problems = read_scope(body.content, criteria=CRITERION_IDS)
    if problems:
        raise ContentRefusedError(problems)
    change_scope(
        organization=request.auth.organization,
        scope=document,
        seen=body.seen,
        library=catalog().digest,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _scope(request)


@router.get("/versions/{int:number}", response=ScopeVersionWhole, auth=takes("scope.view"))
def read_version(request: ApiRequest, number: int) -> ScopeVersionWhole:
    """Return one version whole: what an examination that pinned it was told."""
    found = queries.scope_version(request.auth.organization, number)
    if found is None or found.version is None:
        raise Http404
    return ScopeVersionWhole(
        number=number,
        by=found.version.by,
        at=found.version.at,
        library=found.version.library,
        content=scope_content(found.document),
    )


@router.get("/versions", response=Page[ScopeVersionOut], auth=takes("scope.view"))
def versions(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the versions, newest first."""
    found = queries.scope_versions(request.auth.organization)
    return paged(found, offset, limit, ScopeVersionOut.from_orm)


def _scope(request: ApiRequest) -> ScopeOut:
    scope = queries.current_scope(request.auth.organization)
    return ScopeOut(
        version=scope.number,
        content=scope_content(scope.document),
        lacking=[sentence for _, sentence in lacking(scope.document)],
    )
