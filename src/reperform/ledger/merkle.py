"""The Merkle tree of RFC 6962: hashes, roots, and proofs.  Pure."""

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte hash of a leaf.  Source: RFC 6962, section 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of an inner node.  Source: RFC 6962, section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`, for a size of 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree over leaf hashes.

    >>> root_of([]).hex()[:8]
    'e3b0c442'
    """
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    # Pairing level by level gives RFC 6962's tree: an odd last node moves up as it is.
    while len(level) > 1:
        paired = [node_hash(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Return which ranges of leaves (first, end) the audit path of a leaf names, leaf upwards.

    The audit path is the root of each.

    Raises:
        IndexError: there is no such leaf.

    Source: RFC 6962, section 2.1.1.

    >>> inclusion_ranges(4, 7)
    [(5, 6), (6, 7), (0, 4)]
    """
    if not 0 <= index < size:
        raise IndexError(f"there is no leaf {index} in a tree of {size}")
    first, end, ranges = 0, size, []
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, size: int) -> list[tuple[int, int]]:
    """Return which ranges of leaves prove that the tree of `old_size` is a prefix of the larger.

    The proof is the root of each.  It is empty for equal sizes and for an empty old tree.

    Raises:
        IndexError: `old_size` is negative or larger than `size`.

    Source: RFC 6962, section 2.1.2.

    >>> consistency_ranges(3, 7)
    [(2, 3), (3, 4), (0, 2), (4, 7)]
    """
    if not 0 <= old_size <= size:
        raise IndexError(f"no tree of {old_size} leaves is a prefix of one of {size}")
    first, end, ranges = 0, size, []
    while 0 < old_size < end:
        middle = first + _split(end - first)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((first, middle))
            first = middle
    # The verifier knows the old root itself; any other complete part must be shown.
    return [*([(first, end)] if first else []), *ranges[::-1]]


def proves_inclusion(
    proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, root: bytes
) -> bool:
    """Return whether `proof` shows that `leaf` is number `index` in the tree.

    Source: RFC 9162, section 2.1.3.2 (the same tree as RFC 6962).
    """
    if not 0 <= index < size:
        return False
    sides = _sides(proof, index, size - 1)
    if sides is None:
        return False
    found = leaf
    for step, is_left in zip(proof, sides, strict=True):
        found = node_hash(step, found) if is_left else node_hash(found, step)
    return found == root


def proves_consistency(
    proof: Sequence[bytes], *, old_size: int, old_root: bytes, size: int, root: bytes
) -> bool:
    """Return whether `proof` shows that the old tree is a prefix of the new one.

    Source: RFC 9162, section 2.1.4.2.
    """
    if old_size in (0, size):
        return not proof and old_root == (root if old_size == size else EMPTY_ROOT)
    if not 0 < old_size < size:
        return False
    is_power_of_two = old_size & (old_size - 1) == 0
    path = [old_root, *proof] if is_power_of_two else list(proof)
    if not path:
        return False
    start, *steps = path
    node, last = old_size - 1, size - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    sides = _sides(steps, node, last)
    if sides is None:
        return False
    old_found = found = start
    for step, is_left in zip(steps, sides, strict=True):
        if is_left:
            old_found, found = node_hash(step, old_found), node_hash(step, found)
        else:
            found = node_hash(found, step)
    return old_found == old_root and found == root


def _sides(steps: Sequence[bytes], node: int, last: int) -> list[bool] | None:
    """Return, for each step up from `node`, whether it stands left; None when they do not fit."""
    sides = []
    for step in steps:
        if last == 0 or len(step) != HASH_BYTES:
            return None
        is_left = node % 2 == 1 or node == last
        while is_left and node % 2 == 0 and node:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
        sides.append(is_left)
    return sides if last == 0 else None
