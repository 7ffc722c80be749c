"""What the service says of itself.  Source: RFC 7644, 4; RFC 7643, 5 to 7."""

from typing import Any, TypeVar

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Meta,
    Patch,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from reperform.api.scim.group import Group
from reperform.api.scim.person import TOLERANT, Person

MOST_RESULTS = 200
R = TypeVar("R", bound=Resource[Any])

_CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="API token",
            description="A token with the scope members.provision, as Authorization: Bearer.",
            primary=True,
        )
    ],
)
_SERVED: tuple[type[Resource[Any]], ...] = (Person, Group)
_TYPES = [ResourceType.from_resource(each) for each in _SERVED]
_SCHEMAS = [each.to_schema() for each in _SERVED]

PROVIDER = ScimProvider(list(_SERVED), _TYPES, _CONFIG, TOLERANT)


def config(base: str) -> ServiceProviderConfig:
    """Return what is supported, of the service at `base`."""
    return _placed(_CONFIG, base, "ServiceProviderConfig")


def resource_types(base: str) -> list[ResourceType]:
    """Return the kinds of resources: users and groups."""
    return [_placed(each, base, f"ResourceTypes/{each.id}") for each in _TYPES]


def schemas(base: str) -> list[Schema]:
    """Return the attributes that are kept."""
    return [_placed(each, base, f"Schemas/{each.id}") for each in _SCHEMAS]


def _placed(resource: R, base: str, path: str) -> R:
    placed = resource.model_copy()
    placed.meta = Meta(resource_type=type(resource).__name__, location=f"{base}/{path}")
    return placed
