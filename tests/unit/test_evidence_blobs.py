"""The blob store: content-addressed, salted, all or nothing."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from reperform.evidence.blobs import SALT_BYTES, BlobStore


def test_a_blob_is_named_by_the_digest_of_salt_and_content(tmp_path: Path) -> None:
    """Anyone can check it with sha256sum."""
    store = BlobStore(tmp_path)

    blob = store.put([b"first ", b"second"])

    content = store.path(blob.sha256).read_bytes()
    assert hashlib.sha256(content).hexdigest() == blob.sha256
    assert content[SALT_BYTES:] == b"first second"
    assert blob.size == len(b"first second")
    with store.open(blob.sha256) as file:
        assert file.read() == b"first second"


def test_the_same_content_twice_gives_digests_that_do_not_show_it(tmp_path: Path) -> None:
    """A reader of the ledger cannot guess a short content by its digest."""
    store = BlobStore(tmp_path)

    assert store.put([b"yes"]).sha256 != store.put([b"yes"]).sha256


def test_an_answer_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """What a source sent before it failed is not evidence."""
    store = BlobStore(tmp_path)

    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        store.put(breaks())

    assert list(store) == []
    assert not list(tmp_path.rglob("*"))


def test_what_a_killed_run_left_behind_is_swept(tmp_path: Path) -> None:
    """Only unfinished files go; blobs stay."""
    store = BlobStore(tmp_path)
    kept = store.put([b"kept"])
    (tmp_path / "incoming-x").write_bytes(b"half")

    assert store.sweep() == 1
    assert list(store) == [kept.sha256]
