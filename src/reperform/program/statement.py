"""Management's statement: who the service organization is and which controls it adopted.

The file is YAML, written by management:

    organization: Larkspur, Inc.
    system: Larkspur Invoicing
    description:
      DC1: Larkspur sends invoices for small firms ...
    controls:
      CHG-01: {owner: Ada Diaz, adopted_on: 2025-07-01}
      CHG-03:
        owner: Ada Diaz
        title: A release is a signed tag
        text: The release manager signs each tag ...
        frequency: monthly
    own_controls:
      PAY-01:
        owner: Ada Diaz
        title: Payments are released by two people
        text: Before each payment is released ...
        criteria: [CC5.1]
        nature: preventive
        kind: manual
        frequency: per event
    not_applicable:
      CC6.4: The data centers are carved out ...

A control of the library says what the library does, but for the fields that are named.  Every
field may be missing; what is missing is said as missing, never assumed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.base.refusal import RefusalError
from reperform.catalog.controls import FREQUENCIES, KINDS, NATURES, Control
from reperform.program.controls.fit import Fit
from reperform.program.controls.fit_file import read_fits
from reperform.program.controls.reading import CODE

_FIELDS = ("organization", "system", "description", "controls", "own_controls", "not_applicable")
_TEXTS = ("title", "text", "owner_role", "population")
_LISTS = ("criteria", "points_of_focus", "evidence", "policies")
_CHOICES: Mapping[str, Collection[str]] = {
    "nature": NATURES,
    "kind": KINDS,
    "frequency": FREQUENCIES,
}
_OF_A_CONTROL = (*_TEXTS, *_LISTS, *_CHOICES)
_OF_AN_ADOPTION = ("owner", "adopted_on", "confirmed_tests")
_NEEDED = ("title", "text", "criteria", *_CHOICES)
"""What a control of one's own must say, since no library says it."""
_LARGEST = 4_000_000


class StatementError(RefusalError):
    """The statement says something that the program cannot take as it is."""

    slug = "statement"


@dataclass(frozen=True, slots=True)
class Adoption:
    """Management took a control as its own.

    Attributes:
        owner: who answers for it.
        adopted_on: the day; None when it is not stated.
        says: fields of the control in management's words, texts and tuples of texts by name; one
            that is missing says what the library does.
        fits: tests that somebody confirmed to fit these words, by id.
    """

    owner: str
    adopted_on: date | None
    says: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    fits: Mapping[str, Fit] = field(default_factory=dict)

    def stated(self, code: str, origin: Control | None) -> Control:
        """Return the control as management states it.

        Args:
            code: its id.
            origin: the library's control that it was taken from; None for one of its own.
        """

        def text(name: str, library: str) -> str:
            said = self.says.get(name, library)
            return said if isinstance(said, str) else library

        def several(name: str, library: tuple[str, ...]) -> tuple[str, ...]:
            said = self.says.get(name, library)
            return said if isinstance(said, tuple) else library

        return Control(
            id=code,
            title=text("title", origin.title if origin else ""),
            family=code.partition("-")[0],
            criteria=several("criteria", origin.criteria if origin else ()),
            points_of_focus=several("points_of_focus", origin.points_of_focus if origin else ()),
            policies=several("policies", origin.policies if origin else ()),
            nature=text("nature", origin.nature if origin else ""),
            kind=text("kind", origin.kind if origin else ""),
            frequency=text("frequency", origin.frequency if origin else ""),
            owner=text("owner_role", origin.owner if origin else self.owner),
            evidence=several("evidence", origin.evidence if origin else ()),
            population=text("population", origin.population if origin else ""),
            text=text("text", origin.text if origin else ""),
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """What management states.

    Attributes:
        organization: name of the service organization; empty when not stated.
        system: name of the system; empty when not stated.
        description: text of each description criterion that management wrote, by id.
        adopted: controls of the library that management adopted, by id.
        own: controls of management's own, by code; the library has none of these ids.
        not_applicable: criteria that do not apply, with management's reason, by id.
    """

    organization: str = ""
    system: str = ""
    description: Mapping[str, str] = field(default_factory=dict)
    adopted: Mapping[str, Adoption] = field(default_factory=dict)
    own: Mapping[str, Adoption] = field(default_factory=dict)
    not_applicable: Mapping[str, str] = field(default_factory=dict)

    @property
    def controls(self) -> Mapping[str, Adoption]:
        """Every control that management took as its own, by id."""
        return {**self.adopted, **self.own}


def parse_statement(
    text: str,
    *,
    where: str,
    controls: Collection[str],
    criteria: Collection[str],
    description: Collection[str],
) -> Statement:
    """Return the statement that `text` (YAML) makes.

    Args:
        text: the file's content.
        where: the file's name, for messages.
        controls: ids of the controls that exist.
        criteria: ids of the criteria that exist.
        description: ids of the description criteria that exist.

    Raises:
        StatementError: a field or an id does not exist, or a value is not of its kind.
        FrontMatterError: it is not YAML.
    """
    fields = load_yaml(text, where=where)
    if fields is None:
        return Statement()
    known = _mapping(fields, where=where, keys=_FIELDS)
    return Statement(
        organization=_text(known.get("organization", ""), where=f"{where}: organization"),
        system=_text(known.get("system", ""), where=f"{where}: system"),
        description=_texts(known, "description", where=where, keys=description),
        adopted={
            control: _adoption(value, where=f"{where}: controls: {control}", criteria=criteria)
            for control, value in _mapping(
                known.get("controls"), where=f"{where}: controls", keys=controls
            ).items()
        },
        own=_own(known, where=f"{where}: own_controls", library=controls, criteria=criteria),
        not_applicable=_texts(known, "not_applicable", where=where, keys=criteria),
    )


def read_statement_file(path: Path) -> str:
    """Return the text of management's statement.

    Raises:
        StatementError: the file is not there, cannot be read, is not UTF-8 or is too large.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _refused(str(path), f"it is larger than {_LARGEST:,} bytes")
        return path.read_text("utf-8")
    except OSError as error:
        raise _refused(str(path), error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _refused(str(path), f"byte {error.start} is not UTF-8") from error


def _refused(where: str, what: str) -> StatementError:
    return StatementError(
        f"the statement was not read: {where}: {what}",
        why="A statement read in part would put words into management's mouth.",
        todo="correct that place and run again; nothing was changed",
    )


def _mapping(value: Any, *, where: str, keys: Collection[str]) -> dict[str, Any]:  # noqa: ANN401 - YAML
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _refused(where, "it is not a list of `name: value`")
    unknown = sorted(str(key) for key in value if key not in keys)
    if unknown:
        raise _refused(where, f"there is no {', '.join(map(repr, unknown[:5]))}")
    return value


def _text(value: Any, *, where: str) -> str:  # noqa: ANN401 - YAML
    if not isinstance(value, str):
        raise _refused(where, f"{value!r} is not text")
    return value.strip()


def _texts(
    fields: Mapping[str, Any], name: str, *, where: str, keys: Collection[str]
) -> dict[str, str]:
    place = f"{where}: {name}"
    found = _mapping(fields.get(name), where=place, keys=keys)
    return {key: _text(value, where=f"{place}: {key}") for key, value in found.items()}


def _own(
    fields: Mapping[str, Any], *, where: str, library: Collection[str], criteria: Collection[str]
) -> dict[str, Adoption]:
    named = fields.get("own_controls") or {}
    found = _mapping(named, where=where, keys=named)
    for code, value in found.items():
        if not CODE.fullmatch(str(code)):
            raise _refused(where, f"{code!r} is no code, as PAY-01")
        if code in library:
            raise _refused(where, f"{code} is the library's control of this name")
        missing = [name for name in _NEEDED if not isinstance(value, dict) or not value.get(name)]
        if missing:
            raise _refused(f"{where}: {code}", f"it does not say its {', '.join(missing)}")
    return {
        code: _adoption(value, where=f"{where}: {code}", criteria=criteria)
        for code, value in found.items()
    }


def _adoption(value: Any, *, where: str, criteria: Collection[str]) -> Adoption:  # noqa: ANN401 - YAML
    fields = _mapping(value, where=where, keys=(*_OF_AN_ADOPTION, *_OF_A_CONTROL))
    owner = _text(fields.get("owner", ""), where=f"{where}: owner")
    adopted_on = fields.get("adopted_on")
    if not owner:
        raise _refused(f"{where}: owner", "nobody is named, and a control needs its owner")
    if adopted_on is not None and type(adopted_on) is not date:
        raise _refused(f"{where}: adopted_on", f"{adopted_on!r} is not a day, as 2025-07-01")
    says = {
        name: _said(name, fields[name], where=f"{where}: {name}")
        for name in _OF_A_CONTROL
        if name in fields
    }
    unknown = [name for name in says.get("criteria", ()) if name not in criteria]
    if unknown:
        raise _refused(f"{where}: criteria", f"there is no {', '.join(map(repr, unknown[:5]))}")
    fits = read_fits(fields.get("confirmed_tests"), refused=partial(_refused, where))
    return Adoption(owner=owner, adopted_on=adopted_on, says=says, fits=fits)


def _said(name: str, value: Any, *, where: str) -> str | tuple[str, ...]:  # noqa: ANN401 - YAML
    """Return one field of a control in management's words."""
    if name in _LISTS:
        if not isinstance(value, list):
            raise _refused(where, f"{value!r} is not a list")
        return tuple(_text(each, where=where) for each in value)
    said = _text(value, where=where)
    if name in _CHOICES and said not in _CHOICES[name]:
        raise _refused(where, f"{said!r} is none of {', '.join(_CHOICES[name])}")
    return said
