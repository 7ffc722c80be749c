"""Search: one question over everything of the organization that the visitor may view."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from reperform.audit import queries
from reperform.base.search import LONGEST, Entry, excerpt
from reperform.web.library import catalog
from reperform.web.page import PageRequest, Visitor, page

_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    entry: Entry
    url: str
    excerpt: str


def _test(slug: str, entry: Entry) -> str:
    number, _, test = entry.key.partition("/")
    return reverse("examination_test", args=[slug, number, test])


def _member(slug: str, entry: Entry) -> str:  # noqa: ARG001 - only administrators open one
    return reverse("members", args=[slug])


def _at(name: str) -> Callable[[str, Entry], str]:
    return lambda slug, entry: reverse(name, args=[slug, entry.key])


_PLACES: dict[str, Callable[[str, Entry], str]] = {
    "criterion": _at("criterion"),
    "control": _at("control"),
    "control of the library": _at("control"),
    "description": _at("description_field"),
    "subservice organization": lambda slug, _: reverse("scope", args=[slug]),
    "task": _at("task"),
    "risk": _at("risk"),
    "policy": _at("policy"),
    "person": _at("person"),
    "asset": _at("asset"),
    "vendor": _at("vendor"),
    "data flow": _at("data_flow"),
    "incident": _at("incident"),
    "access review": _at("access_review"),
    "connection": _at("connection"),
    "waiver": _at("waiver"),
    "examination": _at("examination"),
    "test": _test,
    "member": _member,
    "word": lambda slug, entry: f"{reverse('glossary', args=[slug])}#{entry.key}",
}
"""What was found -> where it stands."""


def _url(visitor: Visitor, entry: Entry) -> str:
    if entry.kind == "task" and not visitor.may("gap.view"):
        return ""
    return _PLACES[entry.kind](visitor.organization.slug, entry)


@page("overview.view")
def search(request: PageRequest) -> HttpResponse:
    """Answer a question; without one, say what can be asked."""
    visitor = request.visitor
    question = request.GET.get("q", "")[:LONGEST].replace("\0", "")
    kind = request.GET.get("kind", "")
    every = queries.search(
        visitor.organization,
        question,
        may=visitor.permissions,
        member=visitor.membership,
        catalog=catalog(),
    )
    chosen = [entry for entry in every if kind in ("", entry.kind)]
    found = Paginator(chosen, _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "web/search.html",
        {
            "question": question,
            "kind": kind,
            "kinds": Counter(entry.kind for entry in every).most_common(),
            "count": len(every),
            "page": found,
            "found": [Found(e, _url(visitor, e), excerpt(e, question)) for e in found],
        },
    )


urlpatterns = [path("", search, name="search")]
