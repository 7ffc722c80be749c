"""A file is what its content is, whatever its name says."""

import io
import zipfile

import pytest

from reperform.program.files import LARGEST_FILE, UploadRefusedError, judge_file


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("report.pdf", b"%PDF-1.7\n", "report.pdf", "pdf"),
        ("report.exe", b"%PDF-1.7\n", "report.exe.pdf", "pdf"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0", "photo.jpeg", "jpg"),
        ("picture", b"\x89PNG\r\n\x1a\n", "picture.png", "png"),
        ("accounts.csv", b"user,role\n", "accounts.csv", "csv"),
        ("logo.png", b"<svg onload=alert(1)>", "logo.png.txt", "txt"),
        ("page.html", b"<script>", "page.html", "html"),
        ("minutes.docx", archive("word/document.xml"), "minutes.docx", "docx"),
        ("list", archive("xl/workbook.xml"), "list.xlsx", "xlsx"),
    ],
)
def test_a_file_is_named_for_its_content(name: str, content: bytes, kept: str, kind: str) -> None:
    """A wrong ending gets the right one after it."""
    judged = judge_file(content, name=name)

    assert (judged.name, judged.kind) == (kept, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"\x7fELF\x02",
        b"a\x00b",
        b"PK\x03\x04 broken",
        archive("anything.txt"),
        archive("word/document.xml", "word/vbaProject.bin"),
        b"x" * (LARGEST_FILE + 1),
    ],
    ids=["empty", "exe", "elf", "nul", "damaged", "zip", "macros", "large"],
)
def test_what_is_no_proof_is_refused(content: bytes) -> None:
    """Programs, archives, macros, and what nobody can open."""
    with pytest.raises(UploadRefusedError, match=r"file\.txt was not kept"):
        judge_file(content, name="file.txt")
