"""The log: gap-free numbers, proofs at every size, and no way back from what was signed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from reperform.ledger.checkpoint import parse_checkpoint
from reperform.ledger.log import HistoryLostError, Log, LogKeyError
from reperform.ledger.merkle import leaf_hash, proves_consistency, proves_inclusion
from reperform.ledger.sequencer import LogBusyError, LogDamagedError, LogNotWrittenError
from reperform.ledger.statement import EntryRefusedError
from reperform.ledger.tree import Tree, range_root, tile_hashes

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
Opened = Callable[..., Log]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open the log in a folder; it is closed after the test."""
    with ExitStack() as stack:

        def open_log(key: Ed25519PrivateKey = KEY, wait: float = 5, origin: str = "log/1") -> Log:
            folder = tmp_path / "log"
            return stack.enter_context(
                Log(folder, origin=origin, key_name="log", key=key, wait=wait)
            )

        yield open_log


def filled(log: Log, count: int) -> Log:
    for number in range(count):
        log.append(b"entry %d" % number)
    return log


def folder_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("log.sqlite")
    }


def test_numbers_count_from_0_without_a_gap_over_reopening(opened: Opened) -> None:
    """What was appended comes back in its order, whole or in part."""
    first = opened()
    assert [first.append(entry) for entry in (b"a", b"", b"c")] == [0, 1, 2]
    first.close()

    again = opened()
    assert again.append(b"d") == 3
    assert len(again) == 4
    assert again.entries() == [b"a", b"", b"c", b"d"]
    assert again.entries(1, 3) == [b"", b"c"]


def test_the_checkpoint_signs_the_root_of_every_entry(opened: Opened, tmp_path: Path) -> None:
    """On disk stands what is returned; tiles alone give the same root."""
    log = filled(opened(), 300)

    checkpoint = log.checkpoint()

    files = folder_files(tmp_path / "log")
    on_disk, note = parse_checkpoint(files["checkpoint"])
    assert on_disk == checkpoint
    assert note.signed_by(log.verifier)
    assert (checkpoint.origin, checkpoint.size) == ("log/1", 300)
    tree = Tree(leaf_hash(b"entry %d" % number) for number in range(300))
    assert checkpoint.root == tree.root()
    assert range_root(tile_hashes(files.__getitem__, 300), 0, 300) == tree.root()
    assert files.keys() == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    }


def test_an_empty_log_has_a_checkpoint(opened: Opened) -> None:
    """Size 0 and the root of nothing: that nothing was recorded is a fact too."""
    log = opened()

    assert log.checkpoint().size == 0
    assert log.checkpoint().root.hex().startswith("e3b0c442")


@settings(deadline=None, max_examples=20)
@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_every_checkpoint_begins_every_later_one(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    """Prefix property: whatever is appended between them, each is proved to begin the next."""
    folder = tmp_path_factory.mktemp("log")
    with Log(folder, origin="log/1", key_name="log", key=KEY) as log:
        checkpoints = [log.checkpoint()]
        for size in sorted(sizes):
            while len(log) < size:
                log.append(b"entry %d" % len(log))
            checkpoints.append(log.checkpoint())
        last = checkpoints[-1]
        for kept in checkpoints:
            proof = log.consistency_proof(old_size=kept.size, size=last.size)
            assert proves_consistency(
                proof, old_size=kept.size, old_root=kept.root, size=last.size, root=last.root
            )
        for index in {0, last.size // 2, last.size - 1} & set(range(last.size)):
            proof = log.inclusion_proof(index=index, size=last.size)
            leaf = leaf_hash(b"entry %d" % index)
            assert proves_inclusion(proof, leaf=leaf, index=index, size=last.size, root=last.root)


def test_there_is_no_proof_beyond_the_log(opened: Opened) -> None:
    """An index or a size that the log does not have is an error."""
    log = filled(opened(), 3)

    with pytest.raises(IndexError):
        log.inclusion_proof(index=3, size=3)
    with pytest.raises(IndexError):
        log.inclusion_proof(index=0, size=4)
    with pytest.raises(IndexError):
        log.consistency_proof(old_size=3, size=2)
    with pytest.raises(IndexError):
        log.root(-1)


def test_an_entry_over_the_limit_is_refused(opened: Opened) -> None:
    """Nothing of it is kept; the next entry takes the number."""
    log = opened()

    with pytest.raises(EntryRefusedError, match="65,536 bytes"):
        log.append(bytes(65_536))

    assert log.append(bytes(65_535)) == 0


def test_an_unchanged_log_keeps_its_checkpoint_and_the_cosignatures_on_it(
    opened: Opened, tmp_path: Path
) -> None:
    """A witness's line, added from outside, is there after the next checkpoint."""
    log = filled(opened(), 3)
    log.checkpoint()
    path = tmp_path / "log" / "checkpoint"
    cosigned = path.read_bytes() + "\u2014 witness.example/w1 AAAAAWFiYw==\n".encode()
    path.write_bytes(cosigned)

    log.checkpoint()
    assert path.read_bytes() == cosigned

    log.append(b"more")
    assert log.checkpoint().size == 4


def test_lost_and_partial_tiles_are_derived_again(opened: Opened, tmp_path: Path) -> None:
    """Whatever tiles are missing, and a partial one that differs, the next checkpoint mends."""
    filled(opened(), 300).checkpoint()
    folder = tmp_path / "log"
    whole = folder_files(folder)
    (folder / "tile/0/000").unlink()
    (folder / "tile/entries/001.p/44").write_bytes(b"torn")
    (folder / "tile/0/incoming-log-left").write_bytes(b"by a killed writer")

    opened().checkpoint()

    assert folder_files(folder) == whole


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/000"])
def test_a_full_tile_that_differs_is_refused_and_kept(
    opened: Opened, tmp_path: Path, path: str
) -> None:
    """It is final: one that differs was changed, or the entries were."""
    log = filled(opened(), 256)
    log.checkpoint()
    log.close()
    tile = tmp_path / "log" / path
    tile.write_bytes(b"changed")
    again = opened()
    again.append(b"more")

    with pytest.raises(HistoryLostError, match=r"it is final"):
        again.checkpoint()

    assert tile.read_bytes() == b"changed"
    assert parse_checkpoint((tmp_path / "log/checkpoint").read_bytes())[0].size == 256


def test_a_log_that_lost_signed_entries_is_refused(opened: Opened, tmp_path: Path) -> None:
    """The database of an older backup under a newer checkpoint: history was lost."""
    log = filled(opened(), 3)
    log.checkpoint()
    log.close()
    database = tmp_path / "log" / "log.sqlite"
    database.unlink()

    with pytest.raises(HistoryLostError, match="it covers 3 entries, the log holds 0"):
        opened()


def test_a_log_whose_signed_entries_were_changed_is_refused(opened: Opened, tmp_path: Path) -> None:
    """Somebody with the disk changed an entry, past the triggers that forbid it."""
    log = filled(opened(), 3)
    log.checkpoint()
    log.close()
    with sqlite3.connect(tmp_path / "log" / "log.sqlite") as database:
        with pytest.raises(sqlite3.IntegrityError, match="an entry is never changed"):
            database.execute("UPDATE entry SET content = x'00' WHERE number = 1")
        database.execute("DROP TRIGGER entry_is_never_changed")
        database.execute("UPDATE entry SET content = x'00' WHERE number = 1")
    database.close()

    with pytest.raises(HistoryLostError, match="the first 3 entries are not those"):
        opened()


def test_a_gap_is_refused(opened: Opened, tmp_path: Path) -> None:
    """An entry that no checkpoint covers yet, taken out past the triggers."""
    filled(opened(), 3).close()
    with sqlite3.connect(tmp_path / "log" / "log.sqlite") as database:
        with pytest.raises(sqlite3.IntegrityError, match="an entry is never removed"):
            database.execute("DELETE FROM entry WHERE number = 1")
        database.execute("DROP TRIGGER entry_is_never_removed")
        database.execute("DELETE FROM entry WHERE number = 1")
    database.close()

    with pytest.raises(LogDamagedError, match="2 entries are numbered up to 2"):
        opened()


@pytest.mark.parametrize("spoil", ["unsigned", "unreadable", "another log"])
def test_a_checkpoint_that_is_not_this_log_s_is_refused(
    opened: Opened, tmp_path: Path, spoil: str
) -> None:
    """It is never signed over: what it was may matter to who holds it."""
    log = filled(opened(), 3)
    log.checkpoint()
    log.close()
    path = tmp_path / "log" / "checkpoint"
    content = path.read_bytes()
    if spoil == "another log":
        with Log(tmp_path / "other", origin="log/2", key_name="log", key=KEY) as other:
            filled(other, 3).checkpoint()
        path.write_bytes((tmp_path / "other" / "checkpoint").read_bytes())
    else:
        path.write_bytes(content[:30] if spoil == "unreadable" else content.replace(b"3", b"2", 1))
    before = path.read_bytes()

    with pytest.raises(HistoryLostError):
        opened()

    assert path.read_bytes() == before


def test_a_checkpoint_replaced_behind_an_open_log_is_not_signed_over(
    opened: Opened, tmp_path: Path
) -> None:
    """It is read again before every signature."""
    log = filled(opened(), 3)
    log.checkpoint()
    path = tmp_path / "log" / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"log/1\n3", b"log/1\n2"))
    log.append(b"more")

    with pytest.raises(HistoryLostError, match="not signed by its key"):
        log.checkpoint()


def test_another_key_is_refused_before_the_first_checkpoint_too(opened: Opened) -> None:
    """A log belongs to the key that it was begun with."""
    opened().close()

    with pytest.raises(LogKeyError, match="was begun with the key log"):
        opened(key=OTHER_KEY)

    assert opened(origin="ignored").origin == "log/1"


def test_a_writer_waits_and_then_is_refused(opened: Opened, tmp_path: Path) -> None:
    """Another process holds the log: nothing is appended, and the text says why."""
    log = opened(wait=0.1)
    holder = sqlite3.connect(tmp_path / "log" / "log.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(LogBusyError, match=r"another process has held the log for 0\.1 s"):
        log.append(b"a")
    holder.execute("ROLLBACK")
    holder.close()

    assert log.append(b"a") == 0


def test_two_open_logs_see_each_other_s_entries(opened: Opened) -> None:
    """Each checkpoint covers what both appended; neither goes back."""
    one, two = opened(), opened()
    assert [one.append(b"0"), two.append(b"1"), one.append(b"2")] == [0, 1, 2]

    assert one.checkpoint().size == 3
    two.append(b"3")
    assert two.checkpoint().size == 4
    assert one.checkpoint().size == 4
    assert one.root(4) == two.root(4)


def test_a_file_that_is_not_a_database_is_refused_and_kept(opened: Opened, tmp_path: Path) -> None:
    """What lies there may be all that is left of a log."""
    path = tmp_path / "log" / "log.sqlite"
    path.parent.mkdir()
    content = b"not a database, but long enough to look at" * 30
    path.write_bytes(content)

    with pytest.raises(LogDamagedError, match="file is not a database"):
        opened()

    assert path.read_bytes() == content


def test_a_folder_in_the_database_s_place_is_refused(opened: Opened, tmp_path: Path) -> None:
    """SQLite cannot open it; the refusal names the path."""
    (tmp_path / "log" / "log.sqlite").mkdir(parents=True)

    with pytest.raises(LogNotWrittenError, match=r"log\.sqlite: unable to open"):
        opened()
