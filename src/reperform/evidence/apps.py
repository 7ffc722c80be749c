"""Registers the stage with Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The stage `evidence`."""

    name = "reperform.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
