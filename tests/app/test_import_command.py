"""`reperform import policies`, as people and scripts run it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.test_program_files_command import ADA, with_members
from once import made_once
from outside import Ran

Reperform = Callable[..., Ran]
ACCESS = """---
id: access
name: Access Onboarding Policy
acronym: AOTP
majorRevisions:
  - date: Jun 1 2018
    comment: Initial document
---
# Purpose

{{.Name}} gives access to who needs it.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one policy of another tool, a note that is none, and an organization.

    Ada is its compliance manager, and Ben an employee.
    """
    shutil.copytree(made_once("members", with_members), tmp_path, dirs_exist_ok=True)
    made = tmp_path / "policies"
    (made / "more").mkdir(parents=True)
    (made / "more" / "access.md").write_text(ACCESS, "utf-8")
    (made / "README.md").write_text("# How to use these", "utf-8")
    (made / "narrative.yaml").write_text("- 1", "utf-8")
    return made


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(
    reperform: Reperform, folder: Path
) -> None:
    shown = reperform("import", "policies", folder)
    again = reperform("import", "policies", folder)

    assert (shown.code, again.out) == (0, shown.out), shown.err
    assert shown.out.splitlines() == [
        "access: Access Onboarding Policy (more/access.md)",
        "  to fill before it can be submitted: Name",
        "  left out of its head: acronym, majorRevisions",
    ]
    assert "1 draft would be made" in shown.err


def test_the_drafts_are_made_once(reperform: Reperform, folder: Path) -> None:
    """The second time their ids are taken, and the file is named."""
    made = reperform("import", "policies", folder, "--apply", "--by", ADA.upper())
    again = reperform("import", "policies", folder, "--apply", "--by", ADA)

    assert (made.code, "1 draft made" in made.err) == (0, True), made.err
    assert again.code == 1
    assert "more/access.md" in again.out
    assert "there is a policy access in the organization already" in again.out


def test_a_problem_in_one_file_keeps_all_of_them_out(reperform: Reperform, folder: Path) -> None:
    (folder / "bad.md").write_bytes(b"\xff\xfe")

    refused = reperform("import", "policies", folder, "--apply", "--by", ADA)
    (folder / "bad.md").unlink()

    assert refused.code == 1
    assert "bad.md" in refused.out
    assert reperform("import", "policies", folder).code == 0


@pytest.mark.parametrize("by", [(), ("--by", "ben@larkspur.example")], ids=str)
def test_drafts_are_somebodys_who_may_write_them(
    reperform: Reperform, folder: Path, by: tuple[str, ...]
) -> None:
    refused = reperform("import", "policies", folder, "--apply", *by)

    assert (refused.code, "[import-by]" in refused.err) == (1, True), refused.err
    assert reperform("import", "policies", folder).code == 0


def test_a_link_is_not_followed(reperform: Reperform, folder: Path) -> None:
    (folder / "link.md").symlink_to("/etc/hostname")

    refused = reperform("import", "policies", folder)

    assert (refused.code, "link.md" in refused.err) == (1, True)


def test_a_folder_without_policies_makes_none(reperform: Reperform, folder: Path) -> None:
    (folder / "more" / "access.md").unlink()

    refused = reperform("import", "policies", folder)

    assert (refused.code, "holds no Markdown file" in refused.out) == (1, True)
