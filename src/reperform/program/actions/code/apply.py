"""Taking the program out as files, saying what files would do, and applying them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.catalog.library import Catalog
from reperform.program.actions.code import Given
from reperform.program.actions.code.registers import KINDS, REGISTERS
from reperform.program.actions.code.rehearsal import rehearsal
from reperform.program.actions.rows import lock
from reperform.program.code import Standing, said, same
from reperform.program.code.plan import Change, Plan, Wanted, plan_of
from reperform.program.code.read import Program, read_program
from reperform.program.code.refusals import (
    ProgramMovedError,
    ProgramNewerError,
    ProgramRefusedError,
)
from reperform.program.code.write import lock_text, program_files

Files = Mapping[str, bytes]
"""Files by path below the program's folder, with slashes."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done.

    Attributes:
        plan: the changes, each of which was made.
        lock: the lock that belongs beside the files from now on.
    """

    plan: Plan
    lock: bytes


def export_program(organization: Organization) -> dict[str, bytes]:
    """Return the whole program as files by path, in order; nothing is changed."""
    contents = {
        name: {key: each.content for key, each in items.items() if said(each.content)}
        for name, items in _stands(organization).items()
    }
    return program_files(contents, KINDS)


def plan_program(
    *,
    organization: Organization,
    files: Files,
    catalog: Catalog,
    over: Collection[str] = (),
    by: str,
    at: datetime,
) -> Plan:
    """Return what applying files would do; nothing is changed, and nobody waits.

    The changes are made in a rehearsal: so what the actions would refuse is among the problems.

    Args:
        organization: whose program it is.
        files: the files.
        catalog: of this installation.
        over: names of items whose newer changes may be undone.
        by: who would apply them.
        at: when.
    """
    with rehearsal(organization):
        given, plan, wanted = _planned(organization, files, catalog, over=over, by=by, at=at)
        if not plan.is_refused:
            plan = replace(plan, problems=tuple(_made(given, plan, wanted)))
    return plan


@transaction.atomic
def apply_program(
    *,
    organization: Organization,
    files: Files,
    catalog: Catalog,
    over: Collection[str] = (),
    expected: str | None = None,
    by: str,
    at: datetime,
) -> Applied:
    """Make the program what files say, each item by its register's action; return what was done.

    It is one transaction: all of it is done, or nothing.  Applying the same files again does
    nothing, and leaves no entry.

    Args:
        organization: whose program it is.
        files: the files.
        catalog: of this installation.
        over: names of items whose newer changes may be undone.
        expected: fingerprint of the plan that somebody saw; None when nobody saw one.
        by: who applies them.
        at: when.

    Raises:
        ProgramRefusedError: the files have a problem, or an action refuses a change.
        ProgramNewerError: it would undo what was changed after the files were taken out.
        ProgramMovedError: it would do something else than was seen.
    """
    lock(organization)
    given, plan, wanted = _planned(organization, files, catalog, over=over, by=by, at=at)
    if plan.problems:
        raise ProgramRefusedError(plan)
    if plan.losses:
        raise ProgramNewerError(plan)
    if expected is not None and expected != plan.fingerprint:
        raise ProgramMovedError
    problems = tuple(_made(given, plan, wanted))
    if problems:
        raise ProgramRefusedError(replace(plan, problems=problems))
    return Applied(plan, _lock_beside(given))


def _lock_beside(given: Given) -> bytes:
    """Return the lock of the items that are in the files: nobody has seen the others there."""
    items = given.program.items
    stands = _stands(given.organization)
    contents = {
        kind.name: {
            key: each.content
            for key, each in stands[kind.name].items()
            if kind.named(key) in items and said(each.content)
        }
        for kind in KINDS
    }
    return lock_text(contents, KINDS).encode()


def _stands(organization: Organization) -> dict[str, dict[str, Standing]]:
    return {register.kind.name: register.standing(organization) for register in REGISTERS}


def _planned(
    organization: Organization,
    files: Files,
    catalog: Catalog,
    *,
    over: Collection[str],
    by: str,
    at: datetime,
) -> tuple[Given, Plan, Wanted]:
    program = read_program(files, KINDS)
    given = Given(
        organization=organization,
        catalog=catalog,
        members=_members(organization),
        stands=_stands(organization),
        program=program,
        by=by,
        at=at,
    )
    wanted = _wanted(given, program)
    plan = plan_of(program, wanted, given.stands, kinds=KINDS, over=over)
    changes = [
        change
        for register in REGISTERS
        for change in register.order(
            [each for each in plan.changes if each.item.kind.name == register.kind.name]
        )
    ]
    return given, replace(plan, changes=tuple(changes)), wanted


def _members(organization: Organization) -> dict[str, Membership]:
    found = Membership.objects.filter(organization=organization).select_related("user")
    return {member.user.email.lower(): member for member in found}


def _wanted(given: Given, program: Program) -> Wanted:
    """Return what each item means; one that says what stands is not read again."""
    wanted = Wanted()
    for register in REGISTERS:
        for item in program.of(register.kind):
            before = given.standing(item)
            if before and same(before.content, item.content):
                wanted.contents[item.name] = before.content
                continue
            content, problems = register.read(given, item)
            if not problems:
                wanted.contents[item.name] = content
            wanted.problems += [
                replace(problem, where=item.place(problem.where)) for problem in problems
            ]
    return wanted


def _made(given: Given, plan: Plan, wanted: Wanted) -> list[Problem]:
    """Make every change; return what the actions refuse, each with its place."""
    acts = {register.kind.name: register for register in REGISTERS}
    problems = _each(
        given, [(change, acts[change.item.kind.name].apply) for change in plan.changes]
    )
    if not problems:
        ends = [(change, acts[change.item.kind.name].finish) for change in plan.changes]
        problems = _each(given, [(change, end) for change, end in ends if end])
    if problems or not plan.changes:
        return problems
    return _left(given, wanted)


def _each(
    given: Given, acts: Sequence[tuple[Change, Callable[[Given, Change], None]]]
) -> list[Problem]:
    problems = []
    for change, act in acts:
        try:
            # A savepoint of its own: the next change is tried whatever became of this one.
            with transaction.atomic():
                act(given, change)
        except RefusalError as refusal:
            todo = "; ".join(refusal.todo)
            problems.append(Problem(change.item.place(), refusal.what, todo, refusal.slug))
    return problems


def _left(given: Given, wanted: Wanted) -> list[Problem]:
    """Return what is not as the files say: an action may do otherwise, or more.

    Without this, applying the same files twice could change something twice.
    """
    stands = _stands(given.organization)
    found = []
    for name, item in given.program.items.items():
        now = stands[item.kind.name].get(item.key)
        if not same(now.content if now else None, wanted.contents[name]):
            what = f"{name} would not be as the file says"
            todo = "write it as the page of it shows it when the other changes are made"
            found.append(Problem(item.place(), what, todo, "program-file"))
    return found
