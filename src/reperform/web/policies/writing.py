"""A policy's text: written, its placeholders filled, its versions read and compared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from reperform.base.markdown import to_html
from reperform.base.problem import Problem
from reperform.base.text_difference import compare
from reperform.program.actions.policy_versions import write_policy
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies import TextFields, read_text, text_content
from reperform.program.policies.markdown import LONGEST_TEXT
from reperform.program.queries.policies import step_of, version_row, version_text, versions_of
from reperform.program.queries.policy_documents import markdown_of
from reperform.program.queries.policy_templates import to_fill
from reperform.report.pdf import render_pdf
from reperform.report.policy import policy_document, policy_facts
from reperform.web.asked import Asked, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.policies.found import attempt, back, form, found, found_version, sees_drafts

TEXT = (
    Asked(
        "text",
        "Text",
        "text",
        is_needed=True,
        longest=LONGEST_TEXT,
        help="Markdown: ## for a heading, - for a rule. HTML is shown as text, and links lead to "
        "http, https or mailto only. A placeholder is written {{ name }}.",
    ),
    Asked("note", "What you changed", help="A sentence for whoever approves it."),
)
_FILL = "fill-"


@page("policies.edit", post="policies.edit")
def write(request: PageRequest, policy: str) -> HttpResponse:
    """Write the next version, beginning with the newest."""
    row = found(request, policy)
    newest = versions_of(row)[0]
    old = version_text(newest)
    if request.method != "POST":
        return _writing(request, row, {"text": old.text}, seen=newest.number)
    said, seen = sent(request, TEXT), seen_version(request)
    text, problems = read_text({**text_content(old), **said})
    more = _save(request, row, text, seen, problems)
    if problems or more:
        if "stale" in more:
            more["theirs"] = [("Text", old.text)]
            seen = newest.number
        return _writing(request, row, said, seen=seen, problems=problems, **more)
    return back(request, policy)


@page("policies.edit", post="policies.edit")
def fill(request: PageRequest, policy: str) -> HttpResponse:
    """Ask for what fills each placeholder of the newest version."""
    row = found(request, policy)
    newest = versions_of(row)[0]
    old = version_text(newest)
    places = to_fill(old)
    asked = tuple(
        Asked(
            _FILL + name,
            name.replace("_", " ").capitalize(),
            help=" ".join(
                filter(None, (said.means, f"For example: {said.example}." if said.example else ""))
            )
            or "The template does not say what it means; read it in the text below.",
            is_needed=True,
        )
        for name, said, _ in places
    )
    more: dict[str, Any] = {
        "policy": row,
        "html": to_html(old.filled),
        "others": [each for each in old.unfilled if each not in {name for name, *_ in places}],
        "template": "web/policies/fill.html",
    }
    if request.method != "POST":
        values = {_FILL + name: value for name, _, value in places}
        return form(request, asked, values, seen=newest.number, **more)
    said_ = sent(request, asked)
    values = {name.removeprefix(_FILL): value for name, value in said_.items()}
    text, found_problems = read_text(
        {**text_content(old), "values": values, "note": "Placeholders filled."}
    )
    problems = [
        replace(each, where=_FILL + each.where.removeprefix("values: ")) for each in found_problems
    ]
    seen = seen_version(request)
    refused = _save(request, row, text, seen, problems)
    if problems or refused:
        return form(request, asked, said_, problems, seen=newest.number, **more, **refused)
    return back(request, policy)


def _save(
    request: PageRequest, row: Policy, text: TextFields, seen: int, problems: list[Problem]
) -> dict[str, Any]:
    visitor = request.visitor
    more = attempt(
        lambda: write_policy(
            organization=visitor.organization,
            key=row.key,
            text=text,
            seen=seen,
            author=visitor.membership,
            by=visitor.name,
            at=visitor.at,
        ),
        problems,
    )
    if not problems and not more:
        left = len(text.unfilled)
        also = f" {left} placeholder{'s are' if left > 1 else ' is'} not filled." if left else ""
        messages.success(request, f"{row.title}: saved as a draft.{also}")
    return more


def _writing(
    request: PageRequest,
    row: Policy,
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    return form(
        request,
        TEXT,
        said,
        problems or (),
        policy=row,
        seen=seen,
        title=f"Write {row.title}",
        lead="Each text that you save is a version, and a draft until somebody else approves it. "
        "What is in force stays as it is meanwhile.",
        action="Save as a draft",
        is_text=True,
        **more,
    )


@page("policies.view")
def version(request: PageRequest, policy: str, number: int) -> HttpResponse:
    """Show a version, and what changed in it since another."""
    row, shown = found_version(request, policy, number)
    others = [each for each in versions_of(row) if each.approved_at or sees_drafts(request)]
    before = _other(request, row, number, others)
    context = {
        "policy": row,
        "version": shown,
        "step": step_of(shown).value,
        "html": to_html(version_text(shown).filled),
        "others": [each for each in others if each.number != number],
        "before": before,
        "difference": compare(version_text(before).filled, version_text(shown).filled)
        if before
        else None,
        "unfilled": version_text(shown).unfilled,
    }
    return render(request, "web/policies/version.html", context)


def _other(
    request: PageRequest, row: Policy, number: int, others: list[PolicyVersion]
) -> PolicyVersion | None:
    """Return the version that was asked for to compare with, or the one before."""
    asked = request.GET.get("from", "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 9:  # noqa: PLR2004 - a version
        chosen = version_row(row, int(asked))
        if chosen and chosen.pk in {each.pk for each in others}:
            return chosen
    return next((each for each in others if each.number < number), None)


@page("policies.view")
def output(request: PageRequest, policy: str, number: int, kind: str) -> HttpResponse:
    """Hand out a version as Markdown or PDF."""
    row, shown = found_version(request, policy, number)
    if kind == "md":
        made, content_type = markdown_of(row, shown).encode(), "text/markdown; charset=utf-8"
    elif kind == "pdf":
        document = policy_document(policy_facts(row, shown), version_text(shown).filled)
        made, content_type = render_pdf(document, at=shown.written_at), "application/pdf"
    else:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{row.key}-{number}.{kind}"'}
    return HttpResponse(made, content_type=content_type, headers=headers)
