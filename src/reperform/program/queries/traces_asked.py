"""What a register is asked when the gap analysis wants its traces."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from reperform.accounts.models import Organization
from reperform.program.gap.controls import Adopted
from reperform.program.gap.traces import Trace
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

    def about(self, trace: Trace, library_ids: Collection[str]) -> list[Trace]:
        """Return what is said of criteria as said of the controls by which they are met.

        Args:
            trace: about criteria.
            library_ids: the library's controls that it speaks of.

        Returns:
            One for each adopted control that came from one of them, in order of their codes; and
            one for the criteria that none of these serves.
        """
        controls = {
            code: adopted
            for code, adopted in sorted(self.controls.items())
            if adopted.library_id in library_ids
        }
        served = {each for adopted in controls.values() for each in adopted.control.criteria}
        left = tuple(each for each in trace.criteria if each not in served)
        found = [replace(trace, control=code, criteria=()) for code in controls]
        return [*found, replace(trace, criteria=left)] if left else found
