"""Lists that another system leaves on a real SFTP server, and servers that are none."""

import os
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from collected import Collected, put
from reperform.connectors.contract import Asking, checked
from reperform.connectors.lists import CONNECTOR
from reperform.connectors.lists.trial import tried
from reperform.connectors.openssh import sftp
from reperform.connectors.openssh.sftp import Sftp
from reperform.connectors.settings import Access, read_settings
from sshd import Server, is_here, pair, server

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not is_here() and os.environ.get("CI") != "true", reason="OpenSSH is not installed"
    ),
]

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
PEOPLE = "population.people"
ROSTER = b"id,mail\n1,Ana@Example.org\n2,bo@example.org\n"
MAPPING = ["person_uid = id", "email = mail | lower"]


@pytest.fixture(scope="module")
def served() -> Iterator[Server]:
    with server(is_prepared=False) as found:
        yield found


def leave(folder: Path, name: str, content: bytes, *, ago: float = 3_600) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (time.time() - ago,) * 2)
    return path


def access(served: Server, folder: Path, **more: object) -> Access:
    found = served.access()
    content = {
        "drop": f"sftp://{found.text('user')}@{served.host}{quote(str(folder))}",
        "known_hosts": "\n".join(found.lines("known_hosts")),
        "key": served.key,
        "table": "people",
        "system": "hr example",
        "mapping": MAPPING,
        "dated": "collected",
        **more,
    }
    read, problems = read_settings(CONNECTOR.settings, content)
    assert not problems
    return read


def collected(folder: Path, found: Access) -> Collected:
    (question,) = CONNECTOR.questions(found, Asking(NOW))
    return put(question, CONNECTOR.stream("lists/people").source, folder, NOW)


def test_files_of_a_drop_are_rows_by_the_mapping(tmp_path: Path, served: Server) -> None:
    """Whatever their names are; what is hidden and what lies in folders is none of them."""
    drop = tmp_path / "a drop; $(touch x) \u00e9"
    leave(drop, "people '1' \n.csv", ROSTER)
    leave(drop, ".hidden.csv", b"x")
    (drop / "older").mkdir()

    found = collected(tmp_path, access(served, drop))

    assert found.outcome == "complete", found.collection.reason
    assert [row["email"] for row in found.of(PEOPLE)] == ["ana@example.org", "bo@example.org"]
    assert found.covers[PEOPLE].is_whole
    assert found.collection.target.startswith("sftp://")


def test_what_is_still_being_uploaded_waits_and_is_said(tmp_path: Path, served: Server) -> None:
    """By its name, or because it changed a moment ago; nothing passes until it was read."""
    drop = tmp_path / "drop"
    leave(drop, "people.csv", ROSTER)
    leave(drop, "more.csv.filepart", b"id,mail\n3,")
    leave(drop, "new.csv", b"id,mail\n4,c@example.org\n", ago=5)

    found = collected(tmp_path, access(served, drop))

    assert found.outcome == "partial"
    assert "file more.csv.filepart: has the name of an upload that goes on" in (
        found.collection.reason
    )
    assert "file new.csv: changed within the last 60 seconds" in found.collection.reason
    assert len(found.of(PEOPLE)) == 2
    assert not found.covers[PEOPLE].is_whole


def grow(path: Path) -> Callable[[Sftp, bytes, int], bytes]:
    """Return what reads a file, to which somebody adds a line each time that it was read."""
    read = Sftp.read

    def reading(self: Sftp, name: bytes, most: int) -> bytes:
        raw = read(self, name, most)
        with path.open("ab") as file:
            file.write(b"9,z@example.org\n")
        return raw

    return reading


def test_a_file_that_changes_while_it_is_read_waits(
    tmp_path: Path, served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first half would pass for the list."""
    path = leave(tmp_path / "drop", "people.csv", ROSTER)
    monkeypatch.setattr(Sftp, "read", grow(path))

    found = collected(tmp_path, access(served, path.parent))

    assert found.outcome == "partial"
    assert "people.csv: changed while it was read" in found.collection.reason
    assert found.of(PEOPLE) == []


def test_a_large_file_is_whole_and_one_that_is_too_large_is_refused(
    tmp_path: Path, served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many parts; and what is beyond the bound is not read at all."""
    lines = b"".join(b"%d,p%d@example.org\n" % (n, n) for n in range(10_000))
    leave(tmp_path / "drop", "people.csv", b"id,mail\n" + lines)
    found = collected(tmp_path, access(served, tmp_path / "drop"))
    monkeypatch.setattr("reperform.connectors.lists.connector.LARGEST", 1_000)
    (tmp_path / "again").mkdir()
    bounded = collected(tmp_path / "again", access(served, tmp_path / "drop"))

    assert len(found.of(PEOPLE)) == 10_000
    assert "is larger than 1,000 bytes" in bounded.collection.reason


REFUSED = {
    "no such folder": ("/nowhere", {}, "it is not there"),
    "an empty folder": ("", {}, "it holds no file"),
    "a server that is not known": ("", {"known_hosts": ""}, "No ED25519 host key is known"),
    "another's key": ("", {"key": pair("user of another")[0]}, "Permission denied"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_drop_that_cannot_be_read_is_refused(tmp_path: Path, served: Server, case: str) -> None:
    below, more, why = REFUSED[case]
    (tmp_path / "drop").mkdir()

    found = collected(tmp_path, access(served, tmp_path / f"drop{below}", **more))

    assert found.outcome == "refused"
    assert why in found.collection.reason
    assert found.covers[PEOPLE].last is None


def test_a_server_without_sftp_is_refused(tmp_path: Path) -> None:
    """Its SSH is there, and nothing answers as SFTP does."""
    with server(is_prepared=True) as plain:
        found = collected(tmp_path, access(plain, tmp_path))

    assert found.outcome == "refused"
    assert "hung up: nothing of it was read" in found.collection.reason


def packet(kind: int, body: bytes) -> bytes:
    return struct.pack(">IB", len(body) + 1, kind) + body


VERSION = packet(2, struct.pack(">I", 3))
LIES = {
    "an answer without end": b"\xff\xff\xff\xff" + b"a" * 100,
    "an answer of another kind": packet(101, struct.pack(">II", 0, 0)),
    "an answer to another request": VERSION + packet(102, struct.pack(">II", 99, 1) + b"h"),
    "a text that is cut": VERSION + packet(102, struct.pack(">II", 1, 9_999)),
    "no text at all": VERSION + packet(102, struct.pack(">I", 1)),
}


@pytest.mark.parametrize("case", LIES)
def test_a_server_that_lies_is_refused(tmp_path: Path, case: str) -> None:
    """What comes as SFTP is none, or not to its end."""
    (tmp_path / "lie").write_bytes(LIES[case])
    with server(
        more="ForceCommand /bin/cat {}; sleep 5".format(tmp_path / "lie"), is_prepared=False
    ) as it:
        found = collected(tmp_path, access(it, tmp_path))

    assert found.outcome == "refused"
    assert "does not speak SFTP as it should" in found.collection.reason


def test_a_server_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp, "_SECONDS", 1)
    with server(more="ForceCommand /bin/sleep 20", is_prepared=False) as mute:
        found = collected(tmp_path, access(mute, tmp_path))

    assert "did not answer within 1 seconds" in found.collection.reason


def test_the_mapping_is_tried_on_the_drop_and_the_check_counts_its_files(
    tmp_path: Path, served: Server
) -> None:
    leave(tmp_path / "drop", "people.csv", ROSTER)
    found = access(served, tmp_path / "drop")

    trial = tried(found, Asking(NOW), MAPPING)
    nowhere = tried(
        replace(found, secrets={"key": pair("user of another")[0]}), Asking(NOW), MAPPING
    )

    assert [(each.name, each.rows) for each in trial.files] == [("people.csv", 2)]
    assert "Permission denied" in nowhere.flaw
    assert checked(CONNECTOR, found).reached.endswith("drop: 1 files that count")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://ana@drop.example/in",
        "sftp://drop.example/in",
        "sftp://ana:secret@drop.example/in",
        "sftp://ana@drop.example",
        "sftp://-oProxyCommand=x@drop.example/in",
        "sftp://ana@-oProxyCommand/in",
        "sftp://ana@drop.example:99999/in",
        "sftp://ana@drop.example/in%0Aput",
    ],
)
def test_an_address_that_is_none_is_a_problem_in_its_place(address: str) -> None:
    content = {"drop": address, "system": "hr", "table": "people"}
    _, problems = read_settings(CONNECTOR.settings, content)

    assert [each.where for each in problems] == ["drop"]
