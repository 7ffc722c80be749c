"""The tests run on the database that they say they run on."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_named() -> None:
    """Otherwise the run on PostgreSQL would prove SQLite a second time."""
    named = os.environ.get("REPERFORM_DATABASE_URL", "")

    assert connection.vendor == ("postgresql" if named else "sqlite")
