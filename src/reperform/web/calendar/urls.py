"""Addresses of the calendar."""

from django.urls import path

from reperform.web.calendar import control, entries, files, overview

urlpatterns = [
    path("", overview.overview, name="calendar"),
    path("own.ics", files.own, name="calendar_own"),
    path("table.<slug:kind>", files.table, name="calendar_table"),
    path("entries/<int:number>/", entries.entry, name="occurrence"),
    path("entries/<int:number>/correct/", entries.correct, name="occurrence_correct"),
    path("<str:code>/", control.year, name="calendar_control"),
    path("<str:code>/plan/", control.plan, name="calendar_plan"),
    path("<str:code>/prove/", entries.prove, name="occurrence_new"),
]
