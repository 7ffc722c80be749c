"""The proofs that the example's people bring: small files made of a text, labelled as examples."""

import hashlib
import json
import re
from collections.abc import Mapping

_LABEL = "An invented example: nothing here is real."
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}", re.ASCII)
_PAGE = (595, 842)
"""A4, in points."""


def picked(seed: str, least: int, most: int) -> int:
    """Return a number from `least` to `most`: the same seed gives the same number everywhere.

    >>> {picked(str(number), 3, 4) for number in range(20)} == {3, 4}
    True
    """
    digest = hashlib.sha256(seed.encode()).digest()
    return least + int.from_bytes(digest[:8], "big") % (most - least + 1)


def filled(text: str, said: Mapping[str, str], *, seed: str) -> str:
    """Return a text with its names filled in, and a number for each range.

    >>> filled("{day}: {4..4} of {who}", {"day": "Monday", "who": "Ben"}, seed="x")
    'Monday: 4 of Ben'
    """
    for name, value in said.items():
        text = text.replace(f"{{{name}}}", value)
    found = iter(range(len(_RANGE.findall(text))))
    return _RANGE.sub(
        lambda match: str(picked(f"{seed} {next(found)}", int(match[1]), int(match[2]))), text
    )


def proof_file(name: str, text: str) -> bytes:
    """Return a file that holds a text, in the form that its name says: PDF, CSV or plain text.

    The label is the last line of a table or a mail, which begin with a header, a member of a JSON
    object, and else the first line.
    """
    if name.endswith(".json"):
        return json.dumps({**json.loads(text), "example": _LABEL}, indent=1).encode()
    if name.endswith(".pdf"):
        return _pdf([_LABEL, "", *text.splitlines()])
    parts = (text, f"{_LABEL}\n") if name.endswith((".csv", ".eml")) else (f"{_LABEL}\n\n", text)
    return "".join(parts).encode()


def _pdf(lines: list[str]) -> bytes:
    """Return a PDF of one page.  Source: ISO 32000-1, section 7.5 (structure of a file)."""
    shown = b"".join(b"(%s) '\n" % _escaped(line) for line in lines)
    content = b"BT /F1 11 Tf 16 TL 56 %d Td\n%sET" % (_PAGE[1] - 56, shown)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R" % _PAGE
        + b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(made))
    )


def _escaped(line: str) -> bytes:
    return re.sub(rb"([\\()])", rb"\\\1", line.encode("cp1252"))
