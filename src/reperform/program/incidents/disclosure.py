"""What DC 4 says of incidents, as the register tells it: nature, timing, extent and disposition.

The text is a proposal; management reads it and puts it into the description.  What the register
does not know, the text says it does not know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reperform.program.incidents import IncidentFields, State, reference

FIELD_NAME = "dc4.incidents"
"""The field of the description that tells of incidents."""


@dataclass(frozen=True, slots=True)
class Known:
    """An incident with its number."""

    number: int
    fields: IncidentFields

    @property
    def reference(self) -> str:
        """How people name it."""
        return reference(self.number)

    @property
    def is_real(self) -> bool:
        """Whether something happened."""
        return not self.fields.is_exercise and self.fields.state is not State.FALSE_ALARM

    @property
    def lacks(self) -> tuple[str, ...]:
        """What of DC 4's four parts the register does not say yet."""
        parts = {
            "nature": self.fields.what,
            "timing": self.fields.began_at,
            "extent": self.fields.extent,
            "disposition": self.fields.disposition,
        }
        return tuple(name for name, value in parts.items() if not value)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What DC 4 would say.

    Attributes:
        text: the proposal; empty when the register says nothing to propose from.
        told: incidents that it tells of.
        undecided: incidents of which nobody decided whether it must.
    """

    text: str
    told: tuple[Known, ...]
    undecided: tuple[Known, ...]


def disclose(incidents: Iterable[Known]) -> Disclosure:
    """Return what DC 4 would say of the incidents of a period, by their day."""
    real = [each for each in incidents if each.is_real]
    real.sort(key=lambda each: (str(each.fields.on or ""), each.number))
    told = tuple(each for each in real if each.fields.is_reportable)
    undecided = tuple(each for each in real if each.fields.is_reportable is None)
    parts = [_told(each) for each in told]
    if not undecided:
        other = "other " if told else ""
        parts.append(
            f"No {other}incident in the period came from a failed control or kept a commitment "
            "from being met."
        )
    return Disclosure("\n\n".join(parts), told, undecided)


def _told(known: Known) -> str:
    fields = known.fields
    said = [
        f"{known.reference}, {fields.title}. {_timing(fields)}",
        f"Nature: {_whole(fields.what)}",
    ]
    if fields.control_failed:
        named = ", ".join(fields.failed_controls)
        said.append(f"A control failed{f' ({named})' if named else ''}. {fields.cause}".strip())
    if fields.commitment_missed:
        said.append("A commitment to customers was not kept.")
    said += [f"Extent: {_whole(fields.extent)}", f"Disposition: {_whole(fields.disposition)}"]
    return " ".join(" ".join(said).split())


def _whole(said: str) -> str:
    if not said:
        return "not stated in the register yet."
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _timing(fields: IncidentFields) -> str:
    began = f"{fields.began_at:%Y-%m-%d %H:%M} UTC" if fields.began_at else "a time not known"
    if fields.resolved_at:
        return f"From {began} to {fields.resolved_at:%Y-%m-%d %H:%M} UTC."
    if fields.state in (State.RESOLVED, State.CLOSED):
        return f"From {began}; when it ended is not known."
    return f"From {began}; it is not resolved yet."


def undecided_names(found: Sequence[Known]) -> str:
    """Return the references of incidents, for a sentence.

    >>> undecided_names([Known(3, IncidentFields("a")), Known(4, IncidentFields("b"))])
    'INC-3, INC-4'
    """
    return ", ".join(each.reference for each in found)
