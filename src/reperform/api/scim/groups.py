"""`/scim/v2/Groups`: the groups of an organization's directory, and who is in them."""

from collections.abc import Iterable
from http import HTTPStatus

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.urls import path
from scim2_models import Context, Meta, PatchOp, Reference, SearchRequest

from reperform.accounts import queries
from reperform.accounts.actions.groups import change_group, make_group, remove_group
from reperform.accounts.models import ProvisionedGroup, ProvisionedPerson
from reperform.api.scim import asked
from reperform.api.scim.endpoint import ScimRequest, answered, endpoint, sent
from reperform.api.scim.group import Group, Member, group_said
from reperform.api.scim.person import TOLERANT

_LARGEST = 2_000_000
"""Bytes of a group: 10,000 people by id, with what directories say of each besides."""
_EXACT = {
    "displayname": "display_name__iexact",
    "externalid": "external_id",
    "id": "pk",
    "members.value": "people",
}
"""Attributes that directories look groups up by, and how the database does."""


def _shown(record: ProvisionedGroup, base: str, *, has_members: bool = True) -> Group:
    people = record.people.all() if has_members else ()
    members = [
        Member(value=str(each.pk), ref=Reference(f"{base}/Users/{each.pk}"), type="User")
        for each in people
    ]
    return Group(
        id=str(record.pk),
        external_id=record.external_id or None,
        display_name=record.display_name,
        members=members or None,
        meta=Meta(
            resource_type="Group",
            created=record.created_at,
            last_modified=record.changed_at,
            location=f"{base}/Groups/{record.pk}",
            version=asked.tag(record.version),
        ),
    )


def _with_people(records: QuerySet[ProvisionedGroup]) -> QuerySet[ProvisionedGroup]:
    named = ProvisionedPerson.objects.only("pk").order_by("created_at", "pk")
    return records.prefetch_related(Prefetch("people", queryset=named))


def _found(request: ScimRequest, key: str) -> ProvisionedGroup:
    groups = queries.provisioned_groups(request.caller.organization)
    return asked.found(_with_people(groups), key, "group")


def list_groups(request: ScimRequest) -> HttpResponse:
    """List groups: `filter`, `sortBy`, `startIndex`, `count`, `attributes`."""
    said = {name: request.GET[name] for name in request.GET}
    return _listed(request, SearchRequest[Group].model_validate(said))


def search_groups(request: ScimRequest) -> HttpResponse:
    """List groups as asked in the body.  Source: RFC 7644, 3.4.3."""
    search = SearchRequest[Group].model_validate(sent(request), scim_ctx=Context.SEARCH_REQUEST)
    return _listed(request, search)


def _listed(request: ScimRequest, search: SearchRequest[Group]) -> HttpResponse:
    left_out = [str(each).lower() for each in search.excluded_attributes or ()]
    has_members = "members" not in left_out or bool(search.filter)

    def shown(records: QuerySet[ProvisionedGroup]) -> Iterable[Group]:
        records = _with_people(records) if has_members else records
        return (_shown(each, request.base, has_members=has_members) for each in records)

    groups = queries.provisioned_groups(request.caller.organization)
    return asked.listed(groups, search, kind=Group, exact=_EXACT, shown=shown)


def make(request: ScimRequest) -> HttpResponse:
    """Make a group."""
    group = Group.model_validate(
        sent(request, largest=_LARGEST),
        scim_ctx=Context.RESOURCE_CREATION_REQUEST,
        scim_policy=TOLERANT,
    )
    caller = request.caller
    made = make_group(
        organization=caller.organization, said=group_said(group), by=caller.name, at=caller.at
    )
    answer = asked.one(
        request,
        _shown(_found(request, str(made.pk)), request.base),
        made,
        context=Context.RESOURCE_CREATION_RESPONSE,
        status=HTTPStatus.CREATED,
    )
    answer.headers["Location"] = f"{request.base}/Groups/{made.pk}"
    return answer


def read(request: ScimRequest, key: str) -> HttpResponse:
    """Read a group."""
    record = _found(request, key)
    shown = _shown(record, request.base)
    return asked.one(request, shown, record, context=Context.RESOURCE_QUERY_RESPONSE)


def replace(request: ScimRequest, key: str) -> HttpResponse:
    """Replace what is said of a group.  Source: RFC 7644, 3.5.1."""
    record = _found(request, key)
    group = Group.model_validate(
        sent(request, largest=_LARGEST),
        scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST,
        scim_policy=TOLERANT,
    )
    return _changed(request, record, group, Context.RESOURCE_REPLACEMENT_RESPONSE)


def patch(request: ScimRequest, key: str) -> HttpResponse:
    """Change parts of what is said of a group.  Source: RFC 7644, 3.5.2."""
    record = _found(request, key)
    operations = PatchOp[Group].model_validate(
        sent(request, largest=_LARGEST),
        scim_ctx=Context.RESOURCE_PATCH_REQUEST,
        scim_policy=TOLERANT,
    )
    group = _shown(record, request.base)
    operations.patch(group, scim_policy=TOLERANT)
    return _changed(request, record, group, Context.RESOURCE_PATCH_RESPONSE)


def _changed(
    request: ScimRequest, record: ProvisionedGroup, group: Group, context: Context
) -> HttpResponse:
    caller = request.caller
    changed = change_group(
        group=record,
        said=group_said(group),
        seen=asked.seen(request, record),
        by=caller.name,
        at=caller.at,
    )
    shown = _shown(_found(request, str(changed.pk)), request.base)
    return asked.one(request, shown, changed, context=context)


def delete(request: ScimRequest, key: str) -> HttpResponse:
    """Remove a group, and the role that it gave."""
    caller, record = request.caller, _found(request, key)
    remove_group(group=record, seen=asked.seen(request, record), by=caller.name, at=caller.at)
    return answered(None, status=HTTPStatus.NO_CONTENT)


urlpatterns = [
    path("Groups", endpoint(GET=list_groups, POST=make), name="scim_groups"),
    path("Groups/.search", endpoint(POST=search_groups), name="scim_groups_search"),
    path(
        "Groups/<str:key>",
        endpoint(GET=read, PUT=replace, PATCH=patch, DELETE=delete),
        name="scim_group",
    ),
]
