"""Courses that people must complete as a file of rows; who completed them is a record."""

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.code import Given, Register
from reperform.program.actions.training import change_course, require_course
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change
from reperform.program.queries.training import course_fields, courses
from reperform.program.training import CourseFields, course_content, read_course

KIND = Kind(
    name="courses",
    path="courses.yaml",
    key="number",
    fields=tuple(CourseFields.__dataclass_fields__),
    title="the courses that people must complete, those not required any more too",
    about="""\
The courses that people must complete; who has completed which is a record.

kind: all, employee or contractor; department: of which they must be, left out for any
within_days: after the first day of work; every_months: how long it counts, left out for good
since: nobody had to before that day
To require one no more, write retired_on and the reason""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    return {
        str(row.number): Standing(course_content(course_fields(row)), row.version, row.changed_by)
        for row in courses(organization)
    }


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:  # noqa: ARG001 - as every register's
    fields, problems = read_course(item.content)
    return course_content(fields), problems


def _apply(given: Given, change: Change) -> None:
    fields, _ = read_course(change.after)
    organization, number = given.organization, int(change.item.key)
    if change.before is None:
        require_course(
            organization=organization, fields=fields, number=number, by=given.by, at=given.at
        )
        return
    change_course(
        organization=organization,
        number=number,
        fields=fields,
        seen=change.before.version,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply)
