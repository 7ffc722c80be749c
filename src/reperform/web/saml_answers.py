"""What may be kept of a SAML provider's answer before it is judged: little, and for one of ours."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reperform.accounts import queries
from reperform.base.refusal import RefusalError

LARGEST = 200_000
"""Bytes.  A signed assertion has some ten thousand; who is in hundreds of groups, more."""


class SamlAnswerRefusedError(RefusalError):
    """The answer of a provider is larger than one can be."""

    slug = "saml-answer"


def bounded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return allauth's view of the address where answers arrive, with less let through to it.

    It keeps what arrives in a session, before it is judged: anybody could fill the database.

    Raises:
        Http404: the address is of no provider.
        SamlAnswerRefusedError: the answer has more than `LARGEST` bytes.
    """

    @csrf_exempt  # it is sent by the provider's page; a signature stands for the token
    @require_POST
    @wraps(view)
    def receiving(request: HttpRequest, organization_slug: str) -> HttpResponse:
        provider = queries.provider_of_key(organization_slug)
        if provider is None or provider.kind != "saml":
            raise Http404
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise SamlAnswerRefusedError(
                f"you were not signed in: the provider's answer has more than {LARGEST:,} bytes",
                why="Anybody can send something there, and it is kept until it is judged.",
                todo="have the provider send your address only, not every group you are in",
            )
        return view(request, organization_slug=organization_slug)

    return receiving
