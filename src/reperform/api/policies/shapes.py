"""Shapes of what the operations on policies take and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from reperform.program.models import Policy, PolicyAcceptance, PolicyVersion
from reperform.program.policies import policy_content, text_content
from reperform.program.policies.life import Counts
from reperform.program.queries.policies import Standing, policy_fields, step_of, version_text
from reperform.program.queries.policy_acceptances import Accepting

Seen = Field(ge=0, le=1_000_000_000)


class CountsOut(Schema):
    """Of the people whom a policy in force asks: how many accepted it, and how many are late."""

    asked: int
    accepted: int
    late: int


class PolicyOut(Schema):
    """A policy: `content` has its fields; `owner` in it is a member's number.

    `newest` and `step` are of the newest version, which need not be in force; null and empty where
    the token may not see drafts.  `counts` is null where nobody is asked or it may not be seen.
    """

    id: str
    version: int
    content: dict[str, Any]
    state: str
    in_force: int | None
    effective_on: date | None
    review_due: date | None
    is_overdue: bool
    newest: int | None
    step: str
    retired_on: date | None
    retired_because: str
    counts: CountsOut | None

    @staticmethod
    def of(standing: Standing, counts: Counts | None, *, drafts: bool) -> "PolicyOut":
        """Return a policy as an answer."""
        row = standing.policy
        return PolicyOut(
            id=row.key,
            version=row.version,
            content=policy_content(policy_fields(row)),
            state=standing.state.value,
            in_force=standing.in_force,
            effective_on=standing.effective_on,
            review_due=row.review_due,
            is_overdue=standing.is_overdue,
            newest=standing.newest if drafts else None,
            step=standing.step.value if drafts else "",
            retired_on=row.retired_on,
            retired_because=row.retired_because,
            counts=CountsOut(asked=counts.asked, accepted=counts.accepted, late=counts.late)
            if counts
            else None,
        )


class VersionOut(Schema):
    """One version: `content` has its text with placeholders, `filled` the text that people read."""

    policy: str
    number: int
    step: str
    content: dict[str, Any]
    filled: str
    unfilled: list[str]
    sha256: str
    written_by: str
    written_at: datetime
    submitted_by: str
    returned_because: str
    approved_by: str
    approved_at: datetime | None
    effective_on: date | None
    asks_from: int | None
    minor_because: str

    @staticmethod
    def of(policy: Policy, row: PolicyVersion) -> "VersionOut":
        """Return a version as an answer."""
        text = version_text(row)
        return VersionOut(
            policy=policy.key,
            number=row.number,
            step=step_of(row).value,
            content=text_content(text),
            filled=text.filled,
            unfilled=list(text.unfilled),
            sha256=row.sha256,
            written_by=row.written_by,
            written_at=row.written_at,
            submitted_by=row.submitted_by,
            returned_because=row.returned_because,
            approved_by=row.approved_by,
            approved_at=row.approved_at,
            effective_on=row.effective_on,
            asks_from=row.asks_from,
            minor_because=row.minor_because,
        )


class AcceptanceOut(Schema):
    """What a person accepted, when, and by whom it was recorded; `proof` is a file's number."""

    policy: str
    version: int
    person: int
    on: date
    sha256: str
    by: str
    proof: int | None

    @staticmethod
    def of(policy: Policy, row: PolicyAcceptance) -> "AcceptanceOut":
        """Return an acceptance as an answer."""
        return AcceptanceOut(
            policy=policy.key,
            version=row.version.number,
            person=row.person.number,
            on=row.on,
            sha256=row.sha256,
            by=row.by,
            proof=row.proof.number if row.proof else None,
        )


class AcceptingOut(Schema):
    """Somebody whom a policy asks; `accepted_on` and `version` are null while they have not."""

    person: int
    name: str
    state: str
    due_on: date
    has_account: bool
    accepted_on: date | None
    version: int | None
    sha256: str

    @staticmethod
    def of(each: Accepting) -> "AcceptingOut":
        """Return somebody as an answer."""
        made = each.acceptance
        return AcceptingOut(
            person=each.who.person.number,
            name=each.who.person.name,
            state=each.state.value,
            due_on=each.due_on,
            has_account=each.has_account,
            accepted_on=made.on if made else None,
            version=made.version.number if made else None,
            sha256=made.sha256 if made else "",
        )


class PolicyIn(Schema):
    """A policy with its first text.

    With `template`, the text is the library's, and `text` may give `values` for its placeholders;
    `content` then needs nothing.
    """

    id: str
    template: str = ""
    content: dict[str, Any] = Field(default_factory=dict)
    text: dict[str, Any] = Field(default_factory=dict)


class ContentIn(Schema):
    """The whole fields or text anew; `seen` is the version that it changes."""

    content: dict[str, Any]
    seen: int = Seen


class SeenIn(Schema):
    """The version that was read: of the text's newest, or of the one in force."""

    seen: int = Seen


class PolicyReasonIn(SeenIn):
    """As `SeenIn`, with the reason or what was looked at."""

    reason: str


class ApprovalIn(SeenIn):
    """How a version is approved; today when no day is said.

    `minor_because` says why it is a minor correction that nobody must accept again.
    """

    effective_on: str = ""
    minor_because: str = ""


class RetirementIn(PolicyReasonIn):
    """From which day a policy is not in force any more, and why; today when no day is said."""

    on: str = ""
