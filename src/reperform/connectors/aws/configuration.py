"""aws/config: whether AWS Config records a region, and which of its rules are broken."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import (
    Asked,
    asked_of,
    each,
    empty,
    inside,
    number,
    pages,
    truth,
)
from reperform.connectors.aws.tables import CONFIG_RULES, RECORDERS
from reperform.connectors.kept import said, state_covers

TABLES = (RECORDERS, CONFIG_RULES)
NEEDS = (
    "config:DescribeConfigurationRecorders",
    "config:DescribeConfigurationRecorderStatus",
    "config:DescribeComplianceByConfigRule",
)
BLIND = "regions that are not named; which resource breaks a rule; where Config delivers to"
_RECORDERS = "config.DescribeConfigurationRecorders"
_STATUS = "config.DescribeConfigurationRecorderStatus"
_RULES = "config.DescribeComplianceByConfigRule"


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield the recorders of a region, whether they record, and the rules."""
    yield account.observed(region)
    for need in NEEDS:
        yield from account.answers("config", need.partition(":")[2], region=region)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each recorder, or that there is none; and each rule."""
    asked = asked_of(answers)
    yield from _recorders(answers, asked)
    for page in pages(answers, _RULES):
        for rule in each(page.values, "ComplianceByConfigRules"):
            yield page.row(
                CONFIG_RULES.name,
                said(rule.get("ConfigRuleName")),
                **asked.told,
                region=asked.region,
                rule=said(rule["ConfigRuleName"]),
                compliance=said(inside(rule, "Compliance", "ComplianceType")),
                offenders=number(
                    inside(rule, "Compliance", "ComplianceContributorCount", "CappedCount")
                ),
            )


def _recorders(answers: Sequence[Kept], asked: Asked) -> Iterator[Row]:
    states = {
        one.get("name"): one
        for page in pages(answers, _STATUS)
        for one in each(page.values, "ConfigurationRecordersStatus")
    }
    for page in pages(answers, _RECORDERS):
        for one in each(page.values, "ConfigurationRecorders"):
            state = states.get(one.get("name"))
            yield page.row(
                RECORDERS.name,
                said(one.get("name")),
                **asked.told,
                region=asked.region,
                recorder=said(one.get("name")),
                is_recording=truth(inside(state, "recording")),
                is_everything=truth(inside(one, "recordingGroup", "allSupported")),
                status=said(inside(state, "lastStatus")),
                error=said(inside(state, "lastErrorMessage") or inside(state, "lastErrorCode")),
            )
    off = {"is_recording": False, "is_everything": False}
    for page in empty(answers, _RECORDERS, "ConfigurationRecorders"):
        yield page.row(RECORDERS.name, None, **asked.told, region=asked.region, **off)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a refused call leaves the table that it fills without one."""
    needed = {RECORDERS.name: (f"{_RECORDERS} ", f"{_STATUS} "), CONFIG_RULES.name: (_RULES,)}
    return state_covers(answers, started_at, needed)
