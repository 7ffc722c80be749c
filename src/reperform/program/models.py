"""What the database keeps of the program.  Texts are versions: none is overwritten."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.catalog.controls import FREQUENCIES, KINDS, NATURES


class ScopeVersion(models.Model):
    """The scope as it was decided once; the highest number is the scope."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    """See `program.scope_document`."""
    library = models.CharField(max_length=64)
    """Digest of the library that it was decided with."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="scope_version_once"),
        )

    def __str__(self) -> str:
        return f"scope {self.number} of {self.organization}"


class DescriptionVersion(models.Model):
    """What management wrote for one field of the system description, once."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=40)
    """Name of the field, see `program.description`."""
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "field", "number"], name="description_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} {self.number} of {self.organization}"


class AdoptedControl(models.Model):
    """A control that management took as its own: from the library, tailored, or its own."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    text = models.TextField()
    criteria = models.JSONField()
    points_of_focus = models.JSONField(default=list)
    policies = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    population = models.TextField(blank=True)
    nature = models.CharField(max_length=20, choices=[(each, each) for each in NATURES])
    kind = models.CharField(max_length=20, choices=[(each, each) for each in KINDS])
    frequency = models.CharField(max_length=20, choices=[(each, each) for each in FREQUENCIES])
    owner_role = models.CharField(max_length=120)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    library_id = models.CharField(max_length=12, blank=True)
    """The library's control that it was adopted from; empty for one of their own."""
    library_content = models.JSONField(default=dict)
    """What the library said when it was taken, see `program.control_document`."""
    is_tailored = models.BooleanField(default=False)
    adopted_on = models.DateField()
    implemented_on = models.DateField(null=True)
    retired_on = models.DateField(null=True)
    retired_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "code"], name="control_code_once"),
            models.CheckConstraint(
                condition=Q(retired_on=None, retired_because="")
                | (Q(retired_on__isnull=False) & ~Q(retired_because="")),
                name="control_retired_for_a_reason",
            ),
            models.CheckConstraint(condition=~Q(code=""), name="control_has_a_code"),
            models.CheckConstraint(condition=Q(nature__in=NATURES), name="control_nature_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="control_kind_known"),
            models.CheckConstraint(
                condition=Q(frequency__in=FREQUENCIES), name="control_frequency_known"
            ),
            models.UniqueConstraint(
                fields=["organization", "library_id"],
                condition=Q(retired_on=None) & ~Q(library_id=""),
                name="library_control_adopted_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class RemediationTask(models.Model):
    """Something to do so that a gap closes."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    criterion = models.CharField(max_length=8, blank=True)
    point = models.CharField(max_length=12, blank=True)
    """Point of focus that it is about; empty for none."""
    control = models.CharField(max_length=12, blank=True)
    gap = models.CharField(max_length=40, blank=True)
    """The gap that it was proposed for, see `program.plan_proposals`; empty for none."""
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    effort_days = models.PositiveIntegerField(null=True)
    """Working days of one person."""
    risk = models.CharField(max_length=10, choices=[(r, r) for r in ("low", "medium", "high")])
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="needed_by")
    """Tasks that must be done first; never in a circle."""
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ("open", "done", "dropped")], default="open"
    )
    closed_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    """Why it was dropped, or how it was done."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="task_number_once"),
            models.UniqueConstraint(
                fields=["organization", "gap"],
                condition=Q(state="open") & ~Q(gap=""),
                name="task_open_once_for_each_gap",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None)
                | Q(state__in=["done", "dropped"], closed_on__isnull=False),
                name="task_closed_on_a_day",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "state", "due_on"], name="task_due"),
            models.Index(
                fields=["organization", "state", "control", "-closed_on", "number"],
                name="task_done_last",
            ),
            models.Index(fields=["organization", "criterion"], name="task_of_criterion"),
            models.Index(fields=["organization", "control"], name="task_of_control"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ReadinessSnapshot(models.Model):
    """How far the program was on a day: the last that was recorded on it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    content = models.JSONField()
    """Status by criterion, counts, and what they rested on; see `program.readiness`."""
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "on"], name="readiness_once_a_day"),
        )

    def __str__(self) -> str:
        return f"readiness of {self.organization} on {self.on}"


class Assessment(models.Model):
    """An earlier assessment that was imported: what management claims, from a file."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=320)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="assessment_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"assessment {self.number} of {self.organization}"


class ClaimedStatus(models.Model):
    """What one row of an assessment says of a criterion: claimed, and never computed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="claims")
    row = models.PositiveIntegerField()
    criterion = models.CharField(max_length=8)
    point = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.criterion} {self.status}, claimed"


class AssessmentUpload(models.Model):
    """A file between its dry run and its import: one for each member, for an hour."""

    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.file_name} of {self.member}"
