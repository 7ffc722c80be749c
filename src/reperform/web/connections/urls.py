"""Addresses below `/o/<organization>/connections/`."""

from django.urls import path

from reperform.web.connections import files, mapping, registry, schedules, story

urlpatterns = [
    path("", registry.overview, name="connections"),
    path("new/", registry.choose, name="connectors"),
    path("new/<slug:connector>/", registry.new, name="connection_new"),
    path("jobs/", schedules.jobs, name="connection_jobs"),
    path("jobs/<int:number>/", schedules.job, name="connection_job"),
    path("<int:number>/schedule/", schedules.schedule, name="connection_schedule"),
    path("<int:number>/schedule/pause/", schedules.pause, name="connection_pause"),
    path("<int:number>/", story.connection, name="connection"),
    path("<int:number>/edit/", registry.edit, name="connection_edit"),
    path("<int:number>/files/", files.files, name="connection_files"),
    path("<int:number>/mapping/", mapping.mapping, name="connection_mapping"),
    path("<int:number>/retire/", registry.retire, name="connection_retire"),
    path("<int:number>/runs/<int:run>/", story.run, name="connection_run"),
]
