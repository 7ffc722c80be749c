"""Whatever file is brought as a proof: kept byte for byte and only ever handed out, or refused.

Forms that take one are found by walking the pages.  Those that ask for nothing but a file, and
are not about one thing (`number`), are imports, which `test_uploads` brings tables to.
"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from django.db import transaction
from django.test import Client

from hostile.conftest import put_away
from hostile.forms import Form, Seen
from hostile.test_uploads import HTML, MULTIPART, SVG, body
from reperform.accounts.models import Organization
from reperform.base.canonical import sha256_hex
from reperform.ledger.home import home
from reperform.ledger.models import Change
from reperform.program.files import LARGEST_FILE
from reperform.program.models import KeptFile
from web.test_permissions import PAGES

PLAIN = b"Seen on the screen: all of it, as it was said.\n"
LARGEST_NAME = 200
NAMES = (
    "../../../etc/passwd.txt",
    "..\\..\\boot.txt",
    "a\0b.txt",
    "\x01\x7f\x1b[31mred.txt",
    "\u202etxt.exe\u2066",
    "&#8238;&#0;&lt;b&gt;.txt",
    "x" * 300 + ".txt",
    "\U0001f4a9" * 200,
    '"; filename=a.html',
    "a\tb%0d%0aSet-Cookie: a=b.txt",
    ".txt",
)
SAID = {
    "first": "2025-01-01",
    "last": "2025-12-31",
    "happened_at": "2025-03-01 09:00 UTC",
    "conditions": "",
    "next_due": f"{datetime.now(UTC).year + 1}-01-01",
    "corrects": "",
    "linked": "",
    "linked_number": "",
    "control": "",
    "table": "",
    "taken_at": "2025-03-01 09:00 UTC",
}
"""What fields need that are not as any other of their kind."""


@dataclass(frozen=True)
class Door:
    """A form that keeps a file."""

    target: str
    form: Form

    @property
    def field(self) -> str:
        return next(each.name for each in self.form.fields if each.kind == "file")

    def filled(self) -> dict[str, list[str]]:
        """Return what somebody sends who fills in every field."""
        sent = self.form.filled()
        for each in self.form.fields:
            if each.name in SAID:
                sent[each.name] = [SAID[each.name]]
            elif each.name in sent and sent[each.name] == [""]:
                options = [value for value in each.options if value]
                today = f"{datetime.now(UTC):%Y-%m-%d}"
                sent[each.name] = [today if each.kind == "date" else (*options, "A word.")[0]]
        return sent


def proving(browser: Client, company: Organization) -> list[Door]:
    found = {}
    for page in PAGES:
        url = page.url(company.slug)
        answer = browser.get(url)
        put_away(answer)
        if answer.status_code != 200 or "text/html" not in str(answer.headers["Content-Type"]):
            continue
        for form in Seen(answer.content.decode()).forms:
            target = urljoin(url, form.action)
            kinds = {each.kind for each in form.fields}
            is_import = kinds <= {"hidden", "file", "button"} and "number" not in page.route
            if "file" in kinds and not is_import:
                found[target] = Door(target, form)
    return list(found.values())


def bomb(part: str) -> bytes:
    """Return an archive of a few kB that holds 20 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(part, b"\0" * 20_000_000)
    return made.getvalue()


def refused() -> Iterator[tuple[str, bytes]]:
    """Yield what is kept nowhere, with the name that it comes under."""
    archive, packed = bomb("a.txt"), gzip.compress(b"\0" * 20_000_000)
    for ending in ("pdf", "docx"):
        yield f"bomb.{ending}", archive
        yield f"bomb.{ending}.gz", packed
    yield "nothing.pdf", b""
    yield "large.txt", b"x" * (LARGEST_FILE + 1_000_000)
    yield "program.pdf", b"\x7fELF\x02\x01\x01" + b"\0" * 60
    yield "program.png", b"MZ\x90\0\x03\0\0\0"
    yield "image.gif", b"GIF89a\x01\0\x01\0/*\0*/=1;alert(1)//"
    yield "half.docx", bomb("word/document.xml")[:200]
    yield "macro.docx", bomb("word/vbaProject.bin")
    yield "nul.txt", b"a\0b"


def kept() -> Iterator[tuple[str, bytes]]:
    """Yield what somebody may keep, as what it shows is never shown by us."""
    for ending in ("pdf", "html", "svg"):
        yield f"page.{ending}", HTML
        yield f"drawing.{ending}", SVG
    yield "both.pdf", b"%PDF-1.7\n" + HTML
    yield "both.html", b"%PDF-1.7\n" + HTML
    yield "both.png", b"\x89PNG\r\n\x1a\n" + HTML
    yield "both.gif", b"GIF89a/*" + HTML + b"*/=1;alert(1)//"
    for name in NAMES:
        yield name, PLAIN


def sent(browser: Client, door: Door, name: str, content: bytes) -> int:
    """Return the status of the answer to a form with a file."""
    fields = [(field, value) for field, all_ in door.filled().items() for value in all_]
    raw = body(content, name=name, kind="text/html", fields=dict(fields), field=door.field)
    return browser.generic("POST", door.target, raw, content_type=MULTIPART).status_code


def rows_and_entries() -> tuple[int, int]:
    """Return how many files are kept, and the entries of the ledger."""
    return KeptFile.objects.count(), Change.objects.count()


def state() -> tuple[int, int, int]:
    """Return also how many files lie in the folder."""
    files = sum(1 for each in (home() / "files").rglob("*") if each.is_file())
    return *rows_and_entries(), files


def what_is_wrong(browser: Client, company: Organization, content: bytes) -> Iterator[str]:
    """Yield what is wrong with the newest file and how it is handed out."""
    file = KeptFile.objects.latest("pk")
    answer = browser.get(f"/o/{company.slug}/files/{file.number}/")
    said = answer.headers
    put_away(answer)
    if answer.content != content or (file.size, file.sha256) != (len(content), sha256_hex(content)):
        yield "other bytes"
    if said["Content-Type"] != "application/octet-stream":
        yield said["Content-Type"]
    if not said["Content-Disposition"].startswith("attachment"):
        yield said["Content-Disposition"]
    if said["X-Content-Type-Options"] != "nosniff":
        yield "a type that is guessed"
    is_whole = file.name.strip(". ") and file.name.isprintable() and not set("/\\") & set(file.name)
    if not is_whole or len(file.name) > LARGEST_NAME:
        yield f"the name {file.name!r}"


def test_a_proof_is_kept_as_it_is_or_refused(browser: Client, company: Organization) -> None:
    """Each form starts from the same company: what one kept is rolled back before the next."""
    doors = proving(browser, company)
    wrong: list[tuple[str, str, object]] = []
    keeping = set()
    bad, good = list(refused()), list(kept())
    for door in doors:
        before = state()
        for name, content in bad:
            status = sent(browser, door, name, content)
            if status not in (400, 413, 422) or state() != before:
                wrong.append((door.target, name, status))
        for name, content in good:
            with transaction.atomic():
                rows, entries = rows_and_entries()
                status = sent(browser, door, name, content)
                after = rows_and_entries()
                if after[0] > rows:
                    keeping.add(door.target)
                    found = list(what_is_wrong(browser, company, content))
                    wrong += [(door.target, name, each) for each in found]
                elif status >= 500 or status not in (302, 400, 422) or after[1] > entries:
                    wrong.append((door.target, name, status))
                transaction.set_rollback(True)

    assert not wrong, "\n".join(map(str, wrong))
    assert len(keeping) >= len(doors) - 1 > 8, {each.target for each in doors} - keeping
