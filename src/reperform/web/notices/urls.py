"""Addresses below `/o/<organization>/notices/`."""

from django.urls import path

from reperform.web.notices import days, register, told, webhooks

urlpatterns = [
    path("", register.notices, name="notices"),
    path("remediation/", days.remediation, name="notices_remediation"),
    path("told/", told.told, name="notices_told"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook_new"),
    path("webhooks/<int:number>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:number>/edit/", webhooks.edit, name="webhook_edit"),
    path("webhooks/<int:number>/retire/", webhooks.retire, name="webhook_retire"),
]
