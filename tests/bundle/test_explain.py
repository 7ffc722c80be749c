"""`reperform test explain`: from an outcome to the rows, and to the bytes of the answer."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from outside import Ran

Reperform = Callable[..., Ran]
REVIEWED = "CHG-01.T1"


def commit_of(finished: Path) -> str:
    with zipfile.ZipFile(finished / "bundle.zip") as archive:
        lines = archive.read(f"results/items/{REVIEWED}.jsonl").splitlines()
    return str(json.loads(lines[0])["item"])


def test_an_outcome_is_led_back_to_its_row_and_its_bytes(
    reperform: Reperform, finished: Path
) -> None:
    """The commit, and the line of its message that names its reviewer.

    The answer of git begins where the row does, with the commit's name.
    """
    commit = commit_of(finished)
    ran = reperform("test", "explain", finished / "bundle.zip", REVIEWED, commit)
    lines = ran.out.splitlines()

    assert ran.code == 0, ran.err
    assert "It rests on 2 rows; without any one of them" in ran.out
    assert {"git.commits", "git.trailers"} <= set(lines)
    assert f"  commit_id             {commit}" in lines
    assert any("of evidence/blobs/" in line for line in lines)
    assert lines[-1].startswith(f"  {commit} commit ")


def test_an_answer_that_is_not_in_the_bundle_is_said(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """The rows are there all the same; `verify` names the file that is missing."""
    without = tmp_path / "without.zip"
    with (
        zipfile.ZipFile(finished / "bundle.zip") as old,
        zipfile.ZipFile(without, "w") as new,
    ):
        for name in old.namelist():
            if not name.startswith("evidence/blobs/"):
                new.writestr(name, old.read(name))
    ran = reperform("test", "explain", without, REVIEWED, commit_of(finished))

    assert "that blob is not in the bundle" in ran.out


def test_a_test_or_an_item_that_is_not_there_is_refused(
    reperform: Reperform, finished: Path
) -> None:
    no_item = reperform("test", "explain", finished / "bundle.zip", REVIEWED, "c0ffee")
    no_test = reperform("test", "explain", finished / "bundle.zip", "CHG-99.T1", "c0ffee")

    assert (no_item.code, no_test.code) == (1, 1)
    assert "CHG-01.T1 has no item 'c0ffee'" in no_item.err
    assert "CHG-99.T1 is no test of this bundle" in no_test.err
