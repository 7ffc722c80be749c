"""The work folder: outputs appear whole or not at all, and a killed run is taken up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reperform.base.refusal import RefusalError
from reperform.cli.workspace import HIDDEN, OUTPUTS, OutFolderError, open_workspace


def test_a_folder_that_is_not_empty_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """Two runs in one folder could not be told apart."""
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(OutFolderError, match="not empty"), open_workspace(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Also below a file."""
    (tmp_path / "file").write_text("x")

    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutFolderError, match="not a folder"), open_workspace(out):
            pass


def test_a_refused_run_changes_nothing(tmp_path: Path) -> None:
    """Neither a new folder nor an empty old one keeps anything of it."""
    for out in (tmp_path / "new", tmp_path):
        with pytest.raises(RefusalError), open_workspace(out):
            raise RefusalError("no", why="no", todo="no")

    assert list(tmp_path.iterdir()) == []


def test_a_run_that_died_is_taken_up(tmp_path: Path) -> None:
    """What was kept is still there, and the next run knows."""

    def fills_the_disk() -> Iterator[bytes]:
        raise OSError("disk")
        yield b""

    with pytest.raises(OSError, match="disk"), open_workspace(tmp_path) as first:
        _ = first.blobs.put([b"kept"]), first.blobs.put(fills_the_disk())

    with open_workspace(tmp_path) as second:
        assert second.is_continued
        assert len(list(second.blobs)) == 1


def test_two_runs_in_one_folder_do_not_meet(tmp_path: Path) -> None:
    """The second is refused while the first is at work."""
    with (
        open_workspace(tmp_path),
        pytest.raises(OutFolderError, match="another run"),
        open_workspace(tmp_path),
    ):
        pass


def test_publishing_moves_the_outputs_and_removes_the_work_folder(tmp_path: Path) -> None:
    """Six files, and nothing else."""
    with open_workspace(tmp_path) as workspace:
        outputs = workspace.fresh("outputs")
        for name in OUTPUTS:
            (outputs / name).write_text(name)
        workspace.publish()

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(OUTPUTS)


def test_a_run_killed_while_cleaning_up_is_finished_by_the_next(tmp_path: Path) -> None:
    """The outputs are whole then, so the folder counts as full."""
    (tmp_path / HIDDEN / "ledger").mkdir(parents=True)
    (tmp_path / HIDDEN / "finished").touch()
    (tmp_path / "report.pdf").touch()

    with pytest.raises(OutFolderError, match="not empty"), open_workspace(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]
