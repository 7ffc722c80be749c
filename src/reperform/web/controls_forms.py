"""The form of a control: what was sent becomes content, and content becomes fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.catalog.controls import FREQUENCIES, KINDS, NATURES
from reperform.catalog.criteria import CATEGORIES, Criterion, PointOfFocus
from reperform.program.controls.document import LABELS, ControlDocument, control_content
from reperform.program.controls.reading import read_day
from reperform.program.queries import possible_owners
from reperform.web.library import catalog
from reperform.web.page import PageRequest

_TEXTS = ("title", "text", "nature", "kind", "frequency", "owner_role", "population")
_LINES = ("evidence", "policies")
_CHECKED = ("criteria", "points_of_focus")


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria of one category, each with whether it is chosen."""

    category: str
    criteria: list[tuple[Criterion, bool]]
    chosen: int


def sent_content(sent: QueryDict) -> dict[str, Any]:
    """Return the content that a form sent."""
    return {
        **{name: sent.get(name, "") for name in _TEXTS},
        **{name: sent.get(name, "").splitlines() for name in _LINES},
        **{name: sent.getlist(name) for name in _CHECKED},
    }


def form_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template of the form needs to show `content`."""
    criteria = [str(name) for name in content["criteria"]]
    points = [str(name) for name in content["points_of_focus"]]
    return {
        "content": content,
        "evidence": "\n".join(content["evidence"]),
        "policies": "\n".join(content["policies"]),
        "groups": _groups(criteria),
        "points": _points(criteria, points),
        "natures": NATURES,
        "kinds": KINDS,
        "frequencies": FREQUENCIES,
    }


def _groups(chosen: Sequence[str]) -> list[Group]:
    found = []
    for category in CATEGORIES:
        criteria = [
            (each, each.id in chosen) for each in catalog().criteria if each.category == category
        ]
        found.append(Group(category, criteria, sum(is_chosen for _, is_chosen in criteria)))
    return found


def _points(
    criteria: Sequence[str], chosen: Sequence[str]
) -> list[tuple[Criterion, list[tuple[PointOfFocus, bool]]]]:
    """Return the points of the chosen criteria; those chosen of others too, to be taken away."""
    return [
        (each, [(point, point.id in chosen) for point in each.points_of_focus])
        for each in catalog().criteria
        if each.id in criteria or any(point.id in chosen for point in each.points_of_focus)
    ]


def document_fields(document: ControlDocument) -> dict[str, Any]:
    """Return what the template needs to show a document."""
    return form_context(control_content(document))


def read_owner(
    organization: Organization, value: object, problems: list[Problem]
) -> Membership | None:
    """Return the member that a form names; None when it names nobody.  Problems are appended."""
    text = str(value or "")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 18:  # noqa: PLR2004 - a 64-bit integer
        owner = possible_owners(organization).filter(pk=int(text)).first()
        if owner:
            return owner
    todo = "choose an active member who is no auditor"
    problems.append(Problem("owner", "is nobody who can own a control", todo, "control-owner"))
    return None


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is decided of a control beside its text."""

    owner: Membership | None
    implemented_on: Any
    problems: list[Problem]


def read_decisions(request: PageRequest) -> Decisions:
    """Return the owner and the day of implementation that a form sent."""
    problems: list[Problem] = []
    visitor = request.visitor
    return Decisions(
        owner=read_owner(visitor.organization, request.POST.get("owner"), problems),
        implemented_on=read_day(
            request.POST.get("implemented_on"),
            field="implemented_on",
            today=visitor.at.date(),
            problems=problems,
        ),
        problems=problems,
    )


def seen_version(sent: QueryDict) -> int:
    """Return the version that a form was made from; -1 when it names none."""
    seen = sent.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1  # noqa: PLR2004 - a version


def labelled(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems with the names that the form shows for their fields."""
    names = {**LABELS, "owner": "Owner", "implemented_on": "Implemented on", "code": "Code"}
    return [
        Problem(names.get(each.where, each.where), each.what, each.todo, each.slug)
        for each in problems
    ]
