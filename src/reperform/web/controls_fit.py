"""Confirming that a test of the library fits a tailored control."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.text_difference import Line, compare
from reperform.catalog.controls import Control
from reperform.program import queries
from reperform.program.actions.control_keeping import Seen
from reperform.program.actions.fits import confirm_fit, withdraw_fit
from reperform.program.controls.document import AdoptedDocument
from reperform.program.controls.reading import read_reason
from reperform.program.controls.tested import is_tested_as, tested_wording, wording_sha256
from reperform.program.queries.fits import current_fits, fit_history
from reperform.program.stale import StaleVersionError
from reperform.testing.installed import installed_tests, library_test
from reperform.testing.procedure import Procedure
from reperform.web.controls_forms import seen_version
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page


@dataclass(frozen=True, slots=True)
class FitStanding:
    """One test beside a tailored control.

    Attributes:
        test: the test.
        confirmed: who confirmed, when and why; empty while nobody did.
        outdated: what changed since; empty while the confirmation stands.
    """

    test: Procedure
    confirmed: str
    outdated: str


def fit_standings(
    stated: AdoptedDocument, origin: Control | None, request: PageRequest
) -> list[FitStanding]:
    """Return how each test of the library stands to a tailored control; none for any other."""
    if origin is None or stated.retired_on or is_tested_as(stated.document, origin):
        return []
    fits = current_fits(request.visitor.organization, stated.code)
    digest = wording_sha256(stated.document)
    found = []
    for test in _tests(origin):
        fit = fits.get(test.id)
        said = f"{fit.by} confirmed on {fit.on} that it fits: {fit.reason}" if fit else ""
        outdated = fit.outdated(test_sha256=test.sha256, wording_sha256=digest) if fit else ""
        found.append(FitStanding(test, said, outdated))
    return found


def _tests(origin: Control) -> tuple[Procedure, ...]:
    tests = installed_tests().get(origin.id)
    return tests.automatic if tests else ()


@page("controls.view", post="controls.confirm")
def fit(request: PageRequest, code: str, test_id: str) -> HttpResponse:
    """Show a test beside the control's words; confirm that it fits them, or withdraw that."""
    stated, origin, test = _found(request, code, test_id)
    problems: list[Problem] = []
    refusal: RefusalError | None = None
    if request.method == "POST":
        reason = read_reason(request.POST.get("reason"), problems=problems)
        if not problems:
            try:
                _act(request, code, test_id, origin=origin, reason=reason)
            except RefusalError as refused:
                refusal = refused
            else:
                done = "withdrawn" if "withdraw" in request.POST else "confirmed"
                messages.success(request, f"{test_id}: {done}.")
                slug = request.visitor.organization.slug
                return redirect("control", organization=slug, code=code)
    standings = fit_standings(stated, origin, request)
    history = fit_history(request.visitor.organization, code)
    context = {
        "stated": stated,
        "origin": origin,
        "test": test,
        "standing": next((each for each in standings if each.test.id == test_id), None),
        "cannot": bool(test.occurrences) and test.occurrences != stated.document.frequency,
        "differences": _differences(stated, origin),
        "history": [row for row in history if row.test == test_id],
        "wording_sha256": wording_sha256(stated.document),
        "problems": problems,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
    }
    status = 409 if isinstance(refusal, StaleVersionError) else 422 if problems or refusal else 200
    return render(request, "web/controls/fit.html", context, status=status)


def _found(
    request: PageRequest, code: str, test_id: str
) -> tuple[AdoptedDocument, Control, Procedure]:
    stated = queries.stated_control(request.visitor.organization, code)
    if stated is None or stated.retired_on:
        raise Http404
    for origin in catalog().controls:
        for test in _tests(origin) if origin.id == stated.library_id else ():
            if test.id == test_id:
                return stated, origin, test
    raise Http404


def _act(request: PageRequest, code: str, test_id: str, *, origin: Control, reason: str) -> None:
    visitor, test = request.visitor, library_test(test_id)
    if test is None:
        raise Http404
    if "withdraw" in request.POST:
        withdraw_fit(
            organization=visitor.organization,
            code=code,
            test=test_id,
            reason=reason,
            by=visitor.name,
            at=visitor.at,
        )
        return
    confirm_fit(
        organization=visitor.organization,
        seen=Seen(code, seen_version(request.POST)),
        test=test,
        seen_sha256=request.POST.get("test_sha256", ""),
        origin=origin,
        reason=reason,
        by=visitor.name,
        at=visitor.at,
    )


def _differences(stated: AdoptedDocument, origin: Control) -> list[tuple[str, list[Line]]]:
    """Return what a test must fit, beside what it is written for."""
    library, own = tested_wording(origin), tested_wording(stated.document)
    return [(name.capitalize(), compare(library[name], own[name])) for name in own]
