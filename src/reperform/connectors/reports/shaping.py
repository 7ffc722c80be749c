"""Rows of what reports say."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import row, said
from reperform.connectors.reports import tables
from reperform.connectors.reports.following import Followed, Seen, follow
from reperform.connectors.reports.found import (
    CODE,
    DISMISSED,
    FIXED,
    NOT_KNOWN,
    OPEN,
    VULNERABILITY,
    Component,
    Exploited,
    Finding,
    Statement,
)
from reperform.connectors.reports.joined import Joined, day
from reperform.connectors.reports.reading import FILE, Told, at_utc, facts_of, told
from reperform.connectors.reports.severity import severity

_POPULATION = (VULNERABILITY, CODE)
_COUNTED = (OPEN, FIXED, DISMISSED, NOT_KNOWN)
"""A check that passed, or does not apply, is no vulnerability."""


def scans(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of scanner reports, VEX documents and the catalog."""
    found = told(answers)
    followed, joined = follow(found, Finding), Joined(found)
    yield from _files(tables.SCANNED.name, found, followed)
    for seen in followed.seen:
        yield from _finding(seen, joined)
    for each in found:
        yield from _stated(each)


def bills(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the rows of bills of materials."""
    found = told(answers)
    followed = follow(found, Component)
    yield from _files(tables.BILLED.name, found, followed)
    for seen in followed.seen:
        yield _component(seen)


def _files(table: str, found: Sequence[Told], followed: Followed) -> Iterator[Row]:
    for at, each in enumerate(found):
        report = each.report
        repeated = followed.repeated.get(at, 0)
        notes = [*report.notes, *report.lacks]
        if repeated:
            notes.append(f"{repeated:,} of {len(report.items):,} are said twice: counted once")
        yield row(
            table,
            each.kept,
            0,
            file=said(each.file),
            format=report.format,
            format_version=said(report.version),
            tool=said(report.tool),
            tool_version=said(report.tool_version),
            target=said(report.target),
            made_at=each.made_at,
            is_newest=at in followed.newest,
            items=len(report.items),
            repeated=repeated,
            note=said("; ".join(notes)),
        )


def _system(each: Told) -> str | None:
    return said(
        " ".join(filter(None, (each.report.tool or each.report.format, each.report.target)))
    )


def _finding(seen: Seen, joined: Joined) -> Iterator[Row]:
    item: Finding = seen.item
    report, each = seen.told.report, seen.told
    status, reason = item.status, item.reason
    if seen.gone and status in (OPEN, NOT_KNOWN):
        status, reason = FIXED, f"{seen.gone.file} of {seen.gone.made_at} does not name it any more"
    common: dict[str, Any] = {
        "system": _system(each),
        "observed_at": each.made_at,
        "finding_uid": said(item.uid),
        "title": said(item.title),
        "severity": severity(report.format, item),
        "status": None if status == NOT_KNOWN else status,
        "resource": said(item.resource or report.target),
        "package": said(item.package),
        "version": said(item.version),
        "fixed_in": said(item.fixed_in),
        "found_at": at_utc(item.found_at) or seen.first_at,
    }
    yield row(
        tables.FINDINGS.name,
        each.kept,
        0,
        **common,
        file=said(each.file),
        place=item.place,
        kind=item.kind,
        rule=said(item.rule),
        severity_said=said(item.severity),
        score=None if item.score is None else f"{item.score:g}",
        status_said=said(item.status_said),
        reason=said(reason),
        cves=said(",".join(item.cves)),
        purl=said(item.purl),
        is_current=seen.gone is None,
        **joined.columns(item, report.target),
    )
    if item.kind not in _POPULATION or status not in _COUNTED:
        return
    for cve in item.cves or (None,):
        yield row(
            tables.VULNERABILITIES.name,
            each.kept,
            0,
            **common | {"finding_uid": said(item.uid or item.rule)},
            cve=cve,
            closed_at=seen.gone.made_at if seen.gone and status == FIXED else None,
            closed_reason=said(reason) if status in (FIXED, DISMISSED) else None,
        )


def _stated(each: Told) -> Iterator[Row]:
    for item in each.report.items:
        if isinstance(item, Statement):
            yield row(
                tables.STATEMENTS.name,
                each.kept,
                0,
                file=said(each.file),
                place=item.place,
                author=said(each.report.tool),
                cves=said(",".join(item.cves)),
                products=said(",".join(item.products)),
                status=said(item.status),
                status_said=said(item.status_said),
                justification=said(item.justification),
                detail=said(item.detail),
                stated_at=at_utc(item.stated_at),
            )
        elif isinstance(item, Exploited):
            yield row(
                tables.EXPLOITED.name,
                each.kept,
                0,
                file=said(each.file),
                cve=said(item.cve),
                name=said(item.name),
                added_on=day(item.added_on),
                due_on=day(item.due_on),
                is_ransomware=item.is_ransomware,
            )


def _component(seen: Seen) -> Row:
    item: Component = seen.item
    each = seen.told
    return row(
        tables.COMPONENTS.name,
        each.kept,
        0,
        system=_system(each),
        observed_at=each.made_at,
        file=said(each.file),
        place=item.place,
        name=said(item.name),
        version=said(item.version),
        kind=said(item.kind),
        purl=said(item.purl),
        cpe=said(item.cpe),
        supplier=said(item.supplier),
        licenses=said(",".join(item.licenses)),
        hashes=said(",".join(item.hashes)),
        is_current=seen.gone is None,
    )


def cover(answers: Sequence[Kept], kind: type[Finding] | type[Component]) -> Cover:
    """Return the day that the newest reports vouch for, and what lacks of it.

    Args:
        answers: what was kept.
        kind: whether of findings or of components.
    """
    facts, found = facts_of(answers), told(answers)
    spoken = [each for each in found if _speaks(each, kind)]
    followed = follow(found, kind)
    newest = [each for at, each in enumerate(found) if at in followed.newest and each in spoken]
    missing = [
        f"{answer.name.removeprefix(FILE)} {answer.refused}" for answer in answers if answer.refused
    ]
    missing += [f"{each.file}: {note}" for each in newest for note in each.report.lacks]
    days = [date.fromisoformat(each.made_at[:10]) for each in newest if each.made_at]
    undated = sorted({each.file for each in newest if each.made_at is None})
    if undated:
        missing.append(f"{', '.join(undated)}: nothing says when it was made")
    if not days:
        return Cover(None, None, "; ".join(missing) or "no report of that kind is there")
    last = max(days)
    oldest = last - timedelta(days=facts.apart)
    missing += [
        f"{each.file}: the newest report of {each.report.target or each.file} is of {made}"
        for each in newest
        if each.made_at and (made := date.fromisoformat(each.made_at[:10])) < oldest
    ]
    return Cover(last, last, "; ".join(missing)[:2_000], is_whole=not missing)


def _speaks(each: Told, kind: type[Finding] | type[Component]) -> bool:
    """Return whether a report says something of findings, or of components, even none."""
    if each.report.format in ("KEV", "OpenVEX"):
        return False
    is_bill = each.report.format in ("CycloneDX", "SPDX")
    if kind is Component:
        return is_bill
    return not is_bill or any(isinstance(item, Finding) for item in each.report.items)
