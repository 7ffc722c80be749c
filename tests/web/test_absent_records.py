"""What nobody entered never looks kept: a register without rows speaks well of nothing."""

from datetime import UTC, date, datetime

import pytest

from grown.policies import grow_policies
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.catalog.installed import catalog
from reperform.program.gap.controls import Adopted
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import Incident
from reperform.program.queries.traces import traces
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.scope.document import ScopeDocument
from web.conftest import AT

TODAY = date(2026, 8, 1)
SCOPE = ScopeDocument(type=2, first=date(2025, 8, 1), last=date(2026, 7, 31))


def said(organization: Organization, register: str = "", **controls: Adopted) -> list[Trace]:
    asked = TracesAsked(organization, TODAY, SCOPE, controls)
    return [each for each in traces(asked) if register in ("", each.register)]


def test_registers_that_nobody_used_keep_nothing(larkspur: Organization) -> None:
    """Each lacks, or was not checked; and every register is asked."""
    found = said(larkspur)

    assert len(found) >= 4
    assert not [each for each in found if each.state is TraceState.KEPT]


@pytest.mark.parametrize("state", ["exercise", "false alarm"])
def test_an_exercise_or_a_false_alarm_is_no_statement_that_there_was_no_incident(
    state: str, larkspur: Organization
) -> None:
    """CC7.3 rests on what somebody stated, and nobody did."""
    Incident.objects.create(
        organization=larkspur,
        number=1,
        title="Ransomware on paper",
        what="Played through.",
        is_exercise=state == "exercise",
        state="closed" if state == "exercise" else state,
        closed_at=AT,
        on=date(2026, 3, 1),
        reported_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        changed_by="test",
        changed_at=AT,
    )

    (trace,) = [each for each in said(larkspur, "Incidents") if "CC7.3" in each.criteria]
    assert trace.state is TraceState.NOT_CHECKED


def owners(organization: Organization) -> list[Membership]:
    return [
        Membership.objects.create(
            user=User.objects.create(email=f"{name}@larkspur.example", date_joined=AT),
            organization=organization,
            role=Role.CONTROL_OWNER.value,
            since=AT,
        )
        for name in ("ada", "ben")
    ]


def a_control_on(policy: str) -> Adopted:
    """Return a control of the library that rests on a policy, as it is adopted."""
    control = next(each for each in catalog().controls if policy in each.policies)
    day = date(2025, 1, 1)
    return Adopted(control, control.id, True, "Ada", None, day, day)  # noqa: FBT003 - as the library says it


def test_a_missing_policy_lacks_only_once_there_are_policies(larkspur: Organization) -> None:
    """Nobody who has made no policy yet has left out this one."""
    control = a_control_on("change-management")

    before = said(larkspur, "Policies", **{control.library_id: control})
    assert {each.state for each in before} == {TraceState.NOT_CHECKED}
    assert all("No policy was made yet" in each.said for each in before)

    grow_policies(larkspur, owners(larkspur), 1, AT)

    after = said(larkspur, "Policies", **{control.library_id: control})
    assert TraceState.LACKING in [each.state for each in after if "change-man" in each.said]


def test_a_policy_that_asks_nobody_because_nobody_is_entered_is_not_kept(
    larkspur: Organization,
) -> None:
    """Accepted by none of none is not accepted by all."""
    control = a_control_on("access-control")
    grow_policies(larkspur, owners(larkspur), 1, AT)

    found = said(larkspur, "Policies", **{control.library_id: control})

    (trace,) = [each for each in found if each.key == "access-control"]
    assert trace.state is TraceState.NOT_CHECKED
    assert "has nobody whom it asks" in trace.said
