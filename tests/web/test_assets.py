"""The inventory's pages: entered, changed, retired, imported, taken out, drawn."""

import io
import json
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.models import Membership, Organization, User
from reperform.ledger.models import Change
from reperform.program.models import Asset, DataFlow, KeptFile


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/assets/"


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def last(log: str) -> dict[str, Any]:
    content = Change.objects.filter(log=log).latest("pk").content
    found: dict[str, Any] = json.loads(bytes(content or b"")[32:])
    return found


def enter(client: Client, home: str, name: str = "Ledger database", **more: str) -> Any:  # noqa: ANN401 - a response
    return client.post(f"{home}new/", {"name": name, "kind": "database", **more})


def test_an_empty_inventory_says_what_to_do(manager: Client, home: str) -> None:
    assert "There is no asset yet." in said(manager.get(home))
    assert "There is nothing to draw yet." in said(manager.get(f"{home}flows/"))


def test_an_asset_is_entered_changed_and_its_history_told(
    manager: Client, home: str, larkspur: Organization
) -> None:
    owner = Membership.objects.get(user__email="compliance_manager@larkspur.example")

    answer = enter(manager, home, owner=str(owner.pk), in_boundary="yes", name="<b>Ledger</b>")
    assert answer.headers["Location"] == f"{home}1/"
    manager.post(f"{home}1/edit/", {"name": "Ledger", "kind": "database", "seen": "1"})

    asset = Asset.objects.get(organization=larkspur)
    assert (asset.name, asset.owner, asset.in_boundary, asset.version) == ("Ledger", None, None, 2)
    assert last(larkspur.log)["before"] == {
        "name": "<b>Ledger</b>",
        "owner": owner.pk,
        "in_boundary": True,
    }
    page = manager.get(f"{home}1/").content.decode()
    assert "asset.changed" in page
    assert "<b>Ledger" not in page


def test_what_nobody_decided_is_counted_first_and_found(manager: Client, home: str) -> None:
    enter(manager, home, "Decided", in_boundary="no", classification="public", has_accounts="no")
    enter(manager, home, "Open")

    page = said(manager.get(f"{home}?undecided=boundary"))

    assert "Open" in page
    assert "Decided" not in page
    assert "not decided whether in the boundary" in page


@pytest.mark.parametrize(
    "query",
    ["?words=x&kind=y", "?owner=999999999999999999", "?owner=x&state=y", "?page=99&boundary=z"],
)
def test_a_filter_that_means_nothing_is_no_error(manager: Client, home: str, query: str) -> None:
    enter(manager, home)

    assert manager.get(home + query).status_code == 200


def test_a_name_is_there_once_until_its_asset_is_retired(manager: Client, home: str) -> None:
    enter(manager, home)

    second = enter(manager, home)
    assert second.status_code == 422
    assert "Name is taken by AST-1" in said(second)

    manager.post(f"{home}1/retire/", {"on": "2026-01-31", "reason": "Replaced", "seen": "1"})
    assert enter(manager, home).status_code == 302


def test_two_people_change_an_asset_and_nothing_is_lost(manager: Client, home: str) -> None:
    enter(manager, home)
    manager.post(f"{home}1/edit/", {"name": "Mine", "kind": "database", "seen": "1"})

    second = manager.post(f"{home}1/edit/", {"name": "Theirs", "kind": "database", "seen": "1"})

    assert second.status_code == 409
    assert "Mine" in said(second)
    assert 'value="Theirs"' in said(second)


def test_another_organizations_members_and_assets_are_not_found(
    manager: Client, home: str, stranger: User
) -> None:
    """Their number as an owner, as the end of a flow, in the address: as if not there."""
    other = Organization.objects.get(slug="other")
    outsider = Membership.objects.get(user=stranger)
    theirs = Asset.objects.create(
        organization=other,
        number=8,
        name="Theirs",
        kind="other",
        changed_by="eve",
        changed_at="2026-08-01T09:00Z",
    )
    enter(manager, home)

    owner = enter(manager, home, "x", owner=str(outsider.pk))
    flow = manager.post(f"{home}flows/new/", {"data": "x", "source": "1", "target": "8"})

    assert [owner.status_code, flow.status_code] == [422, 422]
    assert "there is no AST-8 in use" in said(flow)
    assert manager.get(f"{home}8/").status_code == 404
    assert Asset.objects.get(pk=theirs.pk).version == 1


def test_an_asset_is_retired_with_its_flows_and_the_proof_of_its_disposal(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """What became of the data can be said later; until then it is counted as a gap."""
    enter(manager, home)
    manager.post(f"{home}flows/new/", {"data": "x", "source_party": "Customers", "target": "1"})

    manager.post(f"{home}1/retire/", {"on": "2026-07-01", "reason": "Old", "seen": "1"})
    assert "retired without a word" in said(manager.get(home))
    assert DataFlow.objects.get().ended_because == "AST-1 was retired"
    assert manager.post(f"{home}1/edit/", {"name": "x", "seen": "2"}).status_code == 422

    proof = SimpleUploadedFile("cert.pdf", b"%PDF-1.7 shredded")
    manager.post(
        f"{home}1/retire/",
        {
            "on": "2026-07-01",
            "reason": "Old",
            "disposal": "destroyed",
            "note": "Serial 4711",
            "seen": "2",
            "proof": proof,
        },
    )
    assert "retired without a word" not in said(manager.get(home))
    kept = KeptFile.objects.get(organization=larkspur)
    assert last(larkspur.log)["after"]["proof"]["sha256"] == kept.sha256
    assert "cert.pdf" in said(manager.get(f"{home}1/"))


def test_a_proof_that_can_run_is_refused_and_nothing_is_retired(manager: Client, home: str) -> None:
    enter(manager, home)
    program = SimpleUploadedFile("cert.pdf", b"\x7fELF\x02\x01")

    answer = manager.post(
        f"{home}1/retire/",
        {"on": "2026-07-01", "reason": "Old", "seen": "1", "proof": program},
    )

    assert answer.status_code == 422
    assert Asset.objects.get().retired_on is None


def test_a_spreadsheet_is_shown_and_then_imported_whole(
    manager: Client, home: str, larkspur: Organization
) -> None:
    content = b"Name,Kind,In the boundary\nWarehouse,data store,yes\nBucket,data store,\n"
    sheet = SimpleUploadedFile("list.csv", content)

    manager.post(f"{home}import/", {"file": sheet})
    dry_run = said(manager.get(f"{home}import/check/"))
    assert "Enters Warehouse" in dry_run
    assert not Asset.objects.exists()

    expected = dry_run.split('name="expected" value="')[1].split('"')[0]
    manager.post(f"{home}import/check/", {"expected": expected})
    assert list(Asset.objects.order_by("number").values_list("name", "in_boundary")) == [
        ("Warehouse", True),
        ("Bucket", None),
    ]
    assert last(larkspur.log)["act"] == "assets.imported"


def test_an_import_with_one_bad_row_changes_nothing(manager: Client, home: str) -> None:
    sheet = SimpleUploadedFile("list.csv", b"Name,Kind\nWarehouse,data store\nX,spaceship\n")
    manager.post(f"{home}import/", {"file": sheet})

    answer = manager.post(f"{home}import/check/", {"expected": "x"})

    assert answer.status_code == 422
    assert "list.csv: row 3: Kind: is none of the choices" in said(answer)
    assert not Asset.objects.exists()


def test_what_goes_out_comes_in_again_unchanged(manager: Client, home: str) -> None:
    """And a name that a spreadsheet would run goes out as text."""
    enter(manager, home, "=HYPERLINK(1)", purpose="a, b", in_boundary="no", since="2026-01-02")
    enter(manager, home, "Plain")
    out = manager.get(f"{home}files/assets.csv").content
    assert b"'=HYPERLINK(1)" in out

    rows = out.decode("utf-8-sig").splitlines()
    plain = "\n".join([rows[0], rows[2]])
    manager.post(f"{home}import/", {"file": SimpleUploadedFile("out.csv", plain.encode())})
    assert "0 assets to enter, 0 to change" in said(manager.get(f"{home}import/check/"))


def test_the_workbook_has_assets_and_flows(manager: Client, home: str) -> None:
    import openpyxl  # noqa: PLC0415 - here only

    enter(manager, home)
    manager.post(f"{home}flows/new/", {"data": "x", "source_party": "Customers", "target": "1"})

    book = openpyxl.load_workbook(
        io.BytesIO(manager.get(f"{home}files/assets.xlsx").content), read_only=True
    )

    assert book.sheetnames == ["Assets", "Data flows"]
    assert manager.get(f"{home}files/other.csv").status_code == 404


def test_a_flow_is_drawn_marked_and_in_the_table(manager: Client, home: str) -> None:
    enter(manager, home, in_boundary="yes", environment="production")
    manager.post(
        f"{home}flows/new/",
        {"data": "Invoices", "source_party": "Customers", "target": "1", "encrypted": "no"},
    )

    page = said(manager.get(f"{home}flows/"))
    assert "<svg" in page
    assert "1 of 1 flows is not encrypted" in page
    file = manager.get(f"{home}flows/boundary.svg")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert b"Invoices" in file.content

    manager.post(
        f"{home}flows/1/", {"data": "Bills", "source_party": "C", "target": "1", "seen": "1"}
    )
    manager.post(f"{home}flows/1/end/", {"on": "2026-07-01", "reason": "Moved", "seen": "2"})
    assert DataFlow.objects.get().ended_because == "Moved"
    assert "None is entered." in said(manager.get(f"{home}flows/"))


def test_search_finds_an_asset_by_its_words_and_its_reference(
    manager: Client, home: str, larkspur: Organization
) -> None:
    enter(manager, home, purpose="Keeps every invoice")

    for question in ("invoice", "AST-1"):
        page = said(manager.get(f"/o/{larkspur.slug}/search/?q={question}"))
        assert f'href="{home}1/"' in page
