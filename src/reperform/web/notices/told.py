"""How somebody wants to be told, and the letters that they got."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.noticing.actions.being_told import set_being_told
from reperform.noticing.notice import MEANINGS, Kind
from reperform.noticing.preferences import (
    WEEKDAYS,
    When,
    preferences_content,
    read_preferences,
    when_name,
)
from reperform.noticing.queries.telling import being_told_row, letters_of, preferences_of
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

_LETTERS = 10
_DAYS = tuple((each, each) for each in WEEKDAYS)
ASKED = (
    Asked(
        "zone",
        "Time zone",
        help="By its name, as Europe/Berlin. All times below are of your clock there, in summer"
        " and in winter.",
        longest=60,
        group="Quiet hours",
    ),
    Asked(
        "quiet_from",
        "Quiet from",
        help="As 22:00. What is noticed while it is quiet waits, and comes in one letter after it.",
        longest=5,
    ),
    Asked("quiet_until", "Quiet until", help="As 07:00, on the next day.", longest=5),
    Asked("quiet_days", "Quiet days", kind="choices", choices=_DAYS, help="From midnight on."),
    Asked("digest_at", "Digests at", help="As 08:00.", longest=5, group="Digests"),
    Asked("digest_day", "Weekly digest on", kind="choice", choices=_DAYS),
    *(
        Asked(
            when_name(kind),
            kind.value.capitalize(),
            kind="choice",
            choices=choices_of(When),
            help=MEANINGS[kind],
            group="How soon, for each kind" if place == 0 else "",
        )
        for place, kind in enumerate(Kind)
    ),
)


@page("notices.view", post="account.edit")
def told(request: PageRequest) -> HttpResponse:
    """Show how the visitor is told; change it."""
    visitor, member = request.visitor, request.visitor.membership
    row, content = being_told_row(member), preferences_content(preferences_of(member))
    said, seen = content, row.version if row else 0
    problems: list[Problem] = []
    stale, status = None, 200
    if request.method == "POST":
        said, seen = sent(request, ASKED), seen_version(request)
        preferences, problems = read_preferences(said)
        status = 422
        if not problems:
            try:
                set_being_told(
                    member=member,
                    preferences=preferences,
                    seen=seen,
                    by=visitor.name,
                    at=visitor.at,
                )
            except StaleVersionError as error:
                stale, seen, status = error, error.current, 409
            else:
                messages.success(request, "How you are told is saved.")
                return redirect("notices_told", organization=visitor.organization.slug)
    context = {
        "fields": form_fields(ASKED, said, problems),
        "problems": named(problems, ASKED),
        "seen": seen,
        "stale": stale,
        "theirs": lines(ASKED, content),
        "letters": letters_of(member)[:_LETTERS],
        "mail_is_sent": settings.MAIL_IS_SENT,
        "is_for_all": visitor.may("notices.edit"),
    }
    return render(request, "web/notices/told.html", context, status=status)
