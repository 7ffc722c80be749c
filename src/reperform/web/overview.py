"""The first page of an organization: what is ready, what is due, what broke."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from reperform.accounts import queries as accounts
from reperform.audit.queries import examinations, gap_analysis, what_broke
from reperform.ledger.queries import changes, check_newest, installation_verifier, shown
from reperform.noticing.queries.notices import (
    holding_by_kind,
    newest_look,
    notices,
    topics_for,
)
from reperform.program.calendar.periods import current_period
from reperform.program.description.files import description_library
from reperform.program.description.scope import field_states
from reperform.program.gap import Facet, Status
from reperform.program.gap.analysis import GapAnalysis
from reperform.program.path import Counts, Step, next_step
from reperform.program.path import path as steps_of
from reperform.program.plan.due import SOON, Dated, Due, DueKind, dated_of_scope, due
from reperform.program.queries import (
    CurrentDescription,
    count_open_tasks,
    current_description,
    tasks_until,
)
from reperform.program.queries.occurrences import standings
from reperform.program.queries.vendors import bridged
from reperform.program.scope.document import lacking
from reperform.web.library import catalog
from reperform.web.notices.shown import shown as shown_notices
from reperform.web.page import PageRequest, Visitor, page

_LATEST = 6
_RECENT = timedelta(days=1)
_MOST_DUE = 12


@dataclass(frozen=True, slots=True)
class ShownDue:
    """Something that is due, and the page where it is dealt with; empty for none."""

    due: Due
    url: str


@page("overview.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show where the program stands; an employee sees what is theirs."""
    visitor = request.visitor
    organization = visitor.organization
    description = current_description(organization)
    found = list(_due(visitor, description))
    context = {"due": found[:_MOST_DUE], "more_due": len(found[_MOST_DUE:])}
    if visitor.may("scope.view"):
        steps = [step for step in _steps(visitor, description) if visitor.may(f"{step.name}.view")]
        own = {step.name for step in steps if visitor.may(f"{step.name}.edit")}
        following = next_step([step for step in steps if step.name in own])
        context |= {"steps": steps, "own": own, "next": following}
    if visitor.may("notices.view"):
        context |= _noticed(visitor)
    if visitor.may("results.view"):
        context |= {"since": what_broke(organization), "latest": examinations(organization).first()}
    if visitor.may("trail.view"):
        newest = changes(organization.log)[:_LATEST]
        context |= {
            "changes": [shown(change) for change in newest],
            "ledger": check_newest(organization.log, installation_verifier()),
        }
    return render(request, "web/overview.html", context)


def _noticed(visitor: Visitor) -> dict[str, object]:
    """Return what was noticed since yesterday, how much holds, and when one last looked."""
    found = notices(visitor.organization, topics=topics_for(visitor.permissions), state="holds")
    new = found.filter(noticed_at__gt=visitor.at - _RECENT)[:_LATEST]
    return {
        "noticed": shown_notices(new, visitor.organization.slug),
        "noticed_counts": holding_by_kind(found).items(),
        "looked_at": newest_look(visitor.organization),
    }


def _steps(visitor: Visitor, description: CurrentDescription) -> tuple[Step, ...]:
    organization = visitor.organization
    scope = description.scope
    states = field_states(description_library().fields, description.texts, scope.document)
    needed = [state for state in states if state.field.is_needed(scope.document)]
    analysis = gap_analysis(organization, catalog=catalog(), at=visitor.at)
    still_open, late = count_open_tasks(organization, today=visitor.at.date())
    return steps_of(
        Counts(
            scope_number=scope.number,
            scope_lacks=len(lacking(scope.document)),
            fields_needed=len(needed),
            fields_complete=sum(state.standing.is_complete for state in needed),
            **_controls(analysis),
            examinations=examinations(organization).count(),
            open_tasks=still_open,
            late_tasks=late,
        )
    )


def _controls(analysis: GapAnalysis) -> dict[str, int]:
    adopted = analysis.adopted.values()
    return {
        "adopted": len(adopted),
        "owned": sum(bool(each.owner) for each in adopted),
        "implemented": sum(each.implemented_on is not None for each in adopted),
        "criteria": len(analysis.criteria),
        "controlled": sum(
            bool(each.controls) or each.gap.status is Status.NOT_APPLICABLE
            for each in analysis.criteria
        ),
        "evidenced": sum(each.evidenced is Facet.YES for each in analysis.readiness.values()),
        "met": analysis.counts()[Status.MET],
        "not_applicable": analysis.counts()[Status.NOT_APPLICABLE],
    }


def _due(visitor: Visitor, description: CurrentDescription) -> Iterator[ShownDue]:
    """Yield what is due, as far as the visitor may see it: whoever sees no plan sees their own."""
    organization, today = visitor.organization, visitor.at.date()
    owner = None if visitor.may("gap.view") else visitor.membership
    tasks = tasks_until(organization, today + SOON, owner=owner)
    dated = [
        Dated(DueKind.TASK, task.title, task.due_on, str(task.number))
        for task in tasks
        if task.due_on is not None
    ]
    dated += _controls_to_do(visitor, description)
    if visitor.may("scope.view"):
        scope = description.scope.document
        letters = bridged(organization) if scope.subservices else {}
        dated += dated_of_scope(scope, today=today, bridged=letters)
    if visitor.may("tokens.edit"):
        dated += [
            Dated(DueKind.TOKEN, f"The token {token.name} ends.", token.expires_at.date())
            for token in accounts.tokens(organization)
        ]
    if visitor.may("members.view"):
        dated += [
            Dated(
                DueKind.INVITATION, f"The invitation of {each.email} ends.", each.expires_at.date()
            )
            for each in accounts.open_invitations(organization)
            if each.email
        ]
    for each in due(dated, today=today):
        yield ShownDue(each, _url(visitor, each))


def _controls_to_do(visitor: Visitor, description: CurrentDescription) -> Iterator[Dated]:
    """Yield each control that waits to be done, with the earliest day for which it waits."""
    if not visitor.may("calendar.view"):
        return
    today, own = visitor.at.date(), visitor.membership.pk
    period = current_period(description.scope.document, today=today)
    for each in standings(visitor.organization, period, today=today):
        waiting = [
            window
            for window in each.standing.open
            if visitor.may("gap.view") or window.slot.owner == own
        ]
        if waiting:
            control = each.control
            more = f", and {len(waiting) - 1} more open" if waiting[1:] else ""
            what = f"{control.code} {control.title}{more}"
            yield Dated(DueKind.CONTROL, what, waiting[0].slot.due_on, control.code)


def _url(visitor: Visitor, due: Due) -> str:
    match due.kind:
        case DueKind.TASK:
            return _address(visitor, "gap.view", "task", due.key)
        case DueKind.CONTROL:
            return _address(visitor, "calendar.view", "calendar_control", due.key)
        case DueKind.REPORT:
            return _address(visitor, "scope.edit", "scope_edit", "subservices")
        case DueKind.PERIOD:
            return _address(visitor, "scope.edit", "scope_edit", "period")
        case DueKind.TOKEN:
            return _address(visitor, "tokens.edit", "tokens")
        case DueKind.INVITATION:
            return _address(visitor, "members.view", "members")


def _address(visitor: Visitor, permission: str, name: str, *arguments: str) -> str:
    if not visitor.may(permission):
        return ""
    return reverse(name, args=[visitor.organization.slug, *arguments])


urlpatterns = [path("", overview, name="overview")]
