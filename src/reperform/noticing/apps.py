"""Registers the stage with Django."""

from django.apps import AppConfig


class NoticingConfig(AppConfig):
    """The stage `noticing`."""

    name = "reperform.noticing"
    label = "noticing"
    default_auto_field = "django.db.models.BigAutoField"
