"""API tokens: made with scopes and days, shown once, revoked."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache

from reperform.accounts import queries
from reperform.accounts.actions.tokens import LONGEST_DAYS, make_token, revoke_token
from reperform.accounts.permissions import MEANINGS
from reperform.base.refusal import RefusalError
from reperform.web.address import own_address
from reperform.web.page import PageRequest, Visitor, page


class TokenForm(forms.Form):
    """What a token is called, may do, and how long it lives."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What will use it, as in: nightly evidence from CI.",
    )
    days = forms.IntegerField(
        label="Days",
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=90,
        help_text=f"After them it opens nothing; at most {LONGEST_DAYS}.",
    )
    scopes = forms.MultipleChoiceField(
        label="Scopes",
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose as few as it needs. What your role loses later, the token loses too.",
    )

    def __init__(self, visitor: Visitor, data: object = None) -> None:
        """Offer the scopes that `visitor` has."""
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        scopes = [name for name in MEANINGS if visitor.may(name)]
        choices = [(name, f"{name}: {MEANINGS[name]}") for name in scopes]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField


@never_cache
@page("tokens.edit", post="tokens.edit")
def tokens(request: PageRequest) -> HttpResponse:
    """Show the tokens; make another, whose secret this answer alone shows."""
    visitor, secret = request.visitor, ""
    form = TokenForm(visitor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = make_token(
                membership=visitor.membership,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                days=form.cleaned_data["days"],
                by=visitor.name,
                at=visitor.at,
            )
        except RefusalError as refusal:
            form.add_error(None, f"{refusal.what}. {refusal.todo[0]}.")
        else:
            form = TokenForm(visitor)
    revocable = set(queries.revocable_tokens(visitor.membership).values_list("pk", flat=True))
    context = {
        "tokens": queries.tokens(visitor.organization),
        "revocable": revocable,
        "form": form,
        "secret": secret,
        "api": own_address(request, "/api/v1/"),
    }
    return render(request, "web/tokens.html", context, status=422 if form.errors else 200)


@page("tokens.edit", post="tokens.edit")
def revoke(request: PageRequest, number: int) -> HttpResponse:
    """Revoke a token, after asking."""
    visitor = request.visitor
    found = get_object_or_404(queries.revocable_tokens(visitor.membership), pk=number)
    if request.method == "POST":
        revoke_token(token=found, by=visitor.name, at=visitor.at)
        return redirect("tokens", organization=visitor.organization.slug)
    context = {"token": found, "made": found.made.filter(revoked_at=None).count()}
    return render(request, "web/token_revoke.html", context)


urlpatterns = [
    path("", tokens, name="tokens"),
    path("<int:number>/revoke/", revoke, name="token_revoke"),
]
