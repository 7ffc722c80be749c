"""What users and groups have in common: pages, filters, order, versions, and what is left out."""

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from scim2_models import (
    Context,
    ListResponse,
    NotFoundException,
    Resource,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
)

from reperform.accounts.models import ProvisionedGroup, ProvisionedPerson
from reperform.api.scim.endpoint import ScimRequest, answered
from reperform.api.scim.service import MOST_RESULTS
from reperform.base.stale import StaleVersionError

Record = TypeVar("Record", ProvisionedPerson, ProvisionedGroup)
Shape = TypeVar("Shape", bound=Resource[Any])

_USUAL_RESULTS = 100
_LAST_INDEX = 2**31
_KEYS = ("pk", "people")
"""What the database looks up by an id, which not every text is."""
_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')


def found(records: "QuerySet[Record]", key: str, kind: str) -> Record:
    """Return the record with this id.

    Raises:
        NotFoundException: there is none of this organization.
    """
    try:
        number = UUID(key)
    except ValueError:
        raise NotFoundException(detail=f"there is no {kind} {key[:64]}") from None
    record = records.filter(pk=number).first()
    if record is None:
        raise NotFoundException(detail=f"there is no {kind} {number}")
    return record


def parameters(request: HttpRequest, kind: type[Shape]) -> ResponseParameters[Shape]:
    """Return which attributes are asked for.  Source: RFC 7644, 3.9."""
    asked = {name: request.GET[name] for name in request.GET if "ttributes" in name}
    made: ResponseParameters[Shape] = ResponseParameters[kind].model_validate(asked)  # type: ignore[valid-type]  # at run time
    return made


def listed(
    records: "QuerySet[Record]",
    search: SearchRequest[Shape],
    *,
    kind: type[Shape],
    exact: Mapping[str, str],
    shown: "Callable[[QuerySet[Record]], Iterable[Shape]]",
) -> HttpResponse:
    """Return a page of what is asked for.  Source: RFC 7644, 3.4.2.

    Args:
        records: of the organization, in their usual order.
        search: what is asked.
        kind: of the resources.
        exact: attribute in small letters -> how the database looks it up.
        shown: makes resources of records.
    """
    first = min(max(search.start_index or 1, 1), _LAST_INDEX)
    asked = _USUAL_RESULTS if search.count is None else search.count
    count = min(max(asked, 0), MOST_RESULTS)
    rest: ScimFilter[Shape] | None = None
    if search.filter:
        records, rest = _narrowed(records, search.filter, exact)
    if rest is None and search.sort_by is None:
        total, resources = records.count(), list(shown(records[first - 1 : first - 1 + count]))
    else:
        every = [each for each in shown(records) if rest is None or rest.match(each)]
        total, resources = len(every), search.sort(every)[first - 1 : first - 1 + count]
    response = ListResponse[kind](  # type: ignore[valid-type]  # at run time
        total_results=total, start_index=first, items_per_page=len(resources), resources=resources
    )
    return answered(response, scim_ctx=Context.SEARCH_RESPONSE, response_parameters=search)


def _narrowed(
    records: "QuerySet[Record]", asked: ScimFilter[Shape], exact: Mapping[str, str]
) -> "tuple[QuerySet[Record], ScimFilter[Shape] | None]":
    """Return the records that a filter can be about, and what is still to be matched."""
    attribute, _, rest = str(asked).strip().partition(" ")
    operator, _, value = rest.strip().partition(" ")
    known = exact.get(attribute.lower())
    plain = value.strip()
    is_text = plain.startswith('"') and plain.endswith('"') and "\\" not in plain
    if known and operator.lower() == "eq" and is_text and plain.count('"') == 2:  # noqa: PLR2004 - a pair
        text = plain[1:-1]
        if known in _KEYS and not _is_key(text):
            return records.none(), None
        return records.filter(**{known: text}), None
    return records, asked


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def tag(version: int) -> str:
    """Return a version as an entity tag.  Source: RFC 7644, 3.14.

    >>> tag(3)
    'W/"3"'
    """
    return f'W/"{version}"'


def seen(request: HttpRequest, record: ProvisionedPerson | ProvisionedGroup) -> int | None:
    """Return the version that a change is meant for; None when the request does not say.

    Raises:
        StaleVersionError: it says others only than the record has.
    """
    said = request.headers.get("If-Match", "").strip()
    if said in ("", "*"):
        return None
    if str(record.version) not in _TAG.findall(said):
        raise StaleVersionError(str(record), seen=-1, current=record.version, by="somebody")
    return record.version


def one(
    request: ScimRequest,
    resource: Shape,
    record: ProvisionedPerson | ProvisionedGroup,
    *,
    context: Context,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """Return one resource with its version; nothing but that to who has this version already."""
    current = tag(record.version)
    has = _TAG.findall(request.headers.get("If-None-Match", ""))
    if context is Context.RESOURCE_QUERY_RESPONSE and str(record.version) in has:
        answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        answer = answered(
            resource,
            status=status,
            scim_ctx=context,
            response_parameters=parameters(request, type(resource)),
        )
    answer.headers["ETag"] = current
    return answer
