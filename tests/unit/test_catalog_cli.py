"""`reperform catalog check`: what it prints and how it exits."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reperform.catalog.criteria import CRITERION_IDS, category_of
from reperform.catalog.library import library_folder
from reperform.cli.catalog import catalog_app
from reperform.program.scope import UnknownCategoryError


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(catalog_app, ["check", *map(str, arguments)])


def write(folder: Path, ids: list[str], text: str = "A text") -> Path:
    path = folder / "catalog.json"
    path.write_text(json.dumps([{"id": name, "text": text} for name in ids]))
    return path


def test_a_whole_catalog_exits_0_and_says_what_was_proven(tmp_path: Path) -> None:
    """The count is the proof."""
    result = check(write(tmp_path, list(CRITERION_IDS)))

    assert result.stdout == "61 of 61 criteria, each once\nno problems\n"
    assert result.exit_code == 0


def test_a_catalog_with_problems_exits_1_with_a_line_for_each(tmp_path: Path) -> None:
    """Where, what, what to do, and the name to look up: one line each when nobody watches."""
    path = write(tmp_path, [*CRITERION_IDS[1:], "CC9.9"])
    result = check(path)

    assert result.stdout.splitlines() == [
        "60 of 61 criteria, each once",
        (
            f"{path}: line 1: 'CC9.9' is none of the 61 ids: correct the id, or remove the entry: "
            "points of focus belong below their criterion [criterion-unknown]"
        ),
        f"{path}: 1 of 33 security criteria are missing: CC1.1: add them [criterion-missing]",
        "2 problems",
    ]
    assert result.exit_code == 1
    assert check(path).stdout == result.stdout


@pytest.mark.parametrize(
    ("categories", "exit_code"),
    [
        ("security", 0),
        ("Security, Availability", 0),
        ("availability", 0),
        ("security,privacy", 1),
        ("privacy", 1),
    ],
)
def test_a_partial_catalog_is_proven_for_the_categories_named(
    categories: str, exit_code: int, tmp_path: Path
) -> None:
    """Security is looked for only when it is named."""
    ids = [name for name in CRITERION_IDS if category_of(name) in ("security", "availability")]

    result = check(write(tmp_path, ids), "--categories", categories)

    assert result.exit_code == exit_code


def test_no_categories_at_all_prove_security_and_never_nothing(tmp_path: Path) -> None:
    """An empty option must not pass an empty catalog."""
    result = check(write(tmp_path, ["CC1.1"]), "--categories", "")

    assert result.exit_code == 1
    assert "1 of 33 criteria of security" in result.stdout


def test_an_unknown_category_is_refused(tmp_path: Path) -> None:
    """With the five that exist; the command line prints it."""
    result = check(write(tmp_path, list(CRITERION_IDS)), "--categories", "resilience")

    assert isinstance(result.exception, UnknownCategoryError)


def test_hostile_characters_of_a_catalog_come_out_as_text(tmp_path: Path) -> None:
    """Neither escape sequences nor Rich's markup reach the terminal."""
    ids = [*CRITERION_IDS, "\x1b[31m[red]\u202e"]
    result = check(write(tmp_path, ids, text="[bold]x[/nonsense]"))

    assert "'<U+001B>[31m[red]<U+202E>' is none of the 61 ids" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.exit_code == 1


def test_a_terminal_that_knows_ascii_only_gets_codes(tmp_path: Path) -> None:
    """And no trace of an encoder that gave up."""
    path = write(tmp_path, [*CRITERION_IDS, "\u0421C6.1"])
    result = CliRunner(charset="ascii").invoke(catalog_app, ["check", str(path)])

    assert "'\\u0421C6.1' is none of the 61 ids" in result.stdout
    assert result.exit_code == 1


def test_many_problems_are_counted_and_not_all_printed(tmp_path: Path) -> None:
    """The first two hundred are enough to begin with."""
    result = check(write(tmp_path, [f"CC1.{number}" for number in range(100, 900)]))

    assert len(result.stdout.splitlines()) == 203
    assert "and 605 more" in result.stdout
    assert "805 problems" in result.stdout


def test_a_file_that_is_not_there_exits_1_without_a_trace(tmp_path: Path) -> None:
    """A reason and what to do."""
    result = check(tmp_path / "nothing.yaml")

    assert "was not read: No such file or directory: name a file" in result.stdout
    assert result.exit_code == 1


def test_a_library_of_ones_own_is_checked_as_a_library(tmp_path: Path) -> None:
    """Fields and references too, and not only the set of ids; it has no parts to choose."""
    shutil.copytree(library_folder() / "criteria", tmp_path / "criteria")
    result = check(tmp_path)

    assert "61 of 61 criteria, each once, with " in result.stdout
    assert "9 of 9 description criteria" in result.stdout
    assert "there are 0 controls" in result.stdout
    assert result.exit_code == 1
    assert check(tmp_path, "--categories", "security").exit_code == 2


def test_a_terminal_gets_a_table(tmp_path: Path) -> None:
    """The same words in columns."""
    path = write(tmp_path, list(CRITERION_IDS[1:]))
    result = CliRunner().invoke(
        catalog_app,
        ["check", str(path)],
        env={"FORCE_COLOR": "1", "COLUMNS": "200", "TERM": "xterm"},
    )

    assert "what to do" in result.stdout
    assert "criterion-missing" in result.stdout
    assert "\u2502" in result.stdout
