"""One's own sessions, ended one by one, and one's address; the rest of the account is allauth's."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe


@require_POST
@login_required
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one of the sessions of who asks; another person's is not found."""
    found = get_object_or_404(UserSession, pk=number, user_id=request.user.pk)
    end_sessions(request, [found])
    messages.success(request, "The session is ended.")
    return redirect("usersessions_list")


@require_safe
@login_required
def address(request: HttpRequest) -> HttpResponse:
    """Say which address the account has, and why it is not changed here."""
    return render(request, "account/email.html")


urlpatterns = [path("sessions/<int:number>/end/", end, name="session_end")]
