"""Registers the stage with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The stage `ledger`."""

    name = "reperform.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
