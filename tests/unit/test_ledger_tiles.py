"""Tiles: the paths and contents of C2SP tlog-tiles, and proofs read back from them alone."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reperform.ledger.merkle import leaf_hash, proves_consistency, proves_inclusion
from reperform.ledger.tiles import entry_paths, pack_entries, tile_path, unpack_entries
from reperform.ledger.tree import (
    Tree,
    consistency_proof,
    inclusion_proof,
    range_root,
    tile_hashes,
)


@pytest.fixture(scope="module")
def large() -> Tree:
    """A tree of 70,000 leaves: the example of the specification."""
    return Tree(leaf_hash(number.to_bytes(4)) for number in range(70_000))


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 1_234_067, 256, "tile/0/x001/x234/067"),
        (0, 0, 1, "tile/0/000.p/1"),
        (1, 999, 255, "tile/1/999.p/255"),
        (2, 1000, 256, "tile/2/x001/000"),
        ("entries", 1_000_000, 17, "tile/entries/x001/x000/000.p/17"),
    ],
)
def test_paths_are_those_of_the_specification(
    level: int | str, number: int, width: int, path: str
) -> None:
    """Three digits a group, `x` before all but the last, `.p/` and the width of a partial one."""
    assert tile_path(level, number, width) == path


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts(large: Tree) -> None:
    """273 full and one of 112 at the bottom; one full and one of 17 above; one of 1 on top."""
    paths = [path for path, _ in large.tiles()]

    assert sum(path.startswith("tile/0/") and ".p/" not in path for path in paths) == 273
    assert [path for path in paths if ".p/" in path] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [path for path in paths if path.startswith("tile/1/")] == [
        "tile/1/000",
        "tile/1/001.p/17",
    ]
    assert len(paths) == 273 + 1 + 2 + 1


def test_a_full_tile_of_256_leaves_is_one_hash_above() -> None:
    """A tree of 256 is a full tile at level 0 and a partial one of width 1 above it."""
    tree = Tree(leaf_hash(bytes([number])) for number in range(256))

    assert dict(tree.tiles()).keys() == {"tile/0/000", "tile/1/000.p/1"}
    assert dict(tree.tiles())["tile/1/000.p/1"] == tree.root()


def test_root_and_proofs_come_from_tiles_alone(large: Tree) -> None:
    """What the files say is enough for the root and for any proof, in a handful of tiles."""
    files = dict(large.tiles())
    read: list[str] = []

    def reader(path: str) -> bytes:
        read.append(path)
        return files[path]

    hashes = tile_hashes(reader, 70_000)
    root = range_root(hashes, 0, 70_000)
    for index in (0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999):
        read.clear()
        proof = inclusion_proof(hashes, index=index, size=70_000)
        leaf = leaf_hash(index.to_bytes(4))
        assert proves_inclusion(proof, leaf=leaf, index=index, size=70_000, root=root)
        assert len(set(read)) <= 5
    for old in (1, 256, 257, 65_535, 65_536, 65_537, 69_999):
        proof = consistency_proof(hashes, old_size=old, size=70_000)
        assert proves_consistency(
            proof, old_size=old, old_root=large.root(old), size=70_000, root=root
        )

    assert root == large.root()


def test_a_tile_of_another_width_is_not_read() -> None:
    """A tile that is too short could not be told from one that lacks leaves."""
    hashes = tile_hashes(lambda _: bytes(32), 2)

    with pytest.raises(ValueError, match=r"tile/0/000\.p/2 holds 32 bytes, not 64"):
        range_root(hashes, 0, 2)


def test_only_what_grew_is_written_again() -> None:
    """From 300 to 600 leaves: the tile that was partial, the new ones, and those above."""
    tree = Tree(leaf_hash(number.to_bytes(4)) for number in range(600))

    assert [path for path, _ in tree.tiles(since=300)] == [
        "tile/0/001",
        "tile/0/002.p/88",
        "tile/1/000.p/2",
    ]
    assert list(entry_paths(600, since=300)) == [
        ("tile/entries/001", 256),
        ("tile/entries/002.p/88", 88),
    ]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entries_come_back_from_their_bundle(entries: list[bytes]) -> None:
    """Empty entries and any bytes included."""
    assert unpack_entries(pack_entries(entries)) == entries


def test_the_longest_entry_comes_back() -> None:
    """65,535 bytes is the most that two bytes can count."""
    entry = hashlib.sha256().digest() * 2048

    assert unpack_entries(pack_entries([entry[:65_535]])) == [entry[:65_535]]


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=5), st.data())
def test_a_bundle_cut_within_an_entry_is_refused(entries: list[bytes], data: st.DataObject) -> None:
    """What is left of the last entry is not taken for an entry."""
    bundle = pack_entries(entries)
    cut = data.draw(st.integers(1, len(entries[-1]) + 1))

    with pytest.raises(ValueError, match=f"it ends within entry {len(entries) - 1}"):
        unpack_entries(bundle[:-cut])
