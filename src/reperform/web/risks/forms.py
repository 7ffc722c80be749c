"""What the forms of the register ask."""

from collections.abc import Sequence

from reperform.accounts.models import Membership
from reperform.program.risks.risk import Category, RiskState, Treatment
from reperform.program.risks.scales import Scales
from reperform.web.asked import Asked, choices_of


def risk_asked(
    members: Sequence[Membership], controls: Sequence[tuple[str, str]], *, is_new: bool
) -> tuple[Asked, ...]:
    """Return what is asked of a risk.

    Args:
        members: who can own or accept it.
        controls: code and title of each adopted control.
        is_new: it is not in the register yet, so it cannot be closed.
    """
    people = (("", "nobody yet"), *((str(each.pk), str(each.user)) for each in members))
    asked = (*_what(people), *_treatment(people, controls), *_NUMBERS)
    if is_new:
        return asked
    return (*asked, *_CLOSING)


def _what(people: tuple[tuple[str, str], ...]) -> tuple[Asked, ...]:
    return (
        Asked(
            "title",
            "What could happen",
            help="A few words, as: A former employee keeps access to customer data.",
            is_needed=True,
            longest=200,
        ),
        Asked(
            "description",
            "Event, cause and consequence",
            kind="text",
            help="What could happen, from what cause, and what would follow.",
        ),
        Asked(
            "objective",
            "What it threatens",
            kind="text",
            help="The objective or the commitment to customers that would be missed.",
        ),
        Asked(
            "category",
            "Category",
            kind="choice",
            choices=choices_of(Category),
            help="Fraud and significant change are asked for by criteria of their own.",
        ),
        Asked("owner", "Owner", kind="choice", choices=people, help="Who answers for it."),
        Asked(
            "cycle_months",
            "Reviewed every so many months",
            kind="number",
            help="12 at most. Empty: 12.",
        ),
    )


def _treatment(
    people: tuple[tuple[str, str], ...], controls: Sequence[tuple[str, str]]
) -> tuple[Asked, ...]:
    return (
        Asked(
            "treatment",
            "What is done about it",
            kind="choice",
            choices=choices_of(Treatment),
            group="Treatment",
        ),
        Asked(
            "treatment_reason",
            "Why that, and what is done",
            kind="text",
            help="Needed as soon as it is decided.",
        ),
        Asked(
            "accepted_by",
            "Accepted by",
            kind="choice",
            choices=people,
            help="Only for a risk that is accepted.",
        ),
        Asked(
            "accepted_until",
            "Accepted until",
            kind="day",
            help="Nothing is accepted for good: after this day somebody decides anew.",
        ),
        Asked(
            "controls",
            "Controls that lower it",
            kind="choices",
            choices=tuple((code, f"{code} {title}") for code, title in controls),
        ),
        Asked(
            "criteria",
            "Criteria",
            longest=1000,
            help="Ids, as CC3.2, CC6.1.",
        ),
    )


_NUMBERS = (
    Asked(
        "frequency_low",
        "Events in 100 years, at least",
        kind="number",
        group="In numbers, if you can",
        help="A range that you would bet nine to one on. Once in 20 years is 5 in 100.",
    ),
    Asked("frequency_high", "Events in 100 years, at most", kind="number"),
    Asked(
        "loss_low",
        "Loss of one event, at least",
        kind="number",
        help="In whole units of your money; nine times of ten it lies in the range.",
    ),
    Asked("loss_high", "Loss of one event, at most", kind="number"),
)
_CLOSING = (
    Asked("state", "State", kind="choice", choices=choices_of(RiskState), group="Closing it"),
    Asked("closed_on", "Closed on", kind="day", help="Empty: today."),
    Asked("closed_because", "Why it does not exist any more", kind="text"),
)


def assessment_asked(scales: Scales) -> tuple[Asked, ...]:
    """Return what is asked of a judgment in these scales."""
    likelihood, impact = (
        (
            ("", "choose"),
            *((str(n), f"{n} {each.name}: {each.meaning}") for n, each in enumerate(levels, 1)),
        )
        for levels in (scales.likelihood, scales.impact)
    )
    return (
        Asked("on", "Judged on", kind="day", help="Empty: today."),
        *(
            Asked(
                f"{which}_{side}",
                f"{side.capitalize()} {label}",
                kind="choice",
                choices=choices,
                is_needed=True,
                help=help_,
            )
            for which, label, help_ in (
                ("inherent", "without controls", "As if nothing were done against it."),
                ("residual", "today", "With what is done today; never above the level without."),
            )
            for side, choices in (("likelihood", likelihood), ("impact", impact))
        ),
        Asked(
            "reason",
            "What lowers it",
            kind="text",
            help="Needed when a level of today is lower: which control does it, and how you know.",
        ),
        Asked("note", "What was looked at", kind="text", help="And with whom."),
    )
