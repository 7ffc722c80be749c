"""Policies: what people of the organization must do, in its own words, approved and accepted.

A policy is a row with an owner, a review cycle and whom it is meant for; its text is a line of
versions.  A version goes: draft -> submitted -> approved, with the day from which it is in force.
The one in force on a day is the approved one whose day came last; a new draft changes nothing of
it.  Nobody approves a text that they wrote a part of.

Pure: this package reads fields (`read_policy`, `read_text`), files (`markdown`), placeholders
(`placeholders`) and says what state things are in (`life`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from reperform.base.canonical import sha256_hex
from reperform.base.placeholders import (
    LONGEST_NAME,
    LONGEST_VALUE,
    Declared,
    fill,
    marks,
    unfilled,
)
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.policies.markdown import (
    LONGEST_TEXT,
    declared_content,
    is_policy_id,
    read_declared,
)

SLUG = "policy-field"
KINDS = ("employee", "contractor")
"""Of the people whom a policy can be meant for, see `program.people`."""
RESERVED = ("new", "import", "files")
"""Ids that pages have for themselves."""
MOST_MONTHS, MOST_DAYS = 36, 365
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class PolicyFields:
    """A policy without its text.

    Attributes:
        title: a few words.
        owner: number of the membership that answers for it; None for nobody yet.
        review_months: it is reviewed at least every so many months.
        accept_days: days that people have to accept it; None when nobody is asked to.
        departments: whom it is meant for; empty for every department.
        kinds: some of `KINDS`; empty for all.
    """

    title: str
    owner: int | None = None
    review_months: int = 12
    accept_days: int | None = 30
    departments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def is_for(self, department: str, kind: str) -> bool:
        """Return whether somebody is among those whom it is meant for."""
        return (not self.departments or department in self.departments) and (
            not self.kinds or kind in self.kinds
        )


@dataclass(frozen=True, slots=True)
class TextFields:
    """A text as it is saved.

    Attributes:
        text: Markdown with its placeholders.
        values: what fills each placeholder, by name.
        placeholders: what each placeholder means, by name.
        note: what was changed.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    placeholders: Mapping[str, Declared] = field(default_factory=dict)
    note: str = ""

    @property
    def filled(self) -> str:
        """The text with what is filled."""
        return fill(self.text, self.values)

    @property
    def unfilled(self) -> tuple[str, ...]:
        """What still stands for something else."""
        return unfilled(self.text, self.values)

    @property
    def sha256(self) -> str:
        """Digest of the filled text: what people accept."""
        return sha256_hex(self.filled.encode())


def read_policy(
    content: Mapping[str, Any], *, departments: Collection[str] = ()
) -> tuple[PolicyFields, list[Problem]]:
    """Return a policy's fields from a form, JSON or a file, and what is wrong with them.

    Args:
        content: by the names of `PolicyFields`.
        departments: that there are; any when empty.
    """
    read = Reader(content, SLUG)
    read.refuse_others(
        ("title", "owner", "review_months", "accept_days", "departments", "kinds"), "a policy"
    )
    title = read.line("title", needed="say what it is about in a few words")
    chosen = read.lines("departments")
    unknown = [each for each in chosen if departments and each not in departments]
    if unknown:
        what = f"there is no department {unknown[0][:40]}"
        read.problem("departments", what, "choose one that people work in")
    is_asked = "accept_days" not in content or content["accept_days"] not in (None, "", 0, "0")
    fields = PolicyFields(
        title=title,
        owner=read.number("owner"),
        review_months=read.number("review_months", most=MOST_MONTHS) or 12,
        accept_days=((read.number("accept_days", most=MOST_DAYS) or 30) if is_asked else None),
        departments=chosen,
        kinds=read.words("kinds", KINDS),
    )
    return fields, read.problems


def policy_content(fields: PolicyFields) -> dict[str, Any]:
    """Return a policy's fields as JSON values, which `read_policy` takes."""
    return {
        "title": fields.title,
        "owner": fields.owner,
        "review_months": fields.review_months,
        "accept_days": fields.accept_days,
        "departments": list(fields.departments),
        "kinds": list(fields.kinds),
    }


def read_key(said: object) -> tuple[str, list[Problem]]:
    """Return a policy's id, and what is wrong with it."""
    key = said.strip() if isinstance(said, str) else ""
    if is_policy_id(key) and key not in RESERVED:
        return key, []
    todo = "write small letters, digits and hyphens, as in access-control"
    return "", [Problem("id", "is not an id that a policy can have", todo, SLUG)]


def read_text(content: Mapping[str, Any]) -> tuple[TextFields, list[Problem]]:
    """Return a text from a form, JSON or a file, and what is wrong with it.

    Args:
        content: `text`, `note`, `values` by placeholder, `placeholders` as declared.
    """
    read = Reader(content, SLUG)
    read.refuse_others(("text", "values", "placeholders", "note"), "a text")
    text = read.text("text", needed="write the policy", longest=LONGEST_TEXT)
    values = _values(content.get("values"), read)
    known = marks(text).names
    fields = TextFields(
        text=f"{text}\n" if text else "",
        values={name: values[name] for name in known if values.get(name)},
        placeholders=read_declared(content.get("placeholders")),
        note=read.line("note"),
    )
    return fields, read.problems


def text_content(fields: TextFields) -> dict[str, Any]:
    """Return a text as JSON values, which `read_text` takes."""
    return {
        "text": fields.text,
        "values": dict(fields.values),
        "placeholders": declared_content(fields.placeholders),
        "note": fields.note,
    }


def _values(said: object, read: Reader) -> dict[str, str]:
    if said is None:
        return {}
    if not isinstance(said, Mapping) or len(said) > MOST_VALUES:
        read.problem("values", "are not names with what fills them", "write name: value")
        return {}
    found = {}
    for name, value in said.items():
        one = Reader({"value": value}, SLUG)
        line = one.line("value", longest=LONGEST_VALUE)
        wrong = [problem.what for problem in one.problems]
        if line and (marks(line).names or marks(line).others):
            wrong = ["holds a placeholder itself"]
        if wrong:
            read.problem(f"values: {str(name)[:LONGEST_NAME]}", wrong[0], "write one line of text")
        elif line:
            found[str(name)] = line
    return found
