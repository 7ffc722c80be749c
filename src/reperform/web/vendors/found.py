"""What the pages of vendors share: finding a vendor, a report, and the files that were brought."""

from django.http import Http404

from reperform.program.actions.vendor_rows import MOST_FILES, Brought
from reperform.program.files import LARGEST_FILE
from reperform.program.models import SocReport, Vendor
from reperform.program.queries.vendors import report_row, vendor_row
from reperform.web.page import PageRequest


def found_vendor(request: PageRequest, number: int) -> Vendor:
    """Return the vendor of a page.

    Raises:
        Http404: the organization has none of that number.
    """
    row = vendor_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


def found_report(request: PageRequest, number: int, report: int) -> tuple[Vendor, SocReport]:
    """Return a vendor and the report of a page.

    Raises:
        Http404: there is none.
    """
    vendor = found_vendor(request, number)
    row = report_row(vendor, report)
    if row is None:
        raise Http404
    return vendor, row


def brought(request: PageRequest, name: str) -> list[Brought]:
    """Return the files of a field, also empty ones, which are refused.

    One file and one byte more than may be are read: what is more is refused without being read.
    """
    files = request.FILES.getlist(name)[: MOST_FILES + 1]
    return [Brought(each.name or "file", each.read(LARGEST_FILE + 1)) for each in files]
