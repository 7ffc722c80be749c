"""What a form asks: each field with its label and its help, shown by `web/asked.html`.

One list of `Asked` makes the form, names what is wrong, and compares two versions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from django.http import HttpRequest

from reperform.base.problem import Problem
from reperform.base.reader import moment_text

Kind = Literal[
    "line",
    "text",
    "lines",
    "day",
    "moment",
    "number",
    "email",
    "choice",
    "choices",
    "flag",
    "secret",
]
_MANY: tuple[Kind, ...] = ("choices",)
FLAGS = (("", "not decided"), ("yes", "yes"), ("no", "no"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form.

    Attributes:
        name: of the field.
        label: a few words.
        kind: how it is asked; `flag` is yes, no or not decided, `moment` a time with its zone;
            what is said in a `secret` is not shown again.
        help: what it means, as somebody new to it needs it.
        is_needed: it may not be empty.
        choices: value and label of each choice.
        longest: characters.
        group: title of the fieldset that begins with it; empty for none.
    """

    name: str
    label: str
    kind: Kind = "line"
    help: str = ""
    is_needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    longest: int = 300
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field with what was said in it, as the template shows it."""

    asked: Asked
    value: str
    values: tuple[str, ...]
    wrong: tuple[Problem, ...]

    @property
    def options(self) -> tuple[tuple[str, str, bool], ...]:
        """Value, label, and whether it is chosen."""
        choices = FLAGS if self.asked.kind == "flag" else self.asked.choices
        chosen = self.values if self.asked.kind in _MANY else (self.value,)
        return tuple((value, label, value in chosen) for value, label in choices)


def choices_of(kind: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    """Return the values of `kind` as choices."""
    return tuple((each.value, each.value) for each in kind)


def form_fields(
    asked: Sequence[Asked], said: Mapping[str, Any], problems: Iterable[Problem] = ()
) -> list[Field]:
    """Return the form's fields with what was said, and what is wrong with each."""
    wrong = list(problems)
    return [
        Field(
            each,
            _shown(each, said.get(each.name)),
            _values(said.get(each.name)) if each.kind in _MANY else (),
            tuple(problem for problem in wrong if problem.where == each.name),
        )
        for each in asked
    ]


def sent(request: HttpRequest, asked: Iterable[Asked]) -> dict[str, Any]:
    """Return what a form sent: texts by name, and lists where many can be chosen."""
    return {
        each.name: request.POST.getlist(each.name)
        if each.kind in _MANY
        else request.POST.get(each.name, "")
        for each in asked
    }


def seen_version(request: HttpRequest) -> int:
    """Return the version that a form was opened with; -1 when it says none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1  # noqa: PLR2004 - a version


def named(problems: Iterable[Problem], asked: Sequence[Asked]) -> list[tuple[str, Problem]]:
    """Return problems, each with the label of its field."""
    labels = {each.name: each.label for each in asked}
    return [(labels.get(each.where, each.where), each) for each in problems]


def lines(asked: Iterable[Asked], content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and text of every field that says something, to read or to compare."""
    return [
        (each.label, _label(each, content[each.name]))
        for each in asked
        if plain(content.get(each.name))
    ]


def plain(value: object) -> str:
    """Return a field's value as a form shows it: one text a line, yes or no, nothing for None."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | frozenset):
        return "\n".join(map(plain, value))
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple | frozenset):
        return tuple(map(plain, value))
    return (plain(value),) if value else ()


def _shown(asked: Asked, value: object) -> str:
    """Return a value as its field holds it: `2026-12-31T14:05:00Z` is `2026-12-31 14:05 UTC`."""
    said = plain(value)
    if asked.kind != "moment" or not said.endswith("Z"):
        return said
    return f"{said[:-1].replace('T', ' ').removesuffix(':00')} UTC"


def _label(asked: Asked, value: object) -> str:
    labels = dict(asked.choices)
    if asked.kind in _MANY:
        return ", ".join(labels.get(each, each) for each in _values(value))
    return labels.get(plain(value), _shown(asked, value))
