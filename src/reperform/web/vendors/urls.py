"""Addresses below `/o/<organization>/vendors/`."""

from django.urls import path

from reperform.web.vendors import (
    ending,
    lists,
    registry,
    report_parts,
    reports,
    reviews,
    scope,
    story,
)

urlpatterns = [
    path("", registry.overview, name="vendors"),
    path("new/", registry.new, name="vendor_new"),
    path("scope/", scope.comparison, name="vendors_scope"),
    *lists.import_pages.urlpatterns(),
    path("files/vendors.<str:kind>", lists.output, name="vendors_output"),
    path("<int:number>/", story.vendor, name="vendor"),
    path("<int:number>/edit/", registry.edit, name="vendor_edit"),
    path("<int:number>/end/", ending.end, name="vendor_end"),
    path("<int:number>/review/", reviews.review, name="vendor_review"),
    path("<int:number>/conditions/<int:condition>/", reviews.condition, name="vendor_condition"),
    path("<int:number>/reports/new/", reports.new, name="vendor_report_new"),
    path("<int:number>/reports/<int:report>/", reports.report, name="vendor_report"),
    path(
        "<int:number>/reports/<int:report>/scope/",
        scope.write_report,
        name="vendor_report_scope",
    ),
    path(
        "<int:number>/reports/<int:report>/<slug:part>/",
        report_parts.edit,
        name="vendor_report_edit",
    ),
]
