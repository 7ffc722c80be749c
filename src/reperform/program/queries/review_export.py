"""A whole review of access, as it goes out to an auditor."""

from reperform.program.access_reviews import reference
from reperform.program.access_reviews.export import ExportedLine, ExportedList, ExportedReview
from reperform.program.models import AccessReview, AccountDecision, ReviewedSystem
from reperform.program.queries.access_reviews import TO_CARRY_OUT, Line, line_of, lines_of


def exported_review(review: AccessReview) -> ExportedReview:
    """Return everything that a review says, system by system."""
    systems = ReviewedSystem.objects.filter(review=review).select_related(
        "asset", "reviewer__user", "list__file", "review"
    )
    lists, lines = [], []
    for system in systems.order_by("asset__name"):
        lists.append(_list(system))
        lines += [_line(system, each) for each in lines_of(system)]
    return ExportedReview(
        reference=reference(review.number),
        title=review.title,
        owner=str(review.owner.user),
        due_on=review.due_on,
        finished_on=review.finished_on,
        finished_by=review.finished_by,
        reopened_because=review.reopened_because,
        lists=tuple(lists),
        lines=tuple(lines),
    )


def _list(system: ReviewedSystem) -> ExportedList:
    found, reviewer = system.list, str(system.reviewer.user)
    if found is None:
        return ExportedList(system.asset.name, reviewer)
    return ExportedList(
        system=system.asset.name,
        reviewer=reviewer,
        file=found.file.name,
        sha256=found.file.sha256,
        form=found.form,
        source=found.source,
        query=found.query,
        taken_at=found.taken_at,
        taken_by=found.taken_by,
        is_whole=found.is_whole,
        rows=found.rows,
    )


def _line(system: ReviewedSystem, line: Line) -> ExportedLine:
    there = line.decision
    became, shown_by = _became(there)
    return ExportedLine(
        system=system.asset.name,
        account=line_of(line.account),
        person=line.account.person.name if line.account.person else "",
        matched_by=line.account.matched_by,
        marks=tuple(each.value for each in line.flags),
        decision=there.decision if there else "",
        change_to=there.change_to if there else "",
        reason=there.reason if there else "",
        by=there.by if there else "",
        at=there.at if there else None,
        due_on=there.due_on if there else None,
        became=became,
        shown_by=shown_by,
    )


def _became(decision: AccountDecision | None) -> tuple[str, str]:
    if decision is None or decision.decision not in TO_CARRY_OUT:
        return "", ""
    if decision.settled_in:
        return decision.settled_as, decision.settled_in.file.sha256
    if decision.seen_in:
        return "still there", decision.seen_in.file.sha256
    return "not known: no later list", ""
