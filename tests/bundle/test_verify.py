"""`reperform verify`: a whole bundle passes, and any change of it is named."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from outside import PERIOD, YEAR, Ran, fast_import
from reperform.base.canonical import canonical_json, sha256_hex

Reperform = Callable[..., Ran]


def contents(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(tmp_path: Path, files: Mapping[str, bytes], *, consistent: bool = True) -> Path:
    """Pack files as a bundle; consistent: the manifest says what is in it."""
    files = dict(files)
    if consistent:
        listed = {
            name: {"sha256": sha256_hex(content), "size": len(content)}
            for name, content in files.items()
            if name != "bundle.json"
        }
        files["bundle.json"] = canonical_json({"format": "reperform-bundle/1", "files": listed})
    path = tmp_path / "changed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_whole_bundle_is_whole(reperform: Reperform, finished: Path) -> None:
    """Exit 0, every check agrees, and the reader is told what the key does not show."""
    ran = reperform("verify", finished / "bundle.zip")

    assert ran.code == 0, ran.out + ran.err
    assert "The bundle is whole." in ran.out
    assert ran.out.count("agrees") >= 6
    assert "not who made it" in " ".join(ran.out.split())


def test_it_needs_neither_the_repository_nor_the_installations_key(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """The bundle alone, moved elsewhere, under another home."""
    shutil.copy(finished / "bundle.zip", tmp_path / "elsewhere.zip")

    assert reperform("verify", tmp_path / "elsewhere.zip").code == 0


def some_files(finished: Path) -> dict[str, str]:
    """Return one file of each kind in the bundle."""
    names = sorted(contents(finished / "bundle.zip"))
    kinds = (
        *("inputs/scope", "library/criteria", "library/controls/CHG-01", "library/tests/change"),
        *("evidence/blobs", "evidence/tables/git.commits", "results/results.json"),
        *("results/items/CHG-01", "ledger/checkpoint", "ledger/tile/entries", "ledger/tile/0"),
        "ledger/verifier.key",
    )
    return {kind: next(name for name in names if name.startswith(kind)) for kind in kinds}


@pytest.mark.parametrize(
    "kind",
    [
        "inputs/scope",
        "library/criteria",
        "library/controls/CHG-01",
        "library/tests/change",
        "evidence/blobs",
        "evidence/tables/git.commits",
        "results/results.json",
        "results/items/CHG-01",
        "ledger/checkpoint",
        "ledger/tile/entries",
        "ledger/tile/0",
        "ledger/verifier.key",
    ],
)
def test_a_changed_file_is_found_even_when_the_manifest_was_made_to_fit(
    reperform: Reperform, finished: Path, tmp_path: Path, kind: str
) -> None:
    """One byte in the middle of any kind of file."""
    name = some_files(finished)[kind]
    files = contents(finished / "bundle.zip")
    middle = len(files[name]) // 2
    changed = bytearray(files[name])
    changed[middle] ^= 1
    files[name] = bytes(changed)

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "The bundle is whole" not in ran.out


def test_a_file_of_the_library_that_was_changed_dropped_or_added_is_named(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """The ledger names one digest for all of the library; the listing says which file it was."""
    files = contents(finished / "bundle.zip")
    files["library/controls/CHG-01.md"] += b"Softened.\n"
    del files["library/controls/CHG-02.md"]
    files["library/controls/CHG-99.md"] = b"Added.\n"

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert "library/controls/CHG-01.md: its digest is" in ran.out
    assert "library/controls/CHG-02.md: the library that was used has it" in ran.out
    assert "library/controls/CHG-99.md: the library that was used does not have it" in ran.out
    assert "library/controls/CHG-03.md" not in ran.out


def test_a_listing_of_the_library_that_was_changed_too_helps_nobody(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """The listing counts only while its own digest is the one that the ledger names."""
    files = contents(finished / "bundle.zip")
    files["library/controls/CHG-01.md"] += b"Softened.\n"
    listed = dict(json.loads(files["inputs/library.json"]))
    listed["controls/CHG-01.md"] = sha256_hex(files["library/controls/CHG-01.md"])
    files["inputs/library.json"] = canonical_json(sorted(map(list, listed.items())))

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert "library: its digest is" in ran.out
    assert "inputs/library.json: the ledger does not name its digest" in ran.out


def test_a_kept_answer_that_is_missing_is_named(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """Nothing can be shaped without it, and the reader is not shown a path of our own."""
    files = contents(finished / "bundle.zip")
    name = next(name for name in sorted(files) if name.startswith("evidence/blobs"))
    del files[name]

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert f"it could not be done: {name} is missing" in ran.out


def test_a_result_that_was_improved_is_named(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """Two deviations made to vanish from the results."""
    files = contents(finished / "bundle.zip")
    results = json.loads(files["results/results.json"])
    for test in results["tests"]:
        test |= {"deviations": 0, "exceptions": [], "conclusion": "no exceptions"}
    files["results/results.json"] = canonical_json(results)

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert "results/results.json" in ran.out
    assert "other bytes" in ran.out


@pytest.mark.parametrize("prefix", ["evidence/blobs", "evidence/tables/git.tags", "results/items"])
def test_a_missing_file_is_named(
    reperform: Reperform, finished: Path, tmp_path: Path, prefix: str
) -> None:
    """What the ledger names must be there."""
    files = contents(finished / "bundle.zip")
    name = next(name for name in sorted(files) if name.startswith(prefix))
    del files[name]

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert name in ran.out


@pytest.mark.parametrize("name", ["evidence/blobs/00/more", "ledger/tile/9/000", "note.txt"])
def test_an_added_file_is_named(
    reperform: Reperform, finished: Path, tmp_path: Path, name: str
) -> None:
    """What the ledger does not name could mislead a reader."""
    files = contents(finished / "bundle.zip") | {name: b"more"}

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert name in ran.out


def test_a_report_beside_the_bundle_that_was_edited_is_named(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """The analyst who holds report and bundle learns that the one is not of the other."""
    shutil.copytree(finished, tmp_path / "copy")
    report = tmp_path / "copy" / "report.html"
    report.write_bytes(report.read_bytes().replace(b"Exceptions noted", b"No exceptions noted"))

    ran = reperform("verify", tmp_path / "copy" / "bundle.zip")

    assert ran.code == 1
    assert "report.html: it is not the file" in ran.out


def test_a_key_that_the_reader_knows_is_checked(reperform: Reperform, finished: Path) -> None:
    """The right one passes without a warning; another one fails."""
    key = contents(finished / "bundle.zip")["ledger/verifier.key"].decode().strip()
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    right = reperform("verify", finished / "bundle.zip", "--key", key)
    wrong = reperform("verify", finished / "bundle.zip", "--key", other)
    none = reperform("verify", finished / "bundle.zip", "--key", "nonsense")

    assert (right.code, wrong.code, none.code) == (0, 1, 1)
    assert "came with the bundle" not in right.out
    assert "[note-refused]" in none.err


def test_a_forged_bundle_shows_by_the_readers_own_checkpoint(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """A second, consistent bundle over a tidied history does not begin as the first did."""
    (tmp_path / "kept").write_bytes(contents(finished / "bundle.zip")["ledger/checkpoint"])
    fast_import(tmp_path / "repo", YEAR[:-2])
    made = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", PERIOD, "--no-host"),
        *("--out", tmp_path / "forged"),
    )
    assert made.code == 0, made.err

    own = reperform("verify", finished / "bundle.zip", "--checkpoint", tmp_path / "kept")
    alone = reperform("verify", tmp_path / "forged" / "bundle.zip")
    held = reperform(
        "verify", tmp_path / "forged" / "bundle.zip", "--checkpoint", tmp_path / "kept"
    )

    assert (own.code, alone.code, held.code) == (0, 0, 1)


def test_a_hostile_test_of_a_control_in_a_bundle_reads_nothing(
    reperform: Reperform, finished: Path, tmp_path: Path
) -> None:
    """SQL that a stranger put there runs in an engine without access to files."""
    files = contents(finished / "bundle.zip")
    name = "library/tests/change/code-owners-named.sql"
    head = files[name].decode().split("-- ---\n")[1]
    files[name] = (
        f"-- ---\n{head}-- ---\nSELECT 'x' AS item, 'pass' AS outcome, "
        "(SELECT content FROM read_text('/etc/passwd')) AS reason ORDER BY item\n"
    ).encode()

    ran = reperform("verify", packed(tmp_path, files))

    assert ran.code == 1
    assert "root:" not in ran.out + ran.err


def test_a_file_that_is_no_bundle_is_refused(reperform: Reperform, tmp_path: Path) -> None:
    """Not there, not a zip file, a zip file of something else, a folder."""
    (tmp_path / "text.zip").write_text("hello")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello", "x")
    (tmp_path / "other.zip").write_bytes(other.getvalue())

    for name in ("missing.zip", "text.zip", "other.zip", "."):
        ran = reperform("verify", tmp_path / name)
        assert ran.code == 1, name
        assert "[bundle-refused]" in ran.err, name
