"""The organization's settings, for programs."""

from ninja import Router, Schema
from pydantic import Field

from reperform.accounts.actions.organizations import Settings, change_settings
from reperform.accounts.models import Organization
from reperform.api.access import ApiRequest, takes

router = Router()


class SettingsIn(Schema):
    """The settings as they shall be."""

    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
    requires_second_factor: bool
    requires_provider: bool = False
    groups_make_administrators: bool = Field(
        default=False, description="Whether a group of the directory may make administrators."
    )
    seen: int = Field(ge=0, le=2**31 - 1, description="The version that was read before.")


class SettingsOut(Schema):
    """The settings as they are."""

    name: str
    requires_second_factor: bool
    requires_provider: bool
    groups_make_administrators: bool
    version: int
    slug: str = Field(description="The organization's part of its pages' address; it stays.")


def _shown(organization: Organization) -> SettingsOut:
    return SettingsOut(
        name=organization.name,
        requires_second_factor=organization.requires_second_factor,
        requires_provider=organization.requires_provider,
        groups_make_administrators=organization.groups_make_administrators,
        version=organization.settings_version,
        slug=organization.slug,
    )


@router.get("", response=SettingsOut, auth=takes("settings.edit"))
def get_settings(request: ApiRequest) -> SettingsOut:
    """Return the settings."""
    return _shown(request.auth.organization)


@router.put("", response=SettingsOut, auth=takes("settings.edit"))
def put_settings(request: ApiRequest, body: SettingsIn) -> SettingsOut:
    """Change the settings; 409 when somebody changed them since `seen`."""
    said = body.dict()
    seen = said.pop("seen")
    change_settings(
        organization=request.auth.organization,
        settings=Settings(**said),
        seen=seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _shown(Organization.objects.get(pk=request.auth.organization.pk))
