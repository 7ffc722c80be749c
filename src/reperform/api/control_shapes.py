"""Shapes of controls in requests and answers."""

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from reperform.program.controls.bulk import MOST_ROWS
from reperform.program.controls.document import control_content
from reperform.program.controls.lint import Finding
from reperform.program.controls.listing import ControlRow

Code = Annotated[str, Field(max_length=40)]
Number = Annotated[int, Field(ge=1, le=2**53)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


Word = Annotated[str, Field(max_length=100)]


class Narrowing(Schema):
    """What a list of controls is narrowed to; an empty field narrows nothing.

    `owner` is a member's number, or `nobody`; `needed`, `starter`, `implemented` and `problems`
    are `yes` or `no`; `sort` is one of code, title, owner, frequency, state, implemented, problems,
    after `-` from the end.
    """

    text: Word = ""
    state: Word = ""
    family: Word = ""
    criterion: Word = ""
    category: Word = ""
    owner: Word = ""
    frequency: Word = ""
    nature: Word = ""
    kind: Word = ""
    needed: Word = ""
    starter: Word = ""
    implemented: Word = ""
    problems: Word = ""
    sort: Word = ""


class FindingOut(Schema):
    """What the text leaves open, and what to write instead."""

    leaves: str
    field: str
    words: str
    todo: str

    @staticmethod
    def of(finding: Finding) -> "FindingOut":
        """Return a finding as an answer."""
        return FindingOut(
            leaves=finding.leaves, field=finding.field, words=finding.words, todo=finding.todo
        )


class ControlLine(Schema):
    """One control of the list; `version` is 0 while the library only proposes it."""

    code: str
    title: str
    state: str
    library_id: str
    is_tailored: bool
    has_newer: bool
    is_needed: bool
    is_starter: bool
    criteria: list[str]
    nature: str
    kind: str
    frequency: str
    owner_role: str
    owner: str
    owner_number: int | None
    implemented_on: date | None
    findings: int | None
    version: int

    @staticmethod
    def of(row: ControlRow, *, with_findings: bool) -> "ControlLine":
        """Return a row as an answer; findings are management's own, and None for others."""
        stated = row.stated
        return ControlLine(
            code=row.code,
            title=row.document.title,
            state=row.state.value,
            library_id=row.library_id,
            is_tailored=stated.is_tailored if stated else False,
            has_newer=row.has_newer,
            is_needed=row.is_needed,
            is_starter=row.is_starter,
            criteria=list(row.document.criteria),
            nature=row.document.nature,
            kind=row.document.kind,
            frequency=row.document.frequency,
            owner_role=row.document.owner_role,
            owner=row.owner,
            owner_number=stated.owner_number if stated else None,
            implemented_on=row.implemented_on,
            findings=row.flaws if with_findings and stated else None,
            version=row.version,
        )


class ChoiceOut(Schema):
    """What would be there after the starter set, or `all`, was adopted beside what is.

    `query` narrows the list to what would be adopted. `unserved` and `open_points` are of the
    criteria in scope; points of focus are guidance, and no requirements.
    """

    name: str
    query: str
    count: int
    controls: int
    criteria: int
    firmly: int
    unserved: list[str]
    points: int
    open_points: int


class StarterOut(Schema):
    """What one family gives to the starter set: the controls, why these, and what waits."""

    category: str
    family: str
    controls: list[str]
    why: str
    waits: str


class ChoicesOut(Schema):
    """What to begin with, and what the starter set of the scope holds."""

    choices: list[ChoiceOut]
    starter: list[StarterOut]


class ControlWhole(ControlLine):
    """One control whole; `content` is what it says, `library` what the library says now."""

    content: dict[str, Any]
    library: dict[str, Any] | None
    adopted_on: date | None
    retired_on: date | None
    retired_because: str
    open: list[FindingOut]
    tests: list[str]

    @staticmethod
    def whole(
        row: ControlRow,
        *,
        library: dict[str, Any] | None,
        found: tuple[Finding, ...] | None,
        tests: list[str],
    ) -> "ControlWhole":
        """Return a control as an answer; `found` is None for who is not shown it."""
        line = ControlLine.of(row, with_findings=found is not None)
        stated = row.stated
        return ControlWhole(
            **line.dict(),
            content=control_content(row.document),
            library=library,
            adopted_on=stated.adopted_on if stated else None,
            retired_on=stated.retired_on if stated else None,
            retired_because=stated.retired_because if stated else "",
            open=[FindingOut.of(each) for each in found or ()],
            tests=tests,
        )


class ControlIn(Schema):
    """A control to adopt: from the library (`library_id`), as it says it or tailored, or one's own.

    Without `content` the library's text is taken; without `code` the library's id.
    """

    code: Code = ""
    library_id: Code = ""
    content: dict[str, Any] | None = None
    owner: Number | None = None
    implemented_on: date | None = None


class ControlChange(Schema):
    """A control anew; `seen` is the version that it changes.

    `compared` says that it was compared with the library's text as it is now.
    """

    seen: Version
    content: dict[str, Any]
    owner: Number | None = None
    implemented_on: date | None = None
    compared: bool = False


class Retirement(Schema):
    """The first day that a control is no more, and why."""

    seen: Version
    on: date
    reason: str


class RowIn(Schema):
    """One control with the version that was seen; 0 for one to adopt from the library."""

    code: Code
    seen: Version


class BulkIn(Schema):
    """One act for several controls: adopt, owner, frequency, implemented or retire."""

    act: str
    rows: Annotated[list[RowIn], Field(min_length=1, max_length=MOST_ROWS)]
    owner: Number | None = None
    frequency: str = ""
    implemented_on: date | None = None
    on: date | None = None
    reason: str = ""


class RowRefused(Schema):
    """A control that was left as it is."""

    code: str
    what: str
    todo: list[str]
    slug: str


class BulkOut(Schema):
    """The codes that were changed, and those that were not."""

    changed: list[str]
    refused: list[RowRefused]
