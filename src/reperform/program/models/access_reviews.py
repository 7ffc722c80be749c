"""Reviews of access: lists of accounts as they were, and what was decided about each account."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.program.models.assets import Asset
from reperform.program.models.files import KeptFile
from reperform.program.models.people import Person


class AccessReview(models.Model):
    """A campaign: one or more systems, each with a reviewer, until a day."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    """Who runs it, and decides what a reviewer may not."""
    due_on = models.DateField()
    unused_days = models.PositiveIntegerField(default=90)
    """An account that was not used for so long is marked."""
    removal_days = models.PositiveIntegerField(default=7)
    """In so many days what was decided must be carried out."""
    finished_on = models.DateField(null=True)
    finished_by = models.CharField(max_length=320, blank=True)
    reopened_because = models.TextField(blank=True)
    """Why it was opened again the last time; empty if it never was."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="review_number_once"),
        )
        indexes = (
            models.Index(fields=["organization", "finished_on", "due_on"], name="review_by_day"),
        )

    def __str__(self) -> str:
        return self.title


class AccountList(models.Model):
    """The accounts of a system as its source told them, at one moment."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="account_lists")
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=30)
    """What the file was read as, see `program.access_reviews.forms`."""
    source = models.CharField(max_length=300)
    query = models.TextField()
    taken_at = models.DateTimeField()
    """When the source was asked; not when it was brought."""
    taken_by = models.CharField(max_length=200)
    is_whole = models.BooleanField(null=True)
    """Whether it has every account of the system; only then an account can be gone."""
    privileged_words = models.CharField(max_length=300, blank=True)
    """Words of the access that mean privileged, as whoever brought the list says."""
    rows = models.PositiveIntegerField()
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="list_number_once"),
        )
        indexes = (models.Index(fields=["asset", "-taken_at"], name="list_latest"),)

    def __str__(self) -> str:
        return f"{self.asset} at {self.taken_at:%Y-%m-%d %H:%M}"


class Account(models.Model):
    """One account of a list."""

    list = models.ForeignKey(AccountList, on_delete=models.PROTECT, related_name="accounts")
    row = models.PositiveIntegerField()
    """1 for the first account of the file."""
    key = models.CharField(max_length=300)
    """What the system tells accounts apart by; a list that has one twice is shown as it is."""
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=320, blank=True)
    access = models.TextField(blank=True)
    """Roles, groups or rights, as the source says them."""
    privileged = models.BooleanField(null=True)
    enabled = models.BooleanField(null=True)
    last_used = models.DateField(null=True)
    never_used = models.BooleanField(default=False)
    """The source says so; without it no last use is not known."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    matched_by = models.CharField(max_length=10, blank=True)
    """`email` or `name`; empty while it is matched to nobody."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "row"], name="account_row_once"),)
        indexes = (models.Index(fields=["list", "key"], name="account_by_key"),)

    def __str__(self) -> str:
        return self.key


class ReviewedSystem(models.Model):
    """A system in a review: who reviews it, and by which list."""

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="systems")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    list = models.ForeignKey(AccountList, on_delete=models.PROTECT, null=True, related_name="+")
    """None until a list was brought."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["review", "asset"], name="system_once_in_a_review"),
        )

    def __str__(self) -> str:
        return f"{self.asset} in {self.review}"


class AccountDecision(models.Model):
    """What a reviewer decided about one account; a removal stays open until a list shows it."""

    system = models.ForeignKey(ReviewedSystem, on_delete=models.PROTECT, related_name="decisions")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10)
    """`keep`, `change`, `remove` or `not mine`."""
    change_to = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()
    due_on = models.DateField(null=True)
    """Until when it must be carried out; None for what needs nothing to be done."""
    seen_in = models.ForeignKey(AccountList, on_delete=models.PROTECT, null=True, related_name="+")
    """The latest list, taken after the decision, in which it still was as before."""
    settled_in = models.ForeignKey(
        AccountList, on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The first list, taken after the decision, that shows it carried out."""
    settled_as = models.CharField(max_length=10, blank=True)
    """`gone`, `disabled` or `changed`."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["system", "account"], name="decision_once"),
            models.CheckConstraint(
                condition=Q(settled_in=None, settled_as="")
                | Q(settled_in__isnull=False) & ~Q(settled_as=""),
                name="decision_settled_by_a_list",
            ),
        )
        indexes = (models.Index(fields=["settled_in", "due_on"], name="decision_open"),)

    def __str__(self) -> str:
        return f"{self.account}: {self.decision}"
