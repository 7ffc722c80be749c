"""What the ledger says was done, in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reperform.audit.populations import Closing
from reperform.audit.record import REPORT_RENDERED, SCOPE_FIXED, TABLES_SHAPED, TESTS_RUN
from reperform.base.problem import Problem
from reperform.evidence.acts import ABANDONED, ENDED, STARTED, run_of, unfinished_runs
from reperform.evidence.lacking import Lacking
from reperform.ledger.statement import Statement
from reperform.program.systems import Systems
from reperform.program.waivers.granted import Granted

_ACTS = (SCOPE_FIXED, STARTED, ENDED, TABLES_SHAPED, TESTS_RUN)


@dataclass(slots=True)
class History:
    """The acts of the last run that fixed a scope, and every digest that any run recorded.

    Attributes:
        collections: digests of the records of its collections, in order.
        files: path -> digests that entries recorded under that path.
        blobs: digests of every blob that any entry names.
        current_files: paths that the last run recorded.
        library: digest of the library; empty when none was recorded.
        reports: file name -> digest of each report that was rendered.
        lacking: what connections in use did not bring.
        closing: the decided period, and what was frozen for it.
        waivers: departures that management accepted.
        systems: which system has which role in reconciliations.
        is_trail: it is of an organization, whose sources are reconciled with each other.
    """

    collections: list[str] = field(default_factory=list)
    files: dict[str, set[str]] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)
    current_files: set[str] = field(default_factory=set)
    library: str = ""
    reports: dict[str, str] = field(default_factory=dict)
    lacking: tuple[Lacking, ...] = ()
    closing: Closing | None = None
    waivers: tuple[Granted, ...] = ()
    systems: Systems = field(default_factory=dict)
    is_trail: bool = False

    def recorded(self, name: str) -> set[str]:
        """Return the digests that the ledger names for a file of the bundle."""
        if name.startswith("evidence/blobs/"):
            return self.blobs & {name.rsplit("/", 1)[-1]}
        return self.files.get(name, set())


def read_history(
    statements: Sequence[Statement | None],
) -> tuple[History, tuple[Problem, ...]]:
    """Return what was done, and where the order of acts is not the one that the audit needs."""
    known = [statement for statement in statements if statement is not None]
    history = History()
    for statement in known:
        _take(history, statement)
    return history, (*_gaps(known), *_order(known))


def _take(history: History, statement: Statement) -> None:
    subjects = dict(statement.subjects)
    if statement.kind == SCOPE_FIXED:
        history.library = subjects.pop("library", "")
        history.collections, history.current_files, history.files = [], set(), {}
    if statement.kind == ENDED:
        history.blobs |= set(subjects.values())
        history.collections += [subjects["record"]] if "record" in subjects else []
    if statement.kind == REPORT_RENDERED:
        history.reports = subjects
    if statement.kind in (SCOPE_FIXED, TABLES_SHAPED, TESTS_RUN):
        history.current_files |= set(subjects)
        history.files |= {name: {sha256} for name, sha256 in subjects.items()}


def _problem(what: str) -> Problem:
    return Problem("ledger", what, "ask how the evidence was collected", "ledger-order")


def _gaps(statements: Sequence[Statement]) -> list[Problem]:
    """Find numbers that a stream lacks or repeats, and runs without an end."""
    problems = [
        _problem(f"run {sequence} of {stream} has no end and was not abandoned")
        for stream, sequence in unfinished_runs(statements)
    ]
    numbers: dict[str, list[int]] = {}
    for statement in statements:
        if statement.kind == STARTED:
            stream, sequence = run_of(statement)
            numbers.setdefault(stream, []).append(sequence)
    return problems + [
        _problem(f"the runs of {stream} are numbered {found[:20]}, not 1, 2, 3, ...")
        for stream, found in sorted(numbers.items())
        if found != list(range(1, len(found) + 1))
    ]


def _order(statements: Sequence[Statement]) -> list[Problem]:
    """Find acts of the last run that do not come in the order of the audit."""
    kinds = [s.kind for s in statements if s.kind in (*_ACTS, ABANDONED)]
    if SCOPE_FIXED not in kinds:
        return [_problem("no entry says which scope was fixed")]
    last = len(kinds) - 1 - kinds[::-1].index(SCOPE_FIXED)
    run = [kind for kind in kinds[last:] if kind != ABANDONED]
    problems = [_problem(f"no entry of the kind {kind}") for kind in _ACTS if kind not in run]
    wanted = [kind for kind in _ACTS if kind in run and kind not in (STARTED, ENDED)]
    found = [kind for kind in run if kind not in (STARTED, ENDED)]
    if found != wanted or (TABLES_SHAPED in run and _collects_after(run)):
        problems.append(_problem("acts are not in order: scope, collections, tables, tests"))
    return problems


def _collects_after(run: Sequence[str]) -> bool:
    after = run[run.index(TABLES_SHAPED) :]
    return STARTED in after or ENDED in after
