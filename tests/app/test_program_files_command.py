"""`reperform export`, `plan` and `apply`, as people and scripts run them."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from once import made_once
from outside import Ran, run_reperform

Reperform = Callable[..., Ran]
ADA = "ada@larkspur.example"
MEMBERS = f"""
from datetime import UTC, datetime
from reperform.cli import site
site.open_site()
from reperform.accounts.models import Membership, Organization, User
for name, role in (("{ADA}", "compliance manager"), ("ben@larkspur.example", "employee")):
    Membership.objects.create(
        user=User.objects.create(email=name, date_joined=datetime.now(UTC)),
        organization=Organization.objects.get(slug="larkspur"),
        role=role,
        since=datetime.now(UTC),
    )
"""
DIES_IN_THE_MIDDLE = """
import os, signal
from reperform.cli import site
site.open_site()
from reperform.program.actions.code import apply as applying
real = applying._left

def dying(given, wanted):
    assert len(wanted.contents) == 2
    os.kill(os.getpid(), signal.SIGKILL)

applying._left = dying
from reperform.cli.app import main
main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(made_once("members", with_members), tmp_path, dirs_exist_ok=True)
    return tmp_path


def with_members(folder: Path) -> None:
    founded = ("organization", "add", "Larkspur", "--administrator", "ana@larkspur.example")
    assert run_reperform(*founded, home=folder / "home").code == 0
    made = run(folder, MEMBERS)
    assert made.returncode == 0, made.stderr


def run(home: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    place = {"HOME": str(home / "home"), "REPERFORM_HOME": str(home / "home" / "reperform")}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={"PATH": os.environ["PATH"], **place},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}"
        path = path.with_suffix(".md" if "__" in name else ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_a_folder_is_planned_applied_and_taken_out_the_same(
    reperform: Reperform, home: Path
) -> None:
    """Exit codes tell a script: 2 there are changes, 0 there are none, 1 it is refused."""
    folder = write(home / "program", scope="system: Invoicing\n", tasks="- number: 1\n  title: A\n")

    planned = reperform("plan", folder)
    assert planned.code == 2, planned.err
    assert "make scope  (scope.yaml: line 1)\n  system: nothing -> Invoicing\n" in planned.out
    assert planned.out.endswith("2 to make, 0 to change\n")
    applied = reperform("apply", folder, "--by", ADA.upper())
    assert applied.code == 0, applied.err

    assert reperform("plan", folder).out == "no change\n"
    assert reperform("plan", folder).code == 0
    assert reperform("export", folder).code == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = reperform("apply", folder, "--by", ADA)
    assert (again.code, again.out) == (0, "no change\n")
    assert "none changed" in reperform("export", folder).err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert {"README.md", ".reperform.yaml", "scope.yaml", "tasks.yaml"} <= {
        path.name for path in before
    }


def test_two_copies_of_a_folder_do_not_undo_each_other(reperform: Reperform, home: Path) -> None:
    first = write(home / "first", scope="system: Invoicing\n")
    reperform("apply", first, "--by", ADA)
    second = home / "second"
    reperform("export", second)
    write(first, scope="system: Invoicing of Ada\n")
    assert reperform("apply", first, "--by", ADA).code == 0
    write(first, scope="system: Invoicing, and more\n")
    assert reperform("apply", first, "--by", ADA).code == 0, "its lock was written anew"
    (second / "scope.yaml").write_text("system: Invoicing of Ben\n", "utf-8")

    refused = reperform("apply", second, "--by", ADA)

    assert refused.code == 1
    assert f"! changed since the files were taken out by {ADA}; this would be lost" in refused.out
    assert "system: Invoicing, and more -> Invoicing of Ben" in refused.out
    assert "[program-newer]" in refused.err
    assert reperform("plan", second).code == 1
    assert reperform("apply", second, "--by", ADA, "--over", "scope").code == 0


def test_an_export_loses_no_edit_and_touches_no_file_of_others(
    reperform: Reperform, home: Path
) -> None:
    folder = write(home / "program", scope="system: A\n", description__dc3_data="---\n---\n\nx\n")
    (folder / "description/dc3_data.md").rename(folder / "description/dc3.data.md")
    assert reperform("apply", folder, "--by", ADA).code == 0
    (folder / "Makefile").write_text("all:\n", "utf-8")
    (folder / "description/dc3.data.md").write_text("---\n---\n\ny\n", "utf-8")

    refused = reperform("export", folder)

    assert refused.code == 1
    assert "edits that were not applied: description/dc3.data" in refused.err
    assert reperform("export", folder, "--replace").code == 0
    assert (folder / "description/dc3.data.md").read_text("utf-8").endswith("---\n\nx\n")
    assert (folder / "Makefile").exists()
    other = write(home / "other", scope="")
    assert "has other files in it" in reperform("export", other).err


def test_a_killed_apply_changed_nothing(reperform: Reperform, home: Path) -> None:
    """Killed when every change was made, before they count: then they were never made."""
    folder = write(home / "program", scope="system: A\n", tasks="- number: 1\n  title: A\n")

    killed = run(home, DIES_IN_THE_MIDDLE, "apply", str(folder), "--by", ADA)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert reperform("plan", folder).out.endswith("2 to make, 0 to change\n")
    assert reperform("apply", folder, "--by", ADA).code == 0
    assert reperform("plan", folder).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--by", "ben@larkspur.example"), "apply-by"),
        (("--by", "nobody@larkspur.example"), "apply-by"),
        (("--by", ADA, "--organization", "no-such"), "organization-unknown"),
        (("--by", ADA, "--over", "tasks/9"), "program-refused"),
    ],
)
def test_who_may_not_or_names_nothing_changes_nothing(
    reperform: Reperform, home: Path, arguments: tuple[str, ...], said: str
) -> None:
    folder = write(home / "program", scope="system: A\n")

    refused = reperform("apply", folder, *arguments)

    assert refused.code == 1
    assert f"[{said}]" in refused.err
    assert reperform("plan", folder).code == 2


def test_of_several_organizations_one_is_named(reperform: Reperform, home: Path) -> None:
    reperform("organization", "add", "Meadow", "--administrator", "bo@meadow.example")

    assert "name one with --organization: larkspur, meadow" in reperform("export", home / "x").err
    assert reperform("export", home / "x", "--organization", "meadow").code == 0


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_links_and_pipes_are_not_read(reperform: Reperform, home: Path, kind: str) -> None:
    """A folder may come from somebody else's branch: it shows no file of this machine."""
    folder = write(home / "program", scope="system: A\n")
    (home / "secret.yaml").write_text("system: secret\n", "utf-8")
    if kind == "link":
        (folder / "tasks.yaml").symlink_to(home / "secret.yaml")
    elif kind == "folder":
        (folder / "controls").symlink_to(home)
    else:
        os.mkfifo(folder / "tasks.yaml")

    ran = reperform("plan", folder)

    assert ran.code == 1
    assert "secret" not in ran.out + ran.err
    assert "[program-folder]" in ran.err


COMPONENT = """{"component-definition": {"metadata": {"title": "x"}, "components": [{
"type": "service", "title": "Vault", "description": "Keeps secrets.", "control-implementations": [{
"implemented-requirements": [{"control-id": "sc-12", "description": "Keys rotate."}]}]}]}}"""


def test_a_component_definition_is_drafted_finished_and_taken_out_again(
    reperform: Reperform, home: Path
) -> None:
    """The plan asks for what OSCAL does not say, and nothing is adopted before."""
    file, folder = home / "component.json", home / "program"
    file.write_text(COMPONENT, "utf-8")
    assert reperform("oscal", "drafts", file, folder, "--dry-run").out == "controls/OWN-01.md\n"
    assert not folder.exists()
    assert reperform("oscal", "drafts", file, folder).code == 0

    planned = reperform("plan", folder)
    assert planned.code == 1
    assert "frequency: is not chosen" in planned.out
    draft = folder / "controls/OWN-01.md"
    more = "nature: preventive\nkind: automated\nfrequency: continuous\nowner_role: Lead\n---\n\n"
    draft.write_text(draft.read_text("utf-8").replace("---\n\n", more, 1), "utf-8")
    assert reperform("apply", folder, "--by", ADA).code == 0
    out = home / "out.json"
    assert reperform("oscal", "export", out).code == 0

    before = out.read_bytes()
    assert b'"title": "OWN-01 Vault: sc-12"' in before
    assert reperform("oscal", "export", out).code == 0
    assert out.read_bytes() == before


def test_what_is_no_oscal_writes_nothing(reperform: Reperform, home: Path) -> None:
    file = home / "component.json"
    file.write_text('{"catalog": {}}', "utf-8")

    refused = reperform("oscal", "drafts", file, home / "program")

    assert (refused.code, refused.out) == (1, "")
    assert "[oscal-refused]" in refused.err
    assert not (home / "program").exists()
