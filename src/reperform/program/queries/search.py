"""Which rows of the registers a question may be about; `base.search` decides which are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Model, OuterRef, Q, Subquery

from reperform.accounts.models import Membership, Organization
from reperform.base.search import Entry
from reperform.catalog.library import Catalog
from reperform.program.models import (
    AccessReview,
    Asset,
    DataFlow,
    Incident,
    PolicyVersion,
    Posting,
    Risk,
    Vendor,
    Waiver,
)
from reperform.program.queries.policies import version_text

MOST_OF_A_TABLE = 500
"""Rows of one table that a question is compared with, the newest of those that may fit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: whose program, pieces of its words, who asks, and the library."""

    organization: Organization
    fragments: tuple[str, ...]
    member: Membership
    catalog: Catalog

    def narrowed(self, *columns: str) -> Q:
        """Return the condition that each piece stands in one of `columns`."""
        found = Q()
        for piece in self.fragments:
            either = Q()
            for column in columns:
                either |= Q(**{f"{column}__icontains": piece})
            found &= either
        return found

    def numbers(self, prefix: str) -> list[int]:
        """Return the numbers of references such as `ast-3` that the question holds."""
        ends = (each.removeprefix(prefix) for each in self.fragments if each.startswith(prefix))
        return [int(each) for each in ends if each.isdigit() and len(each) < 10]  # noqa: PLR2004 - a number that a database takes


def _register(
    kind: str, prefix: str, rows: type[Model], texts: Sequence[str], *, order: str = "-number"
) -> Callable[[Asked], Iterator[Entry]]:
    """Return what yields the rows of a register that hold the words, or whose reference is asked.

    Args:
        kind: what a row is called.
        prefix: of its references, as in `RISK`.
        rows: of the register.
        texts: its columns of text; the first is the title.
        order: which come first.
    """

    def entries(asked: Asked) -> Iterator[Entry]:
        found = rows._default_manager.filter(organization=asked.organization)  # noqa: SLF001 - as Django documents it
        is_asked = asked.narrowed(*texts) | Q(number__in=asked.numbers(f"{prefix.lower()}-"))
        fitting = found.filter(is_asked).order_by(order)[:MOST_OF_A_TABLE]
        for number, title, *more in fitting.values_list("number", *texts):
            yield Entry(kind, str(number), title, " ".join((f"{prefix}-{number}", *more)))

    return entries


_risks = _register(
    "risk", "RISK", Risk, ("title", "description", "objective", "category", "treatment_reason")
)
_assets = _register("asset", "AST", Asset, ("name", "purpose", "kind", "vendor"), order="name")
_incidents = _register(
    "incident", "INC", Incident, ("title", "what", "affected", "cause", "lessons")
)

_vendors = _register("vendor", "VEN", Vendor, ("name", "service", "access", "note"), order="name")
_waivers = _register("waiver", "WVR", Waiver, ("test", "reason", "compensating", "asked_by"))
_reviews = _register("access review", "REV", AccessReview, ("title", "note"))


def _policies(*, drafts: bool) -> Callable[[Asked], Iterator[Entry]]:
    """Return what yields policies by title, id and text: of the newest version, or approved one."""

    def entries(asked: Asked) -> Iterator[Entry]:
        versions = PolicyVersion.objects.filter(policy__organization=asked.organization)
        shown = versions if drafts else versions.exclude(approved_at=None)
        newest = shown.filter(policy=OuterRef("policy")).order_by("-number").values("pk")[:1]
        found = versions.filter(
            asked.narrowed("policy__title", "policy__key", "text"), pk=Subquery(newest)
        )
        ordered = found.select_related("policy").order_by("policy__title", "policy__key")
        for version in ordered[:MOST_OF_A_TABLE]:
            policy = version.policy
            yield Entry("policy", policy.key, policy.title, version_text(version).filled)

    return entries


def _people(asked: Asked) -> Iterator[Entry]:
    """Yield people by name, address, or what they are or were."""
    posted = Posting.objects.filter(
        asked.narrowed("position", "department", "person__name", "person__email"),
        person__organization=asked.organization,
        withdrawn="",
    )
    found: dict[int, tuple[str, list[str]]] = {}
    columns = ("person__number", "person__name", "person__email", "position", "department")
    rows = posted.order_by("person__name", "person__number", "-from_day")
    for number, name, *texts in rows.values_list(*columns)[:MOST_OF_A_TABLE]:
        found.setdefault(number, (name, []))[1].extend(texts)
    for number, (name, texts) in found.items():
        yield Entry("person", str(number), name, " ".join(dict.fromkeys(texts)))


def _data_flows(asked: Asked) -> Iterator[Entry]:
    rows = DataFlow.objects.filter(organization=asked.organization)
    columns = ("number", "data", "note", "protocol", "source_party", "target_party")
    fitting = rows.filter(asked.narrowed(*columns[1:])).order_by("number")[:MOST_OF_A_TABLE]
    for number, data, *texts in fitting.values_list(*columns):
        yield Entry("data flow", str(number), data, " ".join(texts))


REGISTERS: tuple[tuple[str, str, Callable[[Asked], Iterator[Entry]]], ...] = (
    ("risks.view", "", _risks),
    ("policies.edit", "", _policies(drafts=True)),
    ("policies.view", "policies.edit", _policies(drafts=False)),
    ("people.view", "", _people),
    ("assets.view", "", _assets),
    ("assets.view", "", _data_flows),
    ("access_reviews.view", "", _reviews),
    ("vendors.view", "", _vendors),
    ("incidents.view", "", _incidents),
    ("waivers.view", "", _waivers),
)
"""Permission that it takes, permission that makes it needless, and what it yields: in the order of
the navigation."""
