"""What is open for longer than the days that the organization set for its remediation."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from reperform.accounts.models import Organization
from reperform.audit.queries import latest_examination
from reperform.ledger.models import Change
from reperform.noticing.drift import deviating
from reperform.noticing.models import RemediationDays
from reperform.noticing.notice import Kind, Noticed, Topic
from reperform.noticing.queries.drift import outlines_until, owners_of_controls
from reperform.noticing.queries.tables import newest_rows
from reperform.noticing.remediation import SEVERITIES, Days, days_content
from reperform.program.models import RemediationTask

_OLDEST = """
SELECT coalesce(cve, finding_uid, title, 'one without a name'), resource, found_at FROM newest
WHERE status = 'open' AND severity = $severity AND found_at < $before
ORDER BY found_at, 1, 2 LIMIT 1
"""
_MADE = re.compile(r"tasks? (\d+)(?: to (\d+))?", re.ASCII)


def remediation_days(organization: Organization) -> Days:
    """Return the days that the organization set; none where it decided nothing."""
    row = remediation_row(organization)
    return days_of(row) if row else Days()


def remediation_row(organization: Organization) -> RemediationDays | None:
    """Return the decision about the days; None where there is none."""
    return RemediationDays.objects.filter(organization=organization).first()


def days_of(row: RemediationDays) -> Days:
    """Return the days that a row holds."""
    return Days(**{name: getattr(row, name) for name in days_content(Days())})


def late(organization: Organization, at: datetime) -> Iterator[Noticed]:
    """Yield what is past its days: vulnerabilities by severity, tasks by risk, deviations."""
    days = remediation_days(organization)
    yield from _vulnerabilities(organization, days, at)
    yield from _tasks(organization, days, at)
    yield from _deviations(organization, days, at)


def _vulnerabilities(organization: Organization, days: Days, at: datetime) -> Iterator[Noticed]:
    """Yield one notice for each connection and severity: single ones come and go."""
    for severity in SEVERITIES:
        allowed = days.of(severity)
        if allowed is None:
            continue
        said = {"severity": severity, "before": (at - timedelta(days=allowed)).replace(tzinfo=None)}
        found = newest_rows(organization, "population.vulnerabilities", _OLDEST, **said)
        for (number, title), rows in found:
            for name, resource, found_at in rows:
                since = found_at.replace(tzinfo=UTC) + timedelta(days=allowed)
                where = f" on {resource}" if resource else ""
                yield Noticed(
                    kind=Kind.LATE,
                    topic=Topic.CONNECTIONS,
                    subject=f"CON-{number} {severity}",
                    title=title,
                    since=since,
                    text=f"{severity} vulnerabilities are open for more than {_said(allowed)}; the"
                    f" oldest is {name}{where}, found on {found_at:%Y-%m-%d}"[:600],
                    todo="fix or dismiss them with a reason; an auditor reads both",
                    page="connection",
                    key=str(number),
                    is_gathered=True,
                )


def _tasks(organization: Organization, days: Days, at: datetime) -> Iterator[Noticed]:
    risks = [each for each in ("high", "medium", "low") if days.of(each) is not None]
    rows = RemediationTask.objects.filter(organization=organization, state="open", risk__in=risks)
    columns = ("number", "title", "risk", "owner")
    opened = list(rows.order_by("number").values_list(*columns)) if risks else []
    made = _made(organization) if opened else {}
    for number, title, risk, owner in opened:
        allowed = timedelta(days=days.of(risk) or 0)
        if number in made and made[number] + allowed < at:
            yield Noticed(
                kind=Kind.LATE,
                topic=Topic.PLAN,
                subject=f"TASK-{number}",
                title=title,
                since=made[number] + allowed,
                text=f"it is of {risk} risk and open for more than {_said(allowed.days)}, since"
                f" {made[number]:%Y-%m-%d}",
                todo="finish it, or have the risk accepted by whoever may accept it",
                page="task",
                key=str(number),
                owner=owner,
            )


def _made(organization: Organization) -> Mapping[int, datetime]:
    """Return when each task was made, as the trail says."""
    rows = Change.objects.filter(log=organization.log, act__in=("task.made", "tasks.proposed"))
    found: dict[int, datetime] = {}
    for subject, at in rows.order_by("leaf").values_list("subject", "at"):
        named = _MADE.fullmatch(subject)
        if named:
            first, last = int(named[1]), int(named[2] or named[1])
            found |= dict.fromkeys(range(first, last + 1), at)
    return found


def _deviations(organization: Organization, days: Days, at: datetime) -> Iterator[Noticed]:
    newest = latest_examination(organization) if days.deviation is not None else None
    if newest is None or days.deviation is None:
        return
    rows = {row["id"]: row for row in newest.results["tests"]}
    owners = owners_of_controls(organization)
    for test, first in deviating(outlines_until(newest)):
        until = first.at + timedelta(days=days.deviation)
        if until < at:
            row = rows.get(test, {})
            yield Noticed(
                kind=Kind.LATE,
                topic=Topic.RESULTS,
                subject=test,
                title=str(row.get("title") or test),
                since=until,
                text=f"it deviates since examination {first.number} of {first.at:%Y-%m-%d}, for"
                f" more than {_said(days.deviation)}",
                todo="put the cause right and examine again; the exceptions stay in the report",
                page="examination_test",
                key=f"{newest.number}/{test}",
                owner=owners.get(str(row.get("control"))),
            )


def _said(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
