"""What management states now: what an examination takes up."""

from dataclasses import dataclass

from reperform.accounts.models import Organization
from reperform.catalog.library import Catalog
from reperform.program.description.files import description_library
from reperform.program.description.scope import field_states
from reperform.program.description.statement import statement_of
from reperform.program.queries import adoptions, current_description, own_adoptions
from reperform.program.scope.document import ScopeDocument
from reperform.program.statement import Statement


@dataclass(frozen=True, slots=True)
class Stated:
    """The scope and the statement as they stand, of the same moment."""

    scope: ScopeDocument
    statement: Statement


def stated(organization: Organization, *, catalog: Catalog) -> Stated:
    """Return the scope, and the statement: description, controls and confirmations.

    Args:
        organization: whose program.
        catalog: the library that its controls were taken from.
    """
    description = current_description(organization)
    document = description.scope.document
    statement = statement_of(
        field_states(description_library().fields, description.texts, document),
        scope=document,
        organization=organization.name,
        adopted=adoptions(organization, library=catalog.controls),
        own=own_adoptions(organization, library=catalog.controls),
    )
    return Stated(document, statement)
