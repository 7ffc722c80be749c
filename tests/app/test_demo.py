"""`reperform demo`: an invented company, whose results are computed like anybody's."""

import json
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from once import made_once
from outside import Browser, free_port, run_reperform, serving
from reperform.accounts.permissions import Role
from reperform.cli.example.folder import example_folder, read_yaml
from reperform.cli.example.repository import write_repository

pytestmark = pytest.mark.enable_socket
LARKSPUR = "/o/larkspur/"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prepared() -> Path:
    """The home of a user who prepared the example.  Do not change it."""
    return made_once("demo", _prepare)


def _prepare(folder: Path) -> None:
    ran = run_reperform("demo", "--no-serve", home=folder)
    assert ran.code == 0, ran.err


def links(browser: Browser) -> dict[str, str]:
    """Return the printed links' paths by role."""
    found = re.findall(
        r"^  (\w[\w -]*?)  .*http://[^/]+(/example/\S+)$", browser.said, re.MULTILINE
    )
    return {role.strip(): path for role, path in found}


def results(home: Path, number: int) -> dict[str, dict[str, object]]:
    """Return the tests of an examination by id."""
    folder = next((home / "reperform-example" / "examinations").glob(f"*-{number}"))
    kept = json.loads((folder / "results.json").read_bytes())
    return {test["id"]: test for test in kept["tests"]}


def test_each_role_has_a_link_and_sees_the_example_labelled(prepared: Path) -> None:
    """One link for every role; the label stands on the page; no link works when it is guessed."""
    with serving("demo", home=prepared, port=free_port()) as browser:
        printed = links(browser)
        assert set(printed) == {role.value for role in Role}
        for role, path in printed.items():
            page = Browser(browser.url, "").get(path)
            assert "Larkspur, Inc." in page, role
            assert "example" in page.lower(), role
        tour = (ROOT / "docs/tutorials/a-year-of-larkspur.md").read_text("utf-8")
        steward = Browser(browser.url, "")
        steward.get(printed["compliance manager"])
        addresses = re.findall(r"`(/o/larkspur/[^`]*)`", tour)
        assert len(addresses) > 10
        for address in addresses:
            assert "An invented example company" in steward.get(address), address
        # The same link opens another browser: it lasts as long as the process.
        assert "Larkspur" in Browser(browser.url, "").get(printed["auditor"])
        assert browser.status("/example/" + "A" * 43 + "/") == 404


def test_a_second_start_finds_what_was_left(prepared: Path) -> None:
    """Nothing is acted out twice."""
    ran = run_reperform("demo", "--no-serve", home=prepared)

    assert ran.code == 0, ran.err
    assert "Acting out" not in ran.err


def test_other_commands_know_no_such_links(prepared: Path) -> None:
    """The example's own installation, served as any other, has the sign-in page only."""
    home = prepared / "reperform-example"
    with serving(
        "serve", home=prepared, port=free_port(), env={"REPERFORM_HOME": str(home)}
    ) as browser:
        assert browser.link() == ""
        assert browser.status("/example/" + "A" * 43 + "/") == 404


def test_what_went_another_way_is_found_by_the_tests_and_nowhere_else(prepared: Path) -> None:
    """Two examinations, computed: the second knows of more than the first could."""
    first, second = results(prepared, 1), results(prepared, 2)

    def deviations(found: dict[str, dict[str, object]], test: str) -> list[str]:
        exceptions = found[test]["exceptions"]
        assert isinstance(exceptions, list)
        return [each["reason"] for each in exceptions]

    assert deviations(first, "CHG-01.T1") == ["reviewed by its author only"]
    assert sorted(deviations(second, "CHG-01.T1"))[1] == "reviewed by its author only"
    assert len(deviations(second, "CHG-01.T1")) == 2
    assert deviations(first, "CHG-02.T1") == []
    assert len(deviations(second, "CHG-02.T1")) == 1
    assert first["CHG-03.T2"]["conclusion"] == "exceptions noted"
    assert int(str(second["CHG-03.T2"]["population"])) > int(str(first["CHG-03.T2"]["population"]))
    assert second["CHG-05.T1"]["conclusion"] == "no exceptions"


def test_the_bundle_of_the_example_can_be_performed_again(prepared: Path) -> None:
    """As of any other examination."""
    folder = next((prepared / "reperform-example" / "examinations").glob("*-2"))

    ran = run_reperform("verify", folder / "bundle.zip", home=prepared)

    assert ran.code == 0, ran.err


def test_the_history_is_the_same_each_time(tmp_path: Path) -> None:
    """It follows from the file alone, and an earlier one is the beginning of a later one."""
    told = read_yaml(example_folder(), "repository.yaml")
    heads = []
    for name, until in (("a", "2025-12-31"), ("b", "2026-08-03"), ("c", "2026-08-03")):
        write_repository(told, tmp_path / name, until=date.fromisoformat(until))
        git = ["git", "-C", str(tmp_path / name), "rev-parse", "main"]
        heads.append(subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip())

    assert heads[1] == heads[2]
    ancestor = ["git", "-C", str(tmp_path / "b"), "merge-base", "--is-ancestor", heads[0], heads[1]]
    assert subprocess.run(ancestor, check=False).returncode == 0
    fsck = ["git", "-C", str(tmp_path / "b"), "fsck", "--strict"]
    assert subprocess.run(fsck, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "where", ["the installation", "a folder in it", "a folder with work in it"]
)
def test_the_example_is_kept_apart(tmp_path: Path, where: str) -> None:
    """An invented company beside a real one could be taken for evidence."""
    (tmp_path / "reperform").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine").write_text("mine")
    folder = {
        "the installation": tmp_path / "reperform",
        "a folder in it": tmp_path / "reperform" / "example",
        "a folder with work in it": tmp_path / "work",
    }[where]

    ran = run_reperform("demo", "--no-serve", "--home", folder, home=tmp_path)

    assert ran.code == 1
    assert "[example-home]" in ran.err
    assert not list((tmp_path / "reperform").iterdir())
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["mine"]


def test_a_folder_with_a_real_organization_is_refused(tmp_path: Path) -> None:
    """Also when the example's mark is there."""
    home = tmp_path / "somewhere"
    env = {"REPERFORM_HOME": str(home)}
    with serving("serve", home=tmp_path, port=free_port(), env=env):
        pass  # the first start of a new installation founds its organization
    (home / "example.made-from").write_text("0" * 64)

    ran = run_reperform("demo", "--no-serve", "--home", home, home=tmp_path)

    assert ran.code == 1
    assert "[example-home]" in ran.err
    assert "Our organization" in ran.err
