"""One risk as a value: what somebody writes of it, and what is wrong with that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.catalog.criteria import CRITERION_IDS

MOST_MONTHS = 12
"""A risk is looked at once a year at least."""
_SLUG = "risk-field"


class Category(StrEnum):
    """What a risk is about.  Fraud and change have criteria of their own: CC3.3 and CC3.4."""

    SECURITY = "security"
    AVAILABILITY = "availability"
    PROCESSING = "processing integrity"
    CONFIDENTIALITY = "confidentiality"
    PRIVACY = "privacy"
    FRAUD = "fraud"
    CHANGE = "significant change"
    VENDOR = "vendors and partners"
    PEOPLE = "people"
    COMPLIANCE = "law and contracts"
    FINANCE = "finance"


class Treatment(StrEnum):
    """What is done about a risk."""

    UNDECIDED = "not decided"
    MITIGATE = "mitigate"
    ACCEPT = "accept"
    TRANSFER = "transfer"
    AVOID = "avoid"


class RiskState(StrEnum):
    """Whether it still exists."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RiskFields:
    """What somebody writes of a risk; how much it matters is an assessment.

    Attributes:
        title: a few words.
        description: what could happen, from what cause, with what consequence.
        objective: the objective or commitment that it threatens.
        category: see `Category`.
        owner: number of the member who answers for it; None while nobody does.
        treatment: see `Treatment`.
        treatment_reason: why that, and what is done.
        accepted_by: number of the member who accepted it; None for nobody.
        accepted_until: the day until which it is accepted.
        controls: codes of the adopted controls that lower it.
        criteria: criteria that it has to do with.
        cycle_months: it is reviewed at least every so many months.
        frequency_low: events in 100 years, the low end of a range that holds in 9 of 10 cases.
        frequency_high: its high end.
        loss_low: loss of one event in whole units of money, the low end of such a range.
        loss_high: its high end.
        state: see `RiskState`.
        closed_on: the day on which it was closed.
        closed_because: why it does not exist any more.
    """

    title: str
    description: str = ""
    objective: str = ""
    category: Category = Category.SECURITY
    owner: int | None = None
    treatment: Treatment = Treatment.UNDECIDED
    treatment_reason: str = ""
    accepted_by: int | None = None
    accepted_until: date | None = None
    controls: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    cycle_months: int = MOST_MONTHS
    frequency_low: int | None = None
    frequency_high: int | None = None
    loss_low: int | None = None
    loss_high: int | None = None
    state: RiskState = RiskState.OPEN
    closed_on: date | None = None
    closed_because: str = ""


FIELDS = tuple(RiskFields.__dataclass_fields__)


def read_risk(
    content: Mapping[str, Any], *, today: date, controls: Collection[str] = ()
) -> tuple[RiskFields, list[Problem]]:
    """Return the risk that `content` says, and what is wrong with its fields.

    Whether owner and accepter are members is asked when it is kept.

    Args:
        content: by field name of `RiskFields`.
        today: nothing is closed after it.
        controls: codes of the adopted controls; with none, none can be named.
    """
    reader = Reader(content, _SLUG)
    reader.refuse_others(FIELDS, "a risk")
    state = reader.choice("state", RiskState, RiskState.OPEN)
    is_closed = state is RiskState.CLOSED
    fields = RiskFields(
        title=reader.line("title", needed="say in a few words what could happen", longest=200),
        description=reader.text("description"),
        objective=reader.text("objective"),
        category=reader.choice("category", Category, Category.SECURITY),
        owner=reader.number("owner"),
        treatment=reader.choice("treatment", Treatment, Treatment.UNDECIDED),
        treatment_reason=reader.text("treatment_reason"),
        accepted_by=reader.number("accepted_by"),
        accepted_until=reader.day("accepted_until"),
        controls=_controls(reader, controls),
        criteria=tuple(sorted(reader.words("criteria", CRITERION_IDS), key=CRITERION_IDS.index)),
        cycle_months=reader.number("cycle_months", most=MOST_MONTHS) or MOST_MONTHS,
        frequency_low=reader.number("frequency_low", most=1_000_000),
        frequency_high=reader.number("frequency_high", most=1_000_000),
        loss_low=reader.number("loss_low", most=10**9),
        loss_high=reader.number("loss_high", most=10**9),
        state=state,
        closed_on=(reader.day("closed_on", latest=today) or today) if is_closed else None,
        closed_because=reader.text("closed_because") if is_closed else "",
    )
    return fields, [*reader.problems, *_contradictions(fields)]


def _controls(reader: Reader, known: Collection[str]) -> tuple[str, ...]:
    said = reader.words("controls")
    unknown = [code for code in said if code not in known]
    if unknown:
        todo = "name a control that is adopted, or adopt it first"
        reader.problem("controls", f"{unknown[0][:40]} is no adopted control", todo)
        return ()
    return tuple(sorted(said))


def _contradictions(fields: RiskFields) -> list[Problem]:
    found = []
    if fields.treatment is Treatment.ACCEPT:
        if fields.accepted_by is None:
            found.append(_problem("accepted_by", "is empty", "name who accepts the risk"))
        if fields.accepted_until is None:
            todo = "name the day until which it is accepted: nothing is accepted for good"
            found.append(_problem("accepted_until", "is empty", todo))
    elif fields.accepted_by is not None or fields.accepted_until is not None:
        todo = "choose the treatment accept, or leave out who accepted it and until when"
        found.append(_problem("treatment", f"is {fields.treatment}, and it is accepted", todo))
    if fields.treatment is not Treatment.UNDECIDED and not fields.treatment_reason:
        todo = "say what is done and why that: an auditor will ask"
        found.append(_problem("treatment_reason", "is empty", todo))
    if fields.state is RiskState.CLOSED and not fields.closed_because:
        found.append(_problem("closed_because", "is empty", "say why it does not exist any more"))
    for name in ("frequency", "loss"):
        low, high = getattr(fields, f"{name}_low"), getattr(fields, f"{name}_high")
        if (low is None) != (high is None):
            lacking = f"{name}_low" if low is None else f"{name}_high"
            found.append(_problem(lacking, "is empty", "give both ends of the range, or none"))
        elif low is not None and low >= high:
            found.append(_problem(f"{name}_high", "is not above the low end", "widen the range"))
    return found


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, _SLUG)


def risk_content(fields: RiskFields) -> dict[str, Any]:
    """Return a risk as JSON values, as `read_risk` reads them."""
    return {name: _plain(getattr(fields, name)) for name in FIELDS}


def _plain(value: object) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
