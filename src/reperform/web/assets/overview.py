"""The inventory: what is there, what nobody decided about it, and the same as a file."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.program.assets import Environment, Kind
from reperform.program.models import Asset, DataFlow
from reperform.program.queries import possible_owners
from reperform.program.queries.assets import (
    UNDECIDED,
    asset_counts,
    asset_fields,
    assets,
    assets_like,
    flow_fields,
    flows_now,
)
from reperform.report.asset_sheets import AssetLine, FlowLine, asset_sheet, flow_sheet
from reperform.report.sheets import render_csv, render_xlsx
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_LONGEST = 100
_LONGEST_NUMBER = 18
FILES = {
    "assets.csv": "text/csv; charset=utf-8",
    "data-flows.csv": "text/csv; charset=utf-8",
    "assets.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Name -> content type."""


@page("assets.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the assets, or those that were asked for."""
    organization = request.visitor.organization
    names = ("words", "kind", "environment", "boundary", "owner", "undecided", "state")
    said = {name: request.GET.get(name, "")[:_LONGEST] for name in names}
    owner = said["owner"]
    is_number = owner.isascii() and owner.isdigit() and len(owner) <= _LONGEST_NUMBER
    found = assets_like(
        organization,
        words=said["words"],
        kind=said["kind"],
        environment=said["environment"],
        boundary=said["boundary"],
        owner=int(owner) if is_number else None,
        undecided=said["undecided"],
        state=said["state"] or "in use",
    )
    return render(
        request,
        "web/assets/assets.html",
        {
            "assets": Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page")),
            "counts": asset_counts(organization),
            "said": said,
            "is_narrowed": any(said.values()),
            "kinds": [each.value for each in Kind],
            "environments": [each.value for each in Environment if each.value],
            "undecided": list(UNDECIDED),
            "owners": possible_owners(organization),
        },
    )


@page("assets.view")
def output(request: PageRequest, name: str) -> HttpResponse:
    """Send the whole inventory, retired assets too, or its data flows, as a file."""
    if name not in FILES:
        raise Http404
    visitor, is_example = request.visitor, request.visitor.organization.is_example
    whole = asset_sheet(asset_lines(assets(visitor.organization)))
    between = flow_sheet(flow_lines(flows_now(visitor.organization)))
    if name == "assets.xlsx":
        title = f"Assets of {visitor.organization.name}"
        made = render_xlsx([whole, between], title=title, at=visitor.at, is_example=is_example)
    else:
        made = render_csv(between if name == "data-flows.csv" else whole, is_example=is_example)
    called = f"{visitor.organization.slug}-{visitor.at:%Y-%m-%d}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=FILES[name], headers=headers)


def asset_lines(rows: Iterable[Asset]) -> list[AssetLine]:
    """Return assets as a sheet has them."""
    return [
        AssetLine(
            number=row.number,
            fields=asset_fields(row),
            owner=row.owner.user.email if row.owner else "",
            retired_on=row.retired_on,
            retired_because=row.retired_because,
            disposal=row.disposal,
            disposal_note=row.disposal_note,
        )
        for row in rows
    ]


def flow_lines(rows: Iterable[DataFlow]) -> list[FlowLine]:
    """Return data flows as a sheet has them."""
    return [
        FlowLine(
            number=row.number,
            fields=flow_fields(row),
            source=row.source.name if row.source else row.source_party,
            target=row.target.name if row.target else row.target_party,
        )
        for row in rows
    ]


urlpatterns = [
    path("", overview, name="assets"),
    path("files/<str:name>", output, name="assets_file"),
]
