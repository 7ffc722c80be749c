"""Controls that management adopted."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Membership, Organization
from reperform.catalog.controls import FREQUENCIES, KINDS, NATURES


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
    """What the library said when it was taken, see `program.controls.document`."""
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
