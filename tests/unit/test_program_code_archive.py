"""A program as a ZIP: the same bytes each time, and whatever else somebody packs is refused."""

import io
import resource
import stat
import time
import warnings
import zipfile

import pytest

from reperform.program.code.archive import ArchiveRefusedError, unzip_program, zip_program

FILES = {
    ".reperform.yaml": b"format: reperform-program/1\nitems: {}\n",
    "controls/OWN-01.md": b"---\n---\n",
    "scope.yaml": b"system: A\n",
}


def packed(*entries: tuple[str, bytes], mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", method) as archive:
        warnings.simplefilter("ignore")  # two entries of one name are the case
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.filename, info.external_attr, info.compress_type = name, mode << 16, method
            archive.writestr(info, content)
    return made.getvalue()


def overlapping() -> bytes:
    """Ten entries of the directory that point at one block, as David Fifield's bombs do."""
    raw = packed(*((f"{number}.yaml", b"0" * 1_000_000) for number in range(10)))
    first = raw.index(b"PK\x01\x02")
    directory, rest = raw[first:], raw[:first]
    entries = directory.split(b"PK\x01\x02")[1:]
    moved = [each[:38] + b"\0\0\0\0" + each[42:] for each in entries]
    return rest + b"".join(b"PK\x01\x02" + each for each in moved)


def test_a_program_is_packed_the_same_and_comes_back() -> None:
    raw = zip_program(FILES)

    assert raw == zip_program(dict(reversed(FILES.items())))
    assert unzip_program(raw) == FILES
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist()[1] == "program/controls/OWN-01.md"
        assert archive.testzip() is None


@pytest.mark.parametrize(
    "entries",
    [
        FILES,
        {f"my-program/{name}": raw for name, raw in FILES.items()},
        {
            **{f"program/{name}": raw for name, raw in FILES.items()},
            "__MACOSX/program/._scope.yaml": b"\0",
            "program/Makefile": b"all:",
            "program/inner.zip": b"PK\x03\x04",
        },
    ],
)
def test_as_people_pack_it_it_is_read(entries: dict[str, bytes]) -> None:
    """With or without a folder around it; a ZIP in it is not opened."""
    assert unzip_program(packed(*entries.items())) == FILES


def test_a_folder_of_a_register_is_not_taken_for_the_one_around_it() -> None:
    only = {"controls/OWN-01.md": b"---\n---\n"}

    assert unzip_program(packed(*only.items())) == only


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "it is no ZIP"),
        (b"system: A\n", "it is no ZIP"),
        (b"PK\x03\x04" + b"\0" * 60, "it is damaged"),
        (zip_program(FILES)[:-30], "it is damaged"),
        (packed(("scope.yaml", b"a"))[:20] + b"\xff" * 60, "it is damaged"),
        (packed(), "it has no file of a program"),
        (packed(("notes.txt", b"x")), "it has no file of a program"),
        (packed(("../scope.yaml", b"a")), "leads elsewhere"),
        (packed(("a/../../scope.yaml", b"a")), "leads elsewhere"),
        (packed(("/etc/scope.yaml", b"a")), "leads elsewhere"),
        (packed(("C:\\x\\scope.yaml", b"a")), "leads elsewhere"),
        (packed(("a\\..\\scope.yaml", b"a")), "leads elsewhere"),
        (packed(("C:scope.yaml", b"a")), "leads elsewhere"),
        (packed(("a//scope.yaml", b"a")), "leads elsewhere"),
        (packed(("scope.yaml", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777), "is a link"),
        (packed(("scope.yaml", b"a"), mode=stat.S_IFIFO), "is a link"),
        (packed(("scope.yaml", b"a"), ("scope.yaml", b"b")), "two entries of one name"),
        (packed(("scope.yaml", b"a"), method=zipfile.ZIP_BZIP2), "in a way that we do not read"),
        (packed(("scope.yaml", b"0" * 60_000_000)), "would unpack to more"),
        (packed(*((f"{n}.md", b"") for n in range(20_001))), "more than 20,000 entries"),
        (overlapping(), "overlap"),
        (b"PK\x03\x04" + b"0" * 10_000_001, "larger than 10,000,000 bytes"),
    ],
)
def test_whatever_else_it_is_it_is_refused(raw: bytes, said: str) -> None:
    """Within two seconds and two hundred megabytes."""
    begun, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ArchiveRefusedError, match=said):
        unzip_program(raw)

    assert time.process_time() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200_000


def test_an_entry_that_is_larger_than_it_says_is_refused() -> None:
    raw = packed(("scope.yaml", b"0" * 100_000))
    at = raw.index(b"PK\x01\x02") + 24
    lying = raw[:at] + (10).to_bytes(4, "little") + raw[at + 4 :]

    with pytest.raises(ArchiveRefusedError, match=r"damaged|another size"):
        unzip_program(lying)


def test_an_encrypted_entry_is_refused() -> None:
    raw = bytearray(packed(("scope.yaml", b"a")))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ArchiveRefusedError, match="in a way that we do not read"):
        unzip_program(bytes(raw))
