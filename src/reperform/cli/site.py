"""The web application as the command line starts it: database, files, first link."""

import os
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from reperform.base.visible import visible
from reperform.cli.opening import (
    database_faults_as_refusals,
    refuse_newer_database,
    refuse_unusable_home,
)
from reperform.ledger.home import home

if TYPE_CHECKING:  # models exist only after the settings are loaded
    from reperform.accounts.models import Organization
    from reperform.audit.models import ExaminationRecord

SETTINGS = "reperform.server.settings"
_LONGEST_NAME = 150
_URL = "server.url"
_FIRST = "the installation"


def open_site() -> None:
    """Load the server's settings, and bring its database up to date.

    Raises:
        RefusalError: the folder, the secret or the database cannot be used, or a newer version
            of the program made it.
    """
    refuse_unusable_home(home())
    os.umask(0o077)  # what is kept is confidential, also in a folder that others may enter
    # Most commands need no Django, and start faster without.
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    where = "REPERFORM_DATABASE_URL" if os.environ.get("REPERFORM_DATABASE_URL") else str(home())
    with database_faults_as_refusals(where):
        refuse_newer_database()
        call_command("migrate", verbosity=0, interactive=False)
    _collect_static_files()


def keep_url(url: str) -> None:
    """Keep where the server of this installation listens, for commands that print links."""
    (home() / _URL).write_text(url, "utf-8")


def url() -> str:
    """Return the address for links: REPERFORM_URL, else where the server listened last."""
    from django.conf import settings  # noqa: PLC0415 - as above

    kept = home() / _URL
    listened = kept.read_text("utf-8") if kept.exists() else "http://127.0.0.1:8000"
    return str(settings.SITE_URL or listened)


def _collect_static_files() -> None:
    """Gather and compress the files that pages load, once for each version of the program."""
    import django  # noqa: PLC0415 - as above
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

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
    # The name of a folder may have any character; people can correct it in the settings.
    shown = visible(name, limit=_LONGEST_NAME).strip() or "Our organization"
    return found or found_organization(name=shown, by=_FIRST, at=at)


def kept_examination(repository: Path) -> "ExaminationRecord | None":
    """Return the newest examination of `repository` that is kept; None when there is none."""
    from reperform.audit.models import ExaminationRecord  # noqa: PLC0415 - after the settings

    kept = ExaminationRecord.objects.filter(organization__is_example=False).order_by("-at")
    for examination in kept.iterator(chunk_size=10):
        asked = {(each["stream"], each["target"]) for each in examination.results["collections"]}
        if ("git/history", str(repository)) in asked:
            return examination
    return None


def keep_outputs(folder: Path, *, organization_name: str, at: datetime) -> None:
    """Keep what a quickstart wrote, so that the pages show it.

    Raises:
        ExaminationRefusedError: the folder does not hold it.
    """
    from reperform.audit.actions import keep_examination  # noqa: PLC0415 - after the settings
    from reperform.audit.queries import program_state  # noqa: PLC0415 - as above
    from reperform.catalog.installed import catalog  # noqa: PLC0415 - as above
    from reperform.program.actions.readiness import record_readiness  # noqa: PLC0415 - as above

    organization = own_organization(name=organization_name, at=at)
    keep_examination(organization=organization, folder=folder, by=_FIRST, at=at)
    state = program_state(organization, catalog=catalog(), at=at)
    record_readiness(organization=organization, state=state, by=_FIRST, at=at)


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
