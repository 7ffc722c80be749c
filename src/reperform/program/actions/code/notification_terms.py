"""Whom the organization must notify of incidents, as a file of rows."""

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.code import Given, Register
from reperform.program.actions.incident_notices import change_term, make_term
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change
from reperform.program.incidents import FIELD
from reperform.program.incidents.duties import read_term, term_content
from reperform.program.incidents.library import incident_library
from reperform.program.queries.incident_notices import term_fields, terms

KIND = Kind(
    name="notification_terms",
    path="notification-terms.yaml",
    key="number",
    fields=("title", "duty", "source", "whom", "when", "term", "hours", "concerns", "reason"),
    title="whom the organization must notify of incidents, and by when",
    about="""\
Whom the organization must notify of an incident: what it decided of the library's table of
duties, and the terms of its own contracts.

duty: id of the table's duty; left out for a term of one's own
hours: whole hours from when an incident was noticed, weekends included
concerns: true or false; what does not concern the organization says its reason""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    return {
        str(row.number): Standing(term_content(term_fields(row)), row.version, row.changed_by)
        for row in terms(organization)
    }


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, problems = read_term(item.content)
    if fields.duty and fields.duty not in {each.key for each in incident_library().duties}:
        todo = "name a duty of library/incidents/duties.yaml, or leave it out"
        problems.append(Problem("duty", f"there is no {fields.duty}", todo, FIELD))
    before = given.standing(item)
    if before and before.content["duty"] != fields.duty:
        todo = "leave it as it is, and enter another term"
        problems.append(Problem("duty", "cannot be changed", todo, FIELD))
    return term_content(fields), problems


def _apply(given: Given, change: Change) -> None:
    fields, _ = read_term(change.after)
    organization, number = given.organization, int(change.item.key)
    if change.before is None:
        make_term(organization=organization, fields=fields, number=number, by=given.by, at=given.at)
        return
    change_term(
        organization=organization,
        number=number,
        fields=fields,
        seen=change.before.version,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply)
