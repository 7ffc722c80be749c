"""Connections, their runs, and what each run brought."""

from django.db import models
from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.evidence.outcome import RunOutcome

_OUTCOMES = [(each.value, each.value) for each in RunOutcome]


class Connection(models.Model):
    """A source that evidence comes from: a connector with its settings and its secrets."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    connector = models.CharField(max_length=40)
    """Name of a connector; one that is not installed any more is kept, and cannot run."""
    settings = models.JSONField(default=dict)
    sealed_secrets = models.JSONField(default=dict)
    """Name -> sealed text, see docs/spec/secrets.md; never shown, never in the ledger."""
    since = models.DateField(null=True)
    """First day that is wanted of what has a history; None for all that there is."""
    checked_at = models.DateTimeField(null=True)
    checked = models.JSONField(default=dict)
    """What the last check found: `reached`, `failure`, `findings`; empty when there was none."""
    retired_on = models.DateField(null=True)
    retired_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=320)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "number"], name="connection_number_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "title"],
                condition=Q(retired_on=None),
                name="connection_title_once",
            ),
            models.CheckConstraint(
                condition=Q(retired_on=None, retired_reason="")
                | (Q(retired_on__isnull=False) & ~Q(retired_reason="")),
                name="connection_retired_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"CON-{self.number} {self.title}"


class Run(models.Model):
    """One time that a connection was asked everything: it begins before the first byte is."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    """1, 2, ... of the connection."""
    asked_by = models.CharField(max_length=320)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """None while it goes on, or since the program was killed; the next run says which."""
    outcome = models.CharField(max_length=10, choices=_OUTCOMES, blank=True)
    """Empty while it goes on."""
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["connection", "number"], name="run_number_once"),
            models.UniqueConstraint(
                fields=["connection"], condition=Q(ended_at=None), name="run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="run_ended_with_outcome",
            ),
        )
        indexes = (models.Index(fields=["connection", "-number"], name="run_newest_first"),)

    def __str__(self) -> str:
        return f"run {self.number} of {self.connection}"


class CollectionRecord(models.Model):
    """One question of a run and what came of it; the whole record is a blob."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="collections")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField()
    """1, 2, ... of the organization's stream, without a gap."""
    target = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=_OUTCOMES, blank=True)
    reason = models.TextField(blank=True)
    answers = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    record_sha256 = models.CharField(max_length=64, blank=True)
    """Of the blob that holds the whole record; empty while it goes on, and when abandoned."""
    cursor_before = models.TextField(blank=True)
    cursor = models.TextField(blank=True)
    """Where the next collection of the same target goes on; empty when this one moved nothing."""
    is_used = models.BooleanField(default=False)
    """Whether its rows are evidence: not of one that is asked once more from the same cursor."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "stream", "sequence"], name="collection_sequence_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["connection", "stream", "-sequence"], name="collection_newest_first"
            ),
            models.Index(fields=["organization", "started_at"], name="collection_of_period"),
        )

    def __str__(self) -> str:
        return f"{self.stream} {self.sequence}"


class CollectedTable(models.Model):
    """One table that a collection filled: how many rows, and the days that it vouches for."""

    collection = models.ForeignKey(
        CollectionRecord, on_delete=models.PROTECT, related_name="tables"
    )
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=80)
    rows = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the Parquet file."""
    first_day = models.DateField(null=True)
    """None for since the beginning."""
    last_day = models.DateField(null=True)
    """None for no day at all."""
    missing = models.TextField(blank=True)
    """Why there is no or only part of the coverage; empty when nothing is missing."""
    is_whole = models.BooleanField(default=True)
    """See `Cover.is_whole`."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["collection", "table"], name="collected_table_once"),
        )
        indexes = (models.Index(fields=["connection", "table", "last_day"], name="collected_days"),)

    def __str__(self) -> str:
        return f"{self.table} of {self.collection}"
