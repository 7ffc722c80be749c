"""People who log in, organizations, and who is what in which."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from reperform.accounts.permissions import Role

ROLES = [(role.value, role.value.capitalize()) for role in Role]


class User(AbstractBaseUser):
    """A person who logs in, named by an e-mail address."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = BaseUserManager()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_once_for_each_email"),)

    def __str__(self) -> str:
        return self.name or self.email


class Organization(models.Model):
    """A service organization; everything of the program belongs to one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    requires_second_factor = models.BooleanField(default=False)
    requires_provider = models.BooleanField(default=False)
    """Whether its pages open only to who signed in by one of its own providers."""
    groups_make_administrators = models.BooleanField(default=False)
    """Whether a group of the directory (SCIM) may have the role of administrators."""
    is_example = models.BooleanField(default=False)
    settings_version = models.PositiveIntegerField(default=0)
    """Counts changes of name and sign-in, so that two administrators do not undo each other."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def log(self) -> str:
        """The name of its log in the ledger."""
        return self.id.hex


class IdentityProvider(models.Model):
    """Where an organization's members sign in instead of here: OpenID Connect or SAML."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="providers"
    )
    kind = models.CharField(
        max_length=4, choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")]
    )
    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=500)
    """The issuer's URL, or the entity id: what identities belong to; it never changes."""
    client_id = models.CharField(max_length=300, blank=True)
    sealed_secret = models.TextField(blank=True)
    """The client secret, as `sealing` keeps it."""
    sign_in_url = models.CharField(max_length=500, blank=True)
    certificate = models.TextField(blank=True)
    trusts_addresses = models.BooleanField(default=False)
    makes_members = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What django-allauth knows it by: identities of two providers never meet."""
        return f"{self.kind}-{self.id.hex}"


class AutomaticLink(models.Model):
    """Marks a link of an account to a provider that the person did not make themselves."""

    account = models.OneToOneField(
        "socialaccount.SocialAccount", on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"made by itself: {self.account}"


class Membership(models.Model):
    """What a person is in an organization."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=30, choices=ROLES)
    is_active = models.BooleanField(default=True)
    external_id = models.CharField(max_length=200, blank=True)
    """The id that a provisioning system knows the person by."""
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "organization"], name="member_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="role_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"


class ProvisionedPerson(models.Model):
    """What an organization's provisioning system (SCIM) says of a person; its own record of them.

    The account belongs to the person, who may be a member elsewhere too: the record says what the
    system said, and changes of the account only what concerns this organization.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, null=True)
    """None while no e-mail address of the person is known: nobody can sign in without one."""
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=200, blank=True)
    document = models.JSONField()
    """The resource as SCIM has it (RFC 7643, 4.1), without id, meta, groups and password."""
    group_role = models.CharField(max_length=30, blank=True)
    """The role that the person's groups gave last; empty when they give none."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "organization", Lower("user_name"), name="user_name_once_in_an_organization"
            ),
        )
        indexes = (models.Index(fields=["organization", "external_id"], name="by_external_id"),)

    def __str__(self) -> str:
        return self.user_name


class ProvisionedGroup(models.Model):
    """A group of an organization's directory (SCIM), and the role that it gives here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    display_name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=30, choices=ROLES, blank=True)
    """Decided here, never by the directory; empty: the group gives none."""
    people = models.ManyToManyField(ProvisionedPerson, related_name="groups")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(role__in=["", *(role.value for role in Role)]),
                name="group_role_known",
            ),
        )
        indexes = (models.Index(fields=["organization", "display_name"], name="groups_by_name"),)

    def __str__(self) -> str:
        return self.display_name


class Invitation(models.Model):
    """A link, for one person, that makes a member."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    """Empty only for the link that makes an installation's first administrator."""
    role = models.CharField(max_length=30, choices=ROLES)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=320)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted_by=None, accepted_at=None)
                | models.Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="accepted_by_somebody_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email or 'first administrator'} to {self.organization}"


class ApiToken(models.Model):
    """A token that a program presents; it never has more than its maker has at the moment."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    made_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="made")
    """The token that made this one over the API; None when a person made it on the page."""
    name = models.CharField(max_length=100)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    """The last characters, by which its owner recognizes it."""
    scopes = models.JSONField()
    """Names of permissions."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"
