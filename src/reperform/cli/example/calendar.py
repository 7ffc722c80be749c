"""The example's calendar: what was done when it was due, late or not at all, with its proof."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.cli.example.proofs import filled, picked, proof_file
from reperform.cli.example.times import Time, times
from reperform.program.actions.calendar import plan_control
from reperform.program.actions.occurrences import NewFile, correct_occurrence, prove_occurrence
from reperform.program.calendar import PlanFields, read_plan
from reperform.program.calendar.entries import EntryFields, read_entry
from reperform.program.models import AdoptedControl, OccurrenceEntry
from reperform.program.queries.occurrences import latest_plan

Told = Mapping[str, Any]
_FILE = "calendar.yaml"
_OPENS, _MINUTES = time(9, tzinfo=UTC), 400
_CORRECTED = timedelta(minutes=3)


def acts(folder: Path) -> Iterator[Act]:
    """Yield how controls were planned, and each time that one was done or could not be."""
    told = read_yaml(folder, _FILE)
    for plan in told["plans"]:
        for code in plan["controls"]:
            yield Act(moment(plan["at"]), partial(_plan, plan, code))
    for code, control in told["controls"].items():
        for each in times(told, code, control):
            yield from _entries(told, code, each)


def _entries(told: Told, code: str, each: Time) -> Iterator[Act]:
    seed = f"{told['seed']} {code} {each.name}"
    entered = date.fromisoformat(each.said.get("entered", each.on.isoformat()))
    at = datetime.combine(entered, _OPENS) + timedelta(minutes=picked(seed, 0, _MINUTES))
    entry = _Entry(code, each, steward=told["steward"], seed=seed)
    wrong = each.said.get("corrected")
    if wrong:
        yield Act(at, partial(entry.enter, at=at, on=date.fromisoformat(wrong)))
        yield Act(at + _CORRECTED, partial(entry.correct, at=at + _CORRECTED))
    else:
        yield Act(at, partial(entry.enter, at=at, on=each.on))


def _plan(told: Told, code: str, organization: Organization) -> None:
    at = moment(told["at"])
    names = PlanFields.__dataclass_fields__
    fields, problems = read_plan({name: told[name] for name in names if name in told})
    assert not problems, problems  # noqa: S101 - our own files; a test reads every one
    latest = latest_plan(organization, code)
    plan_control(
        organization=organization,
        code=code,
        fields=fields,
        effective_on=at.date(),
        seen=latest.number if latest else 0,
        by=told["by"],
        at=at,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """What somebody says of one time."""

    code: str
    time: Time
    steward: str
    seed: str

    def enter(self, organization: Organization, *, at: datetime, on: date) -> None:
        """Say it; the day can be another than what was meant."""
        who, enters = self._people(organization)
        prove_occurrence(
            organization=organization,
            code=self.code,
            fields=self._fields(who, on, at),
            files=self._files(who),
            **_by(enters, at),
        )

    def correct(self, organization: Organization, *, at: datetime) -> None:
        """Say what was meant, of the entry that was just made."""
        who, enters = self._people(organization)
        latest = OccurrenceEntry.objects.filter(
            organization=organization, control__code=self.code
        ).latest("number")
        correct_occurrence(
            organization=organization,
            number=latest.number,
            fields=self._fields(who, self.time.on, at),
            **_by(enters, at),
        )

    def _people(self, organization: Organization) -> tuple[Membership, Membership]:
        """Return who did it and who enters it: the owner, or the steward for somebody else."""
        control = AdoptedControl.objects.select_related("owner__user").get(
            organization=organization, code=self.code
        )
        owner = control.owner
        assert owner is not None  # noqa: S101 - every control of the example has one
        who = member(organization, self.time.said["by"]) if "by" in self.time.said else owner
        is_theirs = who == owner and owner.role != Role.READ_ONLY.value
        return who, who if is_theirs else member(organization, self.steward)

    def _fields(self, who: Membership, on: date, at: datetime) -> EntryFields:
        said = self.time.said
        reason = said.get("not_done", "")
        content = {
            "kind": "not done" if reason else "done",
            "on": on.isoformat(),
            "done_by": who.pk,
            "note": reason or said.get("note", ""),
        }
        if "link" in said and not reason:
            content["linked"], content["linked_number"] = said["link"].split()
        fields, problems = read_entry(content, today=at.date())
        assert not problems, problems  # noqa: S101 - our own files; a test reads every one
        return fields

    def _files(self, who: Membership) -> list[NewFile]:
        said = self.time.said
        if "proof" not in said or "not_done" in said:
            return []
        names = {"time": self.time.name, "day": str(self.time.on), "who": who.user.name}
        name = filled(said["proof"], names, seed=self.seed)
        text = filled(said["text"], names, seed=self.seed)
        return [NewFile(name, proof_file(name, text))]


def _by(enters: Membership, at: datetime) -> dict[str, Any]:
    is_owner = enters.role == Role.CONTROL_OWNER.value
    return {"member": enters, "limited": is_owner, "by": enters.user.email, "at": at}
