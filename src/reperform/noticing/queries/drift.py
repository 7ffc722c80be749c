"""What drifted from one examination of the organization to the next."""

from collections.abc import Iterator
from datetime import datetime

from reperform.accounts.models import Organization
from reperform.audit.models import ExaminationRecord
from reperform.audit.queries import examinations, latest_examination
from reperform.noticing.drift import Outline, drifted
from reperform.noticing.notice import Noticed
from reperform.program.models import AdoptedControl

_MOST = 400
"""Examinations that are looked back at: more than a year of one each day."""


def drift(organization: Organization, _: datetime) -> Iterator[Noticed]:
    """Yield what is worse, or just got better; in three queries, however many there were."""
    newest = latest_examination(organization)
    outlines = outlines_until(newest) if newest else []
    if newest and len(outlines) > 1:
        yield from drifted(outlines, newest.results, owners_of_controls(organization))


def outlines_until(newest: ExaminationRecord) -> list[Outline]:
    """Return the outlines of an examination and those of its type before it, newest first."""
    rows = examinations(newest.organization).filter(type=newest.type, number__lte=newest.number)
    return [
        Outline(number, at, outline.get("tests", {}), outline.get("evidenced", {}))
        for number, at, outline in rows.values_list("number", "at", "outline")[:_MOST]
    ]


def owners_of_controls(organization: Organization) -> dict[str, int]:
    """Return who owns each control that somebody owns, by its code and by the library's."""
    rows = AdoptedControl.objects.filter(organization=organization, owner__isnull=False)
    found: dict[str, int] = {}
    for code, origin, owner in rows.values_list("code", "library_id", "owner"):
        found |= {name: owner for name in (origin, code) if name}
    return found
