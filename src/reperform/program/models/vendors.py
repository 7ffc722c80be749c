"""Vendors, what was looked at when they were reviewed, and the SOC reports that they gave."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Membership, Organization
from reperform.program.models.files import KeptFile


class Vendor(models.Model):
    """Somebody outside who does something for the organization.  Kept after it ended."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    service = models.CharField(max_length=300)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    website = models.CharField(max_length=300, blank=True)
    criticality = models.CharField(max_length=20)
    """A class of `library/vendors/criticality.yaml`; empty while nobody decided."""
    classification = models.CharField(max_length=20)
    """Of the most sensitive data that it gets; empty while nobody decided."""
    data = models.JSONField(default=list)
    countries = models.JSONField(default=list)
    has_access = models.BooleanField(null=True)
    """It reaches our systems; None while nobody decided, as everywhere below."""
    access = models.TextField(blank=True)
    is_subservice = models.BooleanField(null=True)
    method = models.CharField(max_length=20, blank=True)
    started_on = models.DateField(null=True)
    """First day on which it got data or was relied on."""
    contract_on = models.DateField(null=True)
    renews_on = models.DateField(null=True)
    notice_by = models.DateField(null=True)
    dpa = models.CharField(max_length=20)
    dpa_on = models.DateField(null=True)
    has_confidentiality = models.BooleanField(null=True)
    has_security_terms = models.BooleanField(null=True)
    subprocessors = models.JSONField(default=list)
    note = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    data_end = models.CharField(max_length=20, blank=True)
    """What became of our data; empty while nobody confirmed it."""
    data_end_on = models.DateField(null=True)
    access_removed_on = models.DateField(null=True)
    end_proofs = models.ManyToManyField(KeptFile, related_name="+")
    first_reviewed_on = models.DateField(null=True)
    """Taken from the reviews, as the next two: a list of thousands asks none of them."""
    reviewed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, blank=True)
    due_on = models.DateField(null=True)
    """Last day on which the next review is in time; None when nothing can be said."""
    report_last = models.DateField(null=True)
    """Last day that any of its SOC reports covers."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="vendor_number_once"),
            models.UniqueConstraint(fields=["organization", "name"], name="vendor_name_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="vendor_ends_after_the_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(end_reason=""), name="vendor_ends_for_a_reason"
            ),
        )
        indexes = (
            models.Index(fields=["organization", "ended_on", "due_on"], name="vendor_due"),
            models.Index(fields=["organization", "owner"], name="vendor_of_owner"),
        )

    def __str__(self) -> str:
        return self.name


class SocReport(models.Model):
    """A vendor's SOC report, and what we read in it."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    """Within the vendor."""
    kind = models.CharField(max_length=10)
    type = models.PositiveSmallIntegerField()
    auditor = models.CharField(max_length=200, blank=True)
    opinion = models.CharField(max_length=20, blank=True)
    """Empty while nobody read it."""
    first = models.DateField()
    last = models.DateField()
    """Both days are the date of a Type 1."""
    issued_on = models.DateField(null=True)
    categories = models.JSONField(default=list)
    conclusion = models.TextField(blank=True)
    subservices = models.JSONField(default=list)
    notes_exceptions = models.BooleanField(null=True)
    """Whether the report notes any; unknown while nobody looked."""
    exceptions = models.JSONField(default=list)
    cuecs = models.JSONField(default=list)
    expected = models.JSONField(default=list)
    """What was found of the controls that our scope expects of the vendor (CSOCs)."""
    bridge_last = models.DateField(null=True)
    bridge_on = models.DateField(null=True)
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    bridge_file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["vendor", "number"], name="soc_report_number_once"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="soc_report_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(bridge_last=None) | Q(bridge_last__gt=F("last")),
                name="bridge_letter_goes_on",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} Type {self.type}"


class VendorReview(models.Model):
    """One review.  Never changed: a later one stands beside it."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()
    """Within the vendor."""
    kind = models.CharField(max_length=20)
    reviewed_on = models.DateField()
    reviewer = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    looked_at = models.JSONField(default=list)
    report = models.ForeignKey(SocReport, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=30)
    findings = models.TextField()
    next_due = models.DateField(null=True)
    """As the reviewer set it; None for what the class of the vendor says."""
    proofs = models.ManyToManyField(KeptFile, related_name="+")
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["vendor", "number"], name="vendor_review_number_once"),
        )
        indexes = (models.Index(fields=["vendor", "-reviewed_on"], name="vendor_review_latest"),)

    def __str__(self) -> str:
        return f"{self.kind} review {self.number}"


class VendorCondition(models.Model):
    """What a vendor, or we, must do so that a review's outcome holds."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="conditions")
    review = models.ForeignKey(VendorReview, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveIntegerField()
    """Within the vendor."""
    text = models.CharField(max_length=500)
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="open")
    settled_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    """How it was met, or why it was waived."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["vendor", "number"], name="condition_number_once"),
            models.CheckConstraint(
                condition=Q(state="open", settled_on=None)
                | (Q(state__in=["met", "waived"], settled_on__isnull=False) & ~Q(reason="")),
                name="condition_settled_on_a_day_for_a_reason",
            ),
        )
        indexes = (models.Index(fields=["vendor", "state", "due_on"], name="condition_due"),)

    def __str__(self) -> str:
        return self.text
