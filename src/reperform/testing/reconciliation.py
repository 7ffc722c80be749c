"""A reconciliation: one list against another source's, as a file, run like a test of a control.

A file of `library/reconciliations` has the form of a test (docs/spec/procedure.md), with `left` and
`right` for its two sides and `agrees` and `differs` for what it says of a row.  It belongs to no
control: it says whether the populations that tests read are complete and accurate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from reperform.base.front_matter import split_front_matter
from reperform.base.problem import Problem
from reperform.base.table import TableSpec
from reperform.program.systems import SystemRole
from reperform.testing.checker import check_procedure
from reperform.testing.inputs import TableInput
from reperform.testing.outcome import Conclusion
from reperform.testing.procedure import (
    Procedure,
    ProcedureMalformedError,
    procedure_of,
    sql_files,
)
from reperform.testing.runner import ProcedureRun

_SAME = {"agrees": "pass", "differs": "deviation"}
_CHECKED = "REC"


class Agreement(StrEnum):
    """Whether two sources say the same."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNABLE = "unable to compare"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One reconciliation.

    Attributes:
        procedure: how the rows are compared; its `control` is empty.
        left: the one side, in words.
        right: the other.
        roles: table -> the role of the system whose rows it is about; of the others every system's.
    """

    procedure: Procedure
    left: str
    right: str
    roles: Mapping[str, SystemRole] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReconciliationRun:
    """What came of a reconciliation.

    Attributes:
        reconciliation: which.
        run: row by row, as of a test.
        missing: tables of it of which nothing was seen.
        systems: table -> the systems whose rows were compared.
        undecided: why nothing was compared, where nobody said which system has a role, or the one
            that was named has no row.
    """

    reconciliation: Reconciliation
    run: ProcedureRun
    missing: tuple[str, ...]
    systems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()

    @property
    def agreement(self) -> Agreement:
        """What it says: nothing on both sides is nothing to compare, and no agreement."""
        if self.run.conclusion is Conclusion.EXCEPTIONS:
            return Agreement.DIFFERS
        if self.run.conclusion is Conclusion.NO_EXCEPTIONS:
            return Agreement.AGREES
        return Agreement.UNABLE

    @property
    def reason(self) -> str:
        """Why, in words."""
        if self.undecided:
            return "; ".join(self.undecided)
        if self.run.conclusion is Conclusion.DID_NOT_OPERATE:
            return "neither side has anything to compare"
        if self.agreement is Agreement.UNABLE:
            return self.run.reason
        count, rows = self.run.deviations, self.run.population
        said = f"{count:,} of {rows:,} rows differ" if count else f"all {rows:,} rows agree"
        holes = "; not every day of the period is covered on both sides" if self.run.gaps else ""
        return f"{said}{holes}"

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values: those of a test, with its sides and its own conclusion."""
        return self.run.as_record() | {
            "left": self.reconciliation.left,
            "right": self.reconciliation.right,
            "missing": list(self.missing),
            "conclusion": self.agreement.value,
            "reason": self.reason,
            **self._systems(),
        }

    def _systems(self) -> dict[str, Any]:
        """Return whose rows were compared, where a role says it."""
        roles = self.reconciliation.roles
        if not roles:
            return {}
        return {
            "systems": [
                {"table": name, "role": role.value, "systems": list(self.systems.get(name, ()))}
                for name, role in sorted(roles.items())
            ]
        }


def parse_reconciliation(text: str, *, where: str) -> Reconciliation:
    """Return the reconciliation that `text` is.

    Raises:
        ProcedureMalformedError: the head lacks a field, has an unknown one, or one of another
            kind.
        FrontMatterError: there is no head, or it is not YAML.
    """
    head, sql = split_front_matter(text, where=where, comment="-- ")
    roles = _roles(head.pop("roles", {}), where)
    sides = {side: head.pop(side, None) for side in ("left", "right")}
    for side, said in sides.items():
        if not isinstance(said, str) or not said.strip():
            raise ProcedureMalformedError(
                f"{where} was not taken as a reconciliation: its head has no {side!r}",
                why="A reader must know which two sources are compared.",
                todo="see docs/how-to/reconcile-populations.md",
            )
    named = {_SAME.get(str(name), str(name)): value for name, value in head.items()}
    whole = named | {
        "control": named.get("id"),
        "nature": "reperformance",
        "population": f"{sides['left']}; {sides['right']}",
    }
    procedure = procedure_of(whole, sql, text=text, where=where)
    _refuse_strange(roles, procedure, where)
    return Reconciliation(
        replace(procedure, control=""),
        str(sides["left"]).strip(),
        str(sides["right"]).strip(),
        roles,
    )


def _refuse_strange(roles: Mapping[str, SystemRole], procedure: Procedure, where: str) -> None:
    strange = sorted(set(roles) - set(procedure.tables))
    if strange:
        raise ProcedureMalformedError(
            f"{where} was not taken as a reconciliation: it does not read {', '.join(strange)}",
            why="A role of a table that is not read would say nothing.",
            todo="name a table that the head lists",
        )


def _roles(said: object, where: str) -> dict[str, SystemRole]:
    """Return the role of each table that the head gives one."""
    known = {role.value: role for role in SystemRole}
    if not isinstance(said, dict) or not all(value in known for value in said.values()):
        raise ProcedureMalformedError(
            f"{where} was not taken as a reconciliation: its roles are not tables with their roles",
            why="Whose rows are compared must be known before they are.",
            todo=f"write a table and one of: {', '.join(known)}",
        )
    return {str(table): known[value] for table, value in said.items()}


def load_reconciliations(folder: Path) -> tuple[Reconciliation, ...]:
    """Return every reconciliation in `folder`, by id; none where there is no folder.

    Raises:
        ProcedureMalformedError: a file is not one, or two have the same id.
        FrontMatterError: a file's head cannot be read.
    """
    found: dict[str, Reconciliation] = {}
    for where, text in sql_files(folder):
        each = parse_reconciliation(text, where=where)
        if each.procedure.id in found:
            raise ProcedureMalformedError(
                f"{where} was not taken: {each.procedure.id} is another one's id",
                why="Two results of one name could not be told apart.",
                todo="give it the next number",
            )
        found[each.procedure.id] = each
    return tuple(found[key] for key in sorted(found))


def check_reconciliation(
    reconciliation: Reconciliation, *, tables: Mapping[str, TableSpec]
) -> list[Problem]:
    """Return what is wrong with a reconciliation: what would be wrong with a test of its SQL."""
    named = replace(reconciliation.procedure, id=f"{_CHECKED}.T1", control=_CHECKED)
    return check_procedure(named, tables=tables, controls={_CHECKED})


def missing_sides(procedure: Procedure, inputs: Mapping[str, TableInput]) -> tuple[str, ...]:
    """Return the tables of a reconciliation of which nothing was seen on any day."""
    return tuple(name for name in sorted(procedure.tables) if not _is_seen(inputs.get(name)))


def _is_seen(given: TableInput | None) -> bool:
    if given is None or given.path is None or given.refused:
        return False
    return any(cover.last is not None for cover in given.covers)
