"""Whatever file leaves an example says that it is one: nobody can take it for a company's own."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pypdf
from django.test import Client

from grown import Size, grow
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from web.examined import results
from web.test_permissions import PAGES, Page
from web.test_query_counts import NUMBERED, address

AT = datetime(2026, 8, 2, 9, tzinfo=UTC)
NAMES = {
    "gap_output": (
        "gap-analysis.pdf",
        "gap-analysis.docx",
        "gap-analysis.xlsx",
        "criteria.csv",
        "plan.csv",
    ),
    "assets_file": ("assets.csv", "assets.xlsx", "data-flows.csv"),
    "risks_file": ("risks.csv", "risks.xlsx"),
}
"""Page -> every file that it sends."""
UNLABELLED = {
    "examination_output": "was made by an examination, and is kept byte for byte",
    "examination_population_rows": "is evidence, row by row as it was collected",
    "file": "was brought by somebody, and is kept byte for byte",
    "program_files_zip": "can be brought back, into any organization",
    "policy_version_output": "can be brought back; as a PDF it says so",
    "trail_checkpoint": "is signed, as verifiers read it",
    "description_statement": "is read by an examination",
}
"""Pages that send what must not be changed, each with the reason."""


def addresses(page: Page) -> list[str]:
    """Return the addresses of every kind of file of a page."""
    url = page.url("larkspur")
    if page.name in NAMES:
        return [url.replace("report.pdf", name) for name in NAMES[page.name]]
    if "<str:kind>" in page.route or "<slug:kind>" in page.route:
        return [url, url.replace("csv", "xlsx")]
    return [address(page.name, url)]


def texts(answer: Any) -> list[str]:  # noqa: ANN401 - a response of the test client
    """Return the texts of a file each of which has to say it: sheets, pages, the file."""
    content, kind = answer.getvalue(), answer["Content-Type"]
    if "spreadsheetml" in kind:
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [" ".join(str(cell.value) for cell in page[1]) for page in book.worksheets]
    if kind == "application/pdf":
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    if "wordprocessingml" in kind:
        return [zipfile.ZipFile(io.BytesIO(content)).read("word/header1.xml").decode()]
    return [content.decode("utf-8-sig")]


@NUMBERED
def test_every_file_of_an_example_says_so(
    larkspur: Organization, member: Callable[[Role], User]
) -> None:
    """Each sheet, each page, each picture; a page that sends files is found by itself."""
    Organization.objects.filter(pk=larkspur.pk).update(is_example=True)
    grow(larkspur, Size(), results=results(), at=AT)
    client = Client()
    client.force_login(
        member(Role.ADMINISTRATOR), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    judged, wrong = set(), []
    for page in PAGES:
        for url in addresses(page) if page.name not in UNLABELLED else ():
            answer = client.get(url)
            if "attachment" not in answer.headers.get("Content-Disposition", ""):
                answer.close()
                continue
            judged.add(page.name)
            if not all("Example" in text for text in texts(answer)):
                wrong.append(url)

    assert not wrong
    assert {"gap_output", "description_pdf", "boundary_picture", "vendors_output"} <= judged
    assert set(UNLABELLED) <= {page.name for page in PAGES}
