"""`/scim/v2/Users`: an organization's records of people, and nobody else's."""

from collections.abc import Iterable
from http import HTTPStatus

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.urls import path
from scim2_models import Context, GroupMembership, Meta, PatchOp, Reference, SearchRequest

from reperform.accounts import queries
from reperform.accounts.actions.provisioning import (
    change_provisioned,
    deprovision,
    provision,
)
from reperform.accounts.models import ProvisionedGroup, ProvisionedPerson
from reperform.api.scim import asked
from reperform.api.scim.endpoint import ScimRequest, answered, endpoint, sent
from reperform.api.scim.person import TOLERANT, Person, said_of

_EXACT = {"username": "user_name__iexact", "externalid": "external_id", "id": "pk"}
"""Attributes that directories look people up by, and how the database does."""


def _shown(record: ProvisionedPerson, base: str) -> Person:
    person: Person = Person.model_validate(record.document, scim_policy=TOLERANT)
    person.id = str(record.pk)
    person.groups = [
        GroupMembership(
            value=str(each.pk),
            ref=Reference(f"{base}/Groups/{each.pk}"),
            display=each.display_name,
            type="direct",
        )
        for each in record.groups.all()
    ] or None
    person.meta = Meta(
        resource_type="User",
        created=record.created_at,
        last_modified=record.changed_at,
        location=f"{base}/Users/{record.pk}",
        version=asked.tag(record.version),
    )
    return person


def _people(request: ScimRequest) -> QuerySet[ProvisionedPerson]:
    named = ProvisionedGroup.objects.order_by("display_name", "pk")
    return queries.provisioned(request.caller.organization).prefetch_related(
        Prefetch("groups", queryset=named)
    )


def _found(request: ScimRequest, key: str) -> ProvisionedPerson:
    return asked.found(_people(request), key, "user")


def list_users(request: ScimRequest) -> HttpResponse:
    """List people: `filter`, `sortBy`, `startIndex`, `count`, `attributes`."""
    said = {name: request.GET[name] for name in request.GET}
    return _listed(request, SearchRequest[Person].model_validate(said))


def search_users(request: ScimRequest) -> HttpResponse:
    """List people as asked in the body.  Source: RFC 7644, 3.4.3."""
    search = SearchRequest[Person].model_validate(sent(request), scim_ctx=Context.SEARCH_REQUEST)
    return _listed(request, search)


def _listed(request: ScimRequest, search: SearchRequest[Person]) -> HttpResponse:
    def shown(records: QuerySet[ProvisionedPerson]) -> Iterable[Person]:
        return (_shown(each, request.base) for each in records)

    return asked.listed(_people(request), search, kind=Person, exact=_EXACT, shown=shown)


def make_user(request: ScimRequest) -> HttpResponse:
    """Make a person."""
    person = Person.model_validate(
        sent(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=TOLERANT
    )
    caller = request.caller
    record = provision(
        organization=caller.organization, said=said_of(person), by=caller.name, at=caller.at
    )
    answer = asked.one(
        request,
        _shown(record, request.base),
        record,
        context=Context.RESOURCE_CREATION_RESPONSE,
        status=HTTPStatus.CREATED,
    )
    answer.headers["Location"] = f"{request.base}/Users/{record.pk}"
    return answer


def read_user(request: ScimRequest, key: str) -> HttpResponse:
    """Read a person."""
    record = _found(request, key)
    shown = _shown(record, request.base)
    return asked.one(request, shown, record, context=Context.RESOURCE_QUERY_RESPONSE)


def replace_user(request: ScimRequest, key: str) -> HttpResponse:
    """Replace what is said of a person.  Source: RFC 7644, 3.5.1."""
    record = _found(request, key)
    person = Person.model_validate(
        sent(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST, scim_policy=TOLERANT
    )
    person.replace(_shown(record, request.base))
    return _changed(request, record, person, Context.RESOURCE_REPLACEMENT_RESPONSE)


def patch_user(request: ScimRequest, key: str) -> HttpResponse:
    """Change parts of what is said of a person.  Source: RFC 7644, 3.5.2."""
    record = _found(request, key)
    operations = PatchOp[Person].model_validate(
        sent(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
    )
    person = _shown(record, request.base)
    operations.patch(person, scim_policy=TOLERANT)
    return _changed(request, record, person, Context.RESOURCE_PATCH_RESPONSE)


def _changed(
    request: ScimRequest, record: ProvisionedPerson, person: Person, context: Context
) -> HttpResponse:
    caller = request.caller
    changed = change_provisioned(
        person=record,
        said=said_of(person),
        seen=asked.seen(request, record),
        by=caller.name,
        at=caller.at,
    )
    return asked.one(request, _shown(changed, request.base), changed, context=context)


def delete_user(request: ScimRequest, key: str) -> HttpResponse:
    """Close a person's membership, and forget the record."""
    caller, record = request.caller, _found(request, key)
    deprovision(person=record, seen=asked.seen(request, record), by=caller.name, at=caller.at)
    return answered(None, status=HTTPStatus.NO_CONTENT)


urlpatterns = [
    path("Users", endpoint(GET=list_users, POST=make_user), name="scim_users"),
    path("Users/.search", endpoint(POST=search_users), name="scim_search"),
    path(
        "Users/<str:key>",
        endpoint(GET=read_user, PUT=replace_user, PATCH=patch_user, DELETE=delete_user),
        name="scim_user",
    ),
]
