"""Addresses below `/o/<organization>/evidence/`."""

from django.urls import path

from reperform.web.manual import pages

urlpatterns = [
    path("", pages.overview, name="manual_evidences"),
    path("new/", pages.new, name="manual_evidence_new"),
    path("<int:number>/", pages.one, name="manual_evidence"),
    path("<int:number>/withdraw/", pages.withdraw, name="manual_evidence_withdraw"),
]
