"""The tree is RFC 6962's, and its proofs prove what they say and nothing else."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reperform.ledger.merkle import (
    EMPTY_ROOT,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
)
from reperform.ledger.tree import Tree, consistency_proof, inclusion_proof

LEAVES = [leaf_hash(b"entry %d" % number) for number in range(300)]

# The inputs and roots of the Certificate Transparency project's own tests.
CT_ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def rfc_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + rfc_root(leaves[:k]) + rfc_root(leaves[k:])).digest()


def rfc_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*rfc_path(m, leaves[:k]), rfc_root(leaves[k:])]
    return [*rfc_path(m - k, leaves[k:]), rfc_root(leaves[:k])]


def rfc_subproof(m: int, leaves: list[bytes], *, b: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2, word for word."""
    if m == len(leaves):
        return [] if b else [rfc_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*rfc_subproof(m, leaves[:k], b=b), rfc_root(leaves[k:])]
    return [*rfc_subproof(m - k, leaves[k:], b=False), rfc_root(leaves[:k])]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    """The published roots come out, from the list and from the growing tree."""
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in CT_ENTRIES[:size]]

    assert root_of(leaves).hex() == CT_ROOTS[size]
    assert Tree(leaves).root().hex() == CT_ROOTS[size]


def test_every_root_and_inclusion_proof_up_to_300_is_the_one_of_the_rfc() -> None:
    """For each size the root agrees; for each leaf of some sizes the proof agrees and proves."""
    tree = Tree(LEAVES)
    for size in range(301):
        assert tree.root(size) == rfc_root(LEAVES[:size]), size

    for size in [*range(1, 40), 255, 256, 257, 300]:
        root = tree.root(size)
        for index in range(size):
            proof = inclusion_proof(tree.hashes, index=index, size=size)
            assert proof == rfc_path(index, LEAVES[:size]), (index, size)
            assert proves_inclusion(proof, leaf=LEAVES[index], index=index, size=size, root=root)


def test_every_consistency_proof_up_to_300_proves_and_is_the_one_of_the_rfc() -> None:
    """A size is shown to begin each larger one; some proofs are compared with the RFC's."""
    tree = Tree(LEAVES)
    roots = [tree.root(size) for size in range(301)]
    for size in range(1, 301):
        step = 1 if size <= 64 or size in {255, 256, 257, 300} else 17
        for old in {*range(0, size, step), size - 1, size}:
            proof = consistency_proof(tree.hashes, old_size=old, size=size)
            assert proves_consistency(
                proof, old_size=old, old_root=roots[old], size=size, root=roots[size]
            ), (old, size)
            if size in {1, 2, 7, 8, 33, 256, 257, 300} and 0 < old < size:
                assert proof == rfc_subproof(old, LEAVES[:size], b=True), (old, size)


@settings(deadline=None)
@given(data=st.data(), size=st.integers(1, 300))
def test_a_changed_inclusion_proof_proves_nothing(data: st.DataObject, size: int) -> None:
    """Another leaf, index, size, root or step, one step more or one less: none is accepted."""
    index = data.draw(st.integers(0, size - 1))
    tree = Tree(LEAVES[:size])
    proof = inclusion_proof(tree.hashes, index=index, size=size)
    root = tree.root()

    def proves(
        proof: list[bytes] = proof,
        leaf: bytes = LEAVES[index],
        index: int = index,
        root: bytes = root,
    ) -> bool:
        return proves_inclusion(proof, leaf=leaf, index=index, size=size, root=root)

    assert proves()
    assert not proves(leaf=LEAVES[(index + 1) % 300])
    assert not proves(root=bytes(32))
    assert not proves([*proof, bytes(32)])
    assert not proves(index=size)
    assert not proves(index=-1)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not proves([*proof[:at], bytes(32), *proof[at + 1 :]])
        assert not proves([*proof[:at], proof[at] + b"\x00", *proof[at + 1 :]])
        assert not proves(proof[:at] + proof[at + 1 :])
        other = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
        assert not proves(index=other)


@settings(deadline=None)
@given(data=st.data(), size=st.integers(2, 300))
def test_a_changed_consistency_proof_proves_nothing(data: st.DataObject, size: int) -> None:
    """An old root that is not the prefix's, a changed, missing or further step: not accepted."""
    old = data.draw(st.integers(1, size - 1))
    tree = Tree(LEAVES[:size])
    proof = consistency_proof(tree.hashes, old_size=old, size=size)
    at = data.draw(st.integers(0, len(proof) - 1))
    rewritten = Tree([bytes(32), *LEAVES[1:old]]).root()

    def proves(
        proof: list[bytes] = proof, old_root: bytes | None = None, root: bytes | None = None
    ) -> bool:
        return proves_consistency(
            proof,
            old_size=old,
            old_root=old_root or tree.root(old),
            size=size,
            root=root or tree.root(),
        )

    assert proves()
    assert not proves(old_root=rewritten)
    assert not proves(root=rewritten)
    assert not proves([])
    assert not proves([*proof, bytes(32)])
    assert not proves([*proof[:at], bytes(32), *proof[at + 1 :]])
    assert not proves(proof[:at] + proof[at + 1 :])


def test_the_empty_tree_begins_every_tree_without_a_proof() -> None:
    """Nothing need be shown for size 0 or for equal sizes; something shown is refused."""
    root = root_of(LEAVES[:5])

    assert proves_consistency([], old_size=0, old_root=EMPTY_ROOT, size=5, root=root)
    assert not proves_consistency([], old_size=0, old_root=root, size=5, root=root)
    assert not proves_consistency([root], old_size=0, old_root=EMPTY_ROOT, size=5, root=root)
    assert proves_consistency([], old_size=5, old_root=root, size=5, root=root)
    assert not proves_consistency([], old_size=6, old_root=root, size=5, root=root)


def test_there_is_no_proof_for_what_is_not_there() -> None:
    """A leaf or a size outside the tree is an error, not an empty proof."""
    tree = Tree(LEAVES[:3])

    with pytest.raises(IndexError, match="no leaf 3 in a tree of 3"):
        inclusion_proof(tree.hashes, index=3, size=3)
    with pytest.raises(IndexError, match="no tree of 4"):
        consistency_proof(tree.hashes, old_size=4, size=3)
