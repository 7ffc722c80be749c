"""Identity providers of an organization: configured, changed, removed."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from reperform.accounts.models import IdentityProvider, Organization
from reperform.accounts.sealing import PROVIDERS, Sealer
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.ledger.queries import changes

MOST_PROVIDERS = 10


class ProviderRefusedError(RefusalError):
    """A provider cannot be kept as asked."""

    slug = "provider-refused"


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """A provider as an administrator describes it.

    Attributes:
        kind: `oidc` or `saml`.
        name: what people see on the button.
        issuer: the issuer's URL (OIDC), or the entity id (SAML).
        client_id: as the provider knows us (OIDC); empty for SAML.
        client_secret: of the client (OIDC); empty keeps the one that is there.
        sign_in_url: where a SAML provider is asked.
        certificate: with which a SAML provider signs, base64 of DER.
        trusts_addresses: whether its addresses are proved although it does not say so.
        makes_members: whether who is not invited becomes an employee by signing in.
    """

    kind: str
    name: str
    issuer: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    sign_in_url: str = ""
    certificate: str = ""
    trusts_addresses: bool = False
    makes_members: bool = False


@transaction.atomic
def put_provider(
    *,
    organization: Organization,
    provider: IdentityProvider | None,
    said: ProviderSettings,
    seen: int = 0,
    by: str,
    at: datetime,
) -> IdentityProvider:
    """Add a provider, or change the one given; its secret is sealed, and never shown again.

    Saying the same once more, without a secret, changes nothing and records nothing.

    Args:
        organization: whose.
        provider: the one to change; None to add one.
        said: the provider as it shall be.
        seen: the version of it that `by` looked at; 0 to add one.
        by: who changes it.
        at: when.

    Raises:
        ProviderRefusedError: there are too many, its kind would change, or it lacks a secret.
        StaleVersionError: somebody changed it in the meantime.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    own = IdentityProvider.objects.filter(organization=organization)
    if provider is not None:
        provider = own.get(pk=provider.pk)
        _refuse_stale(provider, seen)
    if provider is None and own.count() >= MOST_PROVIDERS:
        raise ProviderRefusedError(
            f"no provider was added: there are {MOST_PROVIDERS}",
            why="Each is a way in, and somebody has to know all of them.",
            todo="remove one that is not used",
        )
    if provider is None and said.kind == "oidc" and not said.client_secret:
        raise ProviderRefusedError(
            "no provider was added: the client secret is missing",
            why="The provider would refuse each sign-in.",
            todo="copy it from the provider",
        )
    before = None if provider is None else _told(provider)
    if provider and (provider.kind != said.kind or provider.issuer != said.issuer):
        raise ProviderRefusedError(
            f"{provider.name} was not changed: its kind and issuer stay",
            why="People are known by what their provider calls them: another one would be let in"
            " as whoever has the same name there.",
            todo="remove it, and add the other",
        )
    kept = provider or IdentityProvider(organization=organization, created_at=at)
    facts = asdict(said)
    secret = facts.pop("client_secret")
    for name, value in facts.items():
        setattr(kept, name, value)
    if not secret and _told(kept) == before:
        return kept
    if secret:
        kept.sealed_secret = Sealer(settings.SECRET_KEY, PROVIDERS).seal(secret)
    kept.version += provider is not None
    kept.save()
    after = {**_told(kept), "secret_changed": bool(secret)}
    record(
        log=organization.log,
        act="provider.added" if before is None else "provider.changed",
        by=by,
        at=at,
        subject=f"provider {kept.pk}",
        before=before,
        after=after,
    )
    return kept


def _refuse_stale(provider: IdentityProvider, seen: int) -> None:
    if provider.version == seen:
        return
    log, subject = provider.organization.log, f"provider {provider.pk}"
    last = changes(log, subject=subject).first()
    raise StaleVersionError(
        provider.name,
        seen=seen,
        current=provider.version,
        by=last.by if last else "somebody",
        content=_told(provider),
    )


@transaction.atomic
def remove_provider(*, provider: IdentityProvider, by: str, at: datetime) -> None:
    """Remove a provider, and every link of an account to it; one that is gone stays gone.

    Raises:
        ProviderRefusedError: it is the only way in that the organization allows.
    """
    organization = Organization.objects.select_for_update().get(pk=provider.organization_id)
    own = IdentityProvider.objects.filter(organization=organization)
    if not own.filter(pk=provider.pk).exists():
        return  # somebody was faster
    others = own.exclude(pk=provider.pk)
    if organization.requires_provider and not others.exists():
        raise ProviderRefusedError(
            f"{provider.name} was not removed: members sign in by a provider only",
            why="Nobody could sign in any more.",
            todo="allow other ways to sign in first, in the settings",
        )
    told, key = _told(provider), provider.pk
    SocialAccount.objects.filter(provider=provider.key).delete()
    provider.delete()
    record(
        log=organization.log,
        act="provider.removed",
        by=by,
        at=at,
        subject=f"provider {key}",
        before=told,
    )


def _told(provider: IdentityProvider) -> dict[str, object]:
    """Return what the ledger is told: everything but the secret."""
    names = ("kind", "name", "issuer", "client_id", "sign_in_url", "certificate")
    return {
        **{name: getattr(provider, name) for name in names},
        "trusts_addresses": provider.trusts_addresses,
        "makes_members": provider.makes_members,
    }
