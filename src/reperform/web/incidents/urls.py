"""Every page of incidents, below `/o/<organization>/`."""

from django.urls import path

from reperform.web.incidents import (
    disclosure,
    imports,
    incident,
    notices,
    register,
    report,
    terms,
    timeline,
)

urlpatterns = [
    path("incident-report/", report.report, name="incident_report"),
    path("incidents/", register.overview, name="incidents"),
    path("incidents/new/", incident.new, name="incident_new"),
    path("incidents/none/", register.none, name="incidents_none"),
    path("incidents/dc4/", disclosure.dc4, name="incidents_dc4"),
    path("incidents/population.<str:kind>", register.population, name="incidents_file"),
    *imports.urlpatterns,
    path("incidents/terms/", terms.overview, name="incident_terms"),
    path("incidents/terms/new/", terms.new, name="incident_term_new"),
    path("incidents/terms/<int:number>/", terms.term, name="incident_term"),
    path("incidents/<int:number>/", incident.incident, name="incident"),
    path("incidents/<int:number>/edit/", incident.edit, name="incident_edit"),
    path("incidents/<int:number>/timeline/", timeline.entry, name="incident_entry"),
    path("incidents/<int:number>/tasks/", timeline.lesson, name="incident_lesson"),
    path("incidents/<int:number>/notices/", notices.dismiss, name="incident_dismiss"),
    path("incidents/<int:number>/notices/<slug:duty>/", notices.duty, name="incident_duty"),
]
