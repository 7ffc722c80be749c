"""`reperform catalog load`: the official wording stays in the installation, whole or not at all."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.library import library_digest, library_folder
from reperform.catalog.licensed import (
    LicensedUnreadableError,
    OfficialText,
    licensed_file,
    official_texts,
)
from reperform.cli.catalog import catalog_app

SOURCE = Path(__file__).parents[2] / "src" / "reperform"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPERFORM_HOME", str(tmp_path / "home"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(catalog_app, [*map(str, arguments)])


def write(folder: Path, *, text: str = "Wording of {}.", without: str = "") -> Path:
    path = folder / "official.json"
    entries = [
        {"id": name, "title": f"Title of {name}", "text": text.format(name)}
        for name in CRITERION_IDS
        if name != without
    ]
    path.write_text(json.dumps(entries))
    return path


def test_the_official_wording_is_loaded_shown_by_id_and_removed(tmp_path: Path) -> None:
    """Nothing before, nothing afterwards."""
    assert official_texts() == {}

    assert run("load", write(tmp_path)).stdout == "61 of 61 criteria, each once\nno problems\n"
    assert official_texts()["CC6.1"] == OfficialText("Title of CC6.1", "Wording of CC6.1.")
    assert len(official_texts()) == len(CRITERION_IDS)

    assert run("unload").stdout == "the official wording was removed\n"
    assert official_texts() == {}
    assert run("unload").stdout == "there was none\n"


def test_a_file_with_a_problem_changes_nothing(tmp_path: Path) -> None:
    """The earlier wording stays; loading a whole one again replaces it."""
    run("load", write(tmp_path))
    refused = run("load", write(tmp_path, text="Newer wording of {}.", without="P8.1"))

    assert refused.exit_code == 1
    assert "P8.1" in refused.stdout
    assert official_texts()["P8.1"].text == "Wording of P8.1."

    assert run("load", write(tmp_path, text="Newer wording of {}.")).exit_code == 0
    assert official_texts()["P8.1"].text == "Newer wording of P8.1."


def test_a_mapping_of_ids_and_texts_is_wording_too(tmp_path: Path) -> None:
    """A single text is the text, never a title alone."""
    path = tmp_path / "official.yaml"
    path.write_text("".join(f"{name}: Says {name}.\n" for name in CRITERION_IDS))

    assert run("load", path).exit_code == 0
    assert official_texts()["A1.1"] == OfficialText("", "Says A1.1.")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "x", "criteria": {}}', "\x00"])
def test_a_spoiled_file_is_refused_and_never_shown_in_part(tmp_path: Path, content: str) -> None:
    """Whoever spoiled it: the refusal says how to go on."""
    run("load", write(tmp_path))
    licensed_file().write_text(content)

    with pytest.raises(LicensedUnreadableError, match="was not read") as refused:
        official_texts()
    assert "reperform catalog unload" in str(refused.value)


def test_the_library_and_its_digest_do_not_know_of_it(tmp_path: Path) -> None:
    """So no bundle and no examination can carry it."""
    before = library_digest(library_folder())
    run("load", write(tmp_path))

    assert library_digest(library_folder()) == before
    assert not licensed_file().is_relative_to(library_folder())


def test_only_the_page_of_a_criterion_and_the_command_know_of_it() -> None:
    """Reports, bundles, exports and the API have no way to it."""
    users = sorted(
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"catalog\.licensed|catalog import licensed", path.read_text("utf-8"))
    )

    assert users == ["cli/catalog.py", "web/criteria.py"]
