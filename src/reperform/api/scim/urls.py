"""Every URL below `/scim/v2/`.  What is not served says so as SCIM does."""

from http import HTTPStatus

from django.http import HttpResponse
from django.urls import include, path, re_path
from scim2_models import ForbiddenException, ListResponse, NotFoundException, ResourceType, Schema

from reperform.api.scim import groups, service, users
from reperform.api.scim.endpoint import ScimRequest, answered, endpoint, failed


def _refuse_filter(request: ScimRequest) -> None:
    """Refuse to filter what a client reads to learn how to ask.  Source: RFC 7644, 4."""
    if "filter" in request.GET:
        raise ForbiddenException(detail="what the service says of itself is not filtered")


def config(request: ScimRequest) -> HttpResponse:
    """Say what the service can do."""
    _refuse_filter(request)
    return answered(service.config(request.base))


def resource_types(request: ScimRequest, key: str = "") -> HttpResponse:
    """List the kinds of resources, or show one."""
    _refuse_filter(request)
    return _one_or_all(service.resource_types(request.base), key, ListResponse[ResourceType])


def schemas(request: ScimRequest, key: str = "") -> HttpResponse:
    """List the schemas, or show one."""
    _refuse_filter(request)
    return _one_or_all(service.schemas(request.base), key, ListResponse[Schema])


def _one_or_all(
    found: list[ResourceType] | list[Schema],
    key: str,
    kind: type[ListResponse[ResourceType]] | type[ListResponse[Schema]],
) -> HttpResponse:
    if not key:
        return answered(
            kind(
                total_results=len(found),
                start_index=1,
                items_per_page=len(found),
                resources=found,
            )
        )
    for each in found:
        if each.id == key:
            return answered(each)
    raise NotFoundException(detail=f"there is no {key[:100]}")


def not_served(request: ScimRequest, rest: str) -> HttpResponse:  # noqa: ARG001 - an endpoint's
    """Say that bulk, `/Me` and a search over everything are not served; anything else is not."""
    if rest in ("Bulk", "Me", ".search"):
        return failed(HTTPStatus.NOT_IMPLEMENTED, f"{rest} is not served: see Users and Groups")
    return failed(HTTPStatus.NOT_FOUND, f"there is nothing at {rest[:100]}")


_any = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), not_served)
urlpatterns = [
    path("ServiceProviderConfig", endpoint(GET=config), name="scim_config"),
    path("ResourceTypes", endpoint(GET=resource_types), name="scim_types"),
    path("ResourceTypes/<str:key>", endpoint(GET=resource_types), name="scim_type"),
    path("Schemas", endpoint(GET=schemas), name="scim_schemas"),
    path("Schemas/<str:key>", endpoint(GET=schemas), name="scim_schema"),
    path("", include(users)),
    path("", include(groups)),
    re_path("^(?P<rest>.*)$", endpoint(**_any), name="scim_nothing"),
]
