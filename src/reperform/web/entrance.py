"""The way in: where one belongs, invitations, and the page that asks for a second factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reperform.accounts import queries
from reperform.accounts.actions.members import accept_invitation, join, open_invitation
from reperform.accounts.models import Invitation, User
from reperform.base.refusal import RefusalError
from reperform.web.page import now

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class AccountForm(forms.Form):
    """What an invited person says of themselves."""

    name = forms.CharField(label="Your name", max_length=150)
    email = forms.EmailField(
        label="E-mail address", max_length=254, help_text="You sign in with it."
    )
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters; a sentence of your own is easy to remember.",
    )
    again = forms.CharField(
        label="The password once more",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse passwords that differ, or that are easy to guess."""
        said = super().clean() or {}
        password = said.get("password", "")
        if password and password != said.get("again"):
            self.add_error("again", "The two passwords differ.")
        user = User(email=said.get("email", ""), name=said.get("name", ""))
        if password:
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error)
        return said


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the visitor's organization; let them choose when there are several."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required saw to it
    memberships = list(queries.memberships_of(request.user))
    if len(memberships) == 1:
        return redirect("overview", organization=memberships[0].organization.slug)
    return render(request, "web/home.html", {"memberships": memberships})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: with the account that is signed in, or with a new one."""
    found = open_invitation(secret, at=now())
    if isinstance(request.user, User):
        return _accept(request, secret, found)
    form = AccountForm(request.POST or None, initial={"email": found.email})
    if found.email:
        form.fields["email"].widget.attrs["readonly"] = True
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            member = join(
                secret=secret,
                email=said["email"],
                name=said["name"],
                password=said["password"],
                at=now(),
            )
        except RefusalError as refusal:
            form.add_error(None, f"{refusal.what}. {refusal.todo[0]}.")
        else:
            login(request, member.user, backend=_BACKEND)
            # They just chose it: not to be asked again when they set up a second factor.
            record_authentication(request, member.user, "password", reauthenticated=True)
            return redirect("overview", organization=member.organization.slug)
    return render(request, "web/invitation.html", {"invitation": found, "form": form})


def _accept(request: HttpRequest, secret: str, found: Invitation) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - the caller asked
    if request.method != "POST":
        return render(request, "web/invitation.html", {"invitation": found, "form": None})
    member = accept_invitation(secret=secret, user=request.user, at=now())
    messages.success(request, f"You are a member of {member.organization} now.")
    return redirect("overview", organization=member.organization.slug)


@require_safe
@login_required
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Say that the organization asks for a second factor, and how to set one up."""
    return render(request, "web/second_factor.html")


urlpatterns = [
    path("", home, name="home"),
    path("invitation/<str:secret>/", invitation, name="invitation"),
    path("second-factor/", second_factor_needed, name="second_factor_needed"),
]
