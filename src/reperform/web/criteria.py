"""The criteria: a tree of the 61, and a page for each: what serves it, what else it serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.audit.queries import latest_examination
from reperform.catalog.criteria import CATEGORIES, CRITERION_IDS, SERIES
from reperform.catalog.crosswalks import Framework, Link, NoCounterpart, Strength
from reperform.catalog.licensed import official_texts
from reperform.program import queries
from reperform.program.controls.coverage import CriterionCoverage, coverage
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

SERIES_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "CC1": "Control environment",
        "CC2": "Information and communication",
        "CC3": "Risk assessment",
        "CC4": "Monitoring",
        "CC5": "Control activities",
        "CC6": "Logical and physical access",
        "CC7": "System operations",
        "CC8": "Change management",
        "CC9": "Risk mitigation",
        "A1": "Availability",
        "C1": "Confidentiality",
        "PI1": "Processing integrity",
        "P1": "Notice",
        "P2": "Choice and consent",
        "P3": "Collection",
        "P4": "Use, retention and disposal",
        "P5": "Access",
        "P6": "Disclosure and notification",
        "P7": "Quality",
        "P8": "Monitoring and enforcement",
    }
)
"""What each series is about, in our own words."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One criterion of the tree, and what the latest examination says of it."""

    coverage: CriterionCoverage
    result: str


@dataclass(frozen=True, slots=True)
class Series:
    """One series."""

    id: str
    title: str
    branches: list[Branch]

    @property
    def holes(self) -> int:
        """Return how many criteria that apply have no control."""
        return sum(branch.coverage.is_hole for branch in self.branches)


@dataclass(frozen=True, slots=True)
class Category:
    """One of the five."""

    name: str
    is_in_scope: bool
    series: list[Series]

    @property
    def count(self) -> int:
        """Return how many criteria it has."""
        return sum(len(series.branches) for series in self.series)


def _covered(request: PageRequest) -> list[CriterionCoverage]:
    organization = request.visitor.organization
    return coverage(
        queries.control_rows_of(organization, catalog()),
        criteria=catalog().criteria,
        scope=queries.current_scope(organization).document,
    )


def _results(request: PageRequest) -> tuple[int, dict[str, Mapping[str, Any]]]:
    """Return the number of the latest examination, 0 for none, and its rows by criterion."""
    if not request.visitor.may("results.view"):
        return 0, {}
    record = latest_examination(request.visitor.organization)
    if record is None:
        return 0, {}
    return record.number, {row["id"]: row for row in record.results["criteria"]}


@page("criteria.view")
def criteria(request: PageRequest) -> HttpResponse:
    """Show the tree: five categories, their series, their criteria."""
    covered = _covered(request)
    number, results = _results(request)
    branches = {
        each.criterion.id: Branch(each, str(results.get(each.criterion.id, {}).get("status", "")))
        for each in covered
    }
    tree = [
        Category(
            category,
            any(each.is_in_scope for each in covered if each.criterion.category == category),
            [
                Series(
                    name,
                    SERIES_TITLES[name],
                    [branches[f"{name}.{n}"] for n in range(1, count + 1)],
                )
                for name, (of, count) in SERIES.items()
                if of == category
            ],
        )
        for category in CATEGORIES
    ]
    context = {
        "tree": tree,
        "examination": number,
        "applying": sum(each.applies for each in covered),
        "holes": sum(each.is_hole for each in covered),
        "open_points": sum(len(each.open_points) for each in covered),
        "scope": queries.current_scope(request.visitor.organization),
    }
    return render(request, "web/criteria.html", context)


@dataclass(frozen=True, slots=True)
class Served:
    """What a criterion has to do with one framework."""

    framework: Framework
    links: list[Link]
    none: NoCounterpart | None


@page("criteria.view")
def criterion(request: PageRequest, criterion: str) -> HttpResponse:
    """Show one criterion: its points of focus, its controls, and what else it satisfies."""
    if criterion not in CRITERION_IDS:
        raise Http404
    covered = next(each for each in _covered(request) if each.criterion.id == criterion)
    number, results = _results(request)
    at = CRITERION_IDS.index(criterion)
    context = {
        "coverage": covered,
        "official": official_texts().get(criterion),
        "criterion": covered.criterion,
        "examination": number,
        "result": results.get(criterion),
        "served": served(criterion),
        "strengths": [strength.value for strength in Strength],
        "before": CRITERION_IDS[at - 1] if at else "",
        "following": CRITERION_IDS[at + 1] if at + 1 < len(CRITERION_IDS) else "",
    }
    return render(request, "web/criterion.html", context)


def served(criterion: str) -> list[Served]:
    """Return what a criterion has to do with each framework, none left out."""
    return [
        Served(
            crosswalk.framework,
            [link for link in crosswalk.links if link.criterion == criterion],
            next((each for each in crosswalk.none if each.criterion == criterion), None),
        )
        for crosswalk in catalog().crosswalks
    ]


urlpatterns = [
    path("", criteria, name="criteria"),
    path("<str:criterion>/", criterion, name="criterion"),
]
