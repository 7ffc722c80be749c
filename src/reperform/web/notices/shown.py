"""A notice as pages show it: with the address of what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from reperform.noticing.models import Notice
from reperform.noticing.notice import Kind

_GOOD = frozenset({Kind.BETTER})
_WARN = frozenset({Kind.MISSED, Kind.EXPIRING, Kind.UNEVIDENCED, Kind.HOLE})


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice, the page of its subject, and how grave it looks."""

    notice: Notice
    url: str
    tone: str


def shown(notices: Iterable[Notice], organization: str) -> list[Shown]:
    """Return notices as pages show them; `organization` is its address."""
    return [Shown(each, _url(each, organization), _tone(each)) for each in notices]


def _url(notice: Notice, organization: str) -> str:
    """Return the address of what a notice is about; empty where its page is gone."""
    parts = notice.key.split("/") if notice.key else []
    try:
        return reverse(notice.page, args=[organization, *parts])
    except NoReverseMatch:
        return ""


def _tone(notice: Notice) -> str:
    if notice.over_at or notice.kind in _GOOD:
        return "good"
    return "warn" if notice.kind in _WARN else "bad"
