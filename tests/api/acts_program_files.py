"""The acts on the program as files."""

from collections.abc import Callable

from api.acts import AT, BY, Case, Place
from reperform.catalog.installed import catalog
from reperform.program.actions.code.apply import apply_program

FILES = {
    "description/dc3.data.md": b"---\n---\n\nInvoices.\n",
    "tasks.yaml": b"- number: 1\n  title: Review\n",
}


def apply(place: Place) -> Callable[[], object]:
    return lambda: apply_program(
        organization=place.organization, files=FILES, catalog=catalog(), by=BY, at=AT
    )


CASES = {
    "program.actions.code.apply.apply_program": Case(
        apply, ("description.written", "task.made"), after={"text": "Invoices.", "version": 1}
    ),
}
NO_ACTS = {
    "program.actions.code.apply.export_program": "a look",
    "program.actions.code.apply.plan_program": "a look: what it tries, it takes back",
    "program.actions.code.rehearsal.rehearsal": "where it tries that, in tables of its own",
}
