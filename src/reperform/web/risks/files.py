"""The register of risks as a file: out as CSV or XLSX, in by a dry run and then the import."""

from django.http import Http404, HttpResponse
from django.urls import path

from reperform.program.actions.risk_import import PURPOSE, import_risks
from reperform.program.queries.risk_import import risk_import
from reperform.program.queries.risk_pictures import risk_lines
from reperform.program.risks.importing import COLUMNS, RiskImport
from reperform.report.risk_sheets import RISK_FILES, risk_file
from reperform.web.importing import ImportPages, Kept
from reperform.web.page import PageRequest, Visitor, page


@page("risks.view")
def output(request: PageRequest, name: str) -> HttpResponse:
    """Send the whole register, closed risks too, as a file."""
    if name not in RISK_FILES:
        raise Http404
    visitor = request.visitor
    organization = visitor.organization
    title, is_example = f"Risks of {organization.name}", organization.is_example
    lines = risk_lines(organization)
    made = risk_file(name, lines, title=title, at=visitor.at, is_example=is_example)
    called = f"{visitor.organization.slug}-{visitor.at:%Y-%m-%d}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=RISK_FILES[name], headers=headers)


def _plan(visitor: Visitor, kept: Kept) -> RiskImport:
    return risk_import(visitor.organization, kept.grid(), today=visitor.at.date())


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    done = import_risks(
        organization=visitor.organization,
        member=visitor.membership,
        name=kept.file_name,
        content=kept.content,
        expected=kept.expected,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{done.made} risks entered, {done.changed} changed."


urlpatterns = [
    path("files/<str:name>", output, name="risks_file"),
    *ImportPages(
        name="risks_import",
        back="risks",
        label="Risks",
        permission="risks.edit",
        purpose=PURPOSE,
        ask="web/risks/import.html",
        check="web/risks/import_check.html",
        plan=_plan,
        carry_out=_carry_out,
        context=lambda _: {"columns": COLUMNS.values()},
    ).urlpatterns(),
]
