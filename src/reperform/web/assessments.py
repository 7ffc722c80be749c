"""Importing an earlier assessment: a file, its dry run with the mapping, and then the import."""

from collections.abc import Mapping
from typing import Any

from reperform.program.actions.assessments import PURPOSE, import_assessment
from reperform.program.gap.importing import ImportPlan
from reperform.program.gap.mapping import FIELDS, NEEDED, guess, read_mapping
from reperform.program.queries.assessments import assessments, import_plan
from reperform.web.importing import ImportPages, Kept
from reperform.web.library import catalog
from reperform.web.page import Visitor


def _plan(visitor: Visitor, kept: Kept) -> ImportPlan:
    criteria = catalog().criteria
    return import_plan(visitor.organization, kept.grid(), _columns(kept), criteria=criteria)


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    made = import_assessment(
        organization=visitor.organization,
        member=visitor.membership,
        file_name=kept.file_name,
        content=kept.content,
        mapping=_columns(kept),
        expected=kept.expected,
        criteria=catalog().criteria,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{made.file_name} is imported as assessment {made.number}."


def _columns(kept: Kept) -> Mapping[str, int]:
    header = kept.grid().header
    if "criterion" not in kept.said:
        return guess(header)
    return read_mapping({name: kept.said.get(name, "") for name in FIELDS}, len(header))


def _choices(kept: Kept) -> dict[str, Any]:
    chosen = _columns(kept)
    return {
        "fields": [
            (name, label, name in NEEDED, chosen.get(name)) for name, label in FIELDS.items()
        ],
        "columns": list(enumerate(kept.grid().header)),
        "mapping": chosen.items(),
    }


urlpatterns = ImportPages(
    name="gap_import",
    back="gap",
    label="Gap analysis",
    permission="gap.edit",
    purpose=PURPOSE,
    ask="web/gap/import.html",
    check="web/gap/import_check.html",
    plan=_plan,
    carry_out=_carry_out,
    context=lambda visitor: {"assessments": assessments(visitor.organization)},
    choices=_choices,
).urlpatterns()
