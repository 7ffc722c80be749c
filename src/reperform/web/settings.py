"""The organization's settings: its name, and how people sign in."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.accounts import queries
from reperform.accounts.actions.organizations import Settings, change_settings, settings_of
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.web.asked import plain
from reperform.web.page import PageRequest, page


class SettingsForm(forms.Form):
    """What an administrator decides for the whole organization."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    name = forms.CharField(
        label="Name of the organization",
        max_length=200,
        help_text="As the report calls the service organization. Its address here stays the same.",
    )
    requires_second_factor = forms.BooleanField(
        label="Each member needs a second factor",
        required=False,
        help_text="Who has neither an authenticator app nor a passkey sees nothing but how to set"
        " one up. API tokens of such a member stop as well.",
    )
    requires_provider = forms.BooleanField(
        label="Members sign in by one of the organization's identity providers only",
        required=False,
        help_text="Its pages do not open to who signed in by password or passkey. API tokens go on."
        " When the provider fails, whoever runs the installation opens it again by command.",
    )
    groups_make_administrators = forms.BooleanField(
        label="A group of the directory may make administrators",
        required=False,
        help_text="Off: groups that come by SCIM give every role but this one. On: whoever may put"
        " people into that group of the directory decides who rules this program.",
    )


@page("settings.edit", post="settings.edit")
def settings(request: PageRequest) -> HttpResponse:
    """Show the settings; change them."""
    visitor, organization = request.visitor, request.visitor.organization
    now = settings_of(organization)
    initial = {
        "seen": organization.settings_version,
        "name": now.name,
        "requires_second_factor": now.requires_second_factor,
        "requires_provider": now.requires_provider,
        "groups_make_administrators": now.groups_make_administrators,
    }
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    status, more = 200, dict[str, Any]()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status, refused = _change(request, form)
            if refused is None:
                messages.success(request, "The settings are saved.")
                return redirect("settings", organization=organization.slug)
            if isinstance(refused, StaleVersionError):
                more = {"stale": refused, "theirs": _lines(refused)}
            else:
                form.add_error(None, f"{refused.what}. {refused.todo[0]}.")
    context = more | {
        "form": form,
        "has_second_factor": is_mfa_enabled(visitor.user),
        "without": list(queries.without_second_factor(organization)),
    }
    return render(request, "web/settings.html", context, status=status)


def _change(request: PageRequest, form: SettingsForm) -> tuple[int, RefusalError | None]:
    visitor = request.visitor
    said = dict(form.cleaned_data)
    seen = said.pop("seen")
    try:
        change_settings(
            organization=visitor.organization,
            settings=Settings(**said),
            seen=seen,
            by=visitor.name,
            at=visitor.at,
        )
    except StaleVersionError as stale:
        # What was typed stays; saving again means it, now that both are shown.
        form.data = {**request.POST.dict(), "seen": str(stale.current)}
        return 409, stale
    except RefusalError as refusal:
        return 422, refusal
    return 200, None


def _lines(stale: StaleVersionError) -> list[tuple[str, str]]:
    """Return the settings as they are now, to compare with."""
    fields = SettingsForm.base_fields
    return [(str(fields[name].label), plain(value)) for name, value in stale.content.items()]


urlpatterns = [path("", settings, name="settings")]
