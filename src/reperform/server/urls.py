"""Every URL: sign-in by allauth, the pages, the API."""

from django.urls import include, path

from reperform.api.scim import urls as scim_urls
from reperform.api.site import api
from reperform.web import sso
from reperform.web import urls as web_urls
from reperform.web.sessions import address

urlpatterns = [
    # Before allauth's own: an address is what invitations and providers mean, and is not chosen.
    path("accounts/email/", address),
    *sso.allauth_urls,
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("scim/v2/", include(scim_urls)),
    path("", include(web_urls)),
]
handler400 = "reperform.server.failures.bad_request"
handler403 = "reperform.web.errors.forbidden"
handler404 = "reperform.server.failures.not_found"
handler500 = "reperform.server.failures.broken"
