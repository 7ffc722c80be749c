"""Bringing evidence by hand, and withdrawing it."""

from datetime import date, datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.canonical import sha256_hex
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.visible import file_name
from reperform.evidence.manual import (
    SLUG,
    ManualEvidenceRefusedError,
    ManualFields,
    manual_content,
    picture_problems,
)
from reperform.evidence.models import ManualEvidence
from reperform.evidence.sources import TABLES
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file, keep_file
from reperform.program.actions.rows import lock, next_number, refuse_stale
from reperform.program.files import judge_file
from reperform.program.models import AdoptedControl

READABLE_WITH = "evidence.view"


@transaction.atomic
def bring_evidence(
    *,
    organization: Organization,
    fields: ManualFields,
    name: str,
    content: bytes,
    by: str,
    at: datetime,
) -> ManualEvidence:
    """Keep a file as evidence, byte for byte, durable before this returns.

    Args:
        organization: whose evidence it is.
        fields: what is said of it.
        name: of the file, as whoever brings it knows it.
        content: the whole file.
        by: who brings it.
        at: when.

    Raises:
        UploadRefusedError: the file is none that serves as proof.
        ManualEvidenceRefusedError: it is of a control or table that is not there, a picture does
            not say what it shows and when, or the same file is kept for the same already.
    """
    lock(organization)
    shown = file_name(name)
    problems = picture_problems(fields, judge_file(content, name=shown).kind)
    problems += _unknown(organization, fields)
    problems += _repeated(organization, fields, content)
    if problems:
        raise ManualEvidenceRefusedError(problems)
    file = keep_file(
        organization=organization,
        name=shown,
        content=content,
        readable_with=READABLE_WITH,
        by=by,
        at=at,
    )
    said = {each: getattr(fields, each) for each in ManualFields.__slots__}
    row = ManualEvidence.objects.create(
        organization=organization,
        number=next_number(ManualEvidence, organization),
        file=file,
        brought_by=by,
        brought_at=at,
        changed_by=by,
        changed_at=at,
        **said,
    )
    record(
        log=organization.log,
        act="evidence.brought",
        by=by,
        at=at,
        subject=f"evidence {row.number}",
        after=manual_content(fields) | describe_file(file),
    )
    return row


@transaction.atomic
def withdraw_evidence(
    *,
    organization: Organization,
    number: int,
    reason: str,
    seen: int,
    on: date,
    by: str,
    at: datetime,
) -> ManualEvidence:
    """Let evidence count no more: the file stays, and so does what was said of it.

    Args:
        organization: whose evidence it is.
        number: of the evidence, which exists.
        reason: why; not empty.
        seen: the version that is withdrawn.
        on: the day.
        by: who withdraws it.
        at: when.

    Raises:
        StaleVersionError: somebody withdrew it in the meantime.
        ManualEvidenceRefusedError: there is no reason that can be read, or it is withdrawn.
    """
    lock(organization)
    row = ManualEvidence.objects.get(organization=organization, number=number)
    refuse_stale(row, f"evidence {number}", seen=seen)
    reader = Reader({"reason": reason}, SLUG)
    said = reader.text("reason", needed="say why it counts no more")
    if row.withdrawn_on:
        reader.problem("reason", f"comes too late: EV-{number} is withdrawn", "bring another file")
    if reader.problems:
        raise ManualEvidenceRefusedError(reader.problems)
    row.withdrawn_on, row.withdrawn_reason = on, said
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
    record(
        log=organization.log,
        act="evidence.withdrawn",
        by=by,
        at=at,
        subject=f"evidence {number}",
        before={"withdrawn_on": None},
        after={"withdrawn_on": on.isoformat(), "reason": said},
    )
    return row


def _unknown(organization: Organization, fields: ManualFields) -> list[Problem]:
    """Return what it says it is of, and is not there."""
    found = []
    controls = AdoptedControl.objects.filter(organization=organization, code=fields.control)
    if fields.control and not controls.exists():
        todo = "take the code of a control that is adopted, such as AC-01"
        found.append(Problem("control", "is no adopted control", todo, SLUG))
    if fields.table and fields.table not in TABLES:
        todo = "take a name from docs/reference/tables.md, such as population.people"
        found.append(Problem("table", "is no table", todo, SLUG))
    return found


def _repeated(organization: Organization, fields: ManualFields, content: bytes) -> list[Problem]:
    """Return the same file for the same thing, kept already and not withdrawn."""
    same = ManualEvidence.objects.filter(
        organization=organization,
        withdrawn_on=None,
        file__sha256=sha256_hex(content),
        control=fields.control,
        table=fields.table,
        request=fields.request,
    ).first()
    if same is None:
        return []
    what = f"is kept for the same already, as EV-{same.number}"
    return [Problem("file", what, "open that one; withdraw it first if it was wrong", SLUG)]
