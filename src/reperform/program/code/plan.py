"""What applying files would do: item by item and field by field, and what it would undo."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.problem import Problem
from reperform.program.code import (
    Content,
    Item,
    Kind,
    Standing,
    digest,
    in_order,
    is_empty,
    order_of,
    said,
    same,
)
from reperform.program.code.read import Program

Stands = Mapping[str, Mapping[str, Standing]]
"""What there is, by the name of its kind and by key."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that changes: what stands, and what the files say; None for empty."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is made or changed.

    Attributes:
        item: as its file says it.
        before: as it stands; None when it would be made.
        after: its content as it would be.
        is_newer: what stands is not what the files were taken out with.
    """

    item: Item
    before: Standing | None
    after: Content
    is_newer: bool = False

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """The fields that differ, in the kind's order."""
        before = self.before.content if self.before else {}
        names = [*self.item.kind.fields, *(set(self.after) - set(self.item.kind.fields))]
        return tuple(
            FieldChange(name, was, will)
            for name in names
            if (was := _value(before, name)) != (will := _value(self.after, name))
        )


def _value(content: Content, name: str) -> Any:  # noqa: ANN401 - any JSON value
    value = content.get(name)
    return None if is_empty(value) else value


@dataclass(frozen=True, slots=True)
class Plan:
    """What files would do; nothing of it is done when there is a problem or a loss.

    Attributes:
        changes: in the order in which they are made.
        absent: names of items that stand and are not in the files; they stay as they are.
        problems: of the files, by file, line and field.
    """

    changes: tuple[Change, ...] = ()
    absent: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def losses(self) -> tuple[Change, ...]:
        """Changes that would undo what somebody wrote after the files were taken out."""
        return tuple(change for change in self.changes if change.is_newer)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it can be done."""
        return bool(self.problems or self.losses)

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an apply does what its dry run showed, or nothing."""
        made = [
            [
                change.item.name,
                change.before and digest(change.before.content),
                digest(change.after),
            ]
            for change in self.changes
        ]
        return sha256_hex(canonical_json(made))


@dataclass(slots=True)
class Wanted:
    """The content that each item of the files means, in its register's form, and the problems.

    An item with a problem means nothing.
    """

    contents: dict[str, Content] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def plan_of(
    program: Program,
    wanted: Wanted,
    stands: Stands,
    *,
    kinds: Sequence[Kind],
    over: Collection[str] = (),
) -> Plan:
    """Return what the files would do to what stands.

    Args:
        program: the files.
        wanted: by name of each item, what it means.
        stands: every item that there is.
        kinds: every register, in the order in which they are applied.
        over: names of items whose newer changes may be undone.
    """
    problems = [*program.problems, *wanted.problems, *_unknown(over, program)]
    changes = []
    for kind in kinds:
        for item in sorted(program.of(kind), key=lambda each: order_of(each.key)):
            before = stands.get(kind.name, {}).get(item.key)
            after = wanted.contents.get(item.name)
            if after is None or same(before.content if before else None, after):
                continue
            is_newer = item.name not in over and _is_newer(before, program.lock.get(item.name))
            changes.append(Change(item, before, after, is_newer))
    return Plan(tuple(changes), tuple(_absent(program, stands, kinds)), tuple(problems))


def _is_newer(before: Standing | None, known: str | None) -> bool:
    """Return whether what stands says something that the files were not taken out with."""
    return before is not None and bool(said(before.content)) and known != digest(before.content)


def _absent(program: Program, stands: Stands, kinds: Sequence[Kind]) -> list[str]:
    return [
        name
        for kind in kinds
        for key, standing in _sorted(stands.get(kind.name, {}))
        if said(standing.content) and (name := kind.named(key)) not in program.items
    ]


def _sorted(standing: Mapping[str, Standing]) -> list[tuple[str, Standing]]:
    return [(key, standing[key]) for key in in_order(standing)]


def _unknown(over: Collection[str], program: Program) -> list[Problem]:
    todo = "name an item of the files, as in controls/CHG-01"
    return [
        Problem(f"--over {name}", "is no item of the files", todo, "program-file")
        for name in sorted(set(over) - set(program.items))
    ]
