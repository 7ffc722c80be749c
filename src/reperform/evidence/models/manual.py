"""Evidence that somebody brought as a file."""

from django.db import models
from django.db.models import F, Q

from reperform.accounts.models import Organization
from reperform.program.models import KeptFile


class ManualEvidence(models.Model):
    """A file that somebody brought as evidence.  It never changes; a wrong one is withdrawn."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    control = models.CharField(max_length=12, blank=True)
    """Code of the adopted control that it is evidence of."""
    table = models.CharField(max_length=80, blank=True)
    """Name of the table that it stands beside."""
    request = models.CharField(max_length=300, blank=True)
    first = models.DateField()
    last = models.DateField()
    source = models.CharField(max_length=500, blank=True)
    taken_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=200, blank=True)
    shows = models.TextField(blank=True)
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, related_name="+")
    brought_by = models.CharField(max_length=320)
    brought_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organization", "number"], name="manual_number_once"),
            models.CheckConstraint(
                condition=~(Q(control="") & Q(table="") & Q(request="")), name="manual_is_of_it"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="manual_days_in_order"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                name="manual_withdrawn_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=["organization", "-number"], name="manual_newest_first"),
            models.Index(fields=["organization", "control"], name="manual_of_control"),
        )

    def __str__(self) -> str:
        return f"EV-{self.number} {self.title}"
