"""A mapping tried over the API, and kept with the connection."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.conftest import Program
from reperform.accounts.models import Organization

Programs = Callable[..., Program]


def test_a_mapping_is_tried_and_then_kept_with_its_connection(
    program: Programs,
    larkspur: Organization,
    tmp_path: Path,
    settings: Any,  # noqa: ANN401 - pytest-django's
) -> None:
    """The same trial as on the page: errors by file, row and column."""
    settings.LOCAL_SOURCES = (str(tmp_path),)
    (tmp_path / "mdm.jsonl").write_text('{"id": "A", "disk": "On"}\n{"id": "B", "disk": "?"}\n')
    caller = program()
    said = {"folder": str(tmp_path), "table": "endpoints", "system": "mdm", "dated": "collected"}
    body = {"connector": "lists", "content": {"title": "Laptops", "settings": said}}
    assert caller.ask("post", "/connections", body).status_code == 201
    lines = ["device_uid = id", "is_encrypted = disk | yes: On; no: Off"]
    trial = caller.ask("post", "/connections/1/mapping/trial", {"mapping": lines}).json()
    (file,) = trial["files"]
    assert (file["name"], file["rows"], file["error_count"]) == ("mdm.jsonl", 1, 1)
    assert file["errors"][0]["row"] == 2
    assert file["errors"][0]["field"] == "is_encrypted"
    flaw = caller.ask("post", "/connections/1/mapping/trial", {"mapping": ["x"]}).json()["flaw"]
    assert "is not `column = fields`" in flaw
    changed = {"seen": 1, "content": {"title": "Laptops", "settings": said | {"mapping": lines}}}
    assert caller.ask("put", "/connections/1", changed).json()["settings"]["mapping"] == lines
