"""Every page.  Those of an organization are below `/o/<organization>/`."""

from django.urls import include, path

from reperform.web import (
    controls,
    criteria,
    description,
    entrance,
    files,
    gap,
    glossary,
    members,
    overview,
    plan,
    program_files,
    results,
    scope,
    search,
    sessions,
    settings,
    settings_providers,
    sso,
    tokens,
    trail,
    work,
)
from reperform.web.incidents import urls as incidents

_organization = [
    path("", include(overview)),
    path("my-work/", include(work)),
    path("scope/", include(scope)),
    path("description/", include(description)),
    path("criteria/", include(criteria)),
    path("controls/", include(controls)),
    path("gap/", include(gap)),
    path("plan/", include(plan)),
    path("policies/", include("reperform.web.policies.urls")),
    path("people/", include("reperform.web.people.urls")),
    path("assets/", include("reperform.web.assets.urls")),
    path("calendar/", include("reperform.web.calendar.urls")),
    path("vendors/", include("reperform.web.vendors.urls")),
    path("risks/", include("reperform.web.risks.urls")),
    path("access-reviews/", include("reperform.web.access_reviews.urls")),
    path("connections/", include("reperform.web.connections.urls")),
    path("results/", include(results)),
    path("", include(incidents)),
    path("search/", include(search)),
    path("glossary/", include(glossary)),
    path("files/", include(files)),
    path("trail/", include(trail)),
    path("program-files/", include(program_files)),
    path("members/", include(members)),
    path("tokens/", include(tokens)),
    path("settings/", include(settings)),
    path("settings/", include(settings_providers)),
]
urlpatterns = [
    *entrance.urlpatterns,
    *sessions.urlpatterns,
    *sso.urlpatterns,
    path("o/<slug:organization>/", include(_organization)),
]
