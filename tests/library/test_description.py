"""The library's guidance for the system description: every criterion, in plain words, checked."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reperform.catalog.criteria import DESCRIPTION_IDS
from reperform.catalog.library import LibraryRefusedError, library_folder
from reperform.cli.catalog import catalog_app
from reperform.program.description import LONGEST_TEXT, Field, read_text
from reperform.program.description.claims import placeholders
from reperform.program.description.dates import dates_in
from reperform.program.description.files import description_library, read_description_library

FIELDS = description_library().fields


def copy(tmp_path: Path) -> Path:
    shutil.copytree(library_folder() / "description", tmp_path / "description")
    return tmp_path


def test_our_own_files_have_no_problem() -> None:
    """Every field can be read, and each of DC 1 to DC 9 has one."""
    _, problems = read_description_library(library_folder())

    assert problems == []
    assert {field.criterion for field in FIELDS} == set(DESCRIPTION_IDS)
    assert [field.name for field in FIELDS if field.required == (2,)] == ["dc9.changes"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_has_guidance_and_an_example_that_could_be_saved(field: Field) -> None:
    """Somebody who never did this learns what to write, and sees it done."""
    example, problems = read_text(field.example, where=field.label)

    assert problems == []
    assert example
    assert len(example) < LONGEST_TEXT
    assert 15 <= len(field.guidance.split()) <= 120
    assert placeholders(description_library().signs.placeholders, field.example) == []
    assert all(each.first for each in dates_in(field.example))


def test_the_command_proves_them_too(tmp_path: Path) -> None:
    """`reperform catalog check` counts the fields, and lists what is wrong with them."""
    for name in ("criteria", "description"):
        shutil.copytree(library_folder() / name, tmp_path / name)
    path = tmp_path / "description" / "fields.yaml"
    path.write_text(path.read_text("utf-8").replace("id: dc3.people", "id: people", 1), "utf-8")

    result = CliRunner().invoke(catalog_app, ["check", str(tmp_path)])

    assert "20 fields of the system description, each with guidance" in result.stdout
    assert "description/fields.yaml: people: id: is 'people'" in result.stdout
    assert result.exit_code == 1


def test_the_examples_are_an_invented_companys() -> None:
    """The file says so, and the check for what was left of them knows the names."""
    text = (library_folder() / "description" / "fields.yaml").read_text("utf-8")

    assert "Larkspur is an invented company" in text
    assert "Larkspur" in description_library().signs.example_names


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("criterion: DC9", "criterion: DC8", "no field belongs to DC9"),
        ("id: dc3.people", "id: dc3.data", "'dc3.data' is there twice"),
        ("id: dc3.people", "id: people", "is 'people'"),
        ("title: People", "heading: People", "is missing or empty"),
        ("required: [2]", "required: [1, 2]", "is [1, 2]"),
        ("from_scope: [services]", "from_scope: [servces]", "is 'servces'"),
        ("marks: [carve-out]", "marks: [carved]", "is 'carved'"),
        ("fields:", "field:", "is not a field"),
        ("fields:", "fields: [", "was not read"),
    ],
)
def test_a_mistake_in_the_fields_is_a_problem(
    old: str, new: str, what: str, tmp_path: Path
) -> None:
    """Named with its place; the library is then not used."""
    folder = copy(tmp_path)
    path = folder / "description" / "fields.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    _, problems = read_description_library(folder)

    assert what in " ".join(each.what for each in problems)
    with pytest.raises(LibraryRefusedError):
        description_library(folder)


@pytest.mark.parametrize("name", ["fields.yaml", "signs.yaml"])
def test_a_file_that_is_not_there_is_a_problem(name: str, tmp_path: Path) -> None:
    """A description without guidance would look complete."""
    folder = copy(tmp_path)
    (folder / "description" / name).unlink()

    _, problems = read_description_library(folder)

    assert f"description/{name}" in {each.where for each in problems}


def test_signs_of_a_field_that_does_not_exist(tmp_path: Path) -> None:
    """They would never be looked for."""
    folder = copy(tmp_path)
    path = folder / "description" / "signs.yaml"
    path.write_text(path.read_text("utf-8").replace("dc4.incidents", "dc4.accidents"), "utf-8")

    _, problems = read_description_library(folder)

    assert [each.what for each in problems] == ["there is no field 'dc4.accidents'"]
