"""Saying that a control was done, or could not be, and correcting what was said.

Entries are never changed: a correction is an entry of its own, and the one that it corrects stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.calendar import CalendarRefusedError, calendar_problem
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.rows import difference, lock, next_number
from reperform.program.calendar.entries import EntryFields, EntryKind, entry_content
from reperform.program.models import AdoptedControl, KeptFile, OccurrenceEntry
from reperform.program.queries.occurrences import LINKED, entry_fields, owner_on

MOST_FILES = 10
_READABLE_WITH = "calendar.view"


class OccurrenceNotYoursError(RefusalError):
    """A control owner proves what is theirs only."""

    slug = "occurrence-not-yours"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that serves as proof: its name, fit to be shown, and its content."""

    name: str
    content: bytes


@transaction.atomic
def prove_occurrence(
    *,
    organization: Organization,
    code: str,
    fields: EntryFields,
    files: Sequence[NewFile] = (),
    member: Membership,
    limited: bool,
    by: str,
    at: datetime,
) -> OccurrenceEntry:
    """Say that a control was done on a day, or could not be.

    Args:
        organization: whose control it is.
        code: of the control.
        fields: read without problems.
        files: proofs; kept byte for byte.
        member: who makes the entry; who did it when `fields` name nobody.
        limited: the member may prove only what is theirs.
        by: who makes the entry, as the trail names them.
        at: when it is made; what it fills follows from the day in `fields`.

    Raises:
        CalendarRefusedError: control, person or row is not there, or the day cannot be.
        OccurrenceNotYoursError: it is somebody else's.
        UploadRefusedError: a file is of no kind that serves as proof.
    """
    lock(organization)
    control = AdoptedControl.objects.filter(organization=organization, code=code).first()
    if control is None:
        todo = "choose one that is in the list"
        raise CalendarRefusedError([calendar_problem("control", "is not there", todo)])
    if limited:
        _refuse_others(control, fields, member)
    made, kept = _write(control, fields, files, member=member, by=by, at=at)
    _record(made, kept, "occurrence.proved" if _is_done(fields) else "occurrence.not_done")
    return made


@transaction.atomic
def correct_occurrence(
    *,
    organization: Organization,
    number: int,
    fields: EntryFields,
    files: Sequence[NewFile] = (),
    member: Membership,
    limited: bool,
    by: str,
    at: datetime,
) -> OccurrenceEntry:
    """Correct an entry by another, or withdraw it; its files stay with the new one.

    Args:
        organization: whose entry it is.
        number: of the entry, which exists.
        fields: the whole of it anew; of the kind `withdrawn`, the note says why.
        files: more proofs.
        member: who corrects it.
        limited: the member may correct only what is theirs.
        by: as `prove_occurrence`.
        at: as `prove_occurrence`.

    Raises:
        StaleVersionError: somebody corrected it in the meantime.
        CalendarRefusedError, OccurrenceNotYoursError, UploadRefusedError: as `prove_occurrence`.
    """
    lock(organization)
    old = OccurrenceEntry.objects.select_related("control").get(
        organization=organization, number=number
    )
    newer = OccurrenceEntry.objects.filter(corrects=old).first()
    if newer is not None:
        raise StaleVersionError(f"entry {number}", seen=number, current=newer.number, by=newer.by)
    if limited:
        _refuse_others(old.control, entry_fields(old), member)
        _refuse_others(old.control, fields, member)
    before = entry_content(entry_fields(old))
    old.is_current = False
    old.save(update_fields=["is_current"])
    made, kept = _write(old.control, fields, files, member=member, by=by, at=at, corrects=old)
    _record(made, kept, "occurrence.corrected", before=before)
    return made


def _is_done(fields: EntryFields) -> bool:
    return fields.kind is EntryKind.DONE


def _refuse_others(control: AdoptedControl, fields: EntryFields, member: Membership) -> None:
    if member.pk in (control.owner_id, owner_on(control, fields.on)):
        return
    raise OccurrenceNotYoursError(
        f"nothing was said of {control.code}: your role proves the controls that are yours",
        why="Whoever says that a control was done must be the one who answers for it.",
        todo="ask its owner or a compliance manager",
    )


def _write(
    control: AdoptedControl,
    fields: EntryFields,
    files: Sequence[NewFile],
    *,
    member: Membership,
    by: str,
    at: datetime,
    corrects: OccurrenceEntry | None = None,
) -> tuple[OccurrenceEntry, list[KeptFile]]:
    organization = control.organization
    problems = _wrong(control, fields, files)
    if problems:
        raise CalendarRefusedError(problems)
    kept = [
        keep_file(
            organization=organization,
            name=each.name,
            content=each.content,
            readable_with=_READABLE_WITH,
            by=by,
            at=at,
        )
        for each in files
    ]
    made = OccurrenceEntry.objects.create(
        organization=organization,
        number=next_number(OccurrenceEntry, organization),
        control=control,
        kind=fields.kind.value,
        on=fields.on,
        done_by_id=fields.done_by or member.pk,
        note=fields.note,
        linked=fields.linked.value if fields.linked else "",
        linked_number=fields.linked_number,
        corrects=corrects,
        is_current=fields.kind is not EntryKind.WITHDRAWN,
        by=by,
        at=at,
    )
    made.files.set([*(corrects.files.all() if corrects else ()), *kept])
    return made, kept


def _wrong(control: AdoptedControl, fields: EntryFields, files: Sequence[NewFile]) -> list[Problem]:
    organization, todo = control.organization, "choose one that is in the list"
    found = []
    if fields.on < control.adopted_on:
        what = f"{fields.on} is before {control.adopted_on}, on which the control was adopted"
        found.append(calendar_problem("on", what, f"write {control.adopted_on} or a later day"))
    if control.retired_on and fields.on >= control.retired_on:
        what = f"{fields.on} is after the control was retired on {control.retired_on}"
        found.append(calendar_problem("on", what, "write an earlier day"))
    members = Membership.objects.filter(organization=organization)
    if fields.done_by is not None and not members.filter(pk=fields.done_by).exists():
        found.append(calendar_problem("done_by", "is not a member of the organization", todo))
    if fields.linked is not None:
        model = LINKED.get(fields.linked)
        rows = model._default_manager.filter(organization=organization) if model else None  # noqa: SLF001 - as Django documents it
        if rows is None or not rows.filter(number=fields.linked_number).exists():
            what = f"there is no {fields.linked.label} {fields.linked_number}"
            found.append(
                calendar_problem("linked_number", what, "write the number of one that there is")
            )
    if len(files) > MOST_FILES:
        found.append(calendar_problem("files", f"are {len(files)}", f"bring at most {MOST_FILES}"))
    return found


def _record(
    made: OccurrenceEntry,
    kept: Sequence[KeptFile],
    act: str,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    after = entry_content(entry_fields(made))
    if before is not None:
        before, after = difference(before, after)
        after["corrects"] = made.corrects.number if made.corrects else None
    record(
        log=made.organization.log,
        act=act,
        by=made.by,
        at=made.at,
        subject=f"control {made.control.code}",
        before=before,
        after={"entry": made.number, **after, "files": [describe_file(each) for each in kept]},
    )
