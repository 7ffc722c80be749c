"""The acts on members, tokens, providers and settings."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.accounts.actions import (
    admission,
    groups,
    members,
    organizations,
    provisioning,
    recovery,
)
from reperform.accounts.actions.providers import ProviderSettings, put_provider, remove_provider
from reperform.accounts.actions.tokens import make_token, revoke_token
from reperform.accounts.models import (
    ApiToken,
    IdentityProvider,
    Invitation,
    Membership,
    ProvisionedGroup,
    ProvisionedPerson,
)
from reperform.accounts.permissions import Role

Act = Callable[[], object]
GRACE = "grace@larkspur.example"
OIDC = ProviderSettings(
    kind="oidc", name="Sign-in", issuer="https://id.example", client_id="c", client_secret="s"
)
KNOWN = provisioning.Said("grace", "", GRACE, "Grace", is_active=True, document={"a": 1})
EVENT = "it happened twice"
SECOND = "a second one"


def invited(place: Place) -> tuple[Invitation, str]:
    return members.invite(
        organization=place.organization,
        email=GRACE,
        role=Role.CONTROL_OWNER,
        by="test",
        at=EARLIER,
    )


def token(place: Place) -> ApiToken:
    owner = place.member(Role.ADMINISTRATOR)
    made = [
        make_token(membership=owner, name=name, scopes=["scope.view"], days=9, by="t", at=EARLIER)
        for name in ("first", "second")
    ]
    ApiToken.objects.filter(pk=made[1][0].pk).update(made_with=made[0][0])
    return made[0][0]


def provider(place: Place) -> IdentityProvider:
    return put_provider(
        organization=place.organization, provider=None, said=OIDC, by="test", at=EARLIER
    )


def person(place: Place) -> ProvisionedPerson:
    return provisioning.provision(
        organization=place.organization, said=KNOWN, by="test", at=EARLIER
    )


def admit(place: Place) -> Act:
    way, said = provider(place), admission.Assertion("u1", GRACE, is_proved=True, name="Grace")
    invited(place)
    return lambda: admission.admit(provider=way, said=said, at=AT)


def link(place: Place) -> Act:
    way, user = provider(place), place.member().user
    account = SocialAccount.objects.create(user=user, provider=way.key, uid="u1")
    return lambda: admission.note_own_link(provider=way, account=account, user=user, at=AT)


def accept(place: Place) -> Act:
    """A member follows a link that was made for nobody by name."""
    user = place.member(name="grace").user
    _, secret = members.invite(
        organization=place.organization, email="", role=Role.CONTROL_OWNER, by="t", at=EARLIER
    )
    return lambda: members.accept_invitation(secret=secret, user=user, at=AT)


def join(place: Place) -> Act:
    _, secret = invited(place)
    return lambda: members.join(secret=secret, email=GRACE, name="G", password="x" * 20, at=AT)


def change_member(place: Place) -> Act:
    place.member(Role.ADMINISTRATOR)
    one = place.member()
    return lambda: members.change_member(
        membership=one, role=Role.READ_ONLY, is_active=False, by=BY, at=AT
    )


def settings(place: Place) -> Act:
    def act() -> None:
        place.organization.refresh_from_db()
        organizations.change_settings(
            organization=place.organization,
            settings=organizations.Settings("Larkspur & Sons", requires_second_factor=False),
            seen=place.organization.settings_version,
            by=BY,
            at=AT,
        )

    return act


def open_up(place: Place) -> Act:
    type(place.organization).objects.filter(pk=place.organization.pk).update(requires_provider=True)
    return lambda: organizations.allow_other_ways(organization=place.organization, by=BY, at=AT)


def change_provider(place: Place) -> Act:
    way = provider(place)
    seen = way.version
    said = ProviderSettings("oidc", "Ours", OIDC.issuer, client_id="c", makes_members=True)

    def act() -> None:
        put_provider(
            organization=place.organization, provider=way, said=said, seen=seen, by=BY, at=AT
        )

    return act


def drop_provider(place: Place) -> Act:
    key = provider(place).pk
    known = [IdentityProvider.objects.get(pk=key) for _ in range(2)]
    return lambda: remove_provider(provider=known.pop(), by=BY, at=AT)


def change_person(place: Place) -> Act:
    one = person(place)
    place.member(Role.ADMINISTRATOR)
    said = provisioning.Said("grace", "", GRACE, "Grace", is_active=False, document={"a": 2})
    return lambda: provisioning.change_provisioned(person=one, said=said, by=BY, at=AT)


def drop_person(place: Place) -> Act:
    place.member(Role.ADMINISTRATOR)
    key = person(place).pk
    known = [ProvisionedPerson.objects.get(pk=key) for _ in range(2)]
    return lambda: provisioning.deprovision(person=known.pop(), by=BY, at=AT)


def group(place: Place, role: Role | None = None) -> ProvisionedGroup:
    said = groups.GroupSaid("Engineers", "g1", frozenset({person(place).pk}))
    made = groups.make_group(organization=place.organization, said=said, by="test", at=EARLIER)
    return groups.give_group_role(group=made, role=role, seen=1, by="test", at=EARLIER)


def make_group(place: Place) -> Act:
    said = groups.GroupSaid("Engineers", "g1", frozenset({person(place).pk}))
    return lambda: groups.make_group(organization=place.organization, said=said, by=BY, at=AT)


def change_group(place: Place) -> Act:
    one = group(place, Role.CONTROL_OWNER)
    said = groups.GroupSaid("Developers", "g1", frozenset())
    return lambda: groups.change_group(group=one, said=said, by=BY, at=AT)


def drop_group(place: Place) -> Act:
    key = group(place, Role.CONTROL_OWNER).pk
    known = [ProvisionedGroup.objects.get(pk=key) for _ in range(2)]
    return lambda: groups.remove_group(group=known.pop(), by=BY, at=AT)


def give_role(place: Place) -> Act:
    key = group(place).pk

    def act() -> None:
        one = ProvisionedGroup.objects.get(pk=key)
        groups.give_group_role(group=one, role=Role.READ_ONLY, seen=one.version, by=BY, at=AT)

    return act


def way_back(place: Place) -> Act:
    user = place.member().user
    return lambda: recovery.note_way_back(user=user, clears_factors=True, by=BY, at=AT)


def mailbox(place: Place) -> Act:
    user = place.member(name="grace").user
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    SocialAccount.objects.create(user=user, provider="p", uid="u1")
    return lambda: recovery.prove_mailbox(user=user, at=AT)


def tokens(place: Place) -> Act:
    owner: Membership = place.member(Role.ADMINISTRATOR)
    return lambda: make_token(
        membership=owner, name="nightly", scopes=["scope.view"], days=9, by=BY, at=AT
    )


def invite(place: Place) -> Act:
    return lambda: members.invite(
        organization=place.organization, email=GRACE, role=Role.READ_ONLY, by=BY, at=AT
    )


def renew(place: Place) -> Act:
    one, _ = invited(place)
    return lambda: members.renew_invitation(invitation=one, by=BY, at=AT)


def withdraw(place: Place) -> Act:
    one, _ = invited(place)
    return lambda: members.revoke_invitation(invitation=one, by=BY, at=AT)


def revoke(place: Place) -> Act:
    one = token(place)
    return lambda: revoke_token(token=one, by=BY, at=AT)


def provision(place: Place) -> Act:
    """Who was let out comes back, and not as what they were."""
    place.member(Role.ADMINISTRATOR)
    Membership.objects.filter(pk=place.member(Role.READ_ONLY, "grace").pk).update(is_active=False)
    return lambda: provisioning.provision(organization=place.organization, said=KNOWN, by=BY, at=AT)


def add_provider(place: Place) -> Act:
    return lambda: put_provider(
        organization=place.organization, provider=None, said=OIDC, by=BY, at=AT
    )


CASES = {
    "accounts.actions.admission.admit": Case(
        admit,
        ("member.joined", "member.linked"),
        after={"role": "control owner"},
        by="provider Sign-in",
    ),
    "accounts.actions.admission.note_own_link": Case(
        link,
        ("member.linked",),
        after={"automatic": False},
        by="employee@larkspur.example",
        again=EVENT,
    ),
    "accounts.actions.members.accept_invitation": Case(
        accept, ("member.joined",), {"role": "employee"}, {"role": "control owner"}, by=GRACE
    ),
    "accounts.actions.members.join": Case(
        join, ("member.joined",), after={"role": "control owner", "is_active": True}, by=GRACE
    ),
    "accounts.actions.members.change_member": Case(
        change_member,
        ("member.changed",),
        {"role": "employee", "is_active": True},
        {"role": "read-only", "is_active": False},
    ),
    "accounts.actions.members.invite": Case(
        invite, ("member.invited",), after={"email": GRACE, "role": "read-only"}, again=SECOND
    ),
    "accounts.actions.members.renew_invitation": Case(
        renew,
        ("invitation.renewed",),
        {"expires_at": "2026-08-08 09:00:00+00:00"},
        {"expires_at": "2026-08-08 12:17:00+00:00"},
        again="each makes the link before it worthless",
    ),
    "accounts.actions.members.revoke_invitation": Case(
        withdraw, ("invitation.revoked",), {"revoked": False}, {"revoked": True}
    ),
    "accounts.actions.groups.make_group": Case(
        make_group,
        ("group.provisioned",),
        after={"display_name": "Engineers", "role": "", "people": ["grace"]},
        again=SECOND,
    ),
    "accounts.actions.groups.change_group": Case(
        change_group,
        ("group.changed",),
        {"display_name": "Engineers", "role": "control owner"},
        {"display_name": "Developers", "left": ["grace"], "became": {GRACE: "employee"}},
    ),
    "accounts.actions.groups.remove_group": Case(
        drop_group,
        ("group.removed",),
        {"display_name": "Engineers", "people": ["grace"]},
        {"became": {GRACE: "employee"}},
    ),
    "accounts.actions.groups.give_group_role": Case(
        give_role,
        ("group.given-role",),
        {"role": ""},
        {"role": "read-only", "became": {GRACE: "read-only"}},
    ),
    "accounts.actions.organizations.change_settings": Case(
        settings, ("organization.changed",), {"name": "Larkspur"}, {"name": "Larkspur & Sons"}
    ),
    "accounts.actions.organizations.allow_other_ways": Case(
        open_up,
        ("organization.changed",),
        {"requires_provider": True},
        {"requires_provider": False},
    ),
    "accounts.actions.providers.put_provider": Case(
        change_provider,
        ("provider.changed",),
        {"name": "Sign-in", "makes_members": False},
        {"name": "Ours", "makes_members": True},
    ),
    "accounts.actions.providers.put_provider, a new one": Case(
        add_provider, ("provider.added",), after={"issuer": OIDC.issuer}, again=SECOND
    ),
    "accounts.actions.providers.remove_provider": Case(
        drop_provider, ("provider.removed",), {"name": "Sign-in"}
    ),
    "accounts.actions.provisioning.provision": Case(
        provision,
        ("person.provisioned",),
        {"role": "read-only", "is_active": False},
        {"role": "employee", "is_active": True, "document": {"a": 1}},
    ),
    "accounts.actions.provisioning.change_provisioned": Case(
        change_person,
        ("person.changed",),
        {"document": {"a": 1}, "is_active": True},
        {"document": {"a": 2}, "is_active": False},
    ),
    "accounts.actions.provisioning.deprovision": Case(
        drop_person,
        ("person.deprovisioned",),
        {"document": {"a": 1}, "is_active": True},
        {"is_active": False},
    ),
    "accounts.actions.recovery.note_way_back": Case(
        way_back, ("member.way-back",), after={"second_factors_removed": True}, again=EVENT
    ),
    "accounts.actions.recovery.prove_mailbox": Case(
        mailbox,
        ("member.mailbox-proved",),
        {"proved": False, "links": True},
        {"proved": True, "links": False},
        by=GRACE,
    ),
    "accounts.actions.tokens.make_token": Case(
        tokens, ("token.made",), after={"name": "nightly", "scopes": ["scope.view"]}, again=SECOND
    ),
    "accounts.actions.tokens.revoke_token": Case(
        revoke, ("token.revoked", "token.revoked"), {"revoked": False}, {"revoked": True}
    ),
}
