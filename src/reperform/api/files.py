"""Files that people brought, for programs."""

from django.http import Http404, HttpResponse
from ninja import Router
from ninja.errors import HttpError

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import attachment
from reperform.program.queries.files import file_content, kept_file

files = Router()


@files.get("/{int:number}", auth=takes("overview.view"))
def download(request: ApiRequest, number: int) -> HttpResponse:
    """Return a file byte for byte; it takes the scope of the register that it belongs to."""
    file = kept_file(request.auth.organization, number) if number < 10**9 else None
    if file is None:
        raise Http404
    if file.readable_with not in request.auth.permissions:
        raise HttpError(403, f"it takes {file.readable_with}")
    return attachment(file_content(file), "application/octet-stream", f"file-{number}.{file.kind}")
