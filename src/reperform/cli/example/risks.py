"""The example's register of risks: entered, judged through the year, accepted and closed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.risks import assess_risk, change_risk, change_scales, make_risk
from reperform.program.models import Risk
from reperform.program.queries import adopted_titles
from reperform.program.queries.risks import current_scales, fields_of
from reperform.program.risks.assessment import read_assessment
from reperform.program.risks.risk import read_risk, risk_content

_FILE = "risks.yaml"
_LEVELS = ("likelihood", "impact")
_NOT_OF_THE_RISK = ("at", "by", "judged", "changed", "numbers")
Do = Callable[[Organization], None]


def acts(folder: Path) -> Iterator[Act]:
    """Yield each risk as it was entered, every judgment, and what changed."""
    told = read_yaml(folder, _FILE)
    by = told["by"]
    for risk in told["risks"]:
        yield Act(moment(risk["at"]), _entering(risk, by))
        for judged in risk.get("judged", ()):
            yield Act(moment(judged["at"]), _judging(risk["title"], judged, by))
        for changed in risk.get("changed", ()):
            yield Act(moment(changed["at"]), _changing(risk["title"], changed))
    yield Act(moment(told["scales"]["at"]), _deciding(told["scales"]))


def _entering(told: Mapping[str, Any], by: str) -> Do:
    at = moment(told["at"])

    def do(organization: Organization) -> None:
        content = {name: value for name, value in told.items() if name not in _NOT_OF_THE_RISK}
        for name in ("owner", "accepted_by"):
            if name in content:
                content[name] = member(organization, content[name]).pk
        for name, ends in told.get("numbers", {}).items():
            content[f"{name}_low"], content[f"{name}_high"] = ends
        known = adopted_titles(organization)
        fields, problems = read_risk(content, today=at.date(), controls=known)
        assert not problems, problems  # noqa: S101 - our own files; a test reads every one
        make_risk(organization=organization, fields=fields, by=by, at=at)

    return do


def _judging(title: str, told: Mapping[str, Any], by: str) -> Do:
    at = moment(told["at"])

    def do(organization: Organization) -> None:
        risk = _risk(organization, title)
        now = current_scales(organization)
        content = {"on": at.date(), **{name: told.get(name, "") for name in ("reason", "note")}}
        for which, said in (("inherent", "without"), ("residual", "today")):
            for name, level in zip(_LEVELS, told[said], strict=True):
                content[f"{which}_{name}"] = level
        assessment, problems = read_assessment(
            content,
            scales=now.scales,
            today=at.date(),
        )
        assert not problems, problems  # noqa: S101 - as above
        assess_risk(
            organization=organization,
            number=risk.number,
            assessment=assessment,
            scales=now.number,
            seen=risk.version,
            by=by,
            at=at,
        )

    return do


def _changing(title: str, told: Mapping[str, Any]) -> Do:
    at = moment(told["at"])

    def do(organization: Organization) -> None:
        risk = _risk(organization, title)
        content = risk_content(fields_of(risk)) | told["set"]
        fields, problems = read_risk(content, today=at.date(), controls=risk.controls)
        assert not problems, problems  # noqa: S101 - as above
        change_risk(
            organization=organization,
            number=risk.number,
            fields=fields,
            seen=risk.version,
            by=told["by"],
            at=at,
        )

    return do


def _deciding(told: Mapping[str, Any]) -> Do:
    """Return the act that keeps every level and says anew what a loss of each is."""

    def do(organization: Organization) -> None:
        now = current_scales(organization)
        impact = tuple(
            replace(level, loss_from=first, loss_to=last)
            for level, (first, last) in zip(now.scales.impact, told["losses"], strict=True)
        )
        change_scales(
            organization=organization,
            scales=replace(now.scales, impact=impact),
            seen=now.number,
            by=told["by"],
            at=moment(told["at"]),
        )

    return do


def _risk(organization: Organization, title: str) -> Risk:
    return Risk.objects.get(organization=organization, title=title)
