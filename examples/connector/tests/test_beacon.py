"""Beacon's connector against a server that answers as Beacon does."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from reperform_beacon import CONNECTOR

from reperform.base.table import Cover
from reperform.connectors.answer import NotCollectedError
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.registry import flaws
from reperform.connectors.settings import Access, read_settings
from reperform.evidence.blobs import BlobStore
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection, KeptAnswer
from reperform.evidence.shape import shape

TOKEN = "beacon-0123456789"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ACCOUNTS = [
    {"name": "ana", "role": "owner", "second_factor": True},
    {"name": "ben", "role": "reader"},
    {"name": "cleo", "role": "reader", "second_factor": False},
]
CHANGES = [
    {"id": "c1", "at": "2026-03-04T10:00:00Z", "by": "ana"},
    {"id": "c2", "at": "2026-03-05T11:50:00Z", "by": "ben"},
]


class Beacon(BaseHTTPRequestHandler):
    """Gives two accounts a page, and the changes of a window."""

    lies = False
    denies = ""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.headers["Authorization"] != f"Bearer {TOKEN}" or parts.path == self.denies:
            self._say(403, {"message": f"no right for {self.headers['Authorization']}"})
        elif parts.path == "/v1/me":
            self._say(200, {"name": "auditor"})
        elif parts.path == "/v1/accounts":
            first = int(asked.get("page", "0")) * 2
            total = len(ACCOUNTS) + self.lies
            more = f'</v1/accounts?page={first // 2 + 1}>; rel="next"' if first == 0 else ""
            self._say(200, {"accounts": ACCOUNTS[first : first + 2], "total": total}, more)
        else:
            since, until = asked.get("since", ""), asked.get("until", "~")
            found = [each for each in CHANGES if since <= each["at"] < until]
            self._say(200, {"changes": found, "next": None})

    def _say(self, status: int, said: object, link: str = "") -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def beacon() -> Iterator[Access]:
    """Beacon on this machine, and how it is reached."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Beacon) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        said = {"base_url": f"http://127.0.0.1:{server.server_address[1]}", "token": TOKEN}
        access, problems = read_settings(CONNECTOR.settings, said)
        assert not problems
        yield access
        server.shutdown()


class Journal:
    """Remembers nothing."""

    def start(self, _: object) -> int:
        return 1

    def end(self, *_: object) -> None:
        """Nothing to do."""


def collected(
    access: Access, stream: str, folder: Path, asking: Asking
) -> tuple[list[dict[str, Any]], Cover, Collection, str]:
    """Ask one stream; return its rows, its cover, its outcome and its next cursor."""
    (question,) = (e for e in CONNECTOR.questions(access, asking) if e.stream == stream)
    folder.mkdir(exist_ok=True)
    store = BlobStore(folder / "blobs")
    collection, _ = collect(
        question, store=store, journal=Journal(), clock=lambda: asking.at, asked_by="a test"
    )
    declared = CONNECTOR.stream(stream)
    kept = [KeptAnswer(answer, store) for answer in collection.answers]
    shape({stream: declared.source}, [collection], store=store, folder=folder)  # to Parquet
    rows = [dict(row.values) for row in declared.source.shape(kept)]
    (cover,) = declared.source.covers(kept, asking.at).values()
    after = declared.cursor(collection.parameters, kept) if declared.cursor else ""
    return rows, cover, collection, after


def test_it_keeps_the_contract() -> None:
    assert flaws(CONNECTOR) == []


def test_every_account_is_a_row_and_what_is_not_said_is_null(
    beacon: Access, tmp_path: Path
) -> None:
    rows, cover, collection, _ = collected(beacon, "beacon/accounts", tmp_path, Asking(NOW))
    assert [row["account"] for row in rows] == ["ana", "ben", "cleo"]
    assert [row["has_second_factor"] for row in rows] == [True, None, False]
    assert (cover.first, cover.last) == (date(2026, 3, 5), date(2026, 3, 5))
    assert collection.outcome == "complete"


def test_a_page_that_is_missing_refuses_the_whole(
    beacon: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Beacon, "lies", True)
    rows, _, collection, _ = collected(beacon, "beacon/accounts", tmp_path, Asking(NOW))
    assert (rows, collection.outcome) == ([], "refused")
    assert "there are 4, and gave 3" in collection.reason


def test_what_is_denied_vouches_for_no_day(
    beacon: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Beacon, "denies", "/v1/accounts")
    rows, cover, _, _ = collected(beacon, "beacon/accounts", tmp_path, Asking(NOW))
    assert (rows, cover.last) == ([], None)
    assert cover.missing == "403 no right for [secret]"


def test_changes_go_on_where_the_last_collection_ended(beacon: Access, tmp_path: Path) -> None:
    """The change of ten minutes ago may lack others beside it: it is left for the next time."""
    first = Asking(NOW, since=date(2026, 3, 1))
    rows, cover, collection, after = collected(beacon, "beacon/changes", tmp_path / "1", first)
    assert [row["change"] for row in rows] == ["c1"]
    assert (cover.first, cover.last) == (date(2026, 3, 1), date(2026, 3, 4))
    later = datetime(2026, 3, 6, 12, tzinfo=UTC)
    then = Asking(later, cursors={("beacon/changes", collection.target): after})
    rows, cover, _, _ = collected(beacon, "beacon/changes", tmp_path / "2", then)
    assert [row["change"] for row in rows] == ["c2"]
    assert (cover.first, cover.last) == (date(2026, 3, 5), date(2026, 3, 5))


def test_a_check_says_what_is_granted(beacon: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Beacon, "denies", "/v1/changes")
    found = checked(CONNECTOR, beacon)
    assert found.reached == "Beacon as auditor"
    assert [each.grant for each in found.findings] == [Grant.GRANTED, Grant.DENIED]
    assert TOKEN not in repr(found)


def test_a_server_that_is_gone_is_not_reached() -> None:
    waits: list[float] = []
    said = {"base_url": "http://127.0.0.1:9", "token": TOKEN}
    read, _ = read_settings(CONNECTOR.settings, said)
    with pytest.raises(NotCollectedError, match="times"):
        checked(CONNECTOR, Access(read.settings, read.secrets, wait=waits.append))
    assert waits
