"""When controls are due, as it is planned now, as a file of rows."""

from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.program.actions.calendar import plan_control
from reperform.program.actions.code import Given, Register
from reperform.program.calendar import PlanFields, plan_content, read_plan
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change
from reperform.program.models import ControlPlan

_SLUG = "calendar-field"
KIND = Kind(
    name="calendar",
    path="calendar.yaml",
    key="control",
    fields=tuple(PlanFields.__dataclass_fields__),
    title="when controls are due, where that was planned; from which day on is a record",
    about="""\
When controls are due and who does them, where it was planned; others follow their frequency.

control: its code; first_due_on: the day from which all others follow
opens_days, grace_days: days before and after the due day; on_workdays: of a daily control
owner: e-mail address of a member, when it is not the control's; is_paused: with a reason
A change decides from the day on which it is applied, and nothing that was expected before.""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    rows = ControlPlan.objects.filter(organization=organization, control__retired_on=None)
    latest = {
        row.control.code: row
        for row in rows.select_related("control", "owner__user").order_by("effective_on", "number")
    }
    newest = dict(rows.order_by("number").values_list("control__code", "number"))
    return {code: Standing(_content_of(row), newest[code], row.by) for code, row in latest.items()}


def _content_of(row: ControlPlan) -> dict[str, Any]:
    fields = PlanFields(
        **{name: getattr(row, name) for name in PlanFields.__dataclass_fields__ if name != "owner"}
    )
    return _content(fields, row.owner)


def _content(fields: PlanFields, owner: Membership | None) -> dict[str, Any]:
    """Return what was planned: what nobody decided is left out."""
    content = plan_content(fields) | {"owner": owner.user.email if owner else None}
    usual = plan_content(PlanFields())
    return {name: None if value == usual[name] else value for name, value in content.items()}


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, problems = read_plan({**item.content, "owner": None})
    owner = given.member(item, "owner", problems, slug=_SLUG)
    if not given.knows("controls", item.key):
        todo = "write the code of a control"
        problems.append(Problem("control", f"there is no control {item.key}", todo, _SLUG))
    return _content(fields, owner), problems


def _apply(given: Given, change: Change) -> None:
    fields, _ = read_plan({**change.after, "owner": given.owner_number(change.after)})
    rows = ControlPlan.objects.filter(
        organization=given.organization, control__code=change.item.key
    )
    latest = rows.order_by("-effective_on").values_list("effective_on", flat=True).first()
    newest = rows.order_by("-number").values_list("number", flat=True).first()
    plan_control(
        organization=given.organization,
        code=change.item.key,
        fields=fields,
        effective_on=max(given.today, latest or given.today),
        # A change of the control's frequency in these files keeps a version of its own before.
        seen=newest or 0,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply)
