"""Identity providers of the organization, for programs."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.accounts import queries
from reperform.accounts.actions.providers import ProviderSettings, put_provider, remove_provider
from reperform.accounts.models import IdentityProvider
from reperform.accounts.reach import refuse_url
from reperform.accounts.saml_metadata import LARGEST, read_metadata
from reperform.api.access import ApiRequest, takes
from reperform.api.answers import Refused

router = Router()
_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"


class ProviderOut(Schema):
    """A provider; its secret is never shown."""

    id: UUID
    kind: Literal["oidc", "saml"]
    name: str
    issuer: str
    client_id: str
    trusts_addresses: bool
    makes_members: bool
    created_at: datetime
    version: int


class OidcIn(Schema):
    """A provider by OpenID Connect."""

    name: str = Field(max_length=60, pattern=_TEXT)
    issuer: str = Field(max_length=500, pattern=_TEXT)
    client_id: str = Field(max_length=300, pattern=_TEXT)
    client_secret: str = Field(
        default="", max_length=1000, pattern=r"^[^\x00]*$", description="Empty: the one kept stays."
    )
    trusts_addresses: bool = False
    makes_members: bool = False


class SamlIn(Schema):
    """A provider by SAML 2.0."""

    name: str = Field(max_length=60, pattern=_TEXT)
    metadata: str = Field(max_length=LARGEST, description="Its metadata, XML.")
    makes_members: bool = False


class OidcChangeIn(OidcIn):
    """The whole provider anew; `seen` is the version that is changed."""

    seen: int


class SamlChangeIn(SamlIn):
    """The whole provider anew; `seen` is the version that is changed."""

    seen: int


def _out(provider: IdentityProvider) -> ProviderOut:
    names = set(ProviderOut.model_fields)
    return ProviderOut.model_validate({name: getattr(provider, name) for name in names})


def _put(
    request: ApiRequest,
    said: ProviderSettings,
    found: IdentityProvider | None = None,
    *,
    seen: int = 0,
) -> ProviderOut:
    caller = request.auth
    kept = put_provider(
        organization=caller.organization,
        provider=found,
        said=said,
        seen=seen,
        by=caller.name,
        at=caller.at,
    )
    return _out(kept)


def _oidc(body: OidcIn) -> ProviderSettings:
    refuse_url(body.issuer, is_development=not settings.HTTPS)
    return ProviderSettings(kind="oidc", **body.dict(exclude={"seen"}))


def _saml(body: SamlIn) -> ProviderSettings:
    read = read_metadata(body.metadata)
    refuse_url(read.sign_in_url, is_development=not settings.HTTPS)
    return ProviderSettings(
        kind="saml",
        name=body.name,
        issuer=read.entity_id,
        sign_in_url=read.sign_in_url,
        certificate=read.certificate,
        makes_members=body.makes_members,
    )


@router.get("", response=list[ProviderOut], auth=takes("settings.edit"))
def list_providers(request: ApiRequest) -> list[ProviderOut]:
    """List the providers, by name."""
    return [_out(each) for each in queries.providers(request.auth.organization)]


@router.post("/oidc", response={201: ProviderOut, 422: Refused}, auth=takes("settings.edit"))
def add_oidc(request: ApiRequest, body: OidcIn) -> Status[ProviderOut]:
    """Add a provider by OpenID Connect."""
    return Status(201, _put(request, _oidc(body)))


@router.post("/saml", response={201: ProviderOut, 422: Refused}, auth=takes("settings.edit"))
def add_saml(request: ApiRequest, body: SamlIn) -> Status[ProviderOut]:
    """Add a provider by SAML."""
    return Status(201, _put(request, _saml(body)))


@router.put(
    "/{uuid:provider}/oidc",
    response={200: ProviderOut, 409: Refused, 422: Refused},
    auth=takes("settings.edit"),
)
def change_oidc(request: ApiRequest, provider: UUID, body: OidcChangeIn) -> ProviderOut:
    """Change a provider by OpenID Connect; its issuer stays."""
    return _put(request, _oidc(body), _found(request, provider, "oidc"), seen=body.seen)


@router.put(
    "/{uuid:provider}/saml",
    response={200: ProviderOut, 409: Refused, 422: Refused},
    auth=takes("settings.edit"),
)
def change_saml(request: ApiRequest, provider: UUID, body: SamlChangeIn) -> ProviderOut:
    """Change a provider by SAML, as when its certificate changes; its entity id stays."""
    return _put(request, _saml(body), _found(request, provider, "saml"), seen=body.seen)


@router.delete("/{uuid:provider}", response={204: None, 422: Refused}, auth=takes("settings.edit"))
def end_provider(request: ApiRequest, provider: UUID) -> Status[None]:
    """Remove a provider, and the links of accounts to it."""
    found = get_object_or_404(queries.providers(request.auth.organization), pk=provider)
    remove_provider(provider=found, by=request.auth.name, at=request.auth.at)
    return Status(204, None)


def _found(request: ApiRequest, provider: UUID, kind: str) -> IdentityProvider:
    return get_object_or_404(queries.providers(request.auth.organization), pk=provider, kind=kind)
