"""A review of access -> a workbook for the auditor: lists with digests, accounts, decisions."""

from datetime import datetime

from reperform.program.access_reviews.export import ExportedLine, ExportedReview
from reperform.report.asset_sheets import decided
from reperform.report.sheets import Sheet, SheetColumn, Value, render_xlsx

_NOT_KNOWN = "not known"


def review_workbook(review: ExportedReview, *, at: datetime, is_example: bool) -> bytes:
    """Return the review as XLSX with three sheets."""
    sheets = [_facts(review, at), _lists(review), _accounts(review)]
    return render_xlsx(
        sheets, title=f"{review.reference} {review.title}", at=at, is_example=is_example
    )


def _facts(review: ExportedReview, at: datetime) -> Sheet:
    rows: tuple[tuple[Value, ...], ...] = (
        ("Review", f"{review.reference} {review.title}"),
        ("Run by", review.owner),
        ("Due", review.due_on),
        ("Finished on", review.finished_on),
        ("Signed off by", review.finished_by),
        ("Reopened because", review.reopened_because),
        ("Accounts", len(review.lines)),
        ("Decided", sum(each.decision not in ("", "not mine") for each in review.lines)),
        ("Taken out on", at.date()),
    )
    return Sheet("Review", (SheetColumn("Fact", 24), SheetColumn("Value", 60)), rows)


def _lists(review: ExportedReview) -> Sheet:
    titles = (
        *(("System", 26), ("Reviewer", 24), ("File", 28), ("SHA-256", 66), ("Form", 10)),
        *(("Source", 30), ("Query", 44), ("Taken at (UTC)", 18), ("Taken by", 22)),
        *(("Has every account", 12), ("Rows", 8)),
    )
    rows = tuple(
        (
            each.system,
            each.reviewer,
            each.file or "no list",
            each.sha256,
            each.form,
            each.source,
            each.query,
            f"{each.taken_at:%Y-%m-%d %H:%M}" if each.taken_at else None,
            each.taken_by,
            decided(each.is_whole, _NOT_KNOWN) if each.file else None,
            each.rows,
        )
        for each in review.lists
    )
    return Sheet("Lists", tuple(SheetColumn(*each) for each in titles), rows)


def _accounts(review: ExportedReview) -> Sheet:
    titles = (
        *(("System", 26), ("Row", 6), ("Account", 30), ("Name", 24), ("E-mail", 30)),
        *(("Access", 34), ("Privileged", 11), ("Enabled", 11), ("Last used", 12)),
        *(("Person", 24), ("Matched by", 11), ("Marks", 26), ("Decision", 10)),
        *(("Change to", 26), ("Reason", 34), ("Decided by", 28), ("Decided at (UTC)", 17)),
        *(("To be done by", 12), ("What became of it", 18), ("Shown by list (SHA-256)", 66)),
    )
    rows = tuple(_account(each) for each in review.lines)
    return Sheet("Accounts", tuple(SheetColumn(*each) for each in titles), rows)


def _account(line: ExportedLine) -> tuple[Value, ...]:
    said = line.account
    used: Value = "never" if said.never_used else said.last_used
    return (
        line.system,
        said.row,
        said.key,
        said.name,
        said.email,
        said.access,
        decided(said.privileged, _NOT_KNOWN),
        decided(said.enabled, _NOT_KNOWN),
        used or _NOT_KNOWN,
        line.person or "not matched",
        line.matched_by,
        ", ".join(line.marks),
        line.decision,
        line.change_to,
        line.reason,
        line.by,
        f"{line.at:%Y-%m-%d %H:%M}" if line.at else None,
        line.due_on,
        line.became,
        line.shown_by,
    )
