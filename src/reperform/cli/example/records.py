"""The example's training and background checks."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml
from reperform.cli.example.workforce import Do, person
from reperform.program.actions.background import change_check, order_check
from reperform.program.actions.training import record_training, require_course
from reperform.program.models import BackgroundCheck
from reperform.program.training import CheckFields, Outcome, TrainingFields, read_course

_FILE = "people-records.yaml"
_MORNING = timedelta(hours=9)
_BETWEEN = timedelta(minutes=2)


def acts(folder: Path) -> Iterator[Act]:
    """Yield the courses that are required, each completion, and each check."""
    told = read_yaml(folder, _FILE)
    by = told["by"]
    for course in told["courses"]:
        yield Act(moment(course["at"]), _requiring(course, by))
    for training in told["trainings"]:
        at = moment(training["completed"]) + timedelta(days=1) + _MORNING
        for who in training["people"]:
            yield Act(at, _completing(training, who, by, at))
            at += _BETWEEN
    for number, check in enumerate(told["checks"]):
        at = moment(check["ordered"]) + _MORNING + number * _BETWEEN
        yield Act(at, _ordering(check, by, at))
        later = moment(check["completed"]) + 2 * _MORNING + number * _BETWEEN
        yield Act(later, _concluding(check, by, later))


def _address(who: str) -> str:
    return f"{who}@larkspur.example"


def _requiring(told: Mapping[str, Any], by: str) -> Do:
    def do(organization: Organization) -> None:
        fields, problems = read_course({name: told[name] for name in told if name != "at"})
        assert not problems, problems  # noqa: S101 - our own files; a test reads every one
        require_course(organization=organization, fields=fields, by=by, at=moment(told["at"]))

    return do


def _completing(told: Mapping[str, Any], who: str, by: str, at: datetime) -> Do:
    def do(organization: Organization) -> None:
        record_training(
            organization=organization,
            person=person(organization, _address(who)).number,
            fields=TrainingFields(
                told["course"], date.fromisoformat(told["completed"]), told["provider"]
            ),
            by=by,
            at=at,
        )

    return do


def _ordering(told: Mapping[str, Any], by: str, at: datetime) -> Do:
    def do(organization: Organization) -> None:
        order_check(
            organization=organization,
            person=person(organization, _address(told["person"])).number,
            fields=CheckFields(told["kind"], date.fromisoformat(told["ordered"])),
            by=by,
            at=at,
        )

    return do


def _concluding(told: Mapping[str, Any], by: str, at: datetime) -> Do:
    def do(organization: Organization) -> None:
        who = person(organization, _address(told["person"]))
        check = BackgroundCheck.objects.get(person=who, kind=told["kind"])
        change_check(
            organization=organization,
            number=check.number,
            fields=CheckFields(
                told["kind"],
                date.fromisoformat(told["ordered"]),
                date.fromisoformat(told["completed"]),
                Outcome(told["outcome"]),
            ),
            seen=check.version,
            by=by,
            at=at,
        )

    return do
