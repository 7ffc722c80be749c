"""The system description: DC 1 to DC 9, written field by field.

What each field asks stands in `library/description/fields.yaml`.  Text is plain: paragraphs between
empty lines, lists whose lines begin with `- `, and small titles, see `description_text`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reperform.base.problem import Problem
from reperform.program.description.text import parts_of
from reperform.program.scope import ReportType
from reperform.program.scope.document import ScopeDocument

LONGEST_TEXT = 20_000
"""Characters of one field: about eight pages."""
LONGEST_PART = 5_000
"""Characters of one paragraph: a report cuts longer ones."""
MOST_PARTS = 150

DATED = "dated"
"""The field tells of the period: its days are compared with it."""
CARVE_OUT = "carve-out"
"""The field is needed only when a subservice organization is carved out."""
MARKS = (DATED, CARVE_OUT)

Texts = Mapping[str, str]
"""What management wrote, by the field's name; a field that is absent was not written."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the description.

    Attributes:
        name: as in `dc3.people`; the key under which versions are kept.
        criterion: the description criterion that it belongs to, as in `DC3`.
        title: a few words.
        guidance: what to write, for somebody who never did.
        example: a good one, of an invented company.
        required: the report types in which something must stand there.
        from_scope: what is taken from the scope; empty when all is written here.
        marks: see `MARKS`.
    """

    name: str
    criterion: str
    title: str
    guidance: str
    example: str
    required: tuple[int, ...]
    from_scope: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How messages name it.

        >>> Field("dc3.people", "DC3", "People", "", "", (1, 2)).label
        'DC 3 People'
        """
        return f"{self.criterion[:2]} {self.criterion[2:]} {self.title}"

    def is_needed(self, scope: ScopeDocument) -> bool:
        """Return whether something must stand there; while the type is open, for either type."""
        if CARVE_OUT in self.marks and not any(
            supplier.method == "carve-out" for supplier in scope.subservices
        ):
            return False
        return scope.type in self.required if scope.type else bool(self.required)

    def applies(self, report_type: ReportType | None) -> bool:
        """Return whether a report of that type has the field: DC 9 is for Type 2 only."""
        return report_type is None or not self.required or report_type in self.required


class Standing(StrEnum):
    """How far a field has come."""

    WRITTEN = "written"
    FROM_SCOPE = "from the scope"
    MISSING = "missing"
    OPTIONAL = "not needed"
    OTHER_TYPE = "not part of a Type 1"

    @property
    def is_complete(self) -> bool:
        """Nothing is missing."""
        return self is not Standing.MISSING


@dataclass(frozen=True, slots=True)
class FieldState:
    """A field as it stands: what was written, and what the scope says."""

    field: Field
    text: str
    derived: str
    standing: Standing


def standing(field: Field, *, text: str, derived: str, scope: ScopeDocument) -> Standing:
    """Return how far a field has come."""
    if not field.applies(scope.type):
        return Standing.OTHER_TYPE
    if text.strip():
        return Standing.WRITTEN
    if derived:
        return Standing.FROM_SCOPE
    return Standing.MISSING if field.is_needed(scope) else Standing.OPTIONAL


def read_text(text: object, *, where: str) -> tuple[str, list[Problem]]:
    r"""Return a field's text with line breaks as `\n`, and what keeps it from being stored.

    Args:
        text: what somebody sends.
        where: the field's label.
    """
    if not isinstance(text, str):
        return "", [_refused(where, "is not text", "write it as text")]
    plain = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    problems = []
    if "\x00" in plain or any("\ud800" <= char <= "\udfff" for char in plain):
        problems.append(_refused(where, "has a character that no text has", "remove it"))
    if len(plain) > LONGEST_TEXT:
        what = f"has {len(plain):,} characters"
        problems.append(_refused(where, what, f"write at most {LONGEST_TEXT:,}"))
    elif not problems:
        problems += _too_long(parts_of(plain), where)
    return plain, problems


def _too_long(parts: Sequence[object], where: str) -> list[Problem]:
    longest = max((len(line) for part in parts for line in getattr(part, "lines", ())), default=0)
    found = []
    if longest > LONGEST_PART:
        what = f"has a paragraph of {longest:,} characters"
        todo = f"break it after at most {LONGEST_PART:,}: a report cuts longer ones"
        found.append(_refused(where, what, todo))
    if len(parts) > MOST_PARTS:
        what = f"has {len(parts):,} paragraphs"
        found.append(_refused(where, what, f"write at most {MOST_PARTS}"))
    return found


def _refused(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, "description-text")
