"""What a member must do: every part of the program adds its own provider to `PROVIDERS`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from reperform.accounts.models import Membership
from reperform.program.calendar.periods import current_period
from reperform.program.models import Person, RemediationTask
from reperform.program.queries import current_scope
from reperform.program.queries.access_duties import open_systems_of, reviews_to_finish
from reperform.program.queries.checklists import steps_of
from reperform.program.queries.incident_notices import deadlines
from reperform.program.queries.incidents import handled_by
from reperform.program.queries.occurrences import standings
from reperform.program.queries.people import person_of
from reperform.program.queries.policy_work import policy_work
from reperform.program.queries.training import lacking
from reperform.program.queries.vendor_work import vendor_work
from reperform.program.work import Item, in_order

_TRAINING_SOON = timedelta(days=30)
MOST_OF_A_KIND = 200
"""Items that a provider yields, those with the earliest day first."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Whose work it is.

    Attributes:
        member: who signs in; organization and user are loaded with it.
        person: who they are in the register of people; None when it does not have them.
        today: the day on which the work is looked at.
    """

    member: Membership
    person: Person | None
    today: date


Provider = Callable[[Worker], Iterable[Item]]


def worker_of(member: Membership, *, today: date) -> Worker:
    """Return a member as a worker."""
    return Worker(member, person_of(member, day=today), today)


def work_of(worker: Worker) -> tuple[Item, ...]:
    """Return everything that somebody must do, late things first, in few queries."""
    return in_order(item for provider in PROVIDERS for item in provider(worker))


def _tasks(worker: Worker) -> Iterator[Item]:
    """Yield the open tasks of the plan that the member owns."""
    rows = RemediationTask.objects.filter(
        organization=worker.member.organization, owner=worker.member, state="open"
    )
    columns = rows.order_by(F("due_on").asc(nulls_last=True), "number").values_list(
        "number", "title", "due_on"
    )
    for number, title, due_on in columns[:MOST_OF_A_KIND]:
        yield Item("Task of the plan", title, due_on, "task", str(number))


def _incidents(worker: Worker) -> Iterator[Item]:
    """Yield the open incidents that the member handles, with the next deadline of a notice."""
    due = deadlines(worker.member)
    for each in handled_by(worker.member)[:MOST_OF_A_KIND]:
        at = due.get(each.number)
        day = at.date() if at else None
        yield Item("Incident to handle", str(each), day, "incident", str(each.number))


def _policies(worker: Worker) -> Iterator[Item]:
    """Yield the policies that the member must accept, decide on or review."""
    yield from policy_work(worker.member, worker.person, today=worker.today, most=MOST_OF_A_KIND)


def _steps(worker: Worker) -> Iterator[Item]:
    """Yield the open steps of checklists that are the member's."""
    if worker.person is None:
        return
    for step in steps_of(worker.person)[:MOST_OF_A_KIND]:
        about = step.checklist
        is_own = about.person_id == worker.person.pk
        what = step.what if is_own else f"{about.person.name} ({about.event}): {step.what}"
        yield Item("Step of a checklist", what, step.due_on, "work_step", str(step.number))


def _training(worker: Worker) -> Iterator[Item]:
    """Yield the courses that the member must complete, those that soon count no more too."""
    if worker.person is None:
        return
    organization = worker.member.organization
    for lack in lacking(
        organization, worker.today, soon=_TRAINING_SOON, only=[worker.person.number]
    ):
        again = "Complete it again" if lack.last else "Complete it"
        what = f"{lack.course}. {again}, and record it with its certificate."
        yield Item("Training", what, lack.due_on, "own_training")


def _access_reviews(worker: Worker) -> Iterator[Item]:
    """Yield the systems whose accounts the member reviews, and the open reviews that they run."""
    for system in open_systems_of(worker.member):
        review, name = system.row.review, system.row.asset.name
        key, left = str(review.number), system.progress.open
        if system.row.list and left and system.row.reviewer_id == worker.member.pk:
            what = f"{name}: {left} of {system.progress.accounts} accounts"
            yield Item("Access to review", what, review.due_on, "access_review", key)
        elif system.row.list is None and review.owner_id == worker.member.pk:
            what = f"{name}, for {review.title}"
            yield Item("List of accounts to bring", what, review.due_on, "access_review", key)
    for review in reviews_to_finish(worker.member)[:MOST_OF_A_KIND]:
        key = str(review.number)
        yield Item("Access review to finish", review.title, review.due_on, "access_review", key)


def _vendors(worker: Worker) -> Iterable[Item]:
    """Return what the vendors ask that the member owns."""
    return vendor_work(worker.member, today=worker.today, most=MOST_OF_A_KIND)


def _occurrences(worker: Worker) -> Iterator[Item]:
    """Yield the controls that the member has to do now, as the calendar says."""
    organization = worker.member.organization
    period = current_period(current_scope(organization).document, today=worker.today)
    for each in standings(organization, period, today=worker.today):
        for window in each.standing.open:
            if window.slot.owner == worker.member.pk:
                code, title = each.control.code, each.control.title
                due_on = window.slot.due_on
                yield Item("Control to do", f"{code} {title}", due_on, "calendar_control", code)


PROVIDERS: tuple[Provider, ...] = (
    _steps,
    _training,
    _tasks,
    _policies,
    _access_reviews,
    _vendors,
    _incidents,
    _occurrences,
)
"""One line for each part that gives people work; each makes a bounded number of queries."""
