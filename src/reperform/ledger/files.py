"""A log as files: what `verify_log` reads, written from entries and a signed checkpoint."""

from collections.abc import Sequence
from pathlib import Path

from reperform.ledger.log import CHECKPOINT
from reperform.ledger.merkle import leaf_hash
from reperform.ledger.note import Verifier
from reperform.ledger.tiles import WIDTH, entry_paths, pack_entries
from reperform.ledger.tree import Tree


def write_log_files(
    folder: Path, entries: Sequence[bytes], *, checkpoint: bytes, verifier: Verifier
) -> None:
    """Write tiles, entry bundles, verifier key and checkpoint into an empty folder.

    Args:
        folder: where.
        entries: those that the checkpoint covers, in order.
        checkpoint: the signed note.
        verifier: the key that signed it.
    """
    packed = (
        (path, pack_entries(entries[number * WIDTH : number * WIDTH + width]))
        for number, (path, width) in enumerate(entry_paths(len(entries)))
    )
    tree = Tree(leaf_hash(entry) for entry in entries)
    for path, content in (*packed, *tree.tiles()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (folder / "verifier.key").write_text(f"{verifier}\n", "utf-8")
    (folder / CHECKPOINT).write_bytes(checkpoint)
