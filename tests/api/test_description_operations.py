"""The system description over the API: what the pages of it do."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import yaml
from pypdf import PdfReader

from api.conftest import AT, Program
from filled import fill
from reperform.accounts.models import Organization
from reperform.ledger.queries import changes, shown
from reperform.program.description.files import description_library

FIELD = "/description/fields/dc3.data"


def test_every_field_comes_with_what_it_asks(program: Callable[..., Program]) -> None:
    """In the order of the library, each with guidance and an example."""
    fields = program().get("/description")

    assert [each["name"] for each in fields] == [f.name for f in description_library().fields]
    assert all(each["guidance"] and each["example"] for each in fields)
    assert {each["version"] for each in fields} == {0}


def test_a_field_is_written_and_every_version_kept(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    caller = program()
    caller.ask("put", FIELD, {"seen": 0, "text": "We sell it."})

    answer = caller.ask("put", FIELD, {"seen": 1, "text": "We lend it."})

    assert answer.status_code == 200
    assert (answer.json()["version"], answer.json()["text"]) == (2, "We lend it.")
    assert answer.json()["standing"] == "written"
    listed = caller.get(f"{FIELD}/versions")
    assert ([each["number"] for each in listed["items"]], listed["total"]) == ([2, 1], 2)
    acts = [shown(each) for each in changes(larkspur.log, subject="description dc3.data")]
    assert [each.before.get("text") for each in acts] == ["We sell it.", None]
    assert acts[0].by == "administrator@larkspur.example by token test"


def test_a_version_says_what_it_changed(program: Callable[..., Program]) -> None:
    """Word by word, as the page of versions shows it."""
    caller = program()
    caller.ask("put", FIELD, {"seen": 0, "text": "We sell it."})
    caller.ask("put", FIELD, {"seen": 1, "text": "We lend it."})

    difference = caller.get(f"{FIELD}/versions/2")["difference"]

    assert [[(piece["change"], piece["text"]) for piece in line] for line in difference] == [
        [("same", "We "), ("removed", "sell"), ("added", "lend"), ("same", " it.")]
    ]
    assert caller.ask("get", f"{FIELD}/versions/3").status_code == 404


def test_what_is_missing_and_what_nobody_could_check_is_listed(
    program: Callable[..., Program],
) -> None:
    slugs = {each["slug"] for each in program().get("/description/problems")}

    assert {"description-missing", "not-checked"} <= slugs


def test_statement_and_preview_are_files(
    program: Callable[..., Program], larkspur: Organization, tmp_path: Path
) -> None:
    """What the pages hand out, for a quickstart and for people."""
    fill(larkspur, tmp_path, at=AT)
    caller = program()

    statement = caller.ask("get", "/description/statement.yaml")
    preview = caller.ask("get", "/description/preview.pdf")

    assert yaml.safe_load(statement.content)["system"] == "Invoicing and archive"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(preview.content)).pages)
    assert "DRAFT of Section III" in text
    for answer in (statement, preview):
        assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_another_organizations_description_is_another(
    program: Callable[..., Program], strange_program: Program
) -> None:
    program().ask("put", FIELD, {"seen": 0, "text": "Secret."})

    assert strange_program.get(FIELD)["text"] == ""
    assert strange_program.ask("get", f"{FIELD}/versions/1").status_code == 404
