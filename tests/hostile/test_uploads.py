"""Whatever file is brought to whichever upload: rows shown as text, or a refusal; nothing stored.

Forms and operations that take a file are found by walking the pages and the API's description.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import openpyxl
from django.test import Client

from api.conftest import Program
from hostile.conftest import OWN, SHARED, naughty, put_away
from hostile.forms import Seen
from hostile.test_operations import described
from hostile.test_pages import strange, vocabulary
from reperform.accounts.models import Organization
from reperform.base.grid import LARGEST_FILE
from reperform.ledger.models import Change
from reperform.ledger.queries import changes
from reperform.program.models import Assessment, PendingUpload, RemediationTask
from web.test_permissions import PAGES

HEADER = "criterion,status,note\n"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def rows_of(strings: list[str]) -> bytes:
    """Return a CSV with each string as the criterion, the status and the note of a row."""
    lines = [",".join([quoted(each)] * 3) for each in strings]
    good = [f"CC6.1,not met,{quoted(each)}" for each in strings]
    return (HEADER + "\n".join(lines + good)).encode("utf-8", "surrogatepass")


def workbook(**parts: bytes) -> bytes:
    """Return a workbook of one good row whose parts, named by their stem, are those given."""
    book, plain, made = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for row in (["criterion", "status", "note"], ["CC6.1", "not met", "=1+1"]):
        book.worksheets[0].append(row)
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            stem = info.filename.rpartition("/")[2].partition(".")[0]
            before = parts.get(stem, old.read(info))
            new.writestr(info.filename, before)
    return made.getvalue()


def refused() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield what is no table: why not, a file name, the bytes and the type that is claimed."""
    bomb = workbook(sheet1=b"<worksheet>" + b" " * 100_000_000)
    assert len(bomb) < LARGEST_FILE / 4
    yield "a bomb", "a.xlsx", bomb, XLSX
    yield (
        "external entities",
        "a.xlsx",
        workbook(sheet1=ENTITY + b"<worksheet>&e;</worksheet>"),
        XLSX,
    )
    yield "entities in UTF-16", "a.xlsx", workbook(sheet1=ENTITY.decode().encode("utf-16")), XLSX
    yield "a PDF", "a.xlsx", b"%PDF-1.7\n\x00\xff\xfe", XLSX
    yield "a ZIP", "a.xlsx", b"PK\x03\x04" + b"\0" * 40, XLSX
    yield "nothing", "a.csv", b"", CSV
    yield "spaces", "a.csv", b" " * 30_000_000, CSV
    yield "U+0000", "a.csv", HEADER.encode() + b"CC6.1,not met,a\0b", CSV
    yield "only U+0000", "a.csv", b"\0" * 5_000, CSV
    for code in ("utf-16-le", "utf-16-be"):
        yield f"{code} without a mark", "a.csv", (HEADER + "CC6.1,not met,x").encode(code), CSV
    yield "a name of 2,000", "x" * 2_000, HEADER.encode(), CSV
    yield "half a UTF-16", "a.csv", b"\xff\xfea", CSV
    yield "an open quote", "a.csv", b'criterion,status\n"CC6.1,met\n', CSV
    yield "a long cell", "a.csv", HEADER.encode() + b"CC6.1,met," + b"x" * 200_000, CSV
    yield "many columns", "a.csv", b"," * 100_000, CSV
    yield "many rows", "a.csv", HEADER.encode() + b"CC6.1,met,\n" * 100_000, CSV


def read() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield what can be read as a table: its rows are shown, each as text or with its problem."""
    lists = SHARED / "csv-injection"
    for file in sorted(lists.iterdir()) if lists.is_dir() else ():
        yield file.name, file.name, HEADER.encode() + file.read_bytes(), CSV
    every = naughty()
    for first in range(0, len(every), 150):
        yield f"texts from {first}", "blns.csv", rows_of(every[first : first + 150]), CSV
    yield "an SVG", "a.csv", SVG, CSV
    yield "an SVG", "a.xlsx", SVG, XLSX
    yield "HTML", "a.csv", HTML, CSV
    yield "HTML", "a.xlsx", HTML, "text/html"
    yield "a formula", "a.xlsx", workbook(), XLSX
    yield "a wrong type", "a.csv", rows_of(OWN), "image/png"
    yield "no type", "a.csv", rows_of(OWN), ""
    for name in (
        "../../etc/passwd",
        "..\\..\\a.csv",
        "a\u202evsc.exe",
        "\x01\x7f\x1b[31m",
        "x" * 800,
    ):
        yield "a name", name, rows_of(OWN), CSV


def body(content: bytes, *, name: str, kind: str, fields: dict[str, str], field: str) -> bytes:
    """Return a form's body, byte for byte as a hostile client would write it."""
    said = name.replace('"', "%22").encode()
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{value}\r\n'.encode()
        for each, value in fields.items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
    typed = f"Content-Type: {kind}\r\n".encode() if kind else b""
    return b"".join(
        [*parts, head % (field.encode(), said), typed, b"\r\n", content, b"\r\n--x--\r\n"]
    )


PROVING = {"own_training", "work_step"}
MULTIPART = "multipart/form-data; boundary=x"


def doors(browser: Client, company: Organization) -> dict[str, str]:
    """Return the field of each form that imports a file, by the URL that it is posted to.

    Those about one thing (`number`) and a person's own training take proofs, and no tables.
    """
    found = {}
    for page in PAGES:
        if "number" in page.route or page.name in PROVING:
            continue
        url = page.url(company.slug)
        answer = browser.get(url)
        put_away(answer)
        if not str(answer.headers["Content-Type"]).startswith("text/html"):
            continue
        for form in Seen(answer.content.decode()).forms:
            names = [each.name for each in form.fields if each.kind == "file"]
            if names:
                found[urljoin(url, form.action)] = names[0]
    return found


def gates() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the file's field and the other fields of each operation that imports one, by its URL.

    Those about one thing (`{number}`) and those with several files take proofs, and no tables.
    """
    found = {}
    for path, methods in described()["paths"].items():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {})
            for schema in (each["schema"] for kind, each in content.items() if "multipart" in kind):
                names = schema["properties"]
                files = [name for name, said in names.items() if is_file(said)]
                if len(files) == 1 and "{" not in path and not path.endswith("/certified"):
                    (field,) = files
                    others = {name: "{}" for name in names if name not in (field, "mapping")}
                    found[path] = (field, others)
    return found


def is_file(said: dict[str, Any]) -> bool:
    """Return whether a field of a form takes a file, needed or not."""
    return any(each.get("format") == "binary" for each in (said, *said.get("anyOf", ())))


def stored() -> tuple[int, int, int]:
    return Assessment.objects.count(), RemediationTask.objects.count(), Change.objects.count()


def test_there_is_something_to_try(browser: Client, company: Organization) -> None:
    assert len(doors(browser, company)) >= 1
    assert len(gates()) >= 2


def test_what_is_no_table_is_refused_on_pages(browser: Client, company: Organization) -> None:
    """4xx, the reason in an alert or a page of its own, and nothing kept for a next step."""
    before, wrong = stored(), []
    for target, field in doors(browser, company).items():
        for what, name, content, kind in refused():
            sent = body(content, name=name, kind=kind, fields={}, field=field)
            answer = browser.generic("POST", target, sent, content_type=MULTIPART)
            is_said = 'role="alert"' in answer.content.decode() or answer.status_code != 422
            is_refused = answer.status_code in (400, 413, 422) and is_said
            if not is_refused or PendingUpload.objects.exists():
                wrong.append((target, what, answer.status_code))

    assert not wrong
    assert stored() == before


def test_what_is_no_table_is_refused_by_operations(caller: Program) -> None:
    """The same in the form that refusals of the API have."""
    before, wrong = stored(), []
    for path, (field, fields) in gates().items():
        for what, name, content, kind in refused():
            answer = upload(caller, path, content, name=name, kind=kind, fields=fields, field=field)
            is_said = {"what", "why", "todo", "slug"} <= set(json.loads(answer.content))
            if answer.status_code not in (400, 413, 422) or not is_said:
                wrong.append((path, what, answer.status_code))

    assert not wrong
    assert stored() == before


def upload(caller: Program, path: str, content: bytes, **more: Any) -> Any:  # noqa: ANN401 - a response
    client = Client(
        headers={"Authorization": f"Bearer {caller.secret}"}, raise_request_exception=False
    )
    return client.generic("POST", path, body(content, **more), content_type=MULTIPART)


def test_what_can_be_read_is_shown_as_text(browser: Client, company: Organization) -> None:
    """The dry run shows it, none of it becomes part of the page, and nothing is imported."""
    known = vocabulary(browser, company)
    learned: dict[str, set[str]] = {}
    before, tried = stored(), 0
    wrong: list[tuple[str, str, object]] = []
    for target, field in doors(browser, company).items():
        plain = body(rows_of(["word"]), name="a.csv", kind=CSV, fields={}, field=field)
        browser.generic("POST", target, plain, content_type=MULTIPART)
        for tag, names in Seen(browser.get(f"{target}check/").content.decode()).vocabulary.items():
            learned[tag] = known.get(tag, set()) | names
        for what, name, content, kind in read():
            sent = body(content, name=name, kind=kind, fields={}, field=field)
            answer = browser.generic("POST", target, sent, content_type=MULTIPART)
            tried += 1
            page = browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer
            if page.status_code not in (200, 422):
                wrong.append((what, name, page.status_code))
            found = strange(page.content.decode(), known | learned)
            if found:
                wrong.append((what, name, found[:3]))

    assert not wrong, wrong[:10]
    assert tried > 10
    assert stored() == before
    kept = list(PendingUpload.objects.values_list("file_name", flat=True))
    assert kept
    assert all(name.isprintable() and not set("/\\") & set(name) for name in kept)


def test_what_can_be_read_is_answered(caller: Program, company: Organization) -> None:
    """The dry run answers with rows or problems; without its fingerprint nothing is imported."""
    before, wrong = stored(), []
    for path, (field, fields) in gates().items():
        for what, name, content, kind in read():
            answer = upload(caller, path, content, name=name, kind=kind, fields=fields, field=field)
            said = json.loads(answer.content)
            is_answer = "rows" in said and "problems" in said and not fields
            is_refusal = {"what", "why", "todo", "slug"} <= set(said)
            expected = 200 if is_answer else 422
            if not (is_answer or is_refusal) or answer.status_code != expected:
                wrong.append((path, what, name, answer.status_code, str(said)[:200]))

    assert not wrong, wrong[:10]
    assert stored() == before
    assert changes(company.log).count()
