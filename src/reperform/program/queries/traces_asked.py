"""What a register is asked when the gap analysis wants its traces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reperform.accounts.models import Organization
from reperform.program.gap.controls import Adopted
from reperform.program.scope.document import ScopeDocument


@dataclass(frozen=True, slots=True)
class TracesAsked:
    """What a register is asked.

    Attributes:
        organization: whose register.
        day: as of which day.
        scope: the scope as it stands.
        controls: the adopted controls, by code.
    """

    organization: Organization
    day: date
    scope: ScopeDocument
    controls: Mapping[str, Adopted]
