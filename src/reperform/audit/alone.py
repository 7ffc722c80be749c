"""One test of a control, run alone over what connections brought.

Pure but for reading the table files it is given, as `audit.examine` is.  The record of a run names
everything that it rests on by digest: the procedure, the library, the engine, each table, and the
record of each collection, whose bytes the installation keeps.  What is in no bundle is no
examination, and no report rests on it: it says how a control stands between two of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reperform.audit.populations import Closing, held, population_facts
from reperform.audit.reconciled import table_inputs
from reperform.base.period import Period
from reperform.evidence.collection import Collection
from reperform.evidence.shape import ShapedTable
from reperform.testing.engine import ENGINE
from reperform.testing.procedure import Procedure
from reperform.testing.runner import run_procedure

MOST_EXCEPTIONS = 200
"""Items that did not pass which a record names; the others are in the digest of all items."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one test is run over.

    Attributes:
        period: the days under examination.
        tables: shaped evidence by name.
        collections: that fed it, each with the digest of its record.
        closing: the decided period and what was frozen for it; None where nobody decided one.
        library_sha256: digest of the library that the test is one of.
    """

    period: Period
    tables: dict[str, ShapedTable]
    collections: Sequence[tuple[Collection, str]]
    closing: Closing | None
    library_sha256: str


def run_alone(procedure: Procedure, evidence: Evidence) -> dict[str, Any]:
    """Run a test of a control, and return JSON values: what it said, and all that it rests on.

    Raises:
        ProcedureFailedError: it could not be run to its end; nothing is concluded then.
    """
    tables = evidence.tables
    if evidence.closing:
        collections = [each for each, _ in evidence.collections]
        facts = population_facts(
            tables, collections, period=evidence.period, closing=evidence.closing
        )
        tables = held(tables, facts)
    run = run_procedure(procedure, inputs=table_inputs(tables), period=evidence.period)
    record = run.as_record()
    return record | {
        "exceptions": record["exceptions"][:MOST_EXCEPTIONS],
        "engine": ENGINE,
        "library_sha256": evidence.library_sha256,
        "period": {
            "first": evidence.period.first.isoformat(),
            "last": evidence.period.last.isoformat(),
        },
        "collections": [
            {"stream": each.stream, "sequence": each.sequence, "record": digest}
            for each, digest in evidence.collections
        ],
    }
