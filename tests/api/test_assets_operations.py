"""Assets and data flows over the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.models import Asset, DataFlow, KeptFile

FLOW = {"data": "Invoices", "source_party": "Customers", "target": 1}


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


def kept(organization: Organization) -> tuple[int, ...]:
    rows = (Asset, DataFlow)
    return (*(row.objects.count() for row in rows), changes(organization.log).count())


def enter(program: Program) -> None:
    """Enter an asset, and a flow of data to it."""
    made = program.ask("post", "/assets", {"content": {"name": "Ledger"}})
    assert made.status_code == 201, made.content
    assert program.ask("post", "/data-flows", {"content": FLOW}).status_code == 201


def retired(program: Program, proof: bytes = b"shredded", **more: str) -> Any:  # noqa: ANN401 - a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    said = {"seen": "1", "on": "2026-01-31", "reason": "Old", "disposal": "destroyed"} | more
    file = SimpleUploadedFile("log.txt", proof)
    return client.post("/api/v1/assets/1/retirement", {**said, "proof": file})


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    """The answer says what stands now, and no proof of a refused retirement is kept."""
    caller = program()
    enter(caller)
    caller.ask("put", "/assets/1", {"seen": 1, "content": {"name": "Ledger", "purpose": "Books"}})
    caller.ask("put", "/data-flows/1", {"seen": 1, "content": FLOW | {"note": "Daily"}})
    before = kept(larkspur)

    late = [
        caller.ask("put", "/assets/1", {"seen": 1, "content": {"name": "Other"}}),
        retired(caller),
        caller.ask("put", "/data-flows/1", {"seen": 1, "content": FLOW | {"note": "Weekly"}}),
        caller.ask("post", "/data-flows/1/end", {"seen": 1, "reason": "Moved"}),
    ]

    assert [each.status_code for each in late] == [409] * 4
    stands = [each.json()["current"]["content"] for each in late]
    assert [each["purpose"] for each in stands[:2]] == ["Books"] * 2
    assert [each["note"] for each in stands[2:]] == ["Daily"] * 2
    assert kept(larkspur) == before
    assert not KeptFile.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""},
        {"name": {"a": 1}},
        {"name": "x" * 201},
        {"purpose": "x" * 2_001},
        {"kind": ["database"]},
        {"owner": True},
        {"owner": 10**30},
        {"in_boundary": "perhaps"},
        {"review_months": 3.5},
        {"since": 20260101},
        {"colour": "red"},
    ],
    ids=lambda more: f"{next(iter(more))} {next(iter(more.values()))!r:.20}",
)
def test_an_asset_with_a_problem_is_refused_and_its_field_named(
    more: dict[str, Any], program: Callable[..., Program], larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    before = kept(larkspur)
    content = {"name": "Mirror", "has_accounts": True} | more

    tried = [
        caller.ask("post", "/assets", {"content": content}),
        caller.ask("put", "/assets/1", {"seen": 1, "content": content}),
    ]

    assert [each.status_code for each in tried] == [422] * 2
    wrong = [[problem["where"] for problem in each.json()["problems"]] for each in tried]
    assert wrong == [list(more)] * 2
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"data": ""}, "data"),
        ({"data": 7}, "data"),
        ({"target": 2}, "target"),
        ({"target": 10**30}, "target"),
        ({"target": None}, "target"),
        ({"source_party": "x" * 201}, "source_party"),
        ({"encrypted": "maybe"}, "encrypted"),
        ({"protocol": ["TLS"]}, "protocol"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_flow_with_a_problem_is_refused_and_its_field_named(
    more: dict[str, Any], where: str, program: Callable[..., Program], larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    before = kept(larkspur)

    tried = [
        caller.ask("post", "/data-flows", {"content": FLOW | more}),
        caller.ask("put", "/data-flows/1", {"seen": 1, "content": FLOW | more}),
    ]

    assert [each.status_code for each in tried] == [422] * 2
    assert [each.json()["problems"][0]["where"] for each in tried] == [where] * 2
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ({"on": "9999-12-31"}, "content-refused"),
        ({"reason": ""}, "content-refused"),
        ({"disposal": "lost"}, "content-refused"),
        ({"note": "x" * 2_001}, "content-refused"),
        ({"seen": "one"}, "content-refused"),
        ({"proof": b"MZ\x00"}, "upload-refused"),
    ],
)
def test_a_retirement_with_a_problem_keeps_the_asset_in_use_and_no_proof(
    more: dict[str, Any], slug: str, program: Callable[..., Program], larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    before = kept(larkspur)

    answer = retired(caller, **more)

    assert (answer.status_code, answer.json()["slug"]) == (422, slug)
    assert kept(larkspur) == before
    assert not KeptFile.objects.exists()


def test_what_is_another_organizations_is_not_found(
    program: Callable[..., Program], strange_program: Program, larkspur: Organization
) -> None:
    """By number in the path, as an end of a flow, and as an owner."""
    caller = program()
    enter(caller)
    before = kept(larkspur)

    tried = [
        strange_program.ask("get", "/data-flows/1"),
        strange_program.ask("put", "/data-flows/1", {"seen": 1, "content": FLOW}),
        strange_program.ask("post", "/data-flows/1/end", {"seen": 1, "reason": "x"}),
        retired(strange_program),
        caller.ask("get", f"/assets/{10**30}"),
        caller.ask("get", f"/data-flows/{10**30}"),
    ]
    named = strange_program.ask("post", "/data-flows", {"content": FLOW})
    stranger = Membership.objects.exclude(organization=larkspur).get().pk
    owned = caller.ask("post", "/assets", {"content": {"name": "Mirror", "owner": stranger}})

    assert [each.status_code for each in tried] == [404] * 6
    assert [(each.status_code, each.json()["problems"][0]["where"]) for each in (named, owned)] == [
        (422, "target"),
        (422, "owner"),
    ]
    assert strange_program.get("/assets")["total"] == 0
    assert strange_program.get("/data-flows?ended=true")["total"] == 0
    assert b"Ledger" not in strange_program.ask("get", "/data-flows/boundary.svg").content
    assert kept(larkspur) == before


def test_who_may_only_read_changes_nothing(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    """An auditor reads every asset; an employee, none."""
    enter(program())
    auditor, employee = program(Role.AUDITOR), program(Role.EMPLOYEE)
    before = kept(larkspur)

    assert (auditor.get("/assets/1")["name"], auditor.get("/data-flows")["total"]) == ("Ledger", 1)
    assert employee.ask("get", "/assets/1").status_code == 403
    assert employee.ask("get", "/data-flows/boundary.svg").status_code == 403
    tried = [
        auditor.ask("post", "/assets", {"content": {"name": "Mirror"}}),
        auditor.ask("put", "/assets/1", {"seen": 1, "content": {"name": "Mirror"}}),
        auditor.ask("post", "/data-flows", {"content": FLOW}),
        auditor.ask("put", "/data-flows/1", {"seen": 1, "content": FLOW}),
        auditor.ask("post", "/data-flows/1/end", {"seen": 1, "reason": "x"}),
        retired(auditor),
    ]
    assert [each.status_code for each in tried] == [403] * 6
    assert kept(larkspur) == before
