"""What the forms on vendors ask."""

from collections.abc import Iterable

from reperform.accounts.models import Organization
from reperform.catalog.criteria import CATEGORIES
from reperform.program.models import SocReport
from reperform.program.queries import possible_owners
from reperform.program.vendors import Classification, DataEnd, Dpa, Method
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.reports import Opinion, ReportKind
from reperform.program.vendors.reviews import ConditionState, LookedAt, Outcome, ReviewKind
from reperform.web.asked import Asked, choices_of

NOT_DECIDED = ("", "not decided")


def _members(organization: Organization) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.pk), str(each.user)) for each in possible_owners(organization))


def _decided(choices: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return choices with the first, which is empty, in words."""
    return (NOT_DECIDED, *(each for each in choices if each[0]))


_DATA = (
    Asked(
        "classification",
        "Most sensitive data that it gets",
        "choice",
        choices=_decided(choices_of(Classification)),
        group="Data and access",
    ),
    Asked(
        "data",
        "Kinds of data",
        "lines",
        help="One a line: Invoices, names of recipients, logs.",
    ),
    Asked("countries", "Where the data is", "lines", help="Countries or regions, one a line."),
    Asked(
        "subprocessors",
        "Sub-processors",
        "lines",
        help="To whom it passes your data on, one a line.",
    ),
    Asked("has_access", "Reaches your systems", "flag"),
    Asked("access", "Which ones, and how", "text"),
)
_CONTRACT = (
    Asked(
        "started_on",
        "Started on",
        "day",
        group="Contract",
        help=(
            "First day on which it got data or was relied on. Its assessment must come "
            "before; if it does not, that stays visible."
        ),
    ),
    Asked("contract_on", "Contract since", "day"),
    Asked("renews_on", "Renews or ends on", "day"),
    Asked("notice_by", "Last day to give notice", "day"),
    Asked(
        "dpa",
        "Data processing agreement (DPA)",
        "choice",
        choices=_decided(choices_of(Dpa)),
        help="Needed when it processes personal data for you.",
    ),
    Asked("dpa_on", "DPA signed on", "day"),
    Asked("has_confidentiality", "Contract binds it to confidentiality", "flag"),
    Asked(
        "has_security_terms",
        "Contract names security duties",
        "flag",
        help="And within how many hours it must tell you of an incident.",
    ),
    Asked("note", "Note", "text"),
)


def asked_of_vendor(organization: Organization) -> tuple[Asked, ...]:
    """Return what is asked of a vendor."""
    return (*_asked_first(organization), *_DATA, *_CONTRACT)


def _asked_first(organization: Organization) -> tuple[Asked, ...]:
    classes = tuple((e.name, f"{e.name}: {e.means}") for e in vendor_policy().classes)
    owners = (("", "nobody yet"), *_members(organization))
    return (
        Asked(
            "name",
            "Name",
            is_needed=True,
            longest=200,
            help="As the scope and the description have it: they are compared by name.",
        ),
        Asked("service", "What it does for you", is_needed=True),
        Asked("website", "Website", help="Begins with https://"),
        Asked(
            "owner",
            "Owner",
            "choice",
            choices=owners,
            help="The member who answers for it: for its reviews, its contract and its end.",
        ),
        Asked(
            "criticality",
            "Criticality",
            "choice",
            choices=_decided(classes),
            group="What hangs on it",
            help="Decides how often it is reviewed, and whether an auditor's report is expected.",
        ),
        Asked(
            "is_subservice",
            "Subservice organization",
            "flag",
            help=(
                "Are its controls needed for your criteria to be met? Most vendors are none; the "
                "cloud host is one. The scope decides what the report says; this is held against "
                "it."
            ),
        ),
        Asked(
            "method",
            "Method",
            "choice",
            choices=_decided(choices_of(Method)),
            help=(
                "Of a subservice organization: carve-out leaves its controls out, inclusive tests"
                " them too."
            ),
        ),
    )


END = (
    Asked(
        "ended_on",
        "Last day",
        "day",
        is_needed=True,
        help="The last day on which you relied on it.",
    ),
    Asked("end_reason", "Why it ended", "text", is_needed=True),
    Asked(
        "data_end",
        "What became of your data",
        "choice",
        choices=(("", "not confirmed yet"), *choices_of(DataEnd)[1:]),
        help="As the vendor confirmed. Until somebody does, the end stays open.",
    ),
    Asked("data_end_on", "Confirmed on", "day"),
    Asked(
        "access_removed_on",
        "Last access removed on",
        "day",
        help="Accounts, keys and webhooks of the vendor in your systems.",
    ),
)
"""What is asked when a vendor ends."""


def asked_of_review(organization: Organization, reports: Iterable[SocReport]) -> tuple[Asked, ...]:
    """Return what is asked of a review."""
    read = tuple((str(e.number), f"{e}, {e.first} to {e.last}") for e in reports)
    outcomes = (("", "choose"), *choices_of(Outcome))
    return (
        Asked("kind", "Why it is reviewed", "choice", choices=choices_of(ReviewKind)),
        Asked("reviewed_on", "Reviewed on", "day", is_needed=True),
        Asked("reviewer", "Reviewer", "choice", choices=(("", "you"), *_members(organization))),
        Asked(
            "looked_at",
            "What was looked at",
            "choices",
            choices=choices_of(LookedAt),
            is_needed=True,
        ),
        Asked(
            "report",
            "SOC report that was read",
            "choice",
            choices=(("", "none"), *read),
            help="Take it in first, with its period, exceptions and CUECs.",
        ),
        Asked(
            "findings",
            "What was found",
            "text",
            is_needed=True,
            help="And why the outcome follows from it.",
        ),
        Asked("outcome", "Outcome", "choice", choices=outcomes, is_needed=True),
        Asked(
            "conditions",
            "Conditions",
            "lines",
            help=(
                "Of an outcome with conditions: one a line, its day first. 2026-10-01 Turn on "
                "single sign-on"
            ),
        ),
        Asked(
            "next_due",
            "Next review at the latest",
            "day",
            help="Empty: as the vendor's class says. A later day than that does not count.",
        ),
    )


CONDITION = (
    Asked("state", "What became of it", "choice", choices=choices_of(ConditionState)),
    Asked("settled_on", "On", "day", help="Empty: today."),
    Asked("reason", "How it was met, or why it is waived", "text"),
)
"""What is asked of a condition."""

REPORT = (
    Asked(
        "kind",
        "Kind",
        "choice",
        choices=choices_of(ReportKind),
        help="Only a SOC 2 says how controls meet the Trust Services Criteria.",
    ),
    Asked(
        "type",
        "Type",
        "choice",
        choices=(("2", "Type 2: over a period"), ("1", "Type 1: as of a date")),
    ),
    Asked("first", "First day", "day", help="Of a Type 1: leave it empty."),
    Asked("last", "Last day, or date of a Type 1", "day", is_needed=True),
    Asked("auditor", "Service auditor", longest=200, help="The firm that signed section I."),
    Asked("issued_on", "Date of the opinion", "day"),
    Asked(
        "opinion",
        "Opinion",
        "choice",
        choices=(("", "not read yet"), *choices_of(Opinion)[1:]),
        help="Unqualified means without reservation; all others need your conclusion.",
    ),
    Asked("conclusion", "What a modified opinion means for you", "text"),
    Asked(
        "notes_exceptions",
        "Section IV notes exceptions",
        "flag",
        help="Not decided until somebody read it; what it notes is written down afterwards.",
    ),
    Asked("categories", "Categories", "choices", choices=tuple((e, e) for e in CATEGORIES)),
    Asked(
        "subservices",
        "Their subservice organizations",
        "lines",
        help="Those that the report carves out, one a line: their controls are not tested in it.",
    ),
)
"""What is asked of a SOC report."""
BRIDGE = (
    Asked(
        "bridge_last",
        "Last day that the letter speaks of",
        "day",
        is_needed=True,
        help=(
            "A bridge letter is management's own word and not audited; customary are about three "
            "months."
        ),
    ),
    Asked("bridge_on", "Date of the letter", "day"),
)
"""What is asked of a bridge letter."""
