"""Files that people brought, handed out byte for byte and as downloads only."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header

from reperform.program.queries.files import file_content, kept_file
from reperform.web.page import PageRequest, page


@page("overview.view")
def download(request: PageRequest, number: int) -> HttpResponse:
    """Hand out a file to whoever may read the register that it belongs to."""
    file = kept_file(request.visitor.organization, number)
    if file is None:
        raise Http404
    if not request.visitor.may(file.readable_with):
        raise PermissionDenied
    name = content_disposition_header(as_attachment=True, filename=file.name)
    return HttpResponse(
        file_content(file),
        content_type="application/octet-stream",
        headers={"Content-Disposition": name or "attachment"},
    )


urlpatterns = [path("<int:number>/", download, name="file")]
"""Nothing is shown inline: an HTML or SVG file would run as a page of ours."""
