"""The template of a connector passes its own tests, and the page about it shows what is in it."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reperform.connectors.registry import GROUP, find

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "examples" / "connector"
PAGE = ROOT / "docs" / "how-to" / "write-a-connector.md"


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(TEMPLATE))
    yield
    for name in [each for each in sys.modules if each.startswith("reperform_beacon")]:
        del sys.modules[name]


def test_the_template_passes_its_own_tests(tmp_path: Path) -> None:
    """As somebody runs them who copied the folder."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", str(TEMPLATE / "pyproject.toml"), "--rootdir", str(TEMPLATE)),
            str(TEMPLATE / "tests"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TEMPLATE), "HOME": str(tmp_path)},
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert "7 passed" in done.stdout


@pytest.mark.usefixtures("importable")
def test_the_template_is_found_by_the_entry_point_that_it_declares() -> None:
    declared = tomllib.loads((TEMPLATE / "pyproject.toml").read_text("utf-8"))
    ((name, value),) = declared["project"]["entry-points"][GROUP].items()

    found = find([EntryPoint(name, value, GROUP)])

    assert not found.left_out
    assert found.connectors["beacon"].title == "Beacon"


def test_the_page_shows_what_the_template_holds() -> None:
    """Every block of Python or TOML stands in a file of the template, as it is."""
    files = [
        path.read_text("utf-8") for path in TEMPLATE.rglob("*") if path.suffix in (".py", ".toml")
    ]
    blocks = re.findall(r"```(?:python|toml)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    assert len(blocks) > 3
    for block in blocks:
        assert any(block.strip() in text for text in files), block
