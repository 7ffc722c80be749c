"""Templates of the library, and what is known of their placeholders."""

from collections.abc import Iterable

from reperform.accounts.models import Organization
from reperform.base.placeholders import Declared, marks
from reperform.catalog.library import Catalog
from reperform.catalog.policies import Policy as DemandedPolicy
from reperform.catalog.policy_templates import PolicyTemplate
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies import PolicyFields, TextFields
from reperform.program.queries import current_scope

REVIEWS = {"annual": 12, "quarterly": 3}


def template_of(catalog: Catalog, id_: str) -> PolicyTemplate | None:
    """Return a template; None when the library has none of that id."""
    return next((each for each in catalog.templates if each.id == id_), None)


def demanded(catalog: Catalog, id_: str) -> DemandedPolicy | None:
    """Return what the library says a policy must lay down; None for one of your own."""
    return next((each for each in catalog.policies if each.id == id_), None)


def from_template(
    organization: Organization, template: PolicyTemplate, policy: DemandedPolicy | None
) -> tuple[PolicyFields, TextFields]:
    """Return a policy as the template begins it, with what the program knows already filled.

    What another policy of the organization filled last is taken for the same placeholder: a
    position has one name.
    """
    known = {
        "organization": organization.name,
        "system": current_scope(organization).document.system,
    }
    said = filled_before(organization)
    values = {
        name: known.get(each.known) or said.get(name, "")
        for name, each in template.placeholders.items()
    }
    months = REVIEWS.get(policy.review, 12) if policy else 12
    return (
        PolicyFields(title=template.title, review_months=months),
        TextFields(
            text=template.text,
            values={name: value for name, value in values.items() if value},
            placeholders=template.placeholders,
            note="Taken from the library.",
        ),
    )


def filled_before(organization: Organization) -> dict[str, str]:
    """Return what the organization filled each placeholder with, the latest of each."""
    rows = PolicyVersion.objects.filter(policy__organization=organization)
    found: dict[str, str] = {}
    for values in rows.order_by("-pk").values_list("values", flat=True)[:200]:
        found = {**values, **found}
    return found


def to_fill(text: TextFields) -> list[tuple[str, Declared, str]]:
    """Return name, meaning and value of each placeholder of a text, in its order."""
    return [
        (name, text.placeholders.get(name, Declared("")), text.values.get(name, ""))
        for name in marks(text.text).names
    ]


def taken(organization: Organization, ids: Iterable[str]) -> set[str]:
    """Return which of these ids the organization has a policy of."""
    rows = Policy.objects.filter(organization=organization, key__in=list(ids))
    return set(rows.values_list("key", flat=True))
