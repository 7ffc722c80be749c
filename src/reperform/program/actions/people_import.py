"""Importing a list of people: all of it as its dry run showed, or nothing."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.ledger.actions import record
from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.people import change_person, enter_joiner, enter_leaver, enter_move
from reperform.program.actions.person_rows import found_person
from reperform.program.actions.rows import lock
from reperform.program.actions.uploads import forget_upload
from reperform.program.importing import ImportRow
from reperform.program.people import LeaverFields
from reperform.program.people.importing import PeopleImport
from reperform.program.people.listed import Listed, in_order
from reperform.program.people.mapping import Choices
from reperform.program.queries.people import person_fields, posting_fields, posting_on
from reperform.program.queries.people_import import people_import

PURPOSE = "people"
"""Of a file that waits for its import."""


@transaction.atomic
def import_people(
    *,
    organization: Organization,
    member: Membership,
    file_name: str,
    content: bytes,
    choices: Choices,
    expected: str,
    by: str,
    at: datetime,
) -> PeopleImport:
    """Enter, correct, move and end the work of people, as a list says; nobody else changes.

    Each event has its entry, as if somebody had entered it, and one more names the file.

    Args:
        organization: whose people they are.
        member: who imports; a file that was kept for them is forgotten.
        file_name: as the user knows it.
        content: the file, byte for byte.
        choices: what the columns say.
        expected: fingerprint of what the dry run showed.
        by: who imports.
        at: when.

    Raises:
        FileRefusedError: it is no table.
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
        PersonRefusedError: an event cannot be; nothing of the file was done.
    """
    lock(organization)
    grid = read_grid(content, name=file_name)
    plan = people_import(organization, grid, choices, today=at.date())
    refuse_unseen(plan, expected=expected, file=file_name, what="People")
    done = _Imported(organization, file_name, by, at).carry_out(plan)
    forget_upload(member=member, purpose=PURPOSE)
    if done:
        record(
            log=organization.log,
            act="people.imported",
            by=by,
            at=at,
            subject="people",
            after={
                "file": file_name,
                "sha256": sha256_hex(content),
                "people": done,
                "not in the list": list(plan.absent),
            },
        )
    return plan


class _Imported:
    """Carries out the rows of a list, every manager before their people."""

    def __init__(self, organization: Organization, file_name: str, by: str, at: datetime) -> None:
        self._organization, self._file, self._by, self._at = organization, file_name, by, at
        self._numbers: dict[str, int] = {}

    def carry_out(self, plan: PeopleImport) -> dict[str, str]:
        """Return what was done, by number of the person."""
        rows = {f"row {row.row}": row for row in plan.rows if row.number is None}
        done = {}
        for place in in_order({at: row.fields.manager for at, row in rows.items()})[0]:
            row = rows[place]
            done[str(self._enter(place, row))] = row.does
        for row in plan.acting:
            if row.number is not None:
                self._change(row.number, row)
                done[str(row.number)] = row.does
        return done

    def _manager(self, listed: Listed) -> int | None:
        kind, _, number = listed.manager.partition(" ")
        return int(number) if kind == "person" else self._numbers.get(listed.manager)

    def _enter(self, place: str, row: ImportRow[Listed]) -> int:
        person = enter_joiner(
            organization=self._organization,
            fields=row.fields.joiner(self._manager(row.fields)),
            by=self._by,
            at=self._at,
            listed_on=self._at.date(),
        )
        self._numbers[place] = person.number
        if row.fields.ended_on:
            self._end(person.number, row.fields.ended_on, person.version)
        return person.number

    def _change(self, number: int, row: ImportRow[Listed]) -> None:
        person, listed, today = (
            found_person(self._organization, number),
            row.fields,
            self._at.date(),
        )
        if person_fields(person) != listed.person:
            person = change_person(
                organization=self._organization,
                number=number,
                fields=listed.person,
                seen=person.version,
                reason=f"As {self._file} has it",
                by=self._by,
                at=self._at,
            )
        held = posting_on(person, max(today, person.started_on))
        now = listed.posting(today, self._manager(listed), f"As {self._file} has it.")
        was = posting_fields(held) if held else None
        if was is None or replace(was, from_day=today, note=now.note) != now:
            enter_move(
                organization=self._organization,
                number=number,
                fields=now,
                by=self._by,
                at=self._at,
            )
        if listed.ended_on and person.ended_on != listed.ended_on:
            self._end(number, listed.ended_on, person.version)

    def _end(self, number: int, day: date, seen: int) -> None:
        enter_leaver(
            organization=self._organization,
            number=number,
            fields=LeaverFields(day, f"As {self._file} has it"),
            seen=seen,
            by=self._by,
            at=self._at,
        )
