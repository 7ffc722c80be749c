"""The starter set: judgment in a file, proven to reach every criterion of every scope."""

import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reperform.catalog.check import check_library
from reperform.catalog.criteria import CATEGORIES, CRITERION_IDS, category_of
from reperform.catalog.library import library_folder, load_catalog, read_library
from reperform.catalog.starter import STARTER_FILE, starter_ids
from reperform.cli.app import app

LIBRARY = load_catalog()
SCOPES = [
    ("security", *added) for count in range(5) for added in combinations(CATEGORIES[1:], count)
]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a copy of the library that a test may spoil."""
    return Path(shutil.copytree(library_folder(), tmp_path / "library"))


def spoil(library: Path, old: str, new: str) -> list[str]:
    path = library / STARTER_FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return [
        str(problem) for problem in check_library(library) if problem.where.startswith("starter")
    ]


@pytest.mark.parametrize("scope", SCOPES, ids="+".join)
def test_every_criterion_of_every_scope_is_reached(scope: tuple[str, ...]) -> None:
    """In each of the sixteen scopes; of the common criteria nine of ten by two or more."""
    chosen = starter_ids(LIBRARY.starter, scope)
    serving = Counter(
        name for control in LIBRARY.controls if control.id in chosen for name in control.criteria
    )
    wanted = [name for name in CRITERION_IDS if category_of(name) in scope]

    assert [name for name in wanted if not serving[name]] == []
    common = [name for name in wanted if category_of(name) == "security"]
    assert sum(serving[name] > 1 for name in common) >= 0.9 * len(common)


def test_a_small_company_can_operate_it() -> None:
    """Sixty to seventy-five for security, not half of what the library proposes for it."""
    assert 60 <= len(starter_ids(LIBRARY.starter, ["security"])) <= 75
    assert len(starter_ids(LIBRARY.starter, CATEGORIES)) < 0.6 * len(LIBRARY.controls)


@pytest.mark.parametrize(
    ("what", "control", "category"),
    [
        ("a second factor", "AC-13", "security"),
        ("firewalls", "NET-01", "security"),
        ("encryption at rest", "CRY-01", "security"),
        ("encryption in transit", "NET-03", "security"),
        ("detection of intrusions", "NET-06", "security"),
        ("leavers", "AC-10", "security"),
        ("reviews of access", "AC-12", "security"),
        ("review of changes", "CHG-01", "security"),
        ("response to incidents", "INC-01", "security"),
        ("vendors", "VEN-01", "security"),
        ("assessment of risks", "RSK-01", "security"),
        ("acknowledged policies", "COM-01", "security"),
        ("training", "HR-03", "security"),
        ("patches", "VUL-01", "security"),
        ("logs", "LOG-01", "security"),
        ("backups", "BCK-01", "security"),
        ("restored backups", "BCK-02", "security"),
        ("penetration test", "MON-04", "security"),
        ("the commitment on availability", "AVL-02", "availability"),
        ("maintenance", "AVL-09", "availability"),
        ("disaster recovery", "AVL-03", "availability"),
        ("errors corrected", "PI-11", "processing integrity"),
        ("timely processing", "PI-10", "processing integrity"),
        ("deletion of confidential data", "CON-02", "confidentiality"),
        ("notice", "PRV-01", "privacy"),
        ("requests of persons", "PRV-05", "privacy"),
        ("disposal of personal data", "CON-02", "privacy"),
    ],
)
def test_what_is_looked_for_first_is_in(what: str, control: str, category: str) -> None:
    """In the scope of that category alone."""
    assert control in starter_ids(LIBRARY.starter, [category]), what


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("PHY-02]", "PHY-99]", "there is no control 'PHY-99'"),
        ("controls: [PHY-02]", "controls: [NET-07]", "NET-07 is of the family NET"),
        ("RSK-01, RSK-02,", "RSK-01,", "security: no control of it reaches CC3.3"),
        ("controls: [BCK-03]", "controls: [BCK-01]", "availability: BCK-01 is there twice"),
        ("MON-01, MON-03", "MON-01, MON-01", "holds 'MON-01' twice"),
        ("family: PHY", "family: ZOO", "is 'ZOO'"),
        ("    why: The servers", "    because: The servers", "because: is not a field"),
        ("availability:\n", "avail:\n", "availability: is missing or empty"),
        ("security:\n", "security: [\n", "starter.yaml"),
    ],
)
def test_what_spoils_the_set_is_named(library: Path, old: str, new: str, says: str) -> None:
    found = spoil(library, old, new)

    assert any(says in each for each in found), found


def test_a_library_without_it_is_read_and_named(library: Path) -> None:
    """That of a bundle from before has none, and must still be examined as it was."""
    (library / STARTER_FILE).unlink()

    assert load_catalog(library).starter == ()
    assert [each.slug for each in check_library(library)] == ["starter-missing"]


def test_the_proof_prints_what_was_counted() -> None:
    """So that a change of the set is seen where the library is proven."""
    count = len(starter_ids(read_library(library_folder()).starter, CATEGORIES))

    answer = CliRunner().invoke(app, ["catalog", "check"])

    assert answer.exit_code == 0, answer.output
    assert f"{count} controls in the starter set: " in answer.output
    assert "61 criteria reached" in answer.output


def test_the_how_to_says_the_numbers_of_the_set() -> None:
    """A reader decides by them."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "choose-controls.md"
    said = " ".join(page.read_text().split())
    security = len(starter_ids(LIBRARY.starter, ["security"]))
    adds = {
        each: len(starter_ids(LIBRARY.starter, [each])) - security
        for each in ("availability", "processing integrity", "confidentiality", "privacy")
    }

    assert f"{security} controls for security" in said
    assert (
        "availability adds {}, processing integrity {}, confidentiality {}, privacy {}".format(
            *adds.values()
        )
        in said
    )
