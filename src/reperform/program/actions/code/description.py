"""The system description as files: one for each field."""

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.program.actions.code import Given, Register
from reperform.program.actions.description import write_field
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change
from reperform.program.description import read_text
from reperform.program.description.files import description_library
from reperform.program.queries import current_description

KIND = Kind(
    name="description",
    path="description/",
    body="text",
    fields=("text",),
    title="the system description, a file for each field that is written",
    about="""\
A field of the system description; the file's name is the field's.

Plain text: paragraphs between empty lines, lists of lines that begin with `- `.""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    versions = current_description(organization).versions
    return {
        name: Standing({"text": version.text}, version.number, version.by)
        for name, version in versions.items()
    }


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:  # noqa: ARG001 - as every register's
    field = description_library().field(item.key)
    if field is None:
        what = f"there is no field {item.key}"
        todo = "name the file as the page of the description names the field"
        return {}, [Problem("", what, todo, "program-file")]
    text, problems = read_text(item.content.get("text"), where=f"text: {field.label}")
    problems += [
        Problem(name, "is not a field of a description's file", "remove it", "program-file")
        for name in item.content
        if name != "text"
    ]
    return {"text": text}, problems


def _apply(given: Given, change: Change) -> None:
    write_field(
        organization=given.organization,
        field=change.item.key,
        text=change.after["text"],
        seen=change.before.version if change.before else 0,
        by=given.by,
        at=given.at,
    )


REGISTER = Register(KIND, _standing, _read, _apply)
