"""Confirmations that a test of the library fits a tailored control."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.program.models.controls import AdoptedControl


class TestFit(models.Model):
    """Somebody confirmed that a test fits what a control says; never deleted, but withdrawn."""

    __test__ = False  # no test, though its name begins like one

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    control = models.ForeignKey(AdoptedControl, on_delete=models.PROTECT, related_name="fits")
    test = models.CharField(max_length=40)
    test_sha256 = models.CharField(max_length=64)
    control_version = models.PositiveIntegerField()
    wording = models.JSONField()
    """What the control said, see `program.controls.tested`."""
    wording_sha256 = models.CharField(max_length=64)
    reason = models.TextField()
    by = models.CharField(max_length=320)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=320, blank=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="fit_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="", withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdrawn_because="")),
                name="fit_withdrawn_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["control", "test"],
                condition=Q(withdrawn_at=None),
                name="fit_of_a_test_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.test} fits {self.control.code}"
