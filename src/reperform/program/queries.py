"""Questions about the program."""

from dataclasses import dataclass

from reperform.accounts.models import Organization
from reperform.catalog.criteria import CRITERION_IDS
from reperform.program.models import ScopeVersion
from reperform.program.scope_document import ScopeDocument
from reperform.program.scope_reading import read_scope


@dataclass(frozen=True, slots=True)
class CurrentScope:
    """The scope as it stands."""

    number: int
    document: ScopeDocument
    version: ScopeVersion | None


def current_scope(organization: Organization) -> CurrentScope:
    """Return the scope; number 0 and an empty one while nobody has decided anything."""
    version = ScopeVersion.objects.filter(organization=organization).order_by("-number").first()
    if version is None:
        return CurrentScope(0, ScopeDocument(), None)
    document, _ = read_scope(version.content, criteria=CRITERION_IDS)
    return CurrentScope(version.number, document, version)


def scope_versions(organization: Organization) -> list[ScopeVersion]:
    """Return every version of the scope, newest first."""
    return list(ScopeVersion.objects.filter(organization=organization).order_by("-number"))
