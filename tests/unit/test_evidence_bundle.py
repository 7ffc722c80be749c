"""The bundle: the same files give the same bytes, and a hostile one is refused."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from reperform.evidence.bundle import (
    MANIFEST,
    BundleRefusedError,
    unpack_bundle,
    write_bundle,
)


def made(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    (folder / "a").mkdir(parents=True, exist_ok=True)
    (folder / "a" / "one.txt").write_bytes(b"one")
    (folder / "two.txt").write_bytes(b"two" * 1000)
    write_bundle(tmp_path / "bundle.zip", folder, ["two.txt", "a/one.txt"])
    return tmp_path / "bundle.zip"


def hostile(tmp_path: Path, entries: list[tuple[zipfile.ZipInfo | str, bytes]]) -> Path:
    path = tmp_path / "hostile.zip"
    manifest = json.dumps({"format": "reperform-bundle/1", "files": {}})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest)
        for name, content in entries:
            archive.writestr(name, content)
    return path


def test_a_bundle_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every file of the manifest, with the digest that it says."""
    bundle = made(tmp_path)

    unpacked = unpack_bundle(bundle, tmp_path / "out")

    assert unpacked.problems == ()
    assert sorted(unpacked.files) == ["a/one.txt", "two.txt"]
    assert (tmp_path / "out" / "a" / "one.txt").read_bytes() == b"one"


def test_the_same_files_give_the_same_bundle(tmp_path: Path) -> None:
    """No time and no order of writing shows."""
    first = made(tmp_path).read_bytes()

    assert made(tmp_path).read_bytes() == first


def test_a_changed_a_missing_and_an_added_file_are_each_named(tmp_path: Path) -> None:
    """The problems say which file, so that the reader knows what not to rely on."""
    bundle = made(tmp_path)
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["two.txt"] = b"two" * 999 + b"twO"
    del files["a/one.txt"]
    files["three.txt"] = b"three"
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)

    unpacked = unpack_bundle(bundle, tmp_path / "out")

    assert [problem.where for problem in unpacked.problems] == [
        "a/one.txt",
        "two.txt",
        "three.txt",
    ]


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/x", "C:\\x", "a/../../x", "a//b", "a/./b", ".hidden", "a\x00b", "nul\n", "a/"],
)
def test_a_name_that_no_bundle_has_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written outside the folder, and nothing inside it either."""
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    bundle = hostile(tmp_path, [(info, b"x")])

    with pytest.raises(BundleRefusedError):
        unpack_bundle(bundle, tmp_path / "out")

    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "out").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    """A link could point anywhere."""
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    bundle = hostile(tmp_path, [(info, b"/etc/passwd")])

    with pytest.raises(BundleRefusedError, match="not an ordinary file"):
        unpack_bundle(bundle, tmp_path / "out")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_repeated_name_is_refused(tmp_path: Path) -> None:
    """Two programs could read two different files."""
    bundle = hostile(tmp_path, [("x", b"one"), ("x", b"two")])

    with pytest.raises(BundleRefusedError, match="twice"):
        unpack_bundle(bundle, tmp_path / "out")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """A gigabyte of zeros packs to a megabyte; its ratio gives it away."""
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps({"format": "reperform-bundle/1", "files": {}}))
        with archive.open("zeros", "w", force_zip64=True) as file:
            for _ in range(64):
                file.write(bytes(1 << 20))

    with pytest.raises(BundleRefusedError, match="unpacks"):
        unpack_bundle(path, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    """Entries that share their bytes make a small file unpack to a huge one."""
    path = hostile(tmp_path, [("one", b"1" * 100), ("two", b"2" * 100)])
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        one, two = archive.getinfo("one"), archive.getinfo("two")
    directory = raw.rindex(b"PK\x01\x02")
    offset = directory + 42
    assert int.from_bytes(raw[offset : offset + 4], "little") == two.header_offset
    raw[offset : offset + 4] = (one.header_offset + 1).to_bytes(4, "little")
    path.write_bytes(raw)

    with pytest.raises(BundleRefusedError, match="overlaps"):
        unpack_bundle(path, tmp_path / "out")


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"format": "reperform-bundle/2", "files": {}}',
        b'{"format": "reperform-bundle/1", "files": []}',
        b'{"format": "reperform-bundle/1", "files": {"x": 1}}',
        b'{"format": "reperform-bundle/1", "files": {"../x": {"sha256": "", "size": 1}}}',
        b"[" * 100_000,
    ],
)
def test_a_manifest_that_is_not_one_is_refused(tmp_path: Path, manifest: bytes) -> None:
    """Without it nobody knows what should be there."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MANIFEST, manifest)

    with pytest.raises(BundleRefusedError, match=r"x\.zip was not checked"):
        unpack_bundle(path, tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip file" * 100])
def test_a_file_that_is_no_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """The refusal says what to ask for."""
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(BundleRefusedError, match="cannot be read as a zip file"):
        unpack_bundle(path, tmp_path / "out")


def test_a_truncated_bundle_is_refused(tmp_path: Path) -> None:
    """Half a download is not a bundle."""
    bundle = made(tmp_path)
    bundle.write_bytes(bundle.read_bytes()[:-30])

    with pytest.raises(BundleRefusedError):
        unpack_bundle(bundle, tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("/dev/zero", "/dev/zero was not checked: it is not a regular file"),
        ("/", "/ was not checked: it is not a regular file"),
        ("/nowhere.zip", "/nowhere.zip was not checked: .*(No such file or directory)"),
    ],
)
def test_only_a_file_is_read(tmp_path: Path, name: str, what: str) -> None:
    """A device has no end: reading it would take all memory before anything is refused."""
    with pytest.raises(BundleRefusedError, match=what):
        unpack_bundle(Path(name), tmp_path / "out")
