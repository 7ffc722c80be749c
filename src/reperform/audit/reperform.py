"""Re-performing: a stranger's bundle is checked, and every test in it run again.

Nothing in the bundle is believed: files are compared with the signed log, tables are shaped again
from the kept answers, tests are run again over those, and what comes out is compared byte for
byte with what the bundle says.  Needs no database and no network.
"""

import filecmp
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reperform.audit.examine import Inputs, examine
from reperform.audit.history import History, read_history
from reperform.audit.library_used import library_problems
from reperform.audit.record import parse_scope
from reperform.audit.results import results_json
from reperform.audit.trail_history import is_trail, read_trail
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.catalog.library import load_catalog
from reperform.connectors.answer import Source
from reperform.evidence.blobs import BlobStore, sha256_of
from reperform.evidence.bundle import Unpacked
from reperform.evidence.collection import Collection
from reperform.evidence.lacking import Lacking, in_use
from reperform.evidence.same import same_rows
from reperform.evidence.shape import ShapedTable, shape
from reperform.ledger.note import Verifier
from reperform.ledger.sealed import CHANGES
from reperform.ledger.tiles import tree_files
from reperform.ledger.verify import VerifiedLog, verify_log
from reperform.program.statement import parse_statement
from reperform.testing.manual import load_manual
from reperform.testing.procedure import load_procedures
from reperform.testing.reconciliation import load_reconciliations

_ASK = "do not rely on what rests on it; ask for the bundle again"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a bundle: what was compared, how much of it, and every difference."""

    name: str
    extent: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reperformance:
    """All checks of a bundle, in order.

    Attributes:
        checks: what was compared.
        key: verifier key that the log was checked with.
        is_key_given: the reader named the key; otherwise it is the bundle's own.
    """

    checks: tuple[Check, ...]
    key: str
    is_key_given: bool

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every difference found; empty when the bundle is whole."""
        return tuple(problem for check in self.checks for problem in check.problems)


def reperform(
    unpacked: Unpacked,
    *,
    sources: Mapping[str, Source],
    key: Verifier | None,
    earlier: bytes | None,
    beside: Path,
    work: Path,
) -> Reperformance:
    """Check everything and run everything again.

    Args:
        unpacked: the bundle's files.
        sources: how answers are shaped, by stream.
        key: the verifier key that the reader trusts; None takes the bundle's own, which shows
            only that the bundle agrees with itself.
        earlier: a checkpoint that the reader kept; None when there is none.
        beside: folder where the reports may lie that were written with the bundle.
        work: an empty folder for what is computed.

    Raises:
        NoteRefusedError: the bundle's verifier key cannot be read.
    """
    folder = unpacked.folder
    verifier = key or Verifier.parse(_text(folder / "ledger" / "verifier.key"))
    log = verify_log(
        lambda path: (folder / "ledger" / path).read_bytes(), verifier=verifier, earlier=earlier
    )
    history, order = _history(folder, log)
    checks = [
        Check("files match the manifest", f"{len(unpacked.files):,} files", unpacked.problems),
        Check("ledger: signature, tree, entries", f"{len(log.statements):,} entries", log.problems),
        Check("ledger: order of acts", f"{len(history.collections)} collections", order),
        _files_are_recorded(unpacked, history, log),
        _reports_are_recorded(beside, history),
    ]
    checks += _run_again(folder, history, sources, work)
    return Reperformance(tuple(checks), key=str(verifier), is_key_given=key is not None)


def _history(folder: Path, log: VerifiedLog) -> tuple[History, tuple[Problem, ...]]:
    """Return what was done: by a log of one run, or by the trail of an organization."""
    return read_trail(folder, log.statements) if is_trail(folder) else read_history(log.statements)


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:10_000].decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _differs(where: str, what: str) -> Problem:
    return Problem(where, what, _ASK, "bundle-differs")


def _files_are_recorded(unpacked: Unpacked, history: History, log: VerifiedLog) -> Check:
    """Compare every file that the signed log should name with what it names."""
    size = log.checkpoint.size if log.checkpoint else 0
    own = {f"ledger/{name}" for name in ("verifier.key", "checkpoint", CHANGES, *tree_files(size))}
    problems, compared = [], 0
    for name in sorted(unpacked.files):
        if name in own or name.startswith("library/"):
            continue
        compared += 1
        path = unpacked.folder / name
        found = sha256_of(path) if path.exists() else "missing"
        if found not in history.recorded(name):
            problems.append(_differs(name, f"the ledger does not name its digest {found}"))
    problems += [
        _differs(name, "the ledger names it, and it is missing")
        for name in sorted(history.current_files - set(unpacked.files))
    ]
    problems += library_problems(unpacked.folder, recorded=history.library)
    return Check("files are those that the ledger names", f"{compared:,} files", tuple(problems))


def _reports_are_recorded(beside: Path, history: History) -> Check:
    """Compare the reports that lie beside the bundle with those that the ledger names."""
    there = [name for name in sorted(history.reports) if (beside / name).is_file()]
    problems = [
        _differs(name, "it is not the file that was rendered from this bundle")
        for name in there
        if sha256_of(beside / name) != history.reports[name]
    ]
    extent = f"{len(there)} of {len(history.reports)} files there"
    return Check("reports beside the bundle", extent, tuple(problems))


def _run_again(
    folder: Path, history: History, sources: Mapping[str, Source], work: Path
) -> list[Check]:
    store = BlobStore(folder / "evidence" / "blobs")
    try:
        collections = _collections(history, store)
        tables = _shape_again(collections, in_use(history.lacking), store, sources, work)
    except (RefusalError, OSError, ValueError, KeyError, TypeError) as error:
        return [_broken("tables shaped again from kept answers", error, folder)]
    shaped = _compare_tables(tables, folder / "evidence" / "tables")
    try:
        tests = _examine_again(folder, collections, history, tables, work)
    except (RefusalError, OSError, ValueError, KeyError, TypeError) as error:
        return [shaped, _broken("tests run again", error, folder)]
    return [shaped, tests]


def _broken(name: str, error: Exception, folder: Path) -> Check:
    what = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, FileNotFoundError) and error.filename:
        what = f"{os.path.relpath(error.filename, folder)} is missing"
    return Check(name, "stopped", (_differs(name, f"it could not be done: {what}"),))


def _collections(history: History, store: BlobStore) -> list[tuple[Collection, str]]:
    found = []
    for sha256 in history.collections:
        with store.open(sha256) as file:
            found.append((Collection.from_record(json.load(file)), sha256))
    return found


def _shape_again(
    collections: Sequence[tuple[Collection, str]],
    lacking: Sequence[Lacking],
    store: BlobStore,
    sources: Mapping[str, Source],
    work: Path,
) -> dict[str, ShapedTable]:
    (work / "tables").mkdir()
    collected = [collection for collection, _ in collections]
    streams = (*(each.stream for each in collected), *(each.stream for each in lacking))
    unknown = sorted(set(streams) - set(sources))
    if unknown:
        raise ValueError(f"no connector for {', '.join(unknown)} is installed here")
    return shape(sources, collected, store=store, folder=work / "tables", lacking=lacking)


def _compare_tables(tables: dict[str, ShapedTable], stored: Path) -> Check:
    """Compare rows, and let equal rows take the stored file's digest.

    Another release of the engine may pack the same rows into other bytes.
    """
    problems = []
    for name, table in tables.items():
        path = stored / f"{name}.parquet"
        if not path.exists() or not same_rows(path, table.path):
            problems.append(
                _differs(f"evidence/tables/{name}.parquet", "its rows are not those of the answers")
            )
        else:
            tables[name] = replace(table, sha256=sha256_of(path))
    rows = sum(table.rows for table in tables.values())
    extent = f"{len(tables)} tables, {rows:,} rows"
    return Check("tables shaped again from kept answers", extent, tuple(problems))


def _examine_again(
    folder: Path,
    collections: Sequence[tuple[Collection, str]],
    history: History,
    tables: Mapping[str, ShapedTable],
    work: Path,
) -> Check:
    items = work / "items"
    items.mkdir()
    catalog = load_catalog(folder / "library")
    examination = examine(
        Inputs(
            scope=parse_scope((folder / "inputs" / "scope.json").read_bytes()),
            statement=parse_statement(
                (folder / "inputs" / "statement.yaml").read_text("utf-8"),
                where="inputs/statement.yaml",
                controls={control.id for control in catalog.controls},
                criteria={criterion.id for criterion in catalog.criteria},
                description={criterion.id for criterion in catalog.description_criteria},
            ),
            catalog=catalog,
            procedures=load_procedures(folder / "library" / "tests"),
            manual=load_manual(folder / "library" / "tests"),
            collections=tuple(collections),
            tables=tables,
            lacking=history.lacking,
            closing=history.closing,
            waivers=history.waivers,
            systems=history.systems,
            reconciliations=load_reconciliations(folder / "library" / "reconciliations")
            if history.is_trail
            else (),
        ),
        items=items,
    )
    (work / "results.json").write_bytes(results_json(examination))
    pairs = [("results/results.json", work / "results.json")]
    pairs += [(f"results/items/{path.name}", path) for path in sorted(items.iterdir())]
    problems = [
        _differs(name, "running the tests again gives other bytes")
        for name, again in pairs
        if not (folder / name).exists() or not filecmp.cmp(folder / name, again, shallow=False)
    ]
    population = sum(run.population for run in examination.runs.values())
    extent = f"{len(examination.runs)} tests, {population:,} items"
    return Check("tests run again, compared byte for byte", extent, tuple(problems))
