"""Registers the stage with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The stage `accounts`."""

    name = "reperform.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
