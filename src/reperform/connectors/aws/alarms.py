"""aws/alarms: the alarms of CloudWatch in a region, and whether they tell somebody."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import (
    Asked,
    Page,
    asked_of,
    at_seconds,
    each,
    inside,
    pages,
    texts,
    truth,
)
from reperform.connectors.aws.tables import ALARMS
from reperform.connectors.kept import moment, said, state_covers

TABLES = (ALARMS,)
NEEDS = ("cloudwatch:DescribeAlarms",)
BLIND = (
    "what receives an alarm, and who reads it; whether its threshold is right; alarms that rang "
    "and were over between two collections"
)
_ALARMS = "cloudwatch.DescribeAlarms"
_KINDS = ("MetricAlarms", "CompositeAlarms", "LogAlarms")


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield the alarms of a region."""
    yield account.observed(region)
    yield from account.answers(
        *("cloudwatch", "DescribeAlarms"),
        region=region,
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
    )


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each alarm."""
    asked = asked_of(answers)
    for page in pages(answers, _ALARMS):
        found = inside(page.values, "DescribeAlarmsResult") or page.values
        for kind in _KINDS:
            for alarm in each(found, kind):
                yield _alarm(page, asked, alarm)


def _alarm(page: Page, asked: Asked, alarm: dict[str, Any]) -> Row:
    parts = [said(alarm.get(name)) for name in ("Namespace", "MetricName")]
    since = alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")
    return page.row(
        ALARMS.name,
        said(alarm.get("AlarmArn")),
        **asked.told,
        alarm_uid=said(alarm["AlarmArn"]),
        region=asked.region,
        alarm=said(alarm.get("AlarmName")),
        watches=said(" ".join(filter(None, parts)) or alarm.get("AlarmRule")),
        state=said(alarm.get("StateValue")),
        state_since=moment(since) or at_seconds(since),
        actions=len(texts(alarm, "AlarmActions")),
        is_acting=truth(alarm.get("ActionsEnabled")),
    )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless the alarms were refused."""
    return state_covers(answers, started_at, {ALARMS.name: (_ALARMS,)})
