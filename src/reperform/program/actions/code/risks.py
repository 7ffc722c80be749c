"""The register of risks as a file of rows, and its scales as another; judgments are records."""

from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.code import Given, Register
from reperform.program.actions.risks import change_risk, change_scales, make_risk
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change
from reperform.program.models import Risk
from reperform.program.queries.risks import current_scales, fields_of, risk_rows
from reperform.program.risks.risk import FIELDS, RiskFields, RiskState, read_risk, risk_content
from reperform.program.risks.scales import Scales, read_scales, scales_content

_SLUG = "risk-field"
_PEOPLE = ("owner", "accepted_by")
SCALES_KIND = Kind(
    name="risk-scales",
    path="risk-scales.yaml",
    fields=tuple(Scales.__dataclass_fields__),
    title="the scales by which risks are judged",
    about="""\
The scales by which risks are judged; judgments keep those that they were made with.

likelihood, impact: levels from the least; the matrix has a row for each likelihood
appetite: the highest rating that needs nobody's acceptance""",
)
KIND = Kind(
    name="risks",
    path="risks.yaml",
    key="number",
    fields=FIELDS,
    title="the register of risks, closed ones too; how each was judged is a record",
    about="""\
The register of risks: what could keep you from an objective, and what is done about it.

owner, accepted_by: e-mail addresses of members; controls: codes; cycle_months: between reviews
frequency: events in 100 years, loss: of one event; low and high end of a range for 9 of 10 cases
To close one, write: state: closed, with closed_on and closed_because""",
)


def _scales(organization: Organization) -> dict[str, Standing]:
    current = current_scales(organization)
    if current.row is None:
        return {}
    content = scales_content(current.scales)
    return {SCALES_KIND.name: Standing(content, current.number, current.by)}


def _read_scales(given: Given, item: Item) -> tuple[Content, list[Problem]]:  # noqa: ARG001 - as every register's
    scales, problems = read_scales(item.content)
    return {} if problems else scales_content(scales), problems


def _apply_scales(given: Given, change: Change) -> None:
    scales, _ = read_scales(change.after)
    change_scales(
        organization=given.organization,
        scales=scales,
        seen=change.before.version if change.before else 0,
        by=given.by,
        at=given.at,
    )


def _standing(organization: Organization) -> dict[str, Standing]:
    return {
        str(row.number): Standing(_content_of(row), row.version, row.changed_by)
        for row in risk_rows(organization)
    }


def _content_of(row: Risk) -> dict[str, Any]:
    people = {
        "owner": row.owner.user.email if row.owner else None,
        "accepted_by": row.accepted_by.user.email if row.accepted_by else None,
    }
    return risk_content(fields_of(row)) | people


def _fields(given: Given, content: Content) -> tuple[RiskFields, list[Problem]]:
    numbers = {name: given.member_number(content.get(name)) for name in _PEOPLE}
    codes = {item.key for item in given.program.items.values() if item.kind.name == "controls"}
    known = codes | set(given.stands["controls"])
    return read_risk({**content, **numbers}, today=given.today, controls=known)


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, problems = _fields(given, item.content)
    people = {name: given.member(item, name, problems, slug=_SLUG) for name in _PEOPLE}
    if fields.state is RiskState.CLOSED and not item.content.get("closed_on"):
        todo = "write the day on which it was closed"
        problems.append(Problem("closed_on", "is empty", todo, _SLUG))
    emails = {name: member.user.email if member else None for name, member in people.items()}
    return risk_content(fields) | emails, problems


def _apply(given: Given, change: Change) -> None:
    fields, _ = _fields(given, change.after)
    number = int(change.item.key)
    if change.before is None:
        make_risk(
            organization=given.organization, fields=fields, by=given.by, at=given.at, number=number
        )
        return
    change_risk(
        organization=given.organization,
        number=number,
        fields=fields,
        seen=change.before.version,
        by=given.by,
        at=given.at,
    )


SCALES = Register(SCALES_KIND, _scales, _read_scales, _apply_scales)
REGISTER = Register(KIND, _standing, _read, _apply)
