"""What the operations on vendors share: their router, finding one, and reading a form's parts."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from ninja import Router
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest
from reperform.api.answers import ContentRefusedError
from reperform.api.bodies import read_json
from reperform.base.problem import Problem
from reperform.program.actions.vendor_rows import Brought
from reperform.program.files import LARGEST_FILE
from reperform.program.models import SocReport, Vendor
from reperform.program.queries.vendors import report_row, vendor_row

vendors = Router()


def found(request: ApiRequest, number: int) -> Vendor:
    """Return the vendor that the path names.

    Raises:
        Http404: the organization has none of that number.
    """
    row = vendor_row(request.auth.organization, number)
    if row is None:
        raise Http404
    return row


def found_report(request: ApiRequest, number: int, report: int) -> SocReport:
    """Return the vendor's report that the path names.

    Raises:
        Http404: there is none.
    """
    row = report_row(found(request, number), report)
    if row is None:
        raise Http404
    return row


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse content that has problems.

    Raises:
        ContentRefusedError: it has.
    """
    kept = list(problems)
    if kept:
        raise ContentRefusedError(kept)


def read_content(text: str) -> dict[str, Any]:
    """Return the object that a form's part `content` says in JSON.

    Raises:
        BodyRefusedError: it is not strict JSON.
        ContentRefusedError: it is no object.
    """
    said = read_json(text.encode("utf-8", "surrogatepass"))
    if not isinstance(said, dict):
        refuse([Problem("content", "is no object", "send a JSON object", "field-form")])
    return dict(said)


def brought(file: UploadedFile | None) -> Brought | None:
    """Return a file that was sent; one byte more than may be is enough to refuse it."""
    if file is None:
        return None
    return Brought(file.name or "file", file.read(LARGEST_FILE + 1))
