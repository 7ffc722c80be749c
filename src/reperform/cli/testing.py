"""`reperform test`: tests of controls, one at a time."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from reperform.audit.explaining import Excerpt, Explained, explain_item
from reperform.base.visible import visible
from reperform.evidence.bundle import unpack_bundle

test_app = typer.Typer(help="Tests of controls, one at a time.", no_args_is_help=True)

_LONGEST = 500
"""Characters of an excerpt that are shown."""


@test_app.callback()
def _group() -> None:
    """Keep `explain` a command of a group, as long as it is the only one."""


@test_app.command()
def explain(
    bundle: Annotated[Path, typer.Argument(help="bundle.zip, as for `reperform verify`.")],
    test: Annotated[str, typer.Argument(help="Id of the test, as CHG-01.T3.")],
    item: Annotated[str, typer.Argument(help="The item, as results/items and the report name it.")],
) -> None:
    """Say which rows of evidence an outcome rests on, down to the bytes of the answer.

    Rows are left out, and the test is run again, for as long as the item keeps its outcome and its
    reason.  Works offline, on anybody's bundle.
    """
    with tempfile.TemporaryDirectory(prefix="reperform-") as name:
        unpacked = unpack_bundle(bundle, Path(name) / "bundle")
        _print(
            Console(soft_wrap=True, highlight=False),
            explain_item(unpacked.folder, test, item),
            item,
        )


def _print(console: Console, found: Explained, item: str) -> None:
    said = found.explanation
    for line in (
        f"{found.procedure.id}  {found.procedure.title}",
        f"item      {visible(item)}",
        f"outcome   {said.outcome.value}",
        f"reason    {visible(said.reason)}",
        "",
        _summary(found),
    ):
        console.print(line, markup=False)
    for excerpt in found.excerpts:
        _print_row(console, excerpt)


def _summary(found: Explained) -> str:
    said, count = found.explanation, len(found.explanation.rows)
    if not count:
        return (
            "It rests on no row: over empty tables it is the same. It follows from what is not "
            f"there. (The test was run {said.runs:,} times.)"
        )
    rows = "1 row" if count == 1 else f"{count:,} rows"
    least = (
        f"without {'it' if count == 1 else 'any one of them'} the item says something else"
        if said.is_least
        else "there may be fewer: the search was given up"
    )
    return f"It rests on {rows}; {least}. (The test was run {said.runs:,} times.)"


def _print_row(console: Console, excerpt: Excerpt) -> None:
    row = excerpt.row
    console.print(f"\n{row.table}", markup=False)
    for column, value in row.values.items():
        shown = "not known" if value is None else visible(str(value), limit=_LONGEST)
        console.print(f"  {column:<22}{shown}", markup=False)
    console.print(
        f"  from byte {row.at:,} of evidence/blobs/{row.blob[:2]}/{row.blob}", markup=False
    )
    if excerpt.content is None:
        console.print("  that blob is not in the bundle", markup=False)
    else:
        text = excerpt.content.decode("utf-8", errors="replace")
        console.print(f"  {visible(text, limit=_LONGEST)}", markup=False)
