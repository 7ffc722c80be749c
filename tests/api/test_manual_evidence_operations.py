"""Manual evidence over the API."""

import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.evidence.models import ManualEvidence
from reperform.ledger.queries import changes

Programs = Callable[..., Program]
SAID = {"title": "Board minutes", "request": "PBC-7", "first": "2025-03-01"}


def bring(program: Program, content: object = SAID, file: bytes = b"We met.\n") -> Any:  # noqa: ANN401 - a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    sent = {"content": json.dumps(content), "file": SimpleUploadedFile("minutes.txt", file)}
    return client.post("/api/v1/evidence", sent)


def test_evidence_is_brought_read_and_withdrawn(program: Programs, larkspur: Organization) -> None:
    """The same as on the pages; its file is handed out by its number."""
    caller = program()
    made = bring(caller)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert caller.ask("get", f"/files/{made.json()['file']}").content == b"We met.\n"
    assert caller.get("/evidence?q=board&state=in%20use")["total"] == 1
    gone = caller.ask("post", f"/evidence/{number}/withdrawal", {"seen": 1, "reason": "a draft"})
    assert gone.json()["withdrawn_reason"] == "a draft"
    late = caller.ask("post", f"/evidence/{number}/withdrawal", {"seen": 1, "reason": "a draft"})
    assert (late.status_code, late.json()["slug"]) == (409, "stale-version")


def test_what_is_wrong_is_named_by_its_field_and_nothing_is_kept(
    program: Programs, larkspur: Organization
) -> None:
    """A field that there is not is refused too."""
    caller = program()
    before = changes(larkspur.log).count()
    for content, where in (
        (SAID | {"first": "tomorrow"}, "first"),
        (SAID | {"request": ""}, "control"),
        (SAID | {"colour": "red"}, "colour"),
        (SAID | {"control": "XX-99"}, "control"),
    ):
        answer = bring(caller, content)
        assert answer.status_code == 422, answer.content
        assert (
            where in [each["where"] for each in answer.json()["problems"]]
            or where in answer.json()["what"]
        )
    assert bring(caller, "no object").status_code == 422
    assert ManualEvidence.objects.count() == 0
    assert changes(larkspur.log).count() == before
