"""The scales of the register: every version, and the form that decides others.

A level is one line: `possible: About once in two years`, an impact with its losses at the end:
`minor: Some customers notice [10000-50000]`.  So the form works without a script.
"""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.program.actions.risks import change_scales
from reperform.program.queries.risks import current_scales, scales_of, scales_versions
from reperform.program.risks.scales import FEWEST, MOST, Level, Rating, Scales, read_scales
from reperform.web.asked import Asked, choices_of, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page

_LEVEL = re.compile(
    r"(?P<name>[^:]*)(?::(?P<meaning>.*?))?"
    r"(?:\[(?P<loss_from>\d{1,10})\s*-\s*(?P<loss_to>\d{1,10})?\])?\s*",
    re.ASCII,
)
_LONGEST_FORM = 10_000
ASKED = (
    Asked(
        "likelihood",
        "Likelihood, a level a line, the least likely first",
        kind="text",
        is_needed=True,
        help=f"{FEWEST} to {MOST} lines, as: possible: About once in two years.",
    ),
    Asked(
        "impact",
        "Impact, a level a line, the least first",
        kind="text",
        is_needed=True,
        help="The loss that it stands for may follow in brackets: minor: Some customers notice"
        " [10000-50000], or [1000000-] without an end.",
    ),
    Asked(
        "matrix",
        "Rating of each pair",
        kind="text",
        is_needed=True,
        help="A line for each likelihood in the same order, with a rating for each impact: "
        + ", ".join(each.value for each in Rating)
        + ".",
    ),
    Asked(
        "appetite",
        "Appetite",
        kind="choice",
        choices=choices_of(Rating),
        help="The highest rating that needs nobody's acceptance.",
    ),
)


def said_of(scales: Scales) -> dict[str, Any]:
    """Return scales as the form shows them."""
    return {
        "likelihood": [_line(each) for each in scales.likelihood],
        "impact": [_line(each) for each in scales.impact],
        "matrix": [" ".join(cell.value for cell in row) for row in scales.matrix],
        "appetite": scales.appetite.value,
    }


def _line(level: Level) -> str:
    loss = ""
    if level.loss_from is not None or level.loss_to is not None:
        to = "" if level.loss_to is None else level.loss_to
        loss = f" [{level.loss_from or 0}-{to}]"
    return f"{level.name}: {level.meaning}{loss}"


def content_of(said: dict[str, Any]) -> dict[str, Any]:
    """Return what the form says as `read_scales` reads it."""
    return {
        "likelihood": [_level(line) for line in _lines(said["likelihood"])],
        "impact": [_level(line) for line in _lines(said["impact"])],
        "matrix": [re.split(r"[\s,;|]+", line) for line in _lines(said["matrix"])],
        "appetite": said["appetite"],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text[:_LONGEST_FORM].splitlines() if line.strip()]


def _level(line: str) -> dict[str, Any]:
    found = _LEVEL.fullmatch(line)
    if found is None:
        return {"name": line, "meaning": ""}
    return {
        name: value.strip() for name, value in found.groupdict(default="").items() if value.strip()
    }


@page("risks.view", post="risks.edit")
def scales(request: PageRequest) -> HttpResponse:
    """Show the scales and their versions; decide others."""
    visitor = request.visitor
    now = current_scales(visitor.organization)
    said, seen, status = said_of(now.scales), now.number, 200
    problems: list[Problem] = []
    more: dict[str, Any] = {}
    if request.method == "POST":
        said, seen = sent(request, ASKED), seen_version(request)
        read, problems = read_scales(content_of(said))
        status = 422
        if not problems:
            try:
                change_scales(
                    organization=visitor.organization,
                    scales=read,
                    seen=seen,
                    by=visitor.name,
                    at=visitor.at,
                )
            except StaleVersionError as stale:
                more = {"stale": stale, "theirs": lines(ASKED, said_of(now.scales))}
                seen, status = stale.current, 409
            else:
                messages.success(request, "The scales are saved.")
                return redirect("risk_scales", visitor.organization.slug)
    context = {
        "fields": form_fields(ASKED, said, problems),
        "problems": named(problems, ASKED),
        "seen": seen,
        "scales": now,
        "rows": matrix_rows(now.scales),
        "versions": [(each, scales_of(each)) for each in scales_versions(visitor.organization)],
        **more,
    }
    return render(request, "web/risks/scales.html", context, status=status)


def matrix_rows(scales: Scales) -> list[tuple[Level, list[Rating]]]:
    """Return the matrix as a table shows it: the most likely first."""
    return [
        (level, list(row))
        for level, row in reversed(list(zip(scales.likelihood, scales.matrix, strict=True)))
    ]
