"""The commands of docs/how-to/use-the-api.md, as they stand there, against a real server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from browser.serving import Site
from installed import install

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "docs" / "how-to" / "use-the-api.md"
EXPECTED = {
    "$REPERFORM/scope": [200],
    "-X PUT": [200],
    "$REPERFORM/description/preview.pdf": [200, 200],
    "$REPERFORM/trail": [200],
}
"""What each block is known by, and the statuses that its commands must have."""


def blocks() -> list[str]:
    """Return the blocks that call the API, in order."""
    found = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [each for each in found if "curl" in each]


def statuses(block: str, *, folder: Path, site: Site, token: str) -> list[int]:
    """Run a block as a shell does, and return the status of each answer."""
    done = subprocess.run(
        ["bash", "-c", block],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "CURL_HOME": str(folder),
            "REPERFORM": f"{site.url}/api/v1",
            "TOKEN": token,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return [int(each) for each in re.findall(r"^status (\d+)$", done.stderr, re.MULTILINE)]


def new_company(home: Path) -> str:
    """Return the token of the administrator of a company that was founded just now."""
    install(home)
    done = subprocess.run(
        [sys.executable, str(HERE / "new_company.py")],
        env={"PATH": os.environ["PATH"], "REPERFORM_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_block_is_tried() -> None:
    assert len(blocks()) == len(EXPECTED)
    for block, name in zip(blocks(), EXPECTED, strict=True):
        assert name in block


@pytest.mark.enable_socket
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl: apt-get install curl")
def test_the_commands_do_what_the_guide_says(tmp_path: Path) -> None:
    """Each as it stands; written twice, the second is told 409; without the token, 401."""
    home, folder = tmp_path / "home", tmp_path / "folder"
    home.mkdir()
    folder.mkdir()
    (folder / ".curlrc").write_text('write-out = "%{stderr}\\nstatus %{http_code}\\n"\n', "utf-8")
    token = new_company(home)
    with Site(home) as site:
        done = [statuses(each, folder=folder, site=site, token=token) for each in blocks()]
        again = statuses(blocks()[1], folder=folder, site=site, token=token)
        nobody = [statuses(each, folder=folder, site=site, token="") for each in blocks()]

    assert done == list(EXPECTED.values())
    assert again == [409]
    assert {status for each in nobody for status in each} == {401}
    assert (folder / "statement.yaml").stat().st_size > 0
    assert (folder / "system-description-draft.pdf").exists()
