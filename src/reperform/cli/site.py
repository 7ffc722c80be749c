"""The web application as the command line starts it: database, files, first link."""

import os
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Organization

SETTINGS = "reperform.server.settings"
_FIRST = "the installation"


def open_site() -> None:
    """Load the server's settings, and bring its database up to date.

    Raises:
        RefusalError: the folder, the secret or the database's URL cannot be used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    _collect_static_files()


def _collect_static_files() -> None:
    """Gather and compress the files that pages load, once for each version of the program."""
    stamp = settings.STATIC_ROOT / ".made-for"
    wanted = f"{version('reperform')} django {django.get_version()}\n{_newest_static_file()}"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted, "utf-8")


def _newest_static_file() -> int:
    """Return the time of the newest of our own files: in a checkout they change."""
    folder = Path(str(files("reperform"))) / "web" / "static"
    return max(path.stat().st_mtime_ns for path in folder.rglob("*"))


def own_organization(*, name: str, at: datetime) -> "Organization":
    """Return the installation's first organization, founding it when there is none."""
    from reperform.accounts.actions.organizations import found_organization  # noqa: PLC0415
    from reperform.accounts.models import Organization  # noqa: PLC0415

    found = Organization.objects.filter(is_example=False).order_by("created_at").first()
    return found or found_organization(name=name, by=_FIRST, at=at)


def keep_outputs(folder: Path, *, organization_name: str, at: datetime) -> None:
    """Keep what a quickstart wrote, so that the pages show it.

    Raises:
        ExaminationRefusedError: the folder does not hold it.
    """
    from reperform.audit.actions import keep_examination  # noqa: PLC0415 - after the settings

    organization = own_organization(name=organization_name, at=at)
    keep_examination(organization=organization, folder=folder, by=_FIRST, at=at)


def first_link(*, organization_name: str, url: str, at: datetime) -> str:
    """Return the link that makes the first administrator; empty when somebody can sign in.

    Each start of a new installation makes another link, and withdraws the one before it.
    """
    from reperform.accounts import queries  # noqa: PLC0415 - after the settings
    from reperform.accounts.actions.members import invite, revoke_invitation  # noqa: PLC0415
    from reperform.accounts.permissions import Role  # noqa: PLC0415

    if not queries.has_no_members():
        return ""
    organization = own_organization(name=organization_name, at=at)
    for earlier in queries.open_invitations(organization):
        revoke_invitation(invitation=earlier, by=_FIRST, at=at)
    _, secret = invite(
        organization=organization, email="", role=Role.ADMINISTRATOR, by=_FIRST, at=at
    )
    return f"{url}/invitation/{secret}/"
