"""Acts on the register of risks."""

from collections.abc import Callable
from dataclasses import replace

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.base.grid import read_grid
from reperform.program.actions.risk_import import import_risks
from reperform.program.actions.risks import assess_risk, change_risk, change_scales, make_risk
from reperform.program.queries.risk_import import risk_import
from reperform.program.risks.assessment import Assessment
from reperform.program.risks.risk import Category, RiskFields, RiskState
from reperform.program.risks.scales import Rating, first_scales

Act = Callable[[], object]
FIELDS = RiskFields("Leavers keep access", category=Category.PEOPLE)
JUDGMENT = Assessment(EARLIER.date(), 4, 4, 2, 4, "Accounts end.")


def entered(place: Place) -> None:
    make_risk(organization=place.organization, fields=FIELDS, by="before", at=EARLIER)


def enter(place: Place) -> Act:
    return lambda: make_risk(organization=place.organization, fields=FIELDS, by=BY, at=AT, number=1)


def change(place: Place, fields: RiskFields) -> Act:
    entered(place)
    return lambda: change_risk(
        organization=place.organization, number=1, fields=fields, seen=1, by=BY, at=AT
    )


def judge(place: Place) -> Act:
    entered(place)
    return lambda: assess_risk(
        organization=place.organization,
        number=1,
        assessment=JUDGMENT,
        scales=0,
        seen=1,
        by=BY,
        at=AT,
    )


def decide(place: Place) -> Act:
    scales = replace(first_scales(), appetite=Rating.LOW)
    return lambda: change_scales(
        organization=place.organization, scales=scales, seen=0, by=BY, at=AT
    )


LIST = b"title,category\nLeavers keep access,people\n"


def importing(place: Place) -> Act:
    member = place.member()
    plan = risk_import(place.organization, read_grid(LIST, name="list.csv"), today=AT.date())
    return lambda: import_risks(
        organization=place.organization,
        member=member,
        name="list.csv",
        content=LIST,
        expected=plan.fingerprint,
        by=BY,
        at=AT,
    )


_CLOSED = replace(
    FIELDS, state=RiskState.CLOSED, closed_on=EARLIER.date(), closed_because="It ended."
)
CASES = {
    "program.actions.risks.make_risk": Case(
        enter, ("risk.made",), after={"title": FIELDS.title, "category": "people"}
    ),
    "program.actions.risks.change_risk": Case(
        lambda place: change(place, replace(FIELDS, objective="Trust")),
        ("risk.changed",),
        before={"objective": ""},
        after={"objective": "Trust"},
    ),
    "program.actions.risks.change_risk, closed": Case(
        lambda place: change(place, _CLOSED),
        ("risk.closed",),
        before={"state": "open"},
        after={"state": "closed", "closed_because": "It ended."},
    ),
    "program.actions.risks.assess_risk": Case(
        judge, ("risk.assessed",), after={"residual_likelihood": 2, "scales": 1}
    ),
    "program.actions.risk_import.import_risks": Case(
        importing,
        ("risks.imported",),
        after={"file": "list.csv", "risks": {"1": "enters Leavers keep access"}},
    ),
    "program.actions.risks.change_scales": Case(
        decide, ("risk-scales.changed",), before={"appetite": "moderate"}, after={"appetite": "low"}
    ),
}
NO_ACTS = {
    "program.actions.risks.add_risk": "a part of an action, which records what it adds",
    "program.actions.risks.write_risk": "a part of an action, which records what it writes",
}
