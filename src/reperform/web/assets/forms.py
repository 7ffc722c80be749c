"""What the forms of assets and data flows ask."""

from dataclasses import replace

from reperform.accounts.models import Organization
from reperform.program.assets import (
    Classification,
    Criticality,
    Disposal,
    Environment,
    Kind,
    reference,
)
from reperform.program.queries import possible_owners
from reperform.program.queries.assets import assets_in_use
from reperform.web.asked import Asked, choices_of

_UNDECIDED = (("", "not decided"),)


def _decided(kind: type[Environment | Classification | Criticality]) -> tuple[tuple[str, str], ...]:
    return (*_UNDECIDED, *((each.value, each.value) for each in kind if each.value))


ASSET: tuple[Asked, ...] = (
    Asked("name", "Name", help="As people call it, once in the inventory.", is_needed=True),
    Asked("kind", "Kind", "choice", choices=choices_of(Kind)),
    Asked("purpose", "What it does", "text", "In a sentence or two.", longest=2_000),
    Asked("owner", "Owner", "choice", "Who answers for it: a member, by name."),
    Asked(
        "environment",
        "Environment",
        "choice",
        "Where it is. The boundary diagram groups by it.",
        choices=_decided(Environment),
    ),
    Asked(
        "vendor",
        "Vendor",
        help="Who operates it, as your list of vendors names them. Empty: you do.",
        longest=200,
    ),
    Asked("since", "In use since", "day", "Its first day. Empty when nobody knows."),
    Asked(
        "classification",
        "Data it holds",
        "choice",
        "The highest class of data in it. “No data” is a decision; “not decided” is a gap.",
        choices=_decided(Classification),
        group="What it means",
    ),
    Asked(
        "criticality",
        "Criticality",
        "choice",
        "What it means for your service when it fails.",
        choices=_decided(Criticality),
    ),
    Asked(
        "in_boundary",
        "In the system's boundary",
        "flag",
        "Whether it belongs to the system that the auditor examines. The auditor decides with you.",
    ),
    Asked("internet_facing", "Internet-facing", "flag", "It can be reached from the internet."),
    Asked(
        "has_accounts",
        "People have accounts in it",
        "flag",
        "Then who has access to it is reviewed.",
        group="Access to it",
    ),
    Asked(
        "review_months",
        "Months between reviews of access",
        "number",
        "At most so many, 1 to 24; 3 is usual for what matters. Only where people have accounts.",
    ),
)

FLOW: tuple[Asked, ...] = (
    Asked("data", "Data", help="Which data, in a few words.", is_needed=True),
    Asked("source", "From the asset", "choice", "Choose one, or name an outside party below."),
    Asked(
        "source_party",
        "Or from an outside party",
        help="Customers, a vendor, a subservice organization: by the name that the scope uses.",
        longest=200,
    ),
    Asked("target", "To the asset", "choice", "Choose one, or name an outside party below."),
    Asked("target_party", "Or to an outside party", longest=200),
    Asked("classification", "Class of the data", "choice", choices=_decided(Classification)),
    Asked("protocol", "Protocol", help="As HTTPS, PostgreSQL, SFTP.", longest=100),
    Asked(
        "encrypted",
        "Encrypted on its way",
        "flag",
        "“Not decided” is drawn as not known, and marked like a flow that is not encrypted.",
    ),
    Asked("note", "More about it", "text", longest=2_000),
)

END: tuple[Asked, ...] = (
    Asked("on", "Last day", "day", is_needed=True),
    Asked("reason", "Reason", "text", "Why it ended.", is_needed=True, longest=2_000),
)

RETIREMENT: tuple[Asked, ...] = (
    Asked("on", "Last day", "day", "On which it went out of use.", is_needed=True),
    Asked("reason", "Reason", "text", "Why, and what replaces it.", is_needed=True, longest=2_000),
    Asked(
        "disposal",
        "What became of data and media",
        "choice",
        "Cleared, purged and destroyed as NIST SP 800-88 has them. It can be said later; until"
        " then it is a gap of CC6.5.",
        choices=(("", "not said"), *((each.value, each.value) for each in Disposal if each.value)),
    ),
    Asked(
        "note",
        "Record of the disposal",
        "text",
        "Serial numbers, the certificate's number, who did it and who saw it.",
        longest=2_000,
    ),
)


def asset_form(organization: Organization) -> tuple[Asked, ...]:
    """Return what is asked of an asset, with the members who may own it."""
    owners = tuple((str(each.pk), str(each.user)) for each in possible_owners(organization))
    return tuple(
        replace(each, choices=(("", "nobody yet"), *owners)) if each.name == "owner" else each
        for each in ASSET
    )


def flow_form(organization: Organization) -> tuple[Asked, ...]:
    """Return what is asked of a data flow, with the assets in use."""
    found = tuple(
        (str(each.number), f"{each.name} ({reference(each.number)})")
        for each in assets_in_use(organization)
    )
    return tuple(
        replace(each, choices=(("", "none"), *found)) if each.name in ("source", "target") else each
        for each in FLOW
    )
