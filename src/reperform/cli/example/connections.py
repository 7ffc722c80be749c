"""The example's connections: what they ask by themselves, and what went wrong, week by week."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from reperform.accounts.models import Organization
from reperform.cli.carrying import WAYS
from reperform.cli.example.act import Act
from reperform.cli.example.folder import moment, read_yaml
from reperform.connectors.lists import CONNECTOR
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.expecting import expect_jobs
from reperform.evidence.actions.jobs import claim_job, end_job
from reperform.evidence.actions.schedules import set_schedule
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.job import JobKind, Work, collection_of, run_of
from reperform.evidence.schedule import moments, read_schedule

Told = Mapping[str, Any]
_FILE = "connections.yaml"
_AFTER = timedelta(minutes=31)
"""By then the latest beginning that a schedule may have has come."""


class _Clock:
    """A clock that goes on by a second with each look, and waits when it is told to."""

    def __init__(self, at: datetime) -> None:
        self.now = at

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def acts(folder: Path, work: Path) -> Iterator[Act]:
    """Yield how each connection is made and scheduled, and each time that it was to be asked.

    Args:
        folder: the example's files.
        work: where the files lie that the sources write.
    """
    told = read_yaml(folder, _FILE)
    for number, each in enumerate(told["connections"], 1):
        yield Act(moment(each["at"]), partial(_make, told, each, work))
        writes = partial(_write, folder, work, each)
        yield from _planned(told, each, collection_of(number), work, writes)
    for each in told["tests"]:
        yield from _planned(told, each, run_of(each["test"]), work, lambda _: None)


def _planned(
    told: Told, each: Told, work: Work, place: Path, prepare: Callable[[date], None]
) -> Iterator[Act]:
    """Yield when something is scheduled, and each time that a worker then does it."""
    schedule, problems = read_schedule(each["schedule"])
    assert not problems, problems  # noqa: S101 - the example's own file
    at, by = moment(each["at"]) + timedelta(minutes=10), each.get("by", told["by"])

    def plan(organization: Organization) -> None:
        set_schedule(organization=organization, work=work, schedule=schedule, seen=0, by=by, at=at)

    yield Act(at, plan)
    for due in moments(schedule, at, moment(told["until"])):
        done = due + _AFTER
        trouble = _trouble(each, done.date())
        if trouble and trouble["kind"] == "asleep":
            done = moment(trouble["to"]) + timedelta(hours=9)
        yield Act(done, partial(_carry_out, done, place, prepare))


def _make(told: Told, each: Told, work: Path, organization: Organization) -> None:
    folder = _source(work, each)
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "folder": str(folder),
        "table": each["table"],
        "system": each["system"],
        "mapping": list(each["mapping"]),
        "dated": "collected",
        "zone": "UTC",
    }
    with _open(work):
        make_connection(
            organization=organization,
            connector=CONNECTOR,
            fields=ConnectionFields(each["title"], said, {}),
            by=told["by"],
            at=moment(each["at"]),
        )


def _carry_out(
    at: datetime, work: Path, prepare: Callable[[date], None], organization: Organization
) -> None:
    """Do what is due, each attempt when it would have been."""
    clock = _Clock(at)
    prepare(at.date())
    with _open(work):
        expect_jobs(organization=organization, at=at)
        while job := claim_job(at=clock(), organization=organization, of_example=True):
            ended = WAYS[JobKind(job.kind)](job, clock)
            done = end_job(job=job, ended=ended, at=clock())
            clock.now = max(clock.now, done.not_before)


def _write(folder: Path, work: Path, each: Told, day: date) -> None:
    """Let a source write its list as it was on a day, or what it says instead."""
    place = _source(work, each)
    shutil.rmtree(place, ignore_errors=True)
    trouble = _trouble(each, day)
    if trouble and trouble["kind"] == "down":
        return
    place.mkdir(parents=True)
    file = place / f"{each['answers']['file']}.csv"
    if trouble and trouble["kind"] == "forbidden":
        file.write_text(trouble["said"] + "\n", "utf-8")
        return
    file.write_text(_listed(folder, each["answers"], day), "utf-8")


def _listed(folder: Path, answers: Told, day: date) -> str:
    """Return the rows of a source's file that it would have listed on a day."""
    text = io.StringIO()
    path = folder / "sources" / f"{answers['file']}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(text, rows.fieldnames or (), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            end = row[answers["ends"]]
            is_over = bool(end) and date.fromisoformat(end) <= day
            has_begun = date.fromisoformat(row[answers["begins"]]) <= day
            if has_begun and not (is_over and answers["ended"] == "gone"):
                writer.writerow(row if is_over else row | {answers["ends"]: ""})
    return text.getvalue()


def _trouble(each: Told, day: date) -> Told | None:
    for trouble in each.get("troubles", ()):
        if trouble["from"] <= day.isoformat() <= trouble["to"]:
            return dict(trouble)
    return None


def _source(work: Path, each: Told) -> Path:
    return work / "sources" / str(each["answers"]["file"])


@contextmanager
def _open(work: Path) -> Iterator[None]:
    """Let connections read the example's own folder while they are acted out."""
    kept = settings.LOCAL_SOURCES
    settings.LOCAL_SOURCES = (str(work),)
    try:
        yield
    finally:
        settings.LOCAL_SOURCES = kept
