"""`/scim/v2/Users`: an organization's records of people, and nobody else's."""

from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from scim2_models import (
    Context,
    ListResponse,
    Meta,
    NotFoundException,
    PatchOp,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
)

from reperform.accounts import queries
from reperform.accounts.actions.provisioning import (
    change_provisioned,
    deprovision,
    provision,
)
from reperform.accounts.models import ProvisionedPerson
from reperform.api.scim.endpoint import ScimRequest, answered, endpoint, sent
from reperform.api.scim.person import TOLERANT, Person, said_of
from reperform.api.scim.service import MOST_RESULTS

_USUAL_RESULTS = 100
_LAST_INDEX = 2**31
_EXACT = {"username": "user_name__iexact", "externalid": "external_id"}
"""Attributes that directories look people up by, and how the database does."""


def _shown(record: ProvisionedPerson, base: str) -> Person:
    person: Person = Person.model_validate(record.document, scim_policy=TOLERANT)
    person.id = str(record.pk)
    person.meta = Meta(
        resource_type="User",
        created=record.created_at,
        last_modified=record.changed_at,
        location=f"{base}/Users/{record.pk}",
    )
    return person


def _found(request: ScimRequest, key: str) -> ProvisionedPerson:
    try:
        number = UUID(key)
    except ValueError:
        raise NotFoundException(detail=f"there is no user {key[:64]}") from None
    found = queries.provisioned(request.caller.organization).filter(pk=number).first()
    if found is None:
        raise NotFoundException(detail=f"there is no user {number}")
    return found


def _parameters(request: ScimRequest) -> ResponseParameters[Person]:
    asked = {name: request.GET[name] for name in request.GET if "ttributes" in name}
    parameters: ResponseParameters[Person] = ResponseParameters[Person].model_validate(asked)
    return parameters


def list_users(request: ScimRequest) -> HttpResponse:
    """List people: `filter`, `startIndex`, `count`, `attributes`."""
    asked = {name: request.GET[name] for name in request.GET}
    return _listed(request, SearchRequest[Person].model_validate(asked))


def search_users(request: ScimRequest) -> HttpResponse:
    """List people as asked in the body.  Source: RFC 7644, 3.4.3."""
    search = SearchRequest[Person].model_validate(sent(request), scim_ctx=Context.SEARCH_REQUEST)
    return _listed(request, search)


def _listed(request: ScimRequest, search: SearchRequest[Person]) -> HttpResponse:
    records = queries.provisioned(request.caller.organization)
    first = min(max(search.start_index or 1, 1), _LAST_INDEX)
    asked = _USUAL_RESULTS if search.count is None else search.count
    count = min(max(asked, 0), MOST_RESULTS)
    if search.filter:
        records, rest = _narrowed(records, search.filter)
        people = [_shown(each, request.base) for each in records]
        people = [each for each in people if rest is None or rest.match(each)]
        total, people = len(people), people[first - 1 : first - 1 + count]
    else:
        total = records.count()
        people = [_shown(each, request.base) for each in records[first - 1 : first - 1 + count]]
    response = ListResponse[Person](
        total_results=total, start_index=first, items_per_page=len(people), resources=people
    )
    return answered(response, scim_ctx=Context.SEARCH_RESPONSE, response_parameters=search)


def _narrowed(
    records: QuerySet[ProvisionedPerson], asked: ScimFilter[Person]
) -> tuple[QuerySet[ProvisionedPerson], ScimFilter[Person] | None]:
    """Return the records that a filter can be about, and what is still to be matched."""
    attribute, _, rest = str(asked).strip().partition(" ")
    operator, _, value = rest.strip().partition(" ")
    known = _EXACT.get(attribute.lower())
    plain = value.strip()
    is_text = plain.startswith('"') and plain.endswith('"') and "\\" not in plain
    if known and operator.lower() == "eq" and is_text and plain.count('"') == 2:  # noqa: PLR2004 - a pair
        return records.filter(**{known: plain[1:-1]}), None
    return records, asked


def make_user(request: ScimRequest) -> HttpResponse:
    """Make a person."""
    person = Person.model_validate(
        sent(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=TOLERANT
    )
    caller = request.caller
    record = provision(
        organization=caller.organization, said=said_of(person), by=caller.name, at=caller.at
    )
    shown = _shown(record, request.base)
    answer = answered(
        shown,
        status=HTTPStatus.CREATED,
        scim_ctx=Context.RESOURCE_CREATION_RESPONSE,
        response_parameters=_parameters(request),
    )
    answer.headers["Location"] = f"{request.base}/Users/{record.pk}"
    return answer


def read_user(request: ScimRequest, key: str) -> HttpResponse:
    """Read a person."""
    return answered(
        _shown(_found(request, key), request.base),
        scim_ctx=Context.RESOURCE_QUERY_RESPONSE,
        response_parameters=_parameters(request),
    )


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
    changed = change_provisioned(person=record, said=said_of(person), by=caller.name, at=caller.at)
    return answered(
        _shown(changed, request.base),
        scim_ctx=context,
        response_parameters=_parameters(request),
    )


def delete_user(request: ScimRequest, key: str) -> HttpResponse:
    """Close a person's membership, and forget the record."""
    caller = request.caller
    deprovision(person=_found(request, key), by=caller.name, at=caller.at)
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
