"""Roots and proofs from the hashes that tiles hold, in memory or in files.

A tile keeps every eighth level of the tree: level `l` holds the roots of complete subtrees of
256**l leaves.  From these, any root or proof takes a handful of tiles, however large the tree.
"""

from collections.abc import Callable, Iterable, Iterator

from reperform.ledger.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    consistency_ranges,
    inclusion_ranges,
    root_of,
)
from reperform.ledger.tiles import WIDTH, tile_path

_BITS = 8

Hashes = Callable[[int, int, int], list[bytes]]
"""Level, first, end -> the hashes of that range, which lies within one tile."""


def range_root(hashes: Hashes, first: int, end: int) -> bytes:
    """Return the root over the leaves from `first` to before `end`.

    The range is one that RFC 6962 makes when it splits a tree: it begins at a multiple of the
    smallest power of two that is not less than its length.
    """
    if first == end:
        return EMPTY_ROOT
    height = (end - first - 1).bit_length()
    if end - first == 1 << height:
        level = height // _BITS
        return root_of(hashes(level, first >> _BITS * level, end >> _BITS * level))
    # The right edge, from the bottom: what is left over at each level, then the edge below it.
    edge: list[bytes] = []
    for level in range(height // _BITS + 1):
        begin, stop = first >> _BITS * level, end >> _BITS * level
        left_over = max(begin, stop // WIDTH * WIDTH)
        nodes = (hashes(level, left_over, stop) if left_over < stop else []) + edge
        edge = [root_of(nodes)] if nodes else []
    return edge[0]


def inclusion_proof(hashes: Hashes, *, index: int, size: int) -> list[bytes]:
    """Return the audit path of a leaf in the tree of `size` leaves, leaf upwards.

    Raises:
        IndexError: there is no such leaf.
    """
    return [range_root(hashes, first, end) for first, end in inclusion_ranges(index, size)]


def consistency_proof(hashes: Hashes, *, old_size: int, size: int) -> list[bytes]:
    """Return the proof that the tree of `old_size` leaves is a prefix of that of `size`.

    Raises:
        IndexError: `old_size` is negative or larger than `size`.
    """
    return [range_root(hashes, first, end) for first, end in consistency_ranges(old_size, size)]


class Tree:
    """A growing tree in memory: about 150 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash, and the root of each tile that it fills to the level above."""
        found = leaf
        for level in range(len(self._levels) + 1):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(found)
            if len(self._levels[level]) % WIDTH:
                return
            found = root_of(self._levels[level][-WIDTH:])

    def hashes(self, level: int, first: int, end: int) -> list[bytes]:
        """Return hashes of one level."""
        return self._levels[level][first:end]

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves; over all when it is None."""
        return range_root(self.hashes, 0, len(self) if size is None else size)

    def tiles(self, *, since: int = 0) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of each tile that is not yet full in a tree of `since` leaves."""
        for level, hashes in enumerate(self._levels):
            begin = (since >> _BITS * level) // WIDTH
            for number in range(begin, -(-len(hashes) // WIDTH)):
                tile = hashes[number * WIDTH : (number + 1) * WIDTH]
                yield tile_path(level, number, len(tile)), b"".join(tile)


def tile_hashes(read: Callable[[str], bytes], size: int) -> Hashes:
    """Return the hashes that the tiles of a tree of `size` leaves hold, read as they are needed.

    What they give is only as good as the tiles: check it against a signed root.
    Calling it raises ValueError when a tile is not as wide as the size says, and whatever `read`
    raises.
    """

    def hashes(level: int, first: int, end: int) -> list[bytes]:
        number = first // WIDTH
        width = min(WIDTH, (size >> _BITS * level) - number * WIDTH)
        path = tile_path(level, number, width)
        tile = read(path)
        if len(tile) != width * HASH_BYTES:
            raise ValueError(f"{path} holds {len(tile):,} bytes, not {width * HASH_BYTES:,}")
        begin = first - number * WIDTH
        return [
            tile[at * HASH_BYTES : (at + 1) * HASH_BYTES]
            for at in range(begin, begin + end - first)
        ]

    return hashes
