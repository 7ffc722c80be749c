"""Members: who belongs to the organization, and who is invited."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from reperform.accounts import queries
from reperform.accounts.actions.members import (
    change_member,
    invite,
    renew_invitation,
    revoke_invitation,
)
from reperform.accounts.models import ROLES, Invitation
from reperform.accounts.permissions import Role
from reperform.base.refusal import RefusalError
from reperform.web.address import own_address
from reperform.web.mailing import send_invitation
from reperform.web.page import PageRequest, page

_A_PAGE = 50


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=Role.EMPLOYEE.value)


class MemberForm(forms.Form):
    """What a member becomes."""

    role = forms.ChoiceField(label="Role", choices=ROLES)
    is_active = forms.BooleanField(label="May sign in here", required=False)


@page("members.view", post="members.edit")
def members(request: PageRequest) -> HttpResponse:
    """Show the members; invite another."""
    visitor = request.visitor
    made: dict[str, object] = {}
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, secret = invite(
                organization=visitor.organization,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=visitor.name,
                at=visitor.at,
            )
        except RefusalError as refusal:
            form.add_error("email", f"{refusal.what}. {refusal.todo[0]}.")
        else:
            made, form = _made(request, invitation, secret), InvitationForm()
    return _shown(request, form, made)


def _shown(request: PageRequest, form: InvitationForm, made: dict[str, object]) -> HttpResponse:
    organization = request.visitor.organization
    context = {
        "members": Paginator(queries.members(organization), _A_PAGE).get_page(
            request.GET.get("page")
        ),
        "invitations": queries.open_invitations(organization),
        "form": form,
        **made,
    }
    return render(request, "web/members.html", context, status=422 if form.errors else 200)


def _made(request: PageRequest, invitation: Invitation, secret: str) -> dict[str, object]:
    """Send the link where mail is sent; it is shown also then, for mail that does not arrive."""
    link = own_address(request, reverse("invitation", args=[secret]))
    return {"link": link, "sent_to": invitation.email if send_invitation(invitation, link) else ""}


@page("members.view", post="members.edit")
def renew(request: PageRequest, number: int) -> HttpResponse:
    """Make, and send, another link for an open invitation; the earlier one opens nothing."""
    visitor = request.visitor
    found = get_object_or_404(queries.open_invitations(visitor.organization), pk=number)
    if request.method != "POST":
        return redirect("members", organization=visitor.organization.slug)
    invitation, secret = renew_invitation(invitation=found, by=visitor.name, at=visitor.at)
    return _shown(request, InvitationForm(), _made(request, invitation, secret))


@page("members.edit", post="members.edit")
def member(request: PageRequest, number: int) -> HttpResponse:
    """Change what a member is."""
    visitor = request.visitor
    found = get_object_or_404(queries.members(visitor.organization), pk=number)
    initial = {"role": found.role, "is_active": found.is_active}
    form = MemberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_member(
                membership=found,
                role=Role(form.cleaned_data["role"]),
                is_active=form.cleaned_data["is_active"],
                by=visitor.name,
                at=visitor.at,
            )
        except RefusalError as refusal:
            form.add_error(None, f"{refusal.what}. {refusal.todo[0]}.")
        else:
            return redirect("members", organization=visitor.organization.slug)
    context = {"member": found, "form": form}
    return render(request, "web/member.html", context, status=422 if form.errors else 200)


@page("members.edit", post="members.edit")
def withdraw(request: PageRequest, number: int) -> HttpResponse:
    """Withdraw an invitation."""
    visitor = request.visitor
    found = get_object_or_404(queries.open_invitations(visitor.organization), pk=number)
    if request.method == "POST":
        revoke_invitation(invitation=found, by=visitor.name, at=visitor.at)
        return redirect("members", organization=visitor.organization.slug)
    return render(request, "web/withdraw.html", {"invitation": found})


urlpatterns = [
    path("invitations/<int:number>/renew/", renew, name="invitation_renew"),
    path("", members, name="members"),
    path("<int:number>/", member, name="member"),
    path("invitations/<int:number>/withdraw/", withdraw, name="invitation_withdraw"),
]
