"""Addresses below `/o/<organization>/waivers/`."""

from django.urls import path

from reperform.web.waivers import deciding, pages

urlpatterns = [
    path("", pages.overview, name="waivers"),
    path("new/", pages.new, name="waiver_new"),
    path("<int:number>/", pages.one, name="waiver"),
    path("<int:number>/edit/", pages.edit, name="waiver_edit"),
    path("<int:number>/decide/", deciding.decide, name="waiver_decide"),
    path("<int:number>/withdraw/", deciding.withdraw, name="waiver_withdraw"),
]
