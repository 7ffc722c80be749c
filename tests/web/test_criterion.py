"""The page of a criterion, where the official wording was loaded and where it was not."""

import json
from pathlib import Path

import pytest
from django.test import Client

from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.licensed import licensed_file, load_official

PAGE = "/o/larkspur/criteria/CC6.1/"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPERFORM_HOME", str(tmp_path / "home"))


def load(folder: Path, text: str) -> None:
    path = folder / "official.json"
    path.write_text(json.dumps([{"id": name, "text": f"{name}: {text}"} for name in CRITERION_IDS]))
    assert load_official(path).problems == ()


def test_the_official_wording_stands_beside_ours_where_it_was_loaded(
    manager: Client, tmp_path: Path
) -> None:
    """Ours stays, and the page says whose wording is whose."""
    before = manager.get(PAGE).content.decode()
    load(tmp_path, "as the publisher words it")
    after = manager.get(PAGE).content.decode()

    assert "The official wording" not in before
    assert "CC6.1: as the publisher words it" in after
    assert "CC6.2: as the publisher words it" not in after
    assert "Our own wording" in before
    assert "Our own wording" in after


def test_markup_in_the_official_wording_comes_out_as_text(manager: Client, tmp_path: Path) -> None:
    """Whoever made the file, it cannot add a script to a page."""
    load(tmp_path, "<script>alert(1)</script>")

    page = manager.get(PAGE).content.decode()
    assert "CC6.1: &lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_spoiled_file_is_said_on_the_page(manager: Client, tmp_path: Path) -> None:
    """And how to go on, with no trace of the half that could be read."""
    load(tmp_path, "as the publisher words it")
    licensed_file().write_text("{")

    answer = manager.get(PAGE)
    assert answer.status_code < 500
    assert "reperform catalog unload" in answer.content.decode()
