"""Our own address, for what people carry elsewhere: letters, links, settings of a provider."""

from django.conf import settings
from django.http import HttpRequest


def own_address(request: HttpRequest, path: str) -> str:
    """Return the address of `path`: at REPERFORM_URL where that is said, whoever asked how.

    The name and port that a request asks for are the visitor's choice among those that the server
    answers to; a letter goes to somebody else.
    """
    if settings.SITE_URL:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)
