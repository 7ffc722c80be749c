"""By when what was found must be put right, for programs."""

from ninja import Schema
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Refused
from reperform.api.notices.register import router
from reperform.noticing.actions.remediation import set_remediation_days
from reperform.noticing.models import RemediationDays
from reperform.noticing.queries.late import days_of, remediation_row
from reperform.noticing.remediation import Days, days_content, read_days


class RemediationDaysIn(Schema):
    """Days by severity, and for a test that deviates; null: not decided.

    `seen` is the version that it changes, 0 for none.
    """

    critical: int | None = None
    high: int | None = None
    medium: int | None = None
    low: int | None = None
    deviation: int | None = None
    seen: int = Field(ge=0, le=1_000_000_000)


class RemediationDaysOut(Schema):
    """The days as they stand; version 0 stands for nothing decided."""

    critical: int | None
    high: int | None
    medium: int | None
    low: int | None
    deviation: int | None
    version: int

    @staticmethod
    def of(row: RemediationDays | None) -> "RemediationDaysOut":
        """Return the days as an answer."""
        content = days_content(days_of(row) if row else Days())
        return RemediationDaysOut(**content, version=row.version if row else 0)


@router.get("/remediation", response=RemediationDaysOut, auth=takes("notices.view"))
def read_remediation(request: ApiRequest) -> RemediationDaysOut:
    """Return by when what was found must be put right."""
    return RemediationDaysOut.of(remediation_row(request.auth.organization))


@router.put(
    "/remediation",
    response={200: RemediationDaysOut, 409: Refused, 422: Refused},
    auth=takes("notices.edit"),
)
def decide_remediation(request: ApiRequest, body: RemediationDaysIn) -> RemediationDaysOut:
    """Decide the days; what is past them is noticed as late at the next look."""
    days, problems = read_days(body.dict(exclude={"seen"}))
    if problems:
        raise ContentRefusedError(problems)
    kept = set_remediation_days(
        organization=request.auth.organization,
        days=days,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return RemediationDaysOut.of(kept)
