"""The tree of criteria, the page of one, and the matrix: what serves what, and the holes."""

import csv
import io
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from reperform.accounts.models import Organization
from reperform.audit.actions import keep_examination
from reperform.catalog.criteria import CRITERION_IDS
from reperform.catalog.installed import catalog
from reperform.program.actions.scope import change_scope
from reperform.program.models import AdoptedControl
from reperform.program.scope.document import ScopeDocument
from web.conftest import AT
from web.examined import write_outputs
from web.test_controls import OWN, adopt

HOME = "/o/larkspur/"


@pytest.fixture
def scope(larkspur: Organization) -> ScopeDocument:
    """Security and availability, with one criterion that does not apply."""
    decided = ScopeDocument(
        categories=("security", "availability"), not_applicable={"CC6.4": "There are no offices."}
    )
    change_scope(organization=larkspur, scope=decided, seen=0, library="0" * 64, by="test", at=AT)
    return decided


def text(client: Client, url: str) -> str:
    answer = client.get(f"{HOME}{url}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_tree_shows_every_criterion_with_its_state(
    manager: Client, scope: ScopeDocument, larkspur: Organization, tmp_path: Path
) -> None:
    """In scope, not applicable with its reason, not in scope; controls, and the latest result."""
    adopt(manager)
    keep_examination(
        organization=larkspur, folder=write_outputs(tmp_path / "out"), by="test", at=AT
    )

    said = text(manager, "criteria/")

    for name in CRITERION_IDS:
        assert f">{name}</a>" in said
    assert "Not applicable: There are no offices." in said
    assert "35</p><p>criteria apply to you" in said.replace("\n", "")
    assert "partly met" in said
    assert "not in scope" in said


@pytest.mark.parametrize("name", CRITERION_IDS)
def test_the_page_of_a_criterion_names_every_framework(manager: Client, name: str) -> None:
    """Each of the seven, with its requirements or the reason that there is none."""
    said = text(manager, f"criteria/{name}/")

    for crosswalk in catalog().crosswalks:
        assert f'<a href="{crosswalk.framework.official}" rel="noreferrer">' in said
        links = [link for link in crosswalk.links if link.criterion == name]
        none = [each.reason for each in crosswalk.none if each.criterion == name]
        assert all(link.requirement in said for link in links)
        assert links or none[0] in said


def test_a_criterion_says_which_control_addresses_which_point(manager: Client) -> None:
    """A point that nothing addresses is a question; the library's proposals are there to adopt."""
    before = text(manager, "criteria/CC8.1/")
    assert "No control of yours serves it" in before
    assert "nothing yet" in before

    control = adopt(manager)
    assert control.points_of_focus

    after = text(manager, "criteria/CC8.1/")
    point = control.points_of_focus[0]
    assert f"{point}</td>" in after
    assert 'href="/o/larkspur/controls/CHG-01/">CHG-01</a>' in after


def test_a_criterion_that_does_not_exist_is_not_found(manager: Client) -> None:
    for name in ("CC9.9", "cc6.1", "CC6", "..", "💥"):
        assert manager.get(f"{HOME}criteria/{name}/").status_code == 404


def test_the_matrix_shows_holes_until_a_control_serves_them(
    manager: Client, scope: ScopeDocument
) -> None:
    """As a row without a mark, as a list, and in words."""
    assert "every criterion is a hole" in text(manager, "controls/matrix/")
    adopt(manager)

    said = text(manager, "controls/matrix/")

    holes = said.partition("no control</strong>")[2].partition("</p>")[0]
    assert ">A1.1</a>" in holes
    assert ">CC8.1</a>" not in holes
    assert ">CC6.4</a>" not in said
    assert said.count('class="hole"') == holes.count("<a ")
    assert 'scope="row"><a href="/o/larkspur/criteria/CC8.1/">CC8.1</a></th>' in said


def test_the_matrix_of_all_61_criteria_and_150_controls_stays_light(
    manager: Client, larkspur: Organization
) -> None:
    """Under 100 KB of its own weight, with the columns beyond on a second page."""
    categories = ("security", "availability", "processing integrity", "confidentiality", "privacy")
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(categories=categories),
        seen=0,
        library="0" * 64,
        by="test",
        at=AT,
    )
    AdoptedControl.objects.bulk_create(
        AdoptedControl(
            organization=larkspur,
            code=f"OWN-{number:03}",
            title="Ours",
            text="Ours.",
            criteria=[CRITERION_IDS[number % 61], CRITERION_IDS[number % 7]],
            nature="preventive",
            kind="manual",
            frequency="per event",
            owner_role="Lead",
            adopted_on=date(2026, 1, 1),
            changed_by="test",
            changed_at=AT,
        )
        for number in range(170)
    )

    answer = manager.get(f"{HOME}controls/matrix/")

    assert len(answer.content) < 100_000
    assert answer.content.decode().count('scope="row"') == 61
    assert "Page 1 of 2" in answer.content.decode()
    assert "OWN-169" in text(manager, "controls/matrix/?page=2")


def test_the_matrix_is_sent_as_csv_and_xlsx_without_formulas(manager: Client) -> None:
    """Every criterion that applies is a row; each mark is where the page has it."""
    adopt(manager)
    manager.post(f"{HOME}controls/new/", OWN)

    sent = manager.get(f"{HOME}controls/matrix.csv")
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(manager.get(f"{HOME}controls/matrix.xlsx").content))

    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert rows[0][3:] == ["CHG-01", "PAY-01"]
    assert next(row for row in rows if row[0] == "CC8.1")[2:] == ["1", "x", ""]
    assert book.sheetnames == ["Matrix", "Points of focus"]
    assert book["Matrix"].max_row == len(rows) == 34
    assert manager.get(f"{HOME}controls/matrix.exe").status_code == 404
