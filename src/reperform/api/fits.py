"""Confirmations that tests of the library fit tailored controls, for programs."""

from typing import Annotated

from django.http import Http404
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Refused
from reperform.api.control_shapes import Version
from reperform.base.problem import Problem
from reperform.catalog.controls import Control
from reperform.catalog.installed import catalog
from reperform.program import queries
from reperform.program.actions.control_keeping import Seen
from reperform.program.actions.fits import confirm_fit, withdraw_fit
from reperform.program.controls.document import AdoptedDocument
from reperform.program.controls.fit import Fit
from reperform.program.controls.reading import read_reason
from reperform.program.controls.tested import is_tested_as, wording_sha256
from reperform.program.queries.fits import current_fits
from reperform.testing.installed import ControlTests, installed_tests, library_test

router = Router()


class FitOut(Schema):
    """One test beside a control; `state` is needless, open, confirmed or outdated.

    `needless` is a test of a control that says what the library says: it counts.
    """

    test: str
    title: str
    test_sha256: str
    wording_sha256: str
    state: str
    changed: str
    by: str
    on: str
    reason: str


class FitIn(Schema):
    """A test that fits: `seen` and `test_sha256` are the control and the test as compared."""

    test: Annotated[str, Field(max_length=40)]
    test_sha256: Annotated[str, Field(max_length=64)]
    seen: Version
    reason: str


class FitWithdrawal(Schema):
    """Why a confirmation is withdrawn."""

    reason: str


@router.get("/{str:code}/fits", response=list[FitOut], auth=takes("controls.view"))
def list_fits(request: ApiRequest, code: str) -> list[FitOut]:
    """Return each test of a control, and whether somebody confirmed that it fits its wording."""
    return _fits(request, code)


@router.post(
    "/{str:code}/fits",
    response={201: list[FitOut], 409: Refused, 422: Refused},
    auth=takes("controls.confirm"),
)
def confirm_that_a_test_fits(request: ApiRequest, code: str, body: FitIn) -> Status[list[FitOut]]:
    """Confirm that a test fits a tailored control, for a reason."""
    stated, origin = _found(request, code)
    test = library_test(body.test)
    problems: list[Problem] = []
    if origin is None or test is None:
        what, todo = "is no test of this control", "name one of its tests"
        problems.append(Problem("test", what, todo, "control-field"))
    reason = read_reason(body.reason, problems=problems)
    if problems or origin is None or test is None:
        raise ContentRefusedError(problems)
    confirm_fit(
        organization=request.auth.organization,
        seen=Seen(stated.code, body.seen),
        test=test,
        seen_sha256=body.test_sha256,
        origin=origin,
        reason=reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _fits(request, code))


@router.post(
    "/{str:code}/fits/{str:test_id}/withdrawal",
    response={200: list[FitOut], 422: Refused},
    auth=takes("controls.confirm"),
)
def withdraw_a_fit(
    request: ApiRequest, code: str, test_id: str, body: FitWithdrawal
) -> list[FitOut]:
    """Withdraw a confirmation, for a reason."""
    _found(request, code)
    problems: list[Problem] = []
    reason = read_reason(body.reason, problems=problems)
    if problems:
        raise ContentRefusedError(problems)
    withdraw_fit(
        organization=request.auth.organization,
        code=code,
        test=test_id,
        reason=reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _fits(request, code)


def _found(request: ApiRequest, code: str) -> tuple[AdoptedDocument, Control | None]:
    stated = queries.stated_control(request.auth.organization, code)
    if stated is None:
        raise Http404
    return stated, next((c for c in catalog().controls if c.id == stated.library_id), None)


def _fits(request: ApiRequest, code: str) -> list[FitOut]:
    stated, origin = _found(request, code)
    if origin is None:
        return []
    fits = current_fits(request.auth.organization, code)
    digest = wording_sha256(stated.document)
    is_needless = is_tested_as(stated.document, origin)
    found = []
    for test in installed_tests().get(origin.id, ControlTests()).automatic:
        fit = fits.get(test.id)
        changed = fit.outdated(test_sha256=test.sha256, wording_sha256=digest) if fit else ""
        found.append(
            FitOut(
                test=test.id,
                title=test.title,
                test_sha256=test.sha256,
                wording_sha256=digest,
                state="needless" if is_needless else _state(fit, changed),
                changed=changed,
                by=fit.by if fit else "",
                on=str(fit.on) if fit else "",
                reason=fit.reason if fit else "",
            )
        )
    return found


def _state(fit: Fit | None, changed: str) -> str:
    return "open" if fit is None else "outdated" if changed else "confirmed"
