"""Confirming that a test of the library fits a tailored control, and withdrawing that."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.catalog.controls import Control
from reperform.ledger.actions import record
from reperform.program.actions.control_keeping import Seen, found_control
from reperform.program.actions.rows import lock
from reperform.program.controls.fit import FitRefusedError, LibraryTest
from reperform.program.controls.tested import is_tested_as, tested_wording, wording_sha256
from reperform.program.models import AdoptedControl, TestFit


@transaction.atomic
def confirm_fit(
    *,
    organization: Organization,
    seen: Seen,
    test: LibraryTest,
    seen_sha256: str,
    origin: Control,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Confirm that a test fits what a control says; an outdated confirmation is replaced.

    Args:
        organization: whose control it is.
        seen: the control and the version whose words were compared with the test.
        test: the test as the library has it now.
        seen_sha256: digest of the test that was compared.
        origin: the library's control that the test is written for.
        reason: why it fits, not empty.
        by: who confirms.
        at: when.

    Raises:
        ControlMissingError, ControlRetiredError: there is no such control, or no more.
        StaleVersionError: somebody changed it in the meantime.
        FitRefusedError: there is nothing to confirm, or it would be wrong.
    """
    lock(organization)
    control = found_control(organization, seen)
    _refuse(control, test, origin, seen_sha256)
    digest = wording_sha256(control)
    before = _standing(control, test.id)
    if before and (before.test_sha256, before.wording_sha256) == (test.sha256, digest):
        what = f"{before.by} confirmed it already, on {before.at:%Y-%m-%d}"
        raise FitRefusedError(control.code, test.id, what, todo="withdraw that one first")
    if before:
        _withdraw(before, by=by, at=at, reason="Confirmed anew.")
    made = TestFit.objects.create(
        organization=organization,
        control=control,
        test=test.id,
        test_sha256=test.sha256,
        control_version=control.version,
        wording=tested_wording(control),
        wording_sha256=digest,
        reason=reason,
        by=by,
        at=at,
    )
    record(
        log=organization.log,
        act="fit.confirmed",
        by=by,
        at=at,
        subject=f"control {control.code}",
        before=_facts(before) if before else None,
        after=_facts(made),
    )


@transaction.atomic
def withdraw_fit(
    *, organization: Organization, code: str, test: str, reason: str, by: str, at: datetime
) -> None:
    """Withdraw a confirmation for a reason; it stays readable.

    Raises:
        FitRefusedError: there is none.
    """
    lock(organization)
    control = AdoptedControl.objects.filter(organization=organization, code=code).first()
    standing = _standing(control, test) if control else None
    if standing is None:
        what, todo = "no confirmation stands", "look at the control as it is now"
        raise FitRefusedError(code[:40], test[:40], what, todo=todo)
    before = _facts(standing)
    _withdraw(standing, by=by, at=at, reason=reason)
    record(
        log=organization.log,
        act="fit.withdrawn",
        by=by,
        at=at,
        subject=f"control {code}",
        before=before,
        after={"test": test, "withdrawn_because": reason},
    )


def _standing(control: AdoptedControl, test: str) -> TestFit | None:
    return TestFit.objects.filter(control=control, test=test, withdrawn_at=None).first()


def _withdraw(fit: TestFit, *, by: str, at: datetime, reason: str) -> None:
    fit.withdrawn_by, fit.withdrawn_at, fit.withdrawn_because = by, at, reason
    fit.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])


def _facts(fit: TestFit) -> dict[str, object]:
    return {
        "test": fit.test,
        "test_sha256": fit.test_sha256,
        "control_version": fit.control_version,
        "wording_sha256": fit.wording_sha256,
        "reason": fit.reason,
    }


def _refuse(control: AdoptedControl, test: LibraryTest, origin: Control, seen_sha256: str) -> None:
    what = ""
    if test.control != control.library_id or origin.id != control.library_id:
        what, todo = "it is no test of this control", "choose one of its tests"
    elif test.sha256 != seen_sha256:
        what, todo = "the test is another one by now", "read it as it is now, and compare again"
    elif is_tested_as(control, origin):
        what = "the control says what the library says, for which its tests are written"
        todo = "nothing: they count"
    elif test.frequency and test.frequency != control.frequency:
        what = (
            f"the test expects {test.frequency} operation, and the control is {control.frequency}"
        )
        todo = "have the auditor test it by hand, or give the control the test's frequency"
    if what:
        raise FitRefusedError(control.code, test.id, what, todo=todo)
