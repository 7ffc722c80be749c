"""Every page.  Those of an organization are below `/o/<organization>/`."""

from django.urls import include, path

from reperform.web import entrance, members, overview, scope

_organization = [
    path("", include(overview)),
    path("scope/", include(scope)),
    path("members/", include(members)),
]
urlpatterns = [
    *entrance.urlpatterns,
    path("o/<slug:organization>/", include(_organization)),
]
