"""What a file that somebody brings is: judged by its content, never by its name.

Only kinds that serve as proof are taken.  What could run is refused, and what a browser could
show as a page of ours (HTML, SVG) is handed out as a download only, like everything else.
"""

import io
import zipfile
from dataclasses import dataclass

from reperform.base.refusal import RefusalError

LARGEST_FILE = 10_000_000
"""Bytes."""
_MOST_PARTS = 5_000
_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
)
_SPACES = "\t\n\r\f\x1b"
"""Control characters that text has: the last begins the colors of a terminal's log."""
_LAST_CONTROL = 0x9F
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_TEXTS = ("csv", "txt", "json", "md", "eml", "log", "xml", "html", "svg", "yaml", "yml")
"""Endings that text keeps; any other text is named `.txt`."""


class UploadRefusedError(RefusalError):
    """A file is empty, too large, or of no kind that serves as proof."""

    slug = "upload-refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that may be kept.

    Attributes:
        name: its name, with the ending that its content has.
        kind: its ending, as in `pdf`.
    """

    name: str
    kind: str


def judge_file(content: bytes, *, name: str) -> Judged:
    """Return what a file is.

    Args:
        content: the whole file.
        name: as the user knows it, already fit to be shown.

    Raises:
        UploadRefusedError: it is empty, too large, or of no kind that serves as proof.
    """
    if not content:
        raise _refused(name, "is empty", "choose the file again")
    if len(content) > LARGEST_FILE:
        most = f"{LARGEST_FILE // 1_000_000} MB"
        raise _refused(name, f"is larger than {most}", f"keep to {most}, or split it")
    kind = next((kind for begins, kind in _BEGINNINGS if content.startswith(begins)), "")
    if not kind and content.startswith(b"PK\x03\x04"):
        kind = _office_kind(content, name)
    stem, _, ending = name.rpartition(".")
    if not kind:
        if not _is_text(content):
            todo = "bring a PDF, PNG, JPEG, DOCX, XLSX, or text such as CSV"
            raise _refused(name, "is of no kind that serves as proof", todo)
        kind = ending.lower() if stem and ending.lower() in _TEXTS else "txt"
    same = {"jpg": ("jpg", "jpeg")}.get(kind, (kind,))
    kept = name if stem and ending.lower() in same else f"{name}.{kind}"
    return Judged(kept, kind)


def _refused(name: str, what: str, todo: str) -> UploadRefusedError:
    return UploadRefusedError(
        f"{name} was not kept: it {what}",
        why="A proof that nobody can open proves nothing, and a file that can run is a danger.",
        todo=todo,
    )


def _office_kind(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _refused(name, "is a damaged archive", "save it again") from error
    if len(names) > _MOST_PARTS or any(each.endswith("vbaProject.bin") for each in names):
        raise _refused(name, "holds macros or too many parts", "save it without macros")
    kind = next((kind for part, kind in _OFFICE.items() if part in names), "")
    if not kind:
        raise _refused(name, "is an archive", "bring the files that are in it one by one")
    return kind


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in _SPACES or ord(char) > _LAST_CONTROL for char in text)
