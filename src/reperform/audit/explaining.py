"""Why an item of a bundle has its outcome: its rows, and the bytes that each was read from."""

from dataclasses import dataclass
from pathlib import Path

from reperform.audit.record import parse_scope
from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.evidence.blobs import BlobStore
from reperform.testing.engine import Limits
from reperform.testing.explain import EvidenceRow, Explanation, explain
from reperform.testing.procedure import Procedure, load_procedures

_EXCERPT = 600
"""Bytes of a blob that are shown from where a row begins."""


class NoSuchTestError(RefusalError):
    """A bundle has no such test, or the test was not run."""

    __test__ = False
    slug = "test-unknown"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A row, and the beginning of what it was read from; None when the blob is not there."""

    row: EvidenceRow
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with its evidence."""

    procedure: Procedure
    explanation: Explanation
    excerpts: tuple[Excerpt, ...]


def explain_item(bundle: Path, test: str, item: str, *, limits: Limits | None = None) -> Explained:
    """Return what leads to the outcome of an item in an unpacked bundle.

    The tables are taken as the bundle has them: `verify` says whether they are what the answers
    give.

    Raises:
        NoSuchTestError: no such test, or a table that it reads was never collected.
        ItemUnknownError: the test has no such item.
        ProcedureFailedError: the test could not be run.
    """
    procedures = load_procedures(bundle / "library" / "tests")
    procedure = next((each for each in procedures if each.id == test), None)
    if procedure is None:
        raise _unknown(f"{visible(test)} is no test of this bundle")
    tables = {name: bundle / "evidence" / "tables" / f"{name}.parquet" for name in procedure.tables}
    missing = sorted(name for name, path in tables.items() if not path.is_file())
    if missing:
        raise _unknown(f"{test} was not run: {', '.join(missing)} was never collected")
    scope = parse_scope((bundle / "inputs" / "scope.json").read_bytes())
    found = explain(procedure, tables, period=scope.evidence_period, item=item, limits=limits)
    store = BlobStore(bundle / "evidence" / "blobs")
    return Explained(
        procedure, found, tuple(Excerpt(row, _content(store, row)) for row in found.rows)
    )


def _content(store: BlobStore, row: EvidenceRow) -> bytes | None:
    try:
        with store.open(row.blob) as file:
            file.seek(file.tell() + row.at)
            return file.read(_EXCERPT)
    except FileNotFoundError:
        return None


def _unknown(what: str) -> NoSuchTestError:
    return NoSuchTestError(
        f"nothing was explained: {what}",
        why="There is no outcome of which the reason could be looked for.",
        todo="see results/items in the bundle, or the tests in results.json",
    )
