"""Keeping an examination that was run."""

import json
import shutil
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.audit.models import ExaminationRecord, OutcomeRecord
from reperform.audit.outline import outline_of
from reperform.audit.outputs import OUTPUTS
from reperform.base.canonical import sha256_hex
from reperform.base.refusal import RefusalError
from reperform.evidence.blobs import sha256_of
from reperform.evidence.models import Job
from reperform.ledger.actions import record as record_entry
from reperform.ledger.home import home
from reperform.program.queries import current_scope


class ExaminationRefusedError(RefusalError):
    """A folder does not hold what a quickstart writes."""

    slug = "examination-refused"


@transaction.atomic
def keep_examination(
    *, organization: Organization, folder: Path, job: Job | None = None, by: str, at: datetime
) -> ExaminationRecord:
    """Copy the outputs of an examination into the installation, and record their digests.

    The version of the scope that stands is pinned with it, and so is the library's digest that the
    results name: neither can change under an examination afterwards.

    Args:
        organization: whose.
        folder: holds the outputs.
        job: that it came of; None for one that was run at a terminal.
        by: who asked for it.
        at: when.

    Raises:
        ExaminationRefusedError: an output is missing, or results.json says something else.
    """
    results = _results(folder)
    Organization.objects.select_for_update().get(pk=organization.pk)
    latest = ExaminationRecord.objects.filter(organization=organization).order_by("-number")
    number = 1 + (latest.values_list("number", flat=True).first() or 0)
    name = f"{organization.log}-{number}"
    kept = home() / "examinations" / name
    shutil.rmtree(kept, ignore_errors=True)  # of an attempt whose record was never made
    kept.mkdir(parents=True)
    for output in OUTPUTS:
        shutil.copyfile(folder / output, kept / output)
    scope_number = current_scope(organization).number
    digests = {output: sha256_of(kept / output) for output in OUTPUTS}
    period = results["scope"]["period"]
    examination = ExaminationRecord.objects.create(
        organization=organization,
        number=number,
        type=results["scope"]["type"],
        first_day=date.fromisoformat(period["first"]),
        last_day=date.fromisoformat(period["last"]),
        results=results,
        summary=_summary(results),
        outline=outline_of(results),
        scope_number=scope_number,
        results_sha256=digests["results.json"],
        bundle_sha256=digests["bundle.zip"],
        folder=name,
        job=job,
        by=by,
        at=at,
    )
    OutcomeRecord.objects.bulk_create(_outcome(examination, test) for test in results["tests"])
    asked = {"job": job.number} if job else {}
    record_entry(
        log=organization.log,
        act="examination.kept",
        by=by,
        at=at,
        subject=f"examination {number}",
        after={
            **digests,
            "scope": scope_number,
            "library": results.get("library_sha256"),
            **asked,
        },
    )
    return examination


def _outcome(examination: ExaminationRecord, test: dict[str, Any]) -> OutcomeRecord:
    return OutcomeRecord(
        organization=examination.organization,
        examination=examination,
        test=test["id"],
        control=test["control"],
        conclusion=test["conclusion"],
        population=test.get("population", 0),
        deviations=test.get("deviations", 0),
        unable=test.get("unable", 0),
        reason=test.get("reason") or "",
        procedure_sha256=test.get("sha256", ""),
        first_day=examination.first_day,
        last_day=examination.last_day,
        at=examination.at,
        by=examination.by,
    )


@transaction.atomic
def keep_outcome(*, job: Job, record: dict[str, Any], by: str, at: datetime) -> OutcomeRecord:
    """Keep what one test of a control said that a job ran alone, and record what it rests on.

    Args:
        job: of the kind `test`; it has led to none yet.
        record: as `audit.alone` makes it.
        by: who asked for it.
        at: when.
    """
    period = record["period"]
    outcome = OutcomeRecord.objects.create(
        organization=job.organization,
        job=job,
        test=record["id"],
        control=record["control"],
        conclusion=record["conclusion"],
        population=record["population"],
        deviations=record["deviations"],
        unable=record["unable"],
        reason=record["reason"],
        procedure_sha256=record["sha256"],
        first_day=date.fromisoformat(period["first"]),
        last_day=date.fromisoformat(period["last"]),
        at=at,
        by=by,
        record=record,
    )
    named = ("conclusion", "population", "deviations", "unable", "period", "inputs", "collections")
    digests = ("sha256", "items_sha256", "library_sha256", "engine")
    record_entry(
        log=job.organization.log,
        act="test.run",
        by=by,
        at=at,
        subject=job.subject,
        after={"job": job.number} | {name: record[name] for name in (*named, *digests)},
    )
    return outcome


def _results(folder: Path) -> dict[str, Any]:
    missing = [name for name in OUTPUTS if not (folder / name).is_file()]
    if missing:
        raise _refused(folder, f"{', '.join(missing)} is missing")
    raw = (folder / "results.json").read_bytes()
    try:
        results = json.loads(raw)
        days = [date.fromisoformat(results["scope"]["period"][day]) for day in ("first", "last")]
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(folder, f"results.json ({sha256_hex(raw)[:12]}) is not one") from error
    if days[1] < days[0] or results["scope"].get("type") not in (1, 2):
        raise _refused(folder, "results.json names no type and period")
    lists = ("tests", "criteria", "collections", "controls")
    if not all(isinstance(results.get(name), list) for name in lists):
        raise _refused(folder, f"results.json lacks one of {', '.join(lists)}")
    return dict(results)


def _summary(results: dict[str, Any]) -> dict[str, Any]:
    return {
        "tests": Counter(test["conclusion"] for test in results["tests"]),
        "criteria": Counter(criterion["status"] for criterion in results["criteria"]),
        "collections": Counter(collection["outcome"] for collection in results["collections"]),
        "controls": len(results["controls"]),
        "without_evidence": sum(
            control["evidenced"] in ("no", "unknown") for control in results["controls"]
        ),
    }


def _refused(folder: Path, what: str) -> ExaminationRefusedError:
    return ExaminationRefusedError(
        f"the examination in {folder} was not kept: {what}",
        why="Results without the evidence that they rest on could not be re-performed.",
        todo="name the folder that reperform quickstart wrote",
    )
