"""A list of people from another system: who joins, who changed, who left, and who is not in it.

Who is in the register and not in the list is shown, and nothing is done about them: a list that
lacks somebody does not say that they left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.importing import ImportRow, RegisterImport
from reperform.program.importing.columns import SLUG, Columns, plain_cell
from reperform.program.importing.rows import Rows
from reperform.program.people import Kind
from reperform.program.people.listed import (
    LATE_TO_BEGIN,
    Listed,
    Registered,
    in_order,
    listed_content,
    read_listed,
)
from reperform.program.people.mapping import FIELDS, Choices, read_day

PeopleImport = RegisterImport[Listed]
_COLUMNS = Columns(titles=FIELDS, needed="name", many="people", choices=("kind", "email"))
_CONTRACTORS = ("contractor", "external", "freelancer", "contingent", "consultant")
_EMPLOYEES = ("employee", "full-time", "full time", "part-time", "part time", "permanent")


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        people: everybody who is, was or will be there, as of `today`; who came last comes last.
        today: the day of the import, on which the list holds.
    """

    people: tuple[Registered, ...]
    today: date


class _People(Rows[Listed]):
    def __init__(self, known: Known, choices: Choices, grid: Grid) -> None:
        super().__init__(_COLUMNS, {})
        self._known, self._choices = known, choices
        self._there = {each.number: each for each in known.people}
        self._by_email = {p.listed.person.email: p.number for p in known.people}
        self._by_name: dict[str, list[int]] = {}
        for each in known.people:
            self._by_name.setdefault(_key(each.listed.person.name), []).append(each.number)
        self._seen: dict[int, int] = {}
        self._addresses: dict[str, int] = {}
        self._rows: dict[str, list[str]] = {}
        """Who a manager's cell may mean, by id, address and name in the list."""
        for row in grid.rows:
            said = self._whole(
                {
                    name: plain_cell(row.cells[at]) if at < len(row.cells) else ""
                    for name, at in choices.columns.items()
                }
            )
            number = self._number(said)
            place = f"person {number}" if number else f"row {row.number}"
            for text in {_key(said.get(name, "")) for name in ("id", "email", "name")} - {""}:
                self._rows.setdefault(text, []).append(place)

    def _whole(self, said: Mapping[str, str]) -> dict[str, str]:
        """Return what a row says, with its name in one piece, and days as 2026-12-31."""
        found = dict(said)
        first, last = found.pop("first_name", ""), found.pop("last_name", "")
        if "name" not in self._choices.columns:
            found["name"] = " ".join(f"{first} {last}".split())
        email = found.get("email", "").lower()
        if email and "@" not in email and self._choices.domain:
            email = f"{email}@{self._choices.domain}"
        if "email" in found:
            found["email"] = email
        for name in ("started_on", "ended_on"):
            if name in found:
                found[name] = read_day(found[name], self._choices.order)
        return found

    def about(self, said: dict[str, Any]) -> tuple[int | None, Listed | None]:
        whole = self._whole(said)
        said.clear()
        said.update(whole)
        said.pop("id", None)
        kind = said.get("kind", "")
        said["kind"] = next((k.value for k, words in _KINDS.items() if kind in words), kind)
        number = self._number(said)
        before = self._there[number].listed if number else None
        if before:
            for name in ("email", "started_on", "ended_on"):
                if not said.get(name):  # an empty cell takes no address and no day away
                    said.pop(name, None)
            if not kind:
                said.pop("kind")
        if "manager" in said:
            said["manager"] = self._manager(said["manager"])
        return number, before

    def _number(self, said: Mapping[str, Any]) -> int | None:
        """Return who it is: by address, else by name and first day; None for somebody new."""
        email = said.get("email", "")
        number = self._by_email.get(email) if email else None
        if number is None:
            named = self._by_name.get(_key(said["name"]), [])
            fitting = [n for n in named if self._may_be(self._there[n], email)]
            if len(fitting) > 1:
                todo = "give the list their e-mail addresses"
                self.wrong("name", f"{len(fitting)} people in the register have it", todo)
            number = fitting[0] if len(fitting) == 1 else None
        ended = self._there[number].listed.ended_on if number else None
        if ended and said.get("started_on", "") > ended.isoformat():
            return None  # they came back
        return number

    def _may_be(self, other: Registered, email: str) -> bool:
        """Whether a name alone says who it is: not when two addresses differ."""
        is_there = other.listed.ended_on is None or other.listed.ended_on >= self._known.today
        return is_there and not (email and other.listed.person.email)

    def _manager(self, text: str) -> str:
        if not text:
            return ""
        rows = self._rows.get(_key(text), [])
        email = text.lower()
        if not rows and "@" not in text and self._choices.domain:
            rows = self._rows.get(_key(f"{email}@{self._choices.domain}"), [])
        if len(rows) == 1:
            return rows[0]
        people = (
            [self._by_email[email]]
            if email in self._by_email
            else self._by_name.get(_key(text), [])
        )
        if len(rows) > 1 or len(people) > 1:
            what = f"{visible(text, limit=60)} may be several people"
            self.wrong("manager", what, "name the manager by e-mail address or id")
        elif not people:
            what = f"nobody in the list or the register is {visible(text, limit=60)}"
            self.wrong("manager", what, "add them to the list, or choose another column")
        return f"person {people[0]}" if len(people) == 1 else ""

    def read(
        self,
        said: Mapping[str, Any],
        before: Listed | None,  # noqa: ARG002 - one reads everybody alike
    ) -> tuple[Listed, list[Problem]]:
        return read_listed(said)

    def content(self, fields: Listed) -> Mapping[str, Any]:
        return listed_content(fields)

    def name(self, fields: Listed) -> str:
        return visible(fields.person.name, limit=120)

    def check(self, row: int, number: int | None, fields: Listed) -> None:
        email = fields.person.email
        if number in self._seen:
            what = f"is person {number}, as row {self._seen[number]} is"
            self.wrong("name", what, "keep one of the rows")
        elif email and email in self._addresses:
            what = f"is the address of row {self._addresses[email]}, too"
            self.wrong("email", what, "correct one of them")
        if number:
            self._seen.setdefault(number, row)
        if email:
            self._addresses.setdefault(email, row)
        there = self._there.get(number or 0)
        moves = there and posting_of(there.listed) != posting_of(fields)
        if there and moves and there.moved_on >= self._known.today:
            todo = "enter the move on their page"
            self.wrong("position", f"something changed on {there.moved_on} already", todo)

    def does(self, number: int | None, before: Listed | None, after: Listed) -> str:
        if before is None:
            is_late = after.person.started_on < self._known.today - LATE_TO_BEGIN
            how = "no checklist begins" if is_late else "the checklist begins"
            said = [f"enters them from {after.person.started_on} on: {how}"]
        else:
            said = []
            changed = self.changed(before, replace(after, ended_on=before.ended_on))
            who = [each for each in changed if each in _WHO]
            moved = [each for each in changed if each not in _WHO]
            if who:
                said.append(f"corrects {', '.join(who)}")
            if moved:
                said.append(f"moves them today: {', '.join(moved)}")
        if after.ended_on and (before is None or before.ended_on != after.ended_on):
            said.append(f"says that they leave on {after.ended_on}")
        whom = f" of person {number}" if number and said else ""
        return f"{'; '.join(said)}{whom}"


_KINDS = {Kind.CONTRACTOR: _CONTRACTORS, Kind.EMPLOYEE: (*_EMPLOYEES, "")}
_WHO = tuple(FIELDS[name].lower() for name in ("name", "email", "started_on"))


def posting_of(listed: Listed) -> tuple[str, ...]:
    """Return what somebody is, to tell whether it changed."""
    return listed.kind.value, listed.position, listed.department, listed.manager


def plan_import(grid: Grid, choices: Choices, known: Known) -> PeopleImport:
    """Return what a list would do, every problem by file, row and field, and who is not in it."""
    columns = dict(choices.columns)
    if "name" not in columns and "last_name" in columns:
        columns["name"] = columns["last_name"]  # `_People` puts the name together
    plan = _People(known, choices, grid).plan(grid, columns)
    reports = {_place(row): row.fields.manager for row in plan.rows}
    reports |= {
        f"person {each.number}": each.listed.manager
        for each in known.people
        if f"person {each.number}" not in reports
    }
    circle = set(in_order(reports)[1])
    rows = tuple(_straight(plan, row) if _place(row) in circle else row for row in plan.rows)
    named = {row.number for row in plan.rows}
    absent = tuple(
        f"{each.listed.person.name} (person {each.number})"
        for each in known.people
        if each.number not in named and _is_there(each, known.today)
    )
    return replace(plan, columns=choices.columns, rows=rows, absent=absent if plan.rows else ())


def _place(row: ImportRow[Listed]) -> str:
    return f"person {row.number}" if row.number else f"row {row.row}"


def _straight(plan: PeopleImport, row: ImportRow[Listed]) -> ImportRow[Listed]:
    """Return a row whose manager leads back to itself, or to others that do, with the problem."""
    where = f"{plan.grid.name}: row {row.row}: {FIELDS['manager']}"
    wrong = Problem(where, "is in a circle of managers", "correct who reports to whom", SLUG)
    return replace(row, problems=(*row.problems, wrong), does="")


def _is_there(each: Registered, today: date) -> bool:
    ended = each.listed.ended_on
    return each.listed.person.started_on <= today and (ended is None or ended >= today)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
