"""Registers the stage with Django."""

from django.apps import AppConfig


class ProgramConfig(AppConfig):
    """The stage `program`."""

    name = "reperform.program"
    label = "program"
    default_auto_field = "django.db.models.BigAutoField"
