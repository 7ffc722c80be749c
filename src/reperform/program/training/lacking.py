"""Who must complete which course by when, and who has not: for any day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.months import add_months
from reperform.program.training import CourseFields, TrainingFields


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works there on the day that is asked about."""

    number: int
    started_on: date
    kind: str
    department: str


@dataclass(frozen=True, slots=True)
class Lack:
    """A course that somebody must complete, again or for the first time.

    Attributes:
        person: number of the person.
        course: its name.
        due_on: the last day on which it is in time.
        last: when they completed it last; None for never.
    """

    person: int
    course: str
    due_on: date
    last: date | None

    def is_late(self, today: date) -> bool:
        """Return whether its day is past."""
        return self.due_on < today


def counts_until(course: CourseFields, record: TrainingFields) -> date | None:
    """Return the last day on which a completion counts; None for good.

    The earlier of what the organization lays down and what the certificate says.
    """
    ends = [record.valid_until] if record.valid_until else []
    if course.every_months:
        ends.append(add_months(record.completed_on, course.every_months))
    return min(ends, default=None)


def lacks(
    courses: Iterable[CourseFields],
    workers: Iterable[Worker],
    records: Mapping[int, Iterable[TrainingFields]],
    *,
    today: date,
    soon: timedelta = timedelta(0),
) -> Iterator[Lack]:
    """Yield what each worker lacks on `today`, and what ends within `soon`.

    A course that was never completed is a lack from the first day on; it is late when the days
    that the organization gives are over.
    """
    asked = [each for each in courses if each.is_required_on(today)]
    for worker in workers:
        for course in asked:
            if course.is_for(worker.kind, worker.department):
                found = _lack(course, worker, records.get(worker.number, ()), today=today)
                if found and (found.last is None or found.due_on < today + soon):
                    yield found


def _lack(
    course: CourseFields, worker: Worker, records: Iterable[TrainingFields], *, today: date
) -> Lack | None:
    done = [
        each
        for each in records
        if each.course.casefold() == course.course.casefold() and each.completed_on <= today
    ]
    first = max(worker.started_on, course.since) + timedelta(days=course.within_days)
    if not done:
        return Lack(worker.number, course.course, first, None)
    last = max(each.completed_on for each in done)
    ends = [counts_until(course, each) for each in done]
    if None in ends:
        return None
    return Lack(worker.number, course.course, max(day for day in ends if day), last)
