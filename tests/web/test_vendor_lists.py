"""Lists of vendors: what goes out comes in again, a dry run first, all of it or nothing."""

import csv
import io
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Organization
from reperform.ledger.models import Change
from reperform.program.actions.vendors import make_vendor
from reperform.program.models import PendingUpload, Vendor
from reperform.program.vendors import Classification, Dpa, VendorFields

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
FULL = VendorFields(
    "=Tamarack",
    "Computing",
    criticality="critical",
    classification=Classification.RESTRICTED,
    data=("Invoices", "Names"),
    has_access=False,
    is_subservice=True,
    started_on=date(2026, 1, 5),
    dpa=Dpa.SIGNED,
    dpa_on=date(2026, 1, 4),
)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/vendors/"


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return " ".join(unescape(answer.content.decode()).split())


def bring(manager: Client, home: str, content: bytes) -> str:
    """Bring a file, and return what its dry run says."""
    file = SimpleUploadedFile("vendors.csv", content, "text/csv")
    assert manager.post(f"{home}import/", {"file": file}).status_code == 302
    return said(manager.get(f"{home}import/check/"))


def carry_out(manager: Client, home: str) -> Any:  # noqa: ANN401 - a response
    page = manager.get(f"{home}import/check/").content.decode()
    expected = page.partition('name="expected" value="')[2].partition('"')[0]
    return manager.post(f"{home}import/check/", {"expected": expected})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_and_changes_nothing(
    manager: Client, home: str, larkspur: Organization, kind: str
) -> None:
    """A name that a spreadsheet would run goes out as text, and is the same when it is back."""
    make_vendor(organization=larkspur, fields=FULL, by="ada", at=AT)
    out = manager.get(f"{home}files/vendors.{kind}")
    assert "attachment" in out.headers["Content-Disposition"]

    page = bring(manager, home, out.content)

    assert "1 row: 0 to enter, 0 to change." in page
    carry_out(manager, home)
    assert Vendor.objects.get().version == 1


def test_an_empty_decision_goes_out_in_words(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make_vendor(organization=larkspur, fields=VendorFields("X", "x"), by="ada", at=AT)

    text = manager.get(f"{home}files/vendors.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))

    assert row["Subservice organization"] == row["Criticality"] == "not decided"


def test_a_list_enters_and_changes_what_its_columns_say_and_nothing_else(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make_vendor(organization=larkspur, fields=FULL, by="ada", at=AT)
    owner = b"compliance_manager@larkspur.example"
    page = bring(
        manager,
        home,
        b"Name,Service,Owner\n'=TAMARACK,Storage," + owner + b"\nBirchpay,Payments,\n",
    )

    assert "2 rows: 1 to enter, 1 to change." in page
    assert "Changes Name, Service, Owner." in page
    assert carry_out(manager, home).status_code == 302
    changed, made = Vendor.objects.order_by("number")
    assert changed.service == "Storage"
    assert changed.owner is not None
    assert changed.owner.user.email == owner.decode()
    assert (changed.criticality, changed.data) == ("critical", ["Invoices", "Names"])
    assert made.name == "Birchpay"
    assert Change.objects.filter(log=larkspur.log, act="vendors.imported").count() == 1
    assert not PendingUpload.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Service\nx\n", "no column is for Name"),
        (b"Name,Shoe size\nx,9\n", "there is no column 'Shoe size'"),
        (b"Name,Name\nx,y\n", "Name is there twice"),
        (b"Name\n", "has no row below its header"),
        (b"Name,Service\nA,x\na,y\n", "row 3: Name: says the same vendor as row 2"),
        (b"Name\nNew\n", "row 2: Service: is empty"),
        (b"Name,Service,Owner\nA,x,who@else.example\n", "Owner: is no member"),
        (b"Name,Service,Started on\nA,x,yesterday\n", "row 2: Started on: is not a day"),
        (b"Name,Service\nA,x,too,many\n", "has more cells than the header"),
    ],
)
def test_a_list_with_a_problem_names_file_row_and_column_and_imports_nothing(
    manager: Client, home: str, content: bytes, message: str
) -> None:
    page = bring(manager, home, content)

    assert message in page
    assert "nothing can be imported" in page
    assert carry_out(manager, home).status_code == 422
    assert not Vendor.objects.exists()


def test_a_list_that_would_do_something_else_by_now_is_refused(
    manager: Client, home: str, larkspur: Organization
) -> None:
    bring(manager, home, b"Name,Service\nBirchpay,Payments\n")
    page = manager.get(f"{home}import/check/").content.decode()
    expected = page.partition('name="expected" value="')[2].partition('"')[0]
    fields = VendorFields("Birchpay", "Cards")
    make_vendor(organization=larkspur, fields=fields, by="ada", at=AT)

    answer = manager.post(f"{home}import/check/", {"expected": expected})

    assert answer.status_code == 422
    assert "import-changed" in said(answer)
    assert Vendor.objects.get().service == "Cards"
