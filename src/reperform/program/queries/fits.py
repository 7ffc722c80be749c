"""Which tests were confirmed to fit tailored controls."""

from collections.abc import Iterable, Mapping

from reperform.accounts.models import Organization
from reperform.catalog.controls import Control
from reperform.program.controls.fit import Fit
from reperform.program.controls.tested import is_tested_as
from reperform.program.models import AdoptedControl, TestFit


def standing_fits(organization: Organization) -> dict[str, dict[str, Fit]]:
    """Return what was confirmed and not withdrawn: by the control's code, then by test.

    Whether control and test are still as they were, `Fit.outdated` says.
    """
    found: dict[str, dict[str, Fit]] = {}
    rows = TestFit.objects.filter(organization=organization, withdrawn_at=None)
    for row in rows.select_related("control").order_by("control__code", "test"):
        found.setdefault(row.control.code, {})[row.test] = _fit(row)
    return found


def fits_of(
    organization: Organization, controls: Iterable[tuple[AdoptedControl, Control | None]]
) -> dict[str, dict[str, Fit]]:
    """Return `standing_fits`; nothing, without asking, when no control needs a confirmation.

    Args:
        organization: whose they are.
        controls: each with the library's control that it comes from.
    """
    is_needed = any(origin and not is_tested_as(control, origin) for control, origin in controls)
    return standing_fits(organization) if is_needed else {}


def fit_history(organization: Organization, code: str) -> list[TestFit]:
    """Return every confirmation of a control, newest first, the withdrawn ones too."""
    rows = TestFit.objects.filter(organization=organization, control__code=code)
    return list(rows.order_by("-at", "-pk"))


def current_fits(organization: Organization, code: str) -> Mapping[str, Fit]:
    """Return what was confirmed of one control and not withdrawn, by test."""
    return {row.test: _fit(row) for row in fit_history(organization, code) if not row.withdrawn_at}


def _fit(row: TestFit) -> Fit:
    return Fit(
        test=row.test,
        test_sha256=row.test_sha256,
        wording_sha256=row.wording_sha256,
        by=row.by,
        on=row.at.date(),
        reason=row.reason,
    )
