"""`reperform verify`: is this bundle whole, and do its tests give the same results again?"""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from reperform.audit.reperform import Reperformance, reperform
from reperform.base.visible import visible
from reperform.evidence.bundle import unpack_bundle
from reperform.evidence.sources import SOURCES
from reperform.ledger.note import Verifier

_MOST_SHOWN = 50
_LARGEST_CHECKPOINT = 1_000_000


def verify(
    bundle: Annotated[
        Path, typer.Argument(help="bundle.zip as `quickstart` or `examine` wrote it.")
    ],
    key: Annotated[
        str, typer.Option(help="Verifier key NAME+HASH+BASE64 that you got another way.")
    ] = "",
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint of this log that you kept.")
    ] = None,
) -> None:
    """Check an evidence bundle and run all its tests again, offline.

    Exit 0: everything agrees.  Exit 1: something differs, and is named; or the file is refused.
    """
    trusted = Verifier.parse(key) if key else None
    earlier = checkpoint.read_bytes()[:_LARGEST_CHECKPOINT] if checkpoint else None
    with tempfile.TemporaryDirectory(prefix="reperform-") as name:
        folder = Path(name)
        (folder / "work").mkdir()
        result = reperform(
            unpack_bundle(bundle, folder / "bundle"),
            sources=SOURCES,
            key=trusted,
            earlier=earlier,
            beside=bundle.absolute().parent,
            work=folder / "work",
        )
    _print(Console(), result)
    if result.problems:
        raise typer.Exit(1)


def _print(console: Console, result: Reperformance) -> None:
    table = Table("check", "extent", "outcome")
    for check in result.checks:
        outcome = f"{len(check.problems)} differences" if check.problems else "agrees"
        table.add_row(check.name, check.extent, outcome)
    console.print(table)
    for problem in result.problems[:_MOST_SHOWN]:
        console.print(visible(str(problem)), markup=False, soft_wrap=True)
    more = len(result.problems) - _MOST_SHOWN
    if more > 0:
        console.print(f"and {more:,} more differences", markup=False)
    console.print(f"Signed with {result.key}", markup=False, soft_wrap=True)
    if not result.is_key_given:
        console.print(
            "That key came with the bundle: it shows that the bundle agrees with itself, not who "
            "made it. Compare the key with one that you got another way, and pass it as --key."
        )
    verdict = "The bundle DIFFERS." if result.problems else "The bundle is whole."
    console.print(verdict)
