"""The API as one object: its operations, and how refusals become answers."""

from django.http import HttpRequest, HttpResponse

from reperform.api import (
    assessments,
    connections,
    control_tests,
    controls,
    criteria,
    description,
    directory_groups,
    examined_populations,
    files,
    fits,
    gap,
    jobs,
    members,
    plan,
    program_files,
    providers,
    results_asked,
    scope,
    search,
    settings,
    systems,
    tokens,
    trail,
    vendors,
    work,
)
from reperform.api.access_reviews import lists, reviews
from reperform.api.assets import flows, inventory
from reperform.api.bodies import StrictParser
from reperform.api.calendar.entries import entries
from reperform.api.calendar.standings import calendar
from reperform.api.described import Api
from reperform.api.failures import TRANSLATED, refusal_of, refused, status_of
from reperform.api.incidents import register as incidents
from reperform.api.incidents import story as incident_story
from reperform.api.incidents import telling as incident_telling
from reperform.api.manual import router as manual_router
from reperform.api.notices import router as notices_router
from reperform.api.notices import webhooks_router
from reperform.api.people import background as people_background
from reperform.api.people import checklists as people_checklists
from reperform.api.people import importing as people_importing
from reperform.api.people import lists as people_lists
from reperform.api.people import register as people_register
from reperform.api.people import training as people_training
from reperform.api.policies import imports as policy_imports
from reperform.api.policies import policies
from reperform.api.policies import templates as policy_templates
from reperform.api.risks import files as risk_files
from reperform.api.risks import numbers as risk_numbers
from reperform.api.risks.register import risks
from reperform.api.waivers import examined_waivers, waivers

api = Api(
    title="Reperform",
    version="1",
    description="Everything that the pages do. Errors say what did not happen and what to do.",
    docs_url=None,  # the viewer would load scripts from another origin
    openapi_url="/openapi.json",
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("/scope", scope.router, tags=["scope"])
api.add_router("/description", description.router, tags=["description"])
api.add_router("/members", members.router, tags=["members"])
api.add_router("/directory-groups", directory_groups.router, tags=["members"])
api.add_router("/criteria", criteria.router, tags=["criteria"])
api.add_router("/controls", controls.router, tags=["controls"])
api.add_router("/controls", fits.router, tags=["controls"])
api.add_router("/matrix", criteria.matrix_router, tags=["controls"])
api.add_router("/gap", gap.router, tags=["gap"])
api.add_router("/readiness", gap.readiness, tags=["gap"])
api.add_router("/assessments", assessments.router, tags=["gap"])
api.add_router("/tasks", plan.tasks, tags=["plan"])
api.add_router("/plan", plan.plan, tags=["plan"])
api.add_router("/policies", policies, tags=["policies"])
api.add_router("/policy-templates", policy_templates, tags=["policies"])
api.add_router("/policy-imports", policy_imports, tags=["policies"])
api.add_router("/people", people_register.router, tags=["people"])
api.add_router("/people", people_lists.router, tags=["people"])
api.add_router("/people", people_importing.router, tags=["people"])
api.add_router("/checklists", people_checklists.checklists, tags=["people"])
api.add_router("/steps", people_checklists.steps_router, tags=["people"])
api.add_router("/courses", people_training.courses_router, tags=["people"])
api.add_router("/trainings", people_training.trainings_router, tags=["people"])
api.add_router("/checks", people_background.router, tags=["people"])
api.add_router("/assets", inventory.router, tags=["assets"])
api.add_router("/assets", lists.router, tags=["access reviews"])
api.add_router("/access-reviews", reviews.router, tags=["access reviews"])
api.add_router("/data-flows", flows.router, tags=["assets"])
api.add_router("/calendar", calendar, tags=["calendar"])
api.add_router("/occurrences", entries, tags=["calendar"])
api.add_router("/my-work", work.router, tags=["work"])
api.add_router("/connectors", connections.connectors, tags=["connections"])
api.add_router("/connections", connections.router, tags=["connections"])
api.add_router("/evidence", manual_router, tags=["evidence"])
api.add_router("/jobs", jobs.router, tags=["connections"])
api.add_router("/workers", jobs.workers_router, tags=["connections"])
api.add_router("/notices", notices_router, tags=["notices"])
api.add_router("/examinations", results_asked.router, tags=["results"])
api.add_router("/webhooks", webhooks_router, tags=["notices"])
api.add_router("/examinations", examined_populations.router, tags=["results"])
api.add_router("/tests", control_tests.router, tags=["results"])
api.add_router("/examinations", examined_waivers, tags=["waivers"])
api.add_router("/systems", systems.router, tags=["results"])
api.add_router("/waivers", waivers, tags=["waivers"])
api.add_router("/trail", trail.router, tags=["trail"])
api.add_router("/incidents", incidents.router, tags=["incidents"])
api.add_router("/incidents", incident_story.router, tags=["incidents"])
api.add_router("/incidents", incident_telling.router, tags=["incidents"])
api.add_router("/files", files.files, tags=["files"])
api.add_router("/vendors", vendors.vendors, tags=["vendors"])
api.add_router("/program", program_files.router, tags=["program"])
api.add_router("/risks", risks, tags=["risks"])
api.add_router("/risks", risk_numbers.router, tags=["risks"])
api.add_router("/risks", risk_files.router, tags=["risks"])
api.add_router("/search", search.router, tags=["search"])
api.add_router("/providers", providers.router, tags=["settings"])
api.add_router("/settings", settings.router, tags=["settings"])
api.add_router("/tokens", tokens.router, tags=["tokens"])


def answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Answer with what went wrong."""
    assert isinstance(error, Exception)  # noqa: S101 - ninja gives the error, never its class
    refusal = refusal_of(error)
    response = api.create_response(request, refused(refusal), status=status_of(refusal))
    if response.status_code == 401:  # noqa: PLR2004 - Unauthorized
        response["WWW-Authenticate"] = "Bearer"  # RFC 6750, section 3
    return response


for kind in TRANSLATED:
    api.add_exception_handler(kind, answer)
