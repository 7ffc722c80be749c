"""Evidence that people bring: the list, one, bringing one, and withdrawing it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.evidence.actions.manual import bring_evidence, withdraw_evidence
from reperform.evidence.manual import (
    ManualEvidenceRefusedError,
    manual_content,
    read_manual,
)
from reperform.evidence.models import ManualEvidence
from reperform.evidence.queries.manual import (
    STATES,
    manual_counts,
    manual_fields,
    manual_row,
    manual_rows,
)
from reperform.ledger.queries import changes, shown
from reperform.program.files import LARGEST_FILE
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.manual.forms import EVIDENCE, WITHDRAW
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50


@page("evidence.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the evidence that people brought, the newest first."""
    organization = request.visitor.organization
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "control", "state")}
    rows = manual_rows(
        organization, asked=asked["q"], control=asked["control"], state=asked["state"]
    )
    context = {
        "page": Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page")),
        "counts": manual_counts(organization),
        "states": STATES,
        "asked": asked,
        "is_narrowed": any(asked.values()),
    }
    return render(request, "web/manual/overview.html", context)


@page("evidence.view")
def one(request: PageRequest, number: int) -> HttpResponse:
    """Show one: what it is of, its days, its source, its file and its history."""
    row = _found(request, number)
    visitor = request.visitor
    found = (
        changes(visitor.organization.log, subject=f"evidence {number}")
        if visitor.may("trail.view")
        else ()
    )
    context = {
        "row": row,
        "facts": lines(EVIDENCE, manual_content(manual_fields(row))),
        "changes": [shown(each) for each in found[:10]],
    }
    return render(request, "web/manual/one.html", context)


@page("evidence.bring", post="evidence.bring")
def new(request: PageRequest) -> HttpResponse:
    """Bring a file as evidence."""
    visitor = request.visitor
    if request.method != "POST":
        control = request.GET.get("control", "")[:12]
        return _form(request, {"control": control})
    said = sent(request, EVIDENCE)
    fields, problems = read_manual(said, today=visitor.at.date(), now=visitor.at)
    file = request.FILES.get("file")
    if file is None:
        problems.append(Problem("file", "is missing", "choose the file", "manual-evidence"))
    if problems or file is None:
        return _form(request, said, problems=problems)
    try:
        made = bring_evidence(
            organization=visitor.organization,
            fields=fields,
            name=file.name or "file",
            content=file.read(LARGEST_FILE + 1),
            by=visitor.name,
            at=visitor.at,
        )
    except ManualEvidenceRefusedError as refusal:
        return _form(request, said, problems=list(refusal.problems))
    except RefusalError as refusal:
        return _form(request, said, refusal=refusal)
    messages.success(request, f"{made.title} is kept as EV-{made.number}.")
    return redirect("manual_evidence", organization=visitor.organization.slug, number=made.number)


@page("evidence.bring", post="evidence.bring")
def withdraw(request: PageRequest, number: int) -> HttpResponse:
    """Let evidence count no more; its file stays."""
    row, visitor = _found(request, number), request.visitor
    said = sent(request, WITHDRAW)
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        try:
            withdraw_evidence(
                organization=visitor.organization,
                number=number,
                reason=said["reason"],
                seen=seen_version(request),
                on=visitor.at.date(),
                by=visitor.name,
                at=visitor.at,
            )
        except ManualEvidenceRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            stands = f"{row.withdrawn_on or 'no'}. {row.withdrawn_reason}".strip()
            more = {"stale": stale, "theirs": [("Title", row.title), ("Withdrawn", stands)]}
        else:
            messages.success(request, f"EV-{number} counts no more; its file stays.")
            slug = visitor.organization.slug
            return redirect("manual_evidence", organization=slug, number=number)
    context = {
        "row": row,
        "fields": form_fields(WITHDRAW, said, problems),
        "problems": named(problems, WITHDRAW),
        "seen": row.version,
        **more,
    }
    status = 409 if more else 422 if problems else 200
    return render(request, "web/manual/withdraw.html", context, status=status)


def _found(request: PageRequest, number: int) -> ManualEvidence:
    row = manual_row(request.visitor.organization, number)
    if row is None:
        raise Http404
    return row


def _form(
    request: PageRequest,
    said: Mapping[str, Any],
    *,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "fields": form_fields(EVIDENCE, said, problems or ()),
        "problems": named(problems or (), EVIDENCE),
        **more,
    }
    status = 422 if problems or more else 200
    return render(request, "web/manual/form.html", context, status=status)
