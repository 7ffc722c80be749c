"""Reading the library: whole or refused, and each problem in its place."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reperform.catalog.check import check_library, prose_problems
from reperform.catalog.controls import Control, read_control
from reperform.catalog.library import (
    LibraryRefusedError,
    library_digest,
    library_folder,
    load_catalog,
)

CONTROL = """---
id: CHG-01
title: Changes are reviewed
family: CHG
criteria: [CC8.1]
points_of_focus: [CC8.1-f]
policies: [change-management]
nature: preventive
kind: manual
frequency: per event
owner: Head of Engineering
evidence:
  - the review
population: every change merged in the period, from the history of the release branch
---
Before a change is merged, a developer other than its author reads it, asks for what is missing and
approves it. The approval is kept with the change, under the name of the reviewer, with its time.
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library that a test may spoil: our criteria and policies, and one control."""
    library = tmp_path / "library"
    shutil.copytree(library_folder() / "criteria", library / "criteria")
    shutil.copytree(library_folder() / "policies", library / "policies")
    (library / "controls").mkdir()
    (library / "controls" / "CHG-01.md").write_text(CONTROL)
    return library


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_control_mirrors_its_file(library: Path) -> None:
    """Every field, and the body as its text."""
    (control,) = load_catalog(library).controls

    assert (control.id, control.family, control.criteria) == ("CHG-01", "CHG", ("CC8.1",))
    assert (control.nature, control.kind, control.frequency) == (
        "preventive",
        "manual",
        "per event",
    )
    assert control.points_of_focus == ("CC8.1-f",)
    assert control.policies == ("change-management",)
    assert control.population.startswith("every change merged in the period, ")
    assert control.evidence == ("the review",)
    assert control.text.startswith("Before a change")
    assert control.text.endswith("its time.")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("criteria/CC8.yaml", "id: CC8.1\n", "id: CC8.2\n", "'CC8.2' does not exist"),
        ("criteria/CC8.yaml", "id: CC8.1\n", "id: CC8.2\n", "CC8.1 is missing"),
        ("criteria/CC9.yaml", "id: CC9.2\n", "id: CC9.1\n", "CC9.1 is there twice"),
        ("criteria/CC1.yaml", "coso: 3", "coso: 4", "CC1.3: coso: is 4: write 3"),
        ("criteria/CC6.yaml", "title: Mov", "coso: 1\n    title: Mov", "coso: is 1: remove it"),
        ("criteria/A1.yaml", "category: availability", "category: security", "write availability"),
        ("criteria/C1.yaml", "id: C1.1-b", "id: C1.1-z", "'C1.1-z'"),
        ("criteria/P7.yaml", "title: Quality", "title: ''", "title: is missing or empty"),
        ("criteria/P7.yaml", "title: Quality", "titel: Quality", "titel: is not a field"),
        ("criteria/P7.yaml", "title: Quality", "title: [Quality]", "write a text"),
        ("criteria/P7.yaml", "criteria:", "criteria: 1\nold:", "old: is not a field"),
        ("criteria/P7.yaml", "criteria:", "a: &a 1\nb: *a\ncriteria:", "alias"),
        ("criteria/description.yaml", "types: [2]", "types: [1, 2]", "DC9: types: is [1, 2]"),
        ("criteria/description.yaml", "id: DC3\n", "id: DC10\n", "DC3 is missing"),
        ("controls/CHG-01.md", "[CC8.1]", "[CC8.2]", "there is no criterion 'CC8.2'"),
        ("controls/CHG-01.md", "CC8.1-f", "CC8.1-z", "there is no point of focus 'CC8.1-z'"),
        ("controls/CHG-01.md", "CC8.1-f", "CC6.1-a", "belongs to no criterion of this control"),
        ("controls/CHG-01.md", "[change-m", "[chance-m", "there is no policy 'chance-management'"),
        ("controls/CHG-01.md", "[change-management]", "change-management", "write a list of texts"),
        ("controls/CHG-01.md", "population: every", "population: 7 #", "population: is '7'"),
        ("policies/index.yaml", "policies:", "policy:", "policies: is missing or empty"),
        ("policies/index.yaml", "id: privacy\n", "id: Privacy\n", "id: is 'Privacy'"),
        ("policies/index.yaml", "id: privacy\n", "id: cryptography\n", "is there twice"),
        ("policies/index.yaml", "review: annual", "review: never", "choose from: quarterly"),
        ("controls/CHG-01.md", "id: CHG-01", "id: CHG-02", "the file holds the control 'CHG-02'"),
        ("controls/CHG-01.md", "family: CHG", "family: AC", "does not begin with the family 'AC'"),
        ("controls/CHG-01.md", "family: CHG", "family: XYZ", "choose from: GOV, HR"),
        ("controls/CHG-01.md", "nature: preventive", "nature: nice", "nature: is 'nice'"),
        ("controls/CHG-01.md", "owner: Head of Engineering\n", "", "owner: is missing or empty"),
        ("controls/CHG-01.md", "  - the review\n", "  - 1\n", "evidence: is '[1]'"),
        ("controls/CHG-01.md", "[CC8.1]", "[CC8.1, CC8.1]", "'CC8.1' twice"),
        ("controls/CHG-01.md", CONTROL[CONTROL.index("Before") :], "", "has no text below"),
    ],
)
def test_what_cannot_be_is_refused_and_named(
    library: Path, file: str, old: str, new: str, said: str
) -> None:
    """`check` lists it with its place; `load` refuses the whole library."""
    replace(library / file, old, new)

    problems = [str(problem) for problem in check_library(library)]
    assert [line for line in problems if said in line and line.startswith(file)]
    with pytest.raises(LibraryRefusedError, match="catalog check"):
        load_catalog(library)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace("merged,", "merged, \n", 1), "ends with a blank"),
        (lambda text: text.replace("merged", "merg\u200bed"), "U+200B"),
        (lambda text: text.replace("merged", "merge\u0301d"), "NFC"),
        (lambda text: text.replace("merged", "merg\x1bed"), "U+001B"),
        (lambda text: text.replace("its time", "its\u00e2\u20ac\u2122 time"), "was meant"),
        (lambda text: text.replace("\n", "\r\n"), "CR LF"),
        (lambda text: text[:-1], "line break"),
        (lambda text: text + "\n", "line break"),
        (
            lambda text: text.replace("under the name of the reviewer, with its time.", "x " * 300),
            "has 32",
        ),
        (lambda text: re.sub(r"asks .*", "", text, flags=re.DOTALL), "words"),
        (lambda text: text.replace("a developer", "\n\na\n\ndeveloper"), "two paragraphs"),
    ],
)
def test_how_a_control_is_written_is_checked(
    library: Path, spoil: Callable[[str], str], said: str
) -> None:
    """What a reader would not see, and what would be too little or too much to test."""
    path = library / "controls" / "CHG-01.md"
    path.write_bytes(spoil(CONTROL).encode())

    problems = [str(problem) for problem in check_library(library)]
    assert [line for line in problems if said in line and line.startswith("controls/CHG-01.md")]


def test_a_file_that_is_not_utf_8_is_named_and_the_others_are_still_read(library: Path) -> None:
    """One bad file does not hide what is wrong with another."""
    (library / "controls" / "CHG-01.md").write_bytes(CONTROL.encode().replace(b"merged", b"\xff"))
    replace(library / "criteria/CC8.yaml", "id: CC8.1\n", "id: CC8.2\n")

    problems = "\n".join(map(str, check_library(library)))
    assert "controls/CHG-01.md: was not read" in problems
    assert "criteria/CC8.yaml: CC8.1 is missing" in problems


@pytest.mark.parametrize("name", ["CC1.yaml", "P8.yaml", "description.yaml"])
def test_a_missing_file_is_named(library: Path, name: str) -> None:
    """A series that is not there is not an empty one."""
    (library / "criteria" / name).unlink()

    assert f"criteria/{name}: is not there" in "\n".join(map(str, check_library(library)))


@pytest.mark.parametrize(
    "name",
    ["criteria/CC10.yaml", "criteria/notes.txt", "controls/CHG-02.txt", "policies/other.yaml"],
)
def test_a_file_that_nothing_reads_is_named(library: Path, name: str) -> None:
    """Somebody who wrote it believes that it counts."""
    (library / name).write_text("criteria: []\n")

    assert f"{name}: is no file of the library" in "\n".join(map(str, check_library(library)))


def test_a_library_without_policies_is_read_and_named(library: Path) -> None:
    """One in a bundle from before they were listed is still read; ours must have them."""
    replace(library / "controls" / "CHG-01.md", "policies: [change-management]\n", "")
    shutil.rmtree(library / "policies")

    assert load_catalog(library).policies == ()
    assert "policies/index.yaml: could not be read" in "\n".join(map(str, check_library(library)))


def test_a_control_names_points_policies_and_population_and_every_policy_has_a_control(
    library: Path,
) -> None:
    """An old library is still read without them; a whole one says them all."""
    control = library / "controls" / "CHG-01.md"
    replace(control, "points_of_focus: [CC8.1-f]\npolicies: [change-management]\n", "")
    replace(control, "population: every change merged in the period, from", "#")

    assert load_catalog(library).controls[0].population == ""
    said = [str(problem) for problem in check_library(library)]
    for name in ("points_of_focus", "policies", "population"):
        assert any(line.startswith(f"controls/CHG-01.md: {name}: is missing") for line in said)
    assert sum("no control carries it out" in line for line in said) == len(
        load_catalog(library).policies
    )


def test_a_policy_says_what_it_must_lay_down(library: Path) -> None:
    """With its owner and how often it is reviewed, in the order of the file."""
    first, *_ = load_catalog(library).policies

    assert (first.id, first.title, first.review) == (
        "information-security",
        "Information security",
        "annual",
    )
    assert first.owner == "Chief Information Security Officer"
    assert len(first.lays_down) == 3


def test_two_files_with_one_control_are_named(library: Path) -> None:
    """The second is not lost in silence."""
    (library / "controls" / "CHG-02.md").write_text(CONTROL)

    assert "the control 'CHG-01' is in another file too" in str(check_library(library))


def test_a_library_with_too_few_controls_says_which_criteria_none_serves(library: Path) -> None:
    """One control cannot serve 33 criteria."""
    problems = "\n".join(map(str, check_library(library)))

    assert "there are 1 controls" in problems
    assert "no control serves 32 common criteria: CC1.1, " in problems
    assert "CC8.1" not in problems


def test_a_file_of_a_megabyte_is_not_read(library: Path) -> None:
    """YAML of that size takes a minute to read, and none of ours is near it."""
    path = library / "criteria" / "CC8.yaml"
    path.write_text(path.read_text() + "#" * 1_000_000 + "\n")

    assert "larger than 200,000 bytes" in str(check_library(library))


@pytest.mark.parametrize(
    ("frequency", "text", "is_said"),
    [
        ("daily", "Each working day the engineer on call reads", True),
        ("daily", "The engineer on call reads", False),
        ("weekly", "Each Monday the engineer reads", True),
        ("annual", "They rotate every\n365 days", True),
        ("annual", "Each January the owner confirms", True),
        ("annual", "The owner may confirm", False),
        ("quarterly", "Every quarter the owner confirms", True),
        ("continuous", "The disk is encrypted", True),
    ],
)
def test_the_text_says_how_often(frequency: str, text: str, is_said: bool) -> None:  # noqa: FBT001 - the case
    """In any of the usual ways; a state that lasts need not say so."""
    control = read_control(CONTROL.replace("per event", frequency), where="CHG-01.md", problems=[])
    control = Control(
        **{name: getattr(control, name) for name in Control.__slots__} | {"text": text}
    )

    said = [problem for problem in prose_problems(control) if "say in its text" in problem.what]
    assert (said == []) is is_said


def test_the_digest_changes_with_any_byte_and_any_name(library: Path) -> None:
    """And with nothing else: the same files elsewhere have the same digest."""
    shutil.copytree(library, library.with_name("copy"))
    control = library / "controls" / "CHG-01.md"
    first = library_digest(library)
    replace(control, "merged", "Merged")
    second = library_digest(library)
    replace(control, "Merged", "merged")
    assert library_digest(library) == first
    control.rename(control.with_name("CHG-02.md"))

    assert len({first, second, library_digest(library)}) == 3
    assert load_catalog(library.with_name("copy")).digest == first


def test_the_digest_can_be_computed_from_its_description(tmp_path: Path) -> None:
    """Anyone can do it by hand: SHA-256 of the canonical JSON of paths and digests."""
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_bytes(b"")
    empty = hashlib.sha256(b"").hexdigest()
    said = f'[["a/x","{empty}"],["b","{empty}"]]'

    assert library_digest(tmp_path) == hashlib.sha256(said.encode()).hexdigest()
