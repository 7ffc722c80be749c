"""Where notices are sent: webhooks, their messages, and what became of each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.noticing.actions.webhooks import (
    change_webhook,
    make_webhook,
    renew_secret,
    retire_webhook,
    send_again,
    try_webhook,
)
from reperform.noticing.models import Delivery, Webhook
from reperform.noticing.notice import Kind
from reperform.noticing.queries.webhooks import deliveries, webhook_row
from reperform.noticing.queries.webhooks import webhooks as webhooks_of
from reperform.noticing.webhook import Format, WebhookRefusedError, read_webhook
from reperform.web.asked import (
    Asked,
    choices_of,
    form_fields,
    lines,
    named,
    seen_version,
    sent,
)
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_FORMATS = (
    (Format.JSON.value, "JSON, signed (Standard Webhooks)"),
    (Format.SLACK.value, "Slack incoming webhook"),
)
ASKED = (
    Asked("title", "Name", is_needed=True, longest=200, help="Who is told, as: on-call channel."),
    Asked(
        "format",
        "Format",
        kind="choice",
        choices=_FORMATS,
        help="Slack's address is itself the secret; JSON is signed with a secret that is shown"
        " once. It cannot be changed later.",
    ),
    Asked(
        "address",
        "Address",
        kind="secret",
        longest=2_000,
        help="Begins with https://. It is sealed, and not shown again but for its host. Empty when"
        " you change a webhook: it stays as it is.",
    ),
    Asked(
        "kinds",
        "Kinds of notices",
        kind="choices",
        choices=choices_of(Kind),
        help="None chosen: all of them.",
    ),
)


@page("webhooks.view")
def webhooks(request: PageRequest) -> HttpResponse:
    """List the webhooks, and how the newest message to each stands."""
    found = webhooks_of(request.visitor.organization)
    return render(request, "web/notices/webhooks.html", {"webhooks": found})


@never_cache
@page("webhooks.edit", post="webhooks.edit")
def new(request: PageRequest) -> HttpResponse:
    """Make a webhook; this answer alone shows its secret."""
    visitor = request.visitor
    said: dict[str, Any] = {"format": Format.JSON.value}
    problems: list[Problem] = []
    refusal, status = None, 200
    if request.method == "POST":
        said = sent(request, ASKED)
        fields, problems = read_webhook(said)
        status = 422
        try:
            _refuse(problems)
            row, secret = make_webhook(
                organization=visitor.organization, fields=fields, by=visitor.name, at=visitor.at
            )
        except WebhookRefusedError as error:
            refusal = None if problems else error
        else:
            context = {"webhook": row, "secret": secret}
            return render(request, "web/notices/webhook_made.html", context)
    context = {
        "fields": form_fields(ASKED, said | {"address": ""}, problems),
        "problems": named(problems, ASKED),
        "refusal": refusal,
    }
    return render(request, "web/notices/webhook_form.html", context, status=status)


@page("webhooks.edit", post="webhooks.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what a webhook is told of, or where."""
    visitor, row = request.visitor, found_webhook(request, number)
    said, seen = _content(row), row.version
    problems: list[Problem] = []
    stale, refusal, status = None, None, 200
    if request.method == "POST":
        said, seen = sent(request, ASKED), seen_version(request)
        fields, problems = read_webhook(said, is_kept=True)
        status = 422
        try:
            _refuse(problems)
            change_webhook(
                organization=visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                by=visitor.name,
                at=visitor.at,
            )
        except StaleVersionError as error:
            stale, seen, status = error, error.current, 409
        except WebhookRefusedError as error:
            refusal = None if problems else error
        else:
            messages.success(request, "The webhook is saved.")
            return redirect("webhook", organization=visitor.organization.slug, number=number)
    context = {
        "webhook": row,
        "fields": form_fields(ASKED, said | {"address": ""}, problems),
        "problems": named(problems, ASKED),
        "seen": seen,
        "stale": stale,
        "refusal": refusal,
        "theirs": lines(ASKED, _content(row)),
    }
    return render(request, "web/notices/webhook_form.html", context, status=status)


@never_cache
@page("webhooks.view", post="webhooks.edit")
def webhook(request: PageRequest, number: int) -> HttpResponse:
    """Show a webhook with its messages; try it, send one again, renew its secret."""
    visitor, row = request.visitor, found_webhook(request, number)
    organization, slug = visitor.organization, visitor.organization.slug
    by, at = visitor.name, visitor.at
    secret, refusal = "", None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "secret":
                row, secret = renew_secret(organization=organization, number=number, by=by, at=at)
            elif again := request.POST.get("again", ""):
                send_again(delivery=_delivery(row, again), by=by, at=at)
            else:
                try_webhook(organization=organization, number=number, by=by, at=at)
        except WebhookRefusedError as error:
            refusal = error
        if not secret and not refusal:
            messages.success(request, "A worker sends it: see below how it ends.")
            return redirect("webhook", organization=slug, number=number)
    part = Paginator(deliveries(row), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"webhook": row, "page": part, "secret": secret, "refusal": refusal}
    return render(request, "web/notices/webhook.html", context, status=422 if refusal else 200)


@page("webhooks.edit", post="webhooks.edit")
def retire(request: PageRequest, number: int) -> HttpResponse:
    """Tell a webhook nothing more."""
    visitor, row = request.visitor, found_webhook(request, number)
    asked = (
        Asked("reason", "Why", kind="text", is_needed=True, help="It stays beside the webhook."),
    )
    said = sent(request, asked) if request.method == "POST" else {}
    problems: list[Problem] = []
    stale = None
    if request.method == "POST":
        try:
            retire_webhook(
                organization=visitor.organization,
                number=number,
                reason=said["reason"],
                seen=seen_version(request),
                by=visitor.name,
                at=visitor.at,
            )
        except StaleVersionError as error:
            stale = error
        except WebhookRefusedError as error:
            problems = list(error.problems)
        else:
            return redirect("webhooks", organization=visitor.organization.slug)
    context = {
        "webhook": row,
        "fields": form_fields(asked, said, problems),
        "problems": named(problems, asked),
        "seen": row.version,
        "stale": stale,
        "theirs": lines(ASKED, _content(row)),
        "retires": True,
    }
    status = 409 if stale else 422 if problems else 200
    return render(request, "web/notices/webhook_form.html", context, status=status)


def _refuse(problems: list[Problem]) -> None:
    """Raise what keeps a form from being saved, when anything does."""
    if problems:
        raise WebhookRefusedError(problems)


def _content(row: Webhook) -> dict[str, Any]:
    return {"title": row.title, "format": row.format, "kinds": list(row.kinds)}


def _delivery(row: Webhook, number: str) -> Delivery:
    """Return a message of a webhook by what a form says.

    Raises:
        Http404: there is none of that number.
    """
    is_number = number.isascii() and number.isdecimal() and len(number) < 9  # noqa: PLR2004 - a number
    found = deliveries(row).filter(number=int(number)).first() if is_number else None
    if found is None:
        raise Http404
    return found


def found_webhook(request: PageRequest, number: int) -> Webhook:
    """Return a webhook of the visitor's organization.

    Raises:
        Http404: there is none of that number.
    """
    row = webhook_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row
