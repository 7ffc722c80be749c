"""What went wrong at the example company, and how it was answered."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.cli.example.plan import closing_of
from reperform.cli.example.proofs import proof_file
from reperform.program.actions.incident_notices import decide_duty, dismiss_duties, make_term
from reperform.program.actions.incident_timeline import Proof, add_entry, make_lesson_task
from reperform.program.actions.incidents import change_incident, make_incident, report_incident
from reperform.program.incidents import incident_content, read_incident
from reperform.program.incidents.duties import read_duty, read_term
from reperform.program.incidents.library import incident_library
from reperform.program.incidents.reports import read_report
from reperform.program.incidents.timeline import read_entry
from reperform.program.models import Incident, IncidentDuty
from reperform.program.plan import TaskState, read_task
from reperform.program.queries.incidents import incident_fields

_Do = Callable[[Organization, Mapping[str, Any], datetime], None]
_Fields = TypeVar("_Fields")


def acts(folder: Path) -> Iterator[Act]:
    """Yield what was reported, found, decided, notified and learned."""
    told = read_yaml(folder, "incidents.yaml")
    for term in told["terms"]:
        yield _act(term, _term)
    for number, incident in enumerate(told["incidents"], 1):
        begins: tuple[tuple[str, _Do], ...] = (("report", _report), ("made", _make))
        for name, do in begins:
            if name in incident:
                yield _act(incident[name], do)
        kinds: tuple[tuple[str, Callable[[int], _Do]], ...] = (
            ("changes", _changing),
            ("entries", _entering),
            ("notices", _deciding),
            ("tasks", _learning),
        )
        for name, make in kinds:
            for each in incident.get(name, ()):
                yield _act(each, make(number))
                if "done" in each:
                    done = each["done"]
                    carried_out = closing_of(each["title"], TaskState.DONE, done)
                    yield Act(moment(done["at"]), carried_out)
        if "dismissed" in incident:
            yield _act(incident["dismissed"], _dismissing(number))


def _act(told: Mapping[str, Any], do: _Do) -> Act:
    at = moment(told["at"])
    return Act(at, lambda organization: do(organization, told, at))


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in ("at", "by", "done")}


def _whole(read: tuple[_Fields, list[Problem]]) -> _Fields:
    fields, problems = read
    assert not problems, problems  # noqa: S101 - our own file; a test reads all of it
    return fields


def _handled(organization: Organization, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with the handler as a number, where the file has an address."""
    handler = content.get("handler")
    if isinstance(handler, str):
        return {**content, "handler": member(organization, handler).pk}
    return dict(content)


def _term(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
    fields = _whole(read_term(_said(told)))
    make_term(organization=organization, fields=fields, by=told["by"], at=at)


def _report(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
    report_incident(
        member=member(organization, told["by"]),
        report=_whole(read_report(_said(told), at=at)),
        by=told["by"],
        at=at,
    )


def _make(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
    content = _handled(organization, _said(told))
    fields = _whole(read_incident(content, severities=incident_library().severities, at=at))
    make_incident(organization=organization, fields=fields, by=told["by"], at=at)


def _changing(number: int) -> _Do:
    def do(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
        row = Incident.objects.get(organization=organization, number=number)
        content = incident_content(incident_fields(row)) | _handled(organization, told["set"])
        change_incident(
            organization=organization,
            number=number,
            fields=_whole(read_incident(content, severities=incident_library().severities, at=at)),
            seen=row.version,
            by=told["by"],
            at=at,
        )

    return do


def _entering(number: int) -> _Do:
    def do(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
        content = _said(told)
        proof = content.pop("proof", None)
        add_entry(
            organization=organization,
            number=number,
            fields=_whole(read_entry(content, at=at)),
            proof=Proof(proof["name"], proof_file(proof["name"], proof["text"])) if proof else None,
            by=told["by"],
            at=at,
        )

    return do


def _deciding(number: int) -> _Do:
    def do(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
        content = _said(told)
        duty = content.pop("duty")
        rows = IncidentDuty.objects.filter(incident__organization=organization)
        row = rows.filter(incident__number=number, duty=duty).first()
        decide_duty(
            organization=organization,
            number=number,
            duty=duty,
            fields=_whole(read_duty(content, at=at)),
            seen=row.version if row else 0,
            by=told["by"],
            at=at,
        )

    return do


def _dismissing(number: int) -> _Do:
    def do(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
        dismiss_duties(
            organization=organization,
            number=number,
            reason=told["reason"],
            by=told["by"],
            at=at,
        )

    return do


def _learning(number: int) -> _Do:
    def do(organization: Organization, told: Mapping[str, Any], at: datetime) -> None:
        content = {**_said(told), "owner": member(organization, told["owner"]).pk}
        make_lesson_task(
            organization=organization,
            number=number,
            fields=_whole(read_task(content, today=at.date())),
            by=told["by"],
            at=at,
        )

    return do
