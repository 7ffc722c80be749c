"""The register of risks as a file: what goes out comes back the same; what is wrong is named."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.actions.risks import make_risk
from reperform.program.models import Risk
from reperform.program.risks.risk import Category, RiskFields

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/risks/"


@pytest.fixture
def manager(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.COMPLIANCE_MANAGER))


def enter(organization: Organization, title: str, **more: Any) -> None:  # noqa: ANN401 - fields
    fields = RiskFields(title, category=Category.FRAUD, **more)
    make_risk(organization=organization, fields=fields, by="maya", at=AT)


def bring(manager: Client, home: str, content: bytes) -> str:
    file = SimpleUploadedFile("risks.csv", content)
    answer = manager.post(f"{home}import/", {"file": file})
    assert answer.status_code == 302, unescape(answer.content.decode())
    return unescape(manager.get(f"{home}import/check/").content.decode())


def expected(page: str) -> str:
    return page.partition('name="expected" value="')[2].partition('"')[0]


def test_an_export_that_comes_back_does_nothing(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur, "Bribed support", frequency_low=1, frequency_high=9, loss_low=5, loss_high=50)
    enter(larkspur, "Lost laptop", objective="Trust", criteria=("CC6.1", "CC6.7"))
    page = bring(manager, home, manager.get(f"{home}files/risks.csv").content)
    assert "0 risks to enter, 0 to change." in page
    assert page.count("Nothing: it is so already") == 2


def test_a_row_enters_a_risk_and_a_row_with_a_reference_changes_one(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """What has no column stays as it is, and one entry tells the whole."""
    enter(larkspur, "Bribed support", objective="Trust")
    content = b"Reference,Title,Category\nRISK-1,Bought support,fraud\n,New one,people\n"
    page = bring(manager, home, content)
    assert Risk.objects.count() == 1, "a dry run does nothing"
    answer = manager.post(f"{home}import/check/", {"expected": expected(page)})
    assert answer.status_code == 302
    first, second = Risk.objects.order_by("number")
    assert (first.title, first.objective, first.version) == ("Bought support", "Trust", 2)
    assert (second.title, second.category) == ("New one", "people")
    assert changes(larkspur.log)[0].act == "risks.imported"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("RISK-7,Never was,,", "row 2: Reference: there is no RISK-7"),
        (",Good,no such,", "row 2: Category: is none of the choices"),
        (",Good,fraud,stranger@elsewhere.example", "no active member has the address"),
        (",,fraud,", "row 2: Title: is empty"),
    ],
)
def test_a_problem_names_row_and_column_and_nothing_is_imported(
    row: str, said: str, manager: Client, home: str
) -> None:
    page = bring(manager, home, f"Reference,Title,Category,Owner\n{row}\n".encode())
    assert said in page
    assert "nothing can be imported" in page
    assert manager.post(f"{home}import/check/", {"expected": "x"}).status_code == 422
    assert not Risk.objects.exists()


def test_an_import_does_what_its_dry_run_showed_or_nothing(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur, "Bribed support")
    page = bring(manager, home, b"Reference,Title\nRISK-1,Bought support\n")
    row = Risk.objects.get()
    row.category = "people"
    row.save()
    answer = manager.post(f"{home}import/check/", {"expected": expected(page)})
    assert answer.status_code == 422
    assert Risk.objects.get().title == "Bribed support"


def test_cells_that_a_spreadsheet_would_run_are_text(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(larkspur, "=HYPERLINK(1)", description="@SUM(1)")
    sent = manager.get(f"{home}files/risks.csv").content.decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(sent))
    assert not [cell for cell in row if cell[:1] in "=+-@" and cell]
    book = openpyxl.load_workbook(io.BytesIO(manager.get(f"{home}files/risks.xlsx").content))
    (_, cells) = book.worksheets[0].iter_rows()
    assert "f" not in {cell.data_type for cell in cells}
    assert cells[1].value == "'=HYPERLINK(1)"


def test_a_file_that_is_brought_twice_enters_nothing_twice(manager: Client, home: str) -> None:
    content = b"Title,Category\nNew one,people\n"
    page = bring(manager, home, content)
    manager.post(f"{home}import/check/", {"expected": expected(page)})
    again = bring(manager, home, content)
    assert "row 2: Title: New one is RISK-1 already" in again
    assert manager.post(f"{home}import/check/", {"expected": expected(page)}).status_code == 422
    assert Risk.objects.count() == 1


def test_there_is_no_other_file(manager: Client, home: str) -> None:
    assert manager.get(f"{home}files/risks.pdf").status_code == 404
