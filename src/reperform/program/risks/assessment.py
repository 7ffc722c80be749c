"""How much a risk matters, as somebody judged on a day with the scales of that day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.risks.scales import Rating, Scales

_SLUG = "risk-assessment"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One judgment.  Levels are counted from 1, of the scales that it names.

    Attributes:
        on: the day on which it was judged.
        inherent_likelihood: without any control.
        inherent_impact: without any control.
        residual_likelihood: with what is done today.
        residual_impact: with what is done today.
        reason: why the residual levels are lower than the inherent ones.
        note: what was looked at, and by whom.
    """

    on: date
    inherent_likelihood: int
    inherent_impact: int
    residual_likelihood: int
    residual_impact: int
    reason: str = ""
    note: str = ""

    def inherent(self, scales: Scales) -> Rating:
        """Return its rating without any control."""
        return scales.rating(self.inherent_likelihood, self.inherent_impact)

    def residual(self, scales: Scales) -> Rating:
        """Return its rating with what is done today."""
        return scales.rating(self.residual_likelihood, self.residual_impact)

    @property
    def is_lowered(self) -> bool:
        """Whether anything is said to lower it."""
        return (self.residual_likelihood, self.residual_impact) != (
            self.inherent_likelihood,
            self.inherent_impact,
        )


FIELDS = tuple(Assessment.__dataclass_fields__)


def read_assessment(
    content: Mapping[str, Any], *, scales: Scales, today: date
) -> tuple[Assessment, list[Problem]]:
    """Return the judgment that `content` says, and what is wrong with it.

    With a problem among them, it is not to be used.

    Args:
        content: by field name of `Assessment`.
        scales: in which it is judged.
        today: nothing was judged after it.
    """
    reader = Reader(content, _SLUG)
    reader.refuse_others(FIELDS, "an assessment")
    levels = {}
    for name in FIELDS[1:5]:
        most = len(scales.likelihood if name.endswith("likelihood") else scales.impact)
        level = reader.number(name, most=most)
        if level is None and not any(each.where == name for each in reader.problems):
            reader.problem(name, "is empty", "choose a level")
        levels[name] = level or 1
    found = Assessment(
        on=reader.day("on", latest=today) or today,
        **levels,
        reason=reader.text("reason"),
        note=reader.text("note"),
    )
    if not reader.problems:
        for name in ("likelihood", "impact"):
            if levels[f"residual_{name}"] > levels[f"inherent_{name}"]:
                todo = "choose the inherent level or a lower one: controls make nothing worse"
                reader.problem(f"residual_{name}", "is above the inherent level", todo)
        if found.is_lowered and not found.reason:
            what = "is empty, and the residual levels are lower"
            todo = "say what lowers it, and how you know"
            reader.problem("reason", what, todo)
    return found, reader.problems


def assessment_content(assessment: Assessment) -> dict[str, Any]:
    """Return a judgment as JSON values, as `read_assessment` reads them."""
    return asdict(assessment) | {"on": assessment.on.isoformat()}
