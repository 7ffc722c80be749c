"""Importing a list of people: a file, its dry run as its columns are chosen, and the import."""

from typing import Any

from reperform.program.actions.people_import import PURPOSE, import_people
from reperform.program.people.importing import PeopleImport
from reperform.program.people.mapping import FIELDS, Choices, DayOrder, read_choices
from reperform.program.queries.people_import import people_import
from reperform.web.importing import ImportPages, Kept
from reperform.web.page import Visitor

_NEEDED = ("name", "started_on")
_ORDERS = {
    DayOrder.ISO: "as 2026-12-31",
    DayOrder.DAY_FIRST: "day first, as 31-12-2026",
    DayOrder.MONTH_FIRST: "month first, as 12/31/2026",
}


def _chosen(kept: Kept) -> Choices:
    return read_choices(kept.said, kept.grid().header)


def _plan(visitor: Visitor, kept: Kept) -> PeopleImport:
    grid, chosen = kept.grid(), _chosen(kept)
    return people_import(visitor.organization, grid, chosen, today=visitor.at.date())


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    done = import_people(
        organization=visitor.organization,
        member=visitor.membership,
        file_name=kept.file_name,
        content=kept.content,
        choices=_chosen(kept),
        expected=kept.expected,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{done.made} people entered, {done.changed} changed."


def _choices(kept: Kept) -> dict[str, Any]:
    chosen = _chosen(kept)
    columns = [
        (name, label, name in _NEEDED, chosen.columns.get(name)) for name, label in FIELDS.items()
    ]
    return {
        "fields": columns,
        "columns": list(enumerate(kept.grid().header)),
        "orders": [(each.value, label) for each, label in _ORDERS.items()],
        "chosen": chosen,
        "mapping": [
            *chosen.columns.items(),
            ("order", chosen.order.value),
            ("domain", chosen.domain),
        ],
    }


urlpatterns = ImportPages(
    name="people_import",
    back="people",
    label="People",
    permission="people.edit",
    purpose=PURPOSE,
    ask="web/people/import.html",
    check="web/people/import_check.html",
    plan=_plan,
    carry_out=_carry_out,
    choices=_choices,
).urlpatterns()
