"""results.json: the examination as canonical JSON, the same bytes for the same evidence."""

from dataclasses import asdict
from typing import Any

from reperform.audit.examination import (
    CollectionFact,
    Examination,
    ExaminedControl,
    TableFact,
    Wording,
)
from reperform.base.canonical import canonical_json
from reperform.program.gap import CriterionGap
from reperform.testing.outcome import Gap

FORMAT = "reperform-results/1"


def results_json(examination: Examination) -> bytes:
    """Return the examination as canonical JSON (RFC 8785).

    It holds no time of computing, no duration and no version of a program, so that whoever
    computes it from the same evidence gets the same bytes.  See docs/spec/results.md.
    """
    return canonical_json(_record(examination))


def _record(examination: Examination) -> dict[str, Any]:
    scope = examination.scope
    return {
        "format": FORMAT,
        "scope": {
            "type": scope.type,
            "period": {"first": str(scope.period.first), "last": str(scope.period.last)},
            "categories": list(scope.categories),
        },
        "organization": examination.statement.organization or None,
        "system": examination.statement.system or None,
        "library_sha256": examination.catalog_digest,
        "observed_at": examination.observed_at.isoformat(),
        "collections": [_collection(fact) for fact in examination.collections],
        "tables": [_table(fact) for fact in examination.tables],
        "tests": [run.as_record() for run in examination.runs.values()],
        "controls": [_control(examined) for examined in examination.controls],
        "criteria": [_criterion(gap) for gap in examination.gaps],
        "description": [
            {
                "id": fact.criterion.id,
                "stated": fact.stated or None,
                "known": list(fact.known),
                "missing": fact.missing or None,
            }
            for fact in examination.description
        ],
        **_of_connections(examination),
    }


def _of_connections(examination: Examination) -> dict[str, Any]:
    """Return what only an examination of connections has; nothing where there is none of it."""
    found = {
        "lacking": [each.as_record() for each in examination.lacking],
        "populations": [each.as_record() for each in examination.populations],
        "reconciliations": [each.as_record() for each in examination.reconciliations],
        "waivers": [each.as_record() for each in examination.waivers],
    }
    return {name: rows for name, rows in found.items() if rows}


def _collection(fact: CollectionFact) -> dict[str, Any]:
    return asdict(fact) | {
        "started_at": fact.started_at.isoformat(),
        "ended_at": fact.ended_at.isoformat(),
    }


def _table(fact: TableFact) -> dict[str, Any]:
    return asdict(fact) | {"kind": fact.kind.value, "gaps": [_gap(gap) for gap in fact.gaps]}


def _gap(gap: Gap) -> dict[str, Any]:
    return {"first": str(gap.first), "last": str(gap.last), "reason": gap.reason}


def _control(examined: ExaminedControl) -> dict[str, Any]:
    readiness = examined.readiness
    return {
        "id": readiness.control.id,
        "title": readiness.control.title,
        "criteria": list(readiness.control.criteria),
        "designed": readiness.designed.value,
        "implemented": readiness.implemented.value,
        "evidenced": readiness.evidenced.value,
        "operated": readiness.operated.value,
        "reasons": list(readiness.reasons),
        "steps": list(readiness.steps),
        "tests": [run.procedure.id for run in examined.runs],
        "planned": [procedure.id for procedure in examined.planned],
        "unfed": [procedure.id for procedure in examined.unfed],
        **_wording(examined),
    }


def _wording(examined: ExaminedControl) -> dict[str, Any]:
    """Return whose words they are, when they are not the library's, and which tests fit them."""
    if examined.wording is Wording.LIBRARY:
        return {}
    said: dict[str, Any] = {"wording": examined.wording.value}
    return said | ({"confirmed": list(examined.fits.fits)} if examined.fits.fits else {})


def _criterion(gap: CriterionGap) -> dict[str, Any]:
    return {
        "id": gap.criterion.id,
        "category": gap.criterion.category,
        "status": gap.status.value,
        "reason": gap.reason,
        "designed": gap.designed.value,
        "implemented": gap.implemented.value,
        "evidenced": gap.evidenced.value,
        "operated": gap.operated.value,
        "controls": list(gap.controls),
        "missing_points": [point.id for point in gap.missing_points],
        "steps": list(gap.steps),
    }
