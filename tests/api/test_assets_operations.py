"""Assets and data flows over the API."""

import json
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.program.models import Asset


def test_assets_and_flows_are_entered_listed_changed_and_ended(
    program: Callable[..., Program],
) -> None:
    caller = program()
    content = {"name": "Ledger", "kind": "database", "in_boundary": True}

    made = json.loads(caller.ask("post", "/assets", {"content": content}).content)
    assert (made["reference"], made["in_boundary"], made["internet_facing"]) == (
        "AST-1",
        True,
        None,
    )
    changed = caller.ask("put", "/assets/1", {"content": {"name": "Ledger"}, "seen": 1})
    assert json.loads(changed.content)["version"] == 2
    flow = {"data": "Invoices", "source_party": "Customers", "target": 1}
    assert caller.ask("post", "/data-flows", {"content": flow}).status_code == 201
    assert caller.get("/data-flows")["items"][0]["encrypted"] is None
    ended = caller.ask("post", "/data-flows/1/end", {"seen": 1, "reason": "Moved"})
    assert ended.status_code == 200
    assert caller.get("/data-flows")["total"] == 0
    assert caller.get("/data-flows?ended=true")["total"] == 1
    assert caller.get("/assets?undecided=boundary")["total"] == 1


def test_a_stale_version_is_a_conflict_and_a_problem_is_named(
    program: Callable[..., Program],
) -> None:
    caller = program()
    caller.ask("post", "/assets", {"content": {"name": "Ledger"}})

    stale = caller.ask("put", "/assets/1", {"content": {"name": "x"}, "seen": 9})
    wrong = caller.ask("post", "/assets", {"content": {"name": "x", "owner": 999_999}})
    twice = caller.ask("post", "/assets", {"content": {"name": "Ledger"}})

    assert stale.status_code == 409
    assert [json.loads(each.content)["problems"][0]["where"] for each in (wrong, twice)] == [
        "owner",
        "name",
    ]


def test_another_organizations_asset_is_not_found(
    program: Callable[..., Program], strange_program: Program
) -> None:
    program().ask("post", "/assets", {"content": {"name": "Ledger"}})

    assert strange_program.ask("get", "/assets/1").status_code == 404
    assert (
        strange_program.ask(
            "put", "/assets/1", {"content": {"name": "Mine"}, "seen": 1}
        ).status_code
        == 404
    )


def test_a_file_is_imported_as_its_dry_run_showed_and_an_asset_retired_with_its_proof(
    program: Callable[..., Program],
) -> None:
    caller = program()
    client = Client(headers={"Authorization": f"Bearer {caller.secret}"})
    content = b"Name,Kind\nLedger,database\n"

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("list.csv", content)

    shown = client.post("/api/v1/assets/import/dry-run", {"file": file()}).json()
    wrong = client.post("/api/v1/assets/import", {"file": file(), "expected": "x"})
    assert wrong.status_code == 422
    assert not Asset.objects.exists()
    done = client.post(
        "/api/v1/assets/import", {"file": file(), "expected": shown["fingerprint"]}
    ).json()
    assert done["made"] == 1

    retired = client.post(
        "/api/v1/assets/1/retirement",
        {
            "seen": "1",
            "on": "2026-01-31",
            "reason": "Old",
            "disposal": "destroyed",
            "proof": SimpleUploadedFile("log.txt", b"shredded"),
        },
    ).json()
    assert (retired["disposal"], retired["disposal_proof"]) == ("destroyed", 1)


def test_the_diagram_is_handed_out_as_a_file(program: Callable[..., Program]) -> None:
    caller = program()
    caller.ask("post", "/assets", {"content": {"name": "<Ledger>", "in_boundary": True}})

    answer = caller.ask("get", "/data-flows/boundary.svg")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="boundary.svg"'
    assert b"&lt;Ledger&gt;" in answer.content
