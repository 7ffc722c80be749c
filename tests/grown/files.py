"""Kept files, whose bytes are there too."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.program.actions.files import keep_file
from reperform.program.models import KeptFile


def grow_files(organization: Organization, count: int, at: datetime) -> None:
    """Add files until there are `count`."""
    there = KeptFile.objects.filter(organization=organization).count()
    with transaction.atomic():
        for number in range(there, count):
            keep_file(
                organization=organization,
                name=f"proof {number}.txt",
                content=b"done",
                readable_with="controls.view",
                by="grown",
                at=at,
            )
