"""Registers the stage with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The stage `audit`."""

    name = "reperform.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
