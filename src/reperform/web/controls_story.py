"""The page of one control: its text, owner, tests, occurrences, evidence, results, history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from reperform.audit.control_occurrences import due_in
from reperform.audit.control_results import ControlResults, control_results
from reperform.audit.models import OutcomeRecord
from reperform.audit.queries import examinations, gap_analysis, outcomes
from reperform.base.period import Period
from reperform.base.text_difference import Line, compare
from reperform.catalog.controls import Control
from reperform.catalog.criteria import Criterion
from reperform.catalog.crosswalks import Framework, Link, satisfies
from reperform.catalog.starter import starter_groups
from reperform.evidence.models import ManualEvidence
from reperform.evidence.queries.manual import manual_rows
from reperform.evidence.sources import streams_by_table
from reperform.ledger.queries import changes, shown
from reperform.program import queries
from reperform.program.calendar.periods import shown_periods
from reperform.program.calendar.standing import Standing, standing_of
from reperform.program.calendar.year import Window, WindowState
from reperform.program.controls.document import (
    LABELS,
    AdoptedDocument,
    ControlDocument,
    State,
    changed_fields,
    library_document,
    shown_value,
)
from reperform.program.controls.flaws import linter
from reperform.program.queries.occurrences import calendared_control, year_of_control
from reperform.program.scope.document import ScopeDocument
from reperform.testing.installed import ControlTests, installed_tests
from reperform.web.controls_fit import fit_standings
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_EXAMINATIONS = 5
_OUTCOMES = 15
_CHANGES = 20
_MANUAL = 20
_TIMES = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that says something else than the library."""

    label: str
    lines: list[Line]


@page("controls.view")
def control(request: PageRequest, code: str) -> HttpResponse:
    """Tell the whole story of one control."""
    organization = request.visitor.organization
    stated = queries.stated_control(organization, code)
    origin = _origin(stated.library_id if stated else code)
    if stated is not None:
        document = stated.document
    elif origin is not None:
        document = library_document(origin)
    else:
        raise Http404
    is_adopted = stated is not None and stated.state is State.ADOPTED
    results = _results(request, origin.id if origin else code)
    scope = queries.current_scope(organization).document
    context = {
        "code": code,
        "stated": stated,
        "origin": origin,
        "document": document,
        "state": stated.state.value if stated else State.PROPOSED.value,
        "is_adopted": is_adopted,
        "criteria": _criteria(document),
        "policies": _policies(document),
        "starter": [
            group
            for group in starter_groups(catalog().starter, scope.categories)
            if stated is None and code in group.controls
        ][:1],
        "due": due_in(document.frequency, scope.period),
        "scope": scope,
        "tests": installed_tests().get(origin.id, ControlTests()) if origin else ControlTests(),
        "fits": fit_standings(stated, origin, request) if stated else (),
        "results": results,
        "latest": results[0] if results else None,
        "outcomes": _outcomes(request, origin.id if origin else code),
        "satisfied": satisfied(document.criteria),
        "manual": _manual(request, code) if stated else (),
        "times": _times(request, code, scope) if stated else None,
        **_comparison(stated, origin),
        **_findings(request, stated, document),
        **_history(request, code, stated),
    }
    return render(request, "web/controls/control.html", context)


def _origin(library_id: str) -> Control | None:
    return next((each for each in catalog().controls if each.id == library_id), None)


def _criteria(document: ControlDocument) -> list[tuple[Criterion, list[str]]]:
    return [
        (
            each,
            [p.label for p in each.points_of_focus if p.id in document.points_of_focus],
        )
        for each in catalog().criteria
        if each.id in document.criteria
    ]


def _policies(document: ControlDocument) -> list[str]:
    titles = {each.id: each.title for each in catalog().policies}
    return [titles.get(name, name) for name in document.policies]


def _comparison(stated: AdoptedDocument | None, origin: Control | None) -> dict[str, Any]:
    """Return what is tailored, and what the library changed since it was taken."""
    if stated is None or stated.taken is None:
        return {"tailored": [], "newer": [], "is_gone": False}
    now = library_document(origin) if origin else stated.taken
    return {
        "tailored": differences(stated.taken, stated.document),
        "newer": differences(stated.taken, now),
        "is_gone": origin is None,
    }


def differences(before: ControlDocument, after: ControlDocument) -> list[Difference]:
    """Return what `after` says differently, field by field."""
    return [
        Difference(LABELS[name], compare(shown_value(before, name), shown_value(after, name)))
        for name in changed_fields(before, after)
    ]


def _results(request: PageRequest, control_id: str) -> list[ControlResults]:
    """Return what the latest examinations say of it, the newest first."""
    if not request.visitor.may("results.view"):
        return []
    kept = examinations(request.visitor.organization).defer(None)[:_EXAMINATIONS]
    streams = streams_by_table()
    return [
        control_results(
            each.results,
            control_id,
            number=each.number,
            kind=each.type,
            first=each.first_day,
            last=each.last_day,
            streams=streams,
        )
        for each in kept
    ]


def _outcomes(request: PageRequest, control_id: str) -> Iterable[OutcomeRecord]:
    """Return what its tests said last, in examinations and in runs of their own."""
    if not request.visitor.may("results.view"):
        return ()
    return outcomes(request.visitor.organization, control=control_id)[:_OUTCOMES]


def satisfied(criteria: Sequence[str]) -> list[tuple[Framework, list[Link]]]:
    """Return what else the criteria serve: by framework, each requirement once, the strongest."""
    found = []
    for crosswalk in catalog().crosswalks:
        links: dict[str, Link] = {}
        order = ("full", "partial", "related")
        for name in criteria:
            for link in satisfies([crosswalk], name):
                held = links.get(link.requirement)
                if held is None or order.index(link.strength) < order.index(held.strength):
                    links[link.requirement] = link
        ids = crosswalk.framework.ids
        found.append(
            (crosswalk.framework, sorted(links.values(), key=lambda it: ids.index(it.requirement)))
        )
    return found


def _findings(
    request: PageRequest, stated: AdoptedDocument | None, document: ControlDocument
) -> dict[str, Any]:
    """Return what the text leaves open: management's own view, which no auditor is shown."""
    if stated is None or stated.retired_on or not request.visitor.may("gap.view"):
        return {"findings": (), "tasks": [], "traces": ()}
    lint = linter(catalog().controls)
    visitor = request.visitor
    analysis = gap_analysis(visitor.organization, catalog=catalog(), at=visitor.at)
    return {
        "findings": lint(document, stated.library_id, bool(stated.owner)),
        "traces": analysis.traces.get(stated.code, ()),
        "tasks": queries.tasks_on(request.visitor.organization, stated.code),
    }


@dataclass(frozen=True, slots=True)
class Times:
    """What became of the times at which it was due, the latest first, and how many of each."""

    period: Period
    standing: Standing
    latest: Sequence[Window]


def _times(request: PageRequest, code: str, scope: ScopeDocument) -> Times | None:
    """Return its times in the period of the scope; None where no calendar decides them."""
    visitor = request.visitor
    control = calendared_control(visitor.organization, code)
    if not visitor.may("calendar.view") or control is None or control.said:
        return None
    today = visitor.at.date()
    period = shown_periods(scope, today=today)[0].period
    year = year_of_control(visitor.organization, control, period, today=today)
    so_far = [each for each in year.windows if each.state is not WindowState.TO_COME]
    return Times(period, standing_of(year, period), so_far[: -_TIMES - 1 : -1])


def _manual(request: PageRequest, code: str) -> Iterable[ManualEvidence]:
    """Return the newest evidence that people brought for it."""
    if not request.visitor.may("evidence.view"):
        return ()
    return manual_rows(request.visitor.organization, control=code)[:_MANUAL]


def _history(request: PageRequest, code: str, stated: AdoptedDocument | None) -> dict[str, Any]:
    if stated is None or not request.visitor.may("trail.view"):
        return {"changes": [], "subject": ""}
    subject = f"control {code}"
    found = changes(request.visitor.organization.log, subject=subject)[:_CHANGES]
    return {"changes": [shown(each) for each in found], "subject": subject}
