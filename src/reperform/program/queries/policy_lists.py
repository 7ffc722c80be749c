"""Policies and acceptances as rows of a file."""

from datetime import date

from reperform.accounts.models import Organization
from reperform.program.models import Policy
from reperform.program.queries.policies import policies_like, standing_of
from reperform.program.queries.policy_acceptances import accepting, counts

Row = tuple[str | int | date | None, ...]


def listed_policies(organization: Organization, day: date, *, only_in_force: bool) -> list[Row]:
    """Return a row for each policy that is not retired; with counts, unless only those in force."""
    rows = list(policies_like(organization, day, state="in force" if only_in_force else ""))
    counted = {} if only_in_force else counts(rows, day)
    found: list[Row] = []
    for row in rows:
        standing, count = standing_of(row, day), counted.get(row.key)
        found.append(
            (
                row.key,
                row.title,
                standing.state.value,
                standing.in_force,
                standing.effective_on,
                str(row.owner.user) if row.owner else "nobody",
                row.review_due,
                "yes" if standing.is_overdue else "no",
                count.asked if count else None,
                count.accepted if count else None,
                count.late if count else None,
            )
        )
    return found


def listed_acceptances(policy: Policy, day: date) -> list[Row]:
    """Return a row for each person whom the policy in force asks."""
    found: list[Row] = []
    for each in accepting(policy, day):
        made = each.acceptance
        found.append(
            (
                each.who.person.name,
                each.who.person.email,
                each.who.position,
                each.who.department,
                each.who.kind,
                each.state.value,
                each.due_on,
                made.on if made else None,
                made.version.number if made else None,
                made.sha256 if made else "",
                made.by if made else "",
                made.proof.name if made and made.proof else "",
                "" if each.has_account else "cannot accept here: no account",
            )
        )
    return found
