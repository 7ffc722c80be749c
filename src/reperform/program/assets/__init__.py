"""Assets as values: what the inventory says of each, how it is read, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "asset-field"
MOST_MONTHS = 24
PREFIX = "AST"


class Kind(StrEnum):
    """What an asset is."""

    APPLICATION = "application"
    INFRASTRUCTURE = "infrastructure"
    DATABASE = "database"
    DATA_STORE = "data store"
    IDENTITY_PROVIDER = "identity provider"
    CODE_HOST = "code host"
    REPOSITORY = "repository"
    BUSINESS_SYSTEM = "business system"
    ENDPOINT = "endpoint"
    NETWORK = "network"
    PHYSICAL = "physical"
    OTHER = "other"


class Environment(StrEnum):
    """Where an asset is."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    CORPORATE = "corporate"
    NOT_DECIDED = ""


class Classification(StrEnum):
    """The highest class of the data that an asset holds or a flow carries."""

    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"
    INTERNAL = "internal"
    PUBLIC = "public"
    NONE = "no data"
    NOT_DECIDED = ""


class Criticality(StrEnum):
    """What it means for the service when the asset fails."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_DECIDED = ""


class Disposal(StrEnum):
    """What became of data and media.  Source: NIST SP 800-88r1, section 5."""

    CLEARED = "cleared"
    PURGED = "purged"
    DESTROYED = "destroyed"
    RETURNED = "returned to its vendor"
    DELETED = "deleted at its vendor"
    HELD_NOTHING = "held no data"
    NOT_SAID = ""


@dataclass(frozen=True, slots=True)
class AssetFields:
    """What somebody writes about an asset; None and empty choices are not decided.

    Attributes:
        name: by which people know it.
        kind: see `Kind`.
        purpose: what it does.
        owner: number of the member who answers for it; None while nobody does.
        environment: see `Environment`.
        classification: of the data that it holds.
        criticality: see `Criticality`.
        vendor: who operates it; empty for the organization itself.
        in_boundary: it belongs to the system that is examined.
        internet_facing: it can be reached from the internet.
        has_accounts: people sign in to it, so that access to it is reviewed.
        review_months: at most so many months between two reviews of access.
        since: its first day.
    """

    name: str
    kind: Kind = Kind.OTHER
    purpose: str = ""
    owner: int | None = None
    environment: Environment = Environment.NOT_DECIDED
    classification: Classification = Classification.NOT_DECIDED
    criticality: Criticality = Criticality.NOT_DECIDED
    vendor: str = ""
    in_boundary: bool | None = None
    internet_facing: bool | None = None
    has_accounts: bool | None = None
    review_months: int | None = None
    since: date | None = None


def read_asset(content: Mapping[str, Any]) -> tuple[AssetFields, list[Problem]]:
    """Return the asset that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `AssetFields`, texts or JSON values.
    """
    reader = Reader(content, SLUG)
    fields = AssetFields(
        name=reader.line("name", needed="say how people call it", longest=200),
        kind=reader.choice("kind", Kind, Kind.OTHER),
        purpose=reader.text("purpose", longest=2_000),
        owner=reader.number("owner"),
        environment=reader.choice("environment", Environment, Environment.NOT_DECIDED),
        classification=reader.choice("classification", Classification, Classification.NOT_DECIDED),
        criticality=reader.choice("criticality", Criticality, Criticality.NOT_DECIDED),
        vendor=reader.line("vendor", longest=200),
        in_boundary=reader.flag("in_boundary"),
        internet_facing=reader.flag("internet_facing"),
        has_accounts=reader.flag("has_accounts"),
        review_months=reader.number("review_months", most=MOST_MONTHS),
        since=reader.day("since"),
    )
    reader.refuse_others(AssetFields.__dataclass_fields__, "an asset")
    if fields.review_months and not fields.has_accounts:
        reader.problem(
            "review_months", "is said of what has no accounts", "say that it has accounts, or empty"
        )
    return fields, reader.problems


def asset_content(fields: AssetFields) -> dict[str, Any]:
    """Return an asset's fields as JSON values, which `read_asset` reads back."""
    return {
        "name": fields.name,
        "kind": fields.kind.value,
        "purpose": fields.purpose,
        "owner": fields.owner,
        "environment": fields.environment.value,
        "classification": fields.classification.value,
        "criticality": fields.criticality.value,
        "vendor": fields.vendor,
        "in_boundary": fields.in_boundary,
        "internet_facing": fields.internet_facing,
        "has_accounts": fields.has_accounts,
        "review_months": fields.review_months,
        "since": fields.since.isoformat() if fields.since else None,
    }


@dataclass(frozen=True, slots=True)
class Retirement:
    """How an asset went out of use.

    Attributes:
        on: its last day.
        reason: why.
        disposal: what became of data and media; not said is a gap of CC6.5, never "nothing".
        note: serial numbers, the certificate's number, who did it.
    """

    on: date | None
    reason: str
    disposal: Disposal = Disposal.NOT_SAID
    note: str = ""


def read_retirement(content: Mapping[str, Any], *, today: date) -> tuple[Retirement, list[Problem]]:
    """Return how an asset was retired, and what is wrong with it; no day after `today`."""
    reader = Reader(content, SLUG)
    said = Retirement(
        on=reader.day("on", needed="name its last day", latest=today),
        reason=reader.text("reason", needed="say why: an auditor will ask", longest=2_000),
        disposal=reader.choice("disposal", Disposal, Disposal.NOT_SAID),
        note=reader.text("note", longest=2_000),
    )
    reader.refuse_others(Retirement.__dataclass_fields__, "a retirement")
    return said, reader.problems


def reference(number: int) -> str:
    """Return how people name an asset.

    >>> reference(3)
    'AST-3'
    """
    return f"{PREFIX}-{number}"
