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
    not_applicable:
      CC6.4: The data centers are carved out ...

Every field may be missing; what is missing is said as missing, never assumed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from reperform.base.front_matter import load_yaml
from reperform.base.refusal import RefusalError

_FIELDS = ("organization", "system", "description", "controls", "not_applicable")
_LARGEST = 4_000_000


class StatementError(RefusalError):
    """The statement says something that the program cannot take as it is."""

    slug = "statement"


@dataclass(frozen=True, slots=True)
class Adoption:
    """Management took a control as its own."""

    owner: str
    adopted_on: date | None
    title: str = ""
    """As management says it; empty when it says what the library does."""
    text: str = ""
    """The same for the text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What management states.

    Attributes:
        organization: name of the service organization; empty when not stated.
        system: name of the system; empty when not stated.
        description: text of each description criterion that management wrote, by id.
        adopted: controls that management adopted, by id.
        not_applicable: criteria that do not apply, with management's reason, by id.
    """

    organization: str = ""
    system: str = ""
    description: Mapping[str, str] = field(default_factory=dict)
    adopted: Mapping[str, Adoption] = field(default_factory=dict)
    not_applicable: Mapping[str, str] = field(default_factory=dict)


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
            control: _adoption(value, where=f"{where}: controls: {control}")
            for control, value in _mapping(
                known.get("controls"), where=f"{where}: controls", keys=controls
            ).items()
        },
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


def _adoption(value: Any, *, where: str) -> Adoption:  # noqa: ANN401 - YAML
    fields = _mapping(value, where=where, keys=("owner", "adopted_on", "title", "text"))
    owner = _text(fields.get("owner", ""), where=f"{where}: owner")
    adopted_on = fields.get("adopted_on")
    if not owner:
        raise _refused(f"{where}: owner", "nobody is named, and a control needs its owner")
    if adopted_on is not None and type(adopted_on) is not date:
        raise _refused(f"{where}: adopted_on", f"{adopted_on!r} is not a day, as 2025-07-01")
    return Adoption(
        owner=owner,
        adopted_on=adopted_on,
        title=_text(fields.get("title", ""), where=f"{where}: title"),
        text=_text(fields.get("text", ""), where=f"{where}: text"),
    )
