"""The files of `library/description`: what each field asks, and signs of an unfinished text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reperform.base.front_matter import FrontMatterError, load_yaml
from reperform.base.problem import Problem
from reperform.catalog.criteria import DESCRIPTION_IDS
from reperform.catalog.fields import FieldReader, shown
from reperform.catalog.library import LibraryRefusedError, library_folder, read_library_file
from reperform.program.description import MARKS, Field
from reperform.program.description.scope import SOURCES

FIELDS, SIGNS = "description/fields.yaml", "description/signs.yaml"
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Signs:
    """Words by which a text gives itself away.

    Attributes:
        placeholders: left from a template.
        example_names: the invented company of the examples.
        none_sentences: whole sentences that say that there is none.
        none_phrases: parts of sentences that say so, by the field's name.
        gap_reasons: what tells of a gap instead of a reason for DC 8.
        vendors: names that the register of vendors must have, with their other spellings.
        assets: the same for the register of assets.
    """

    placeholders: tuple[str, ...]
    example_names: tuple[str, ...]
    none_sentences: tuple[str, ...]
    none_phrases: Mapping[str, tuple[str, ...]]
    gap_reasons: tuple[str, ...]
    vendors: tuple[tuple[str, ...], ...]
    assets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DescriptionLibrary:
    """What the description is written and checked with."""

    fields: tuple[Field, ...]
    signs: Signs

    def field(self, name: str) -> Field | None:
        """Return the field `name`; None when there is no such field."""
        return next((field for field in self.fields if field.name == name), None)


@cache
def description_library(folder: Path | None = None) -> DescriptionLibrary:
    """Return what `folder`, by default our own library, says about the description.

    Raises:
        LibraryMissingError: there is no library.
        LibraryRefusedError: a file is missing, cannot be read, or says what cannot be.
    """
    found, problems = read_description_library(folder or library_folder())
    if problems:
        raise LibraryRefusedError(
            f"the description's guidance was not read: first {problems[0]}",
            why="A field that is lost would be missing in the report, and nobody would be told.",
            todo="correct library/description, or install reperform again",
        )
    return found


def read_description_library(folder: Path) -> tuple[DescriptionLibrary, list[Problem]]:
    """Return what the files in `folder` say, and every problem of their content."""
    problems: list[Problem] = []
    fields = read_fields(_content(folder, FIELDS, problems), where=FIELDS, problems=problems)
    signs = read_signs(_content(folder, SIGNS, problems), where=SIGNS, problems=problems)
    names = {field.name for field in fields}
    for name in sorted(set(signs.none_phrases) - names):
        what = f"there is no field {shown(name)}"
        problems.append(Problem(f"{SIGNS}: none_phrases", what, "name a field", "catalog-field"))
    return DescriptionLibrary(fields, signs), problems


def _content(folder: Path, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        value = load_yaml(read_library_file(folder / name), where=name)
    except FrontMatterError as error:
        problems.append(Problem(name, error.what, error.todo[0], "catalog-unreadable"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"was not read: {error}"
        problems.append(Problem(name, what, "correct the file", "catalog-unreadable"))
    else:
        if isinstance(value, dict):
            return value
        what = "is not a list of `field: value`"
        problems.append(Problem(name, what, "write one", "catalog-unreadable"))
    return {}


def read_fields(
    content: Mapping[str, Any], *, where: str, problems: list[Problem]
) -> tuple[Field, ...]:
    """Return the fields that the file says, in its order; problems are appended."""
    reader = FieldReader(content, where=where, problems=problems)
    found = [_field(item, where, problems) for item in reader.mappings("fields")]
    reader.refuse_others()
    names = [field.name for field in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        what = f"{shown(name)} is there twice"
        problems.append(Problem(where, what, "remove one", "catalog-field"))
    for criterion in DESCRIPTION_IDS:
        if not any(field.criterion == criterion for field in found):
            what = f"no field belongs to {criterion}"
            problems.append(Problem(where, what, "write one", "criterion-missing"))
    order = [DESCRIPTION_IDS.index(f.criterion) for f in found if f.criterion in DESCRIPTION_IDS]
    if order != sorted(order):
        todo = "sort them by their description criterion"
        problems.append(Problem(where, "the fields are not in order", todo, "catalog-field"))
    return tuple(found)


def _field(item: Mapping[str, Any], where: str, problems: list[Problem]) -> Field:
    place = f"{where}: {item.get('id', '?')}"
    fields = FieldReader(item, where=place, problems=problems)
    field = Field(
        name=fields.text("id"),
        criterion=fields.choice("criterion", DESCRIPTION_IDS),
        title=fields.text("title"),
        guidance=fields.text("guidance"),
        example=fields.text("example"),
        required=fields.numbers("required"),
        from_scope=fields.texts("from_scope", may_be_absent=True),
        marks=fields.texts("marks", may_be_absent=True),
    )
    fields.refuse_others()
    start = f"{field.criterion.lower()}."
    if not field.name.startswith(start) or len(field.name) > _LONGEST_NAME:
        todo = f"begin it with {start} and use at most {_LONGEST_NAME} characters"
        problems.append(Problem(f"{place}: id", f"is {shown(field.name)}", todo, "catalog-field"))
    wanted = (2,) if field.criterion == "DC9" else (1, 2)
    if field.required not in ((), wanted):
        what = f"is {list(field.required)}"
        todo = f"write {list(wanted)}, or [] when nothing need stand there"
        problems.append(Problem(f"{place}: required", what, todo, "catalog-field"))
    problems += _unknown(f"{place}: from_scope", field.from_scope, tuple(SOURCES))
    problems += _unknown(f"{place}: marks", field.marks, MARKS)
    return field


def _unknown(where: str, said: Sequence[str], known: Sequence[str]) -> list[Problem]:
    return [
        Problem(where, f"is {shown(name)}", f"choose from: {', '.join(known)}", "catalog-field")
        for name in said
        if name not in known
    ]


def read_signs(content: Mapping[str, Any], *, where: str, problems: list[Problem]) -> Signs:
    """Return the signs that the file says; problems are appended."""
    reader = FieldReader(content, where=where, problems=problems)
    phrases = {}
    for item in reader.mappings("none_phrases"):
        place = f"{where}: none_phrases: {item.get('field', '?')}"
        fields = FieldReader(item, where=place, problems=problems)
        phrases[fields.text("field")] = fields.texts("phrases")
        fields.refuse_others()
    signs = Signs(
        placeholders=reader.texts("placeholders"),
        example_names=reader.texts("example_names"),
        none_sentences=reader.texts("none_sentences"),
        none_phrases=phrases,
        gap_reasons=reader.texts("gap_reasons"),
        vendors=_spellings(reader.texts("vendors")),
        assets=_spellings(reader.texts("assets")),
    )
    reader.refuse_others()
    return signs


def _spellings(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.strip() for part in name.split(",")) for name in names)
