"""What a connector must be told before it can ask: its settings, and its secrets."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Any
from urllib.parse import urlsplit

from reperform.base.problem import Problem
from reperform.base.reader import Reader

Networks = tuple[IPv4Network | IPv6Network, ...]
SLUG = "connection-setting"
HIDDEN = "[secret]"
"""What stands where a secret stood."""
_SHORTEST_HIDDEN = 4
"""A shorter secret would be hidden in words that have nothing to do with it."""


class SettingKind(StrEnum):
    """How a setting is asked for, and which value it has."""

    LINE = "line"
    """One line of text."""
    TEXT = "text"
    """Many lines, such as a private key."""
    LINES = "lines"
    """A short text on each line: a list of texts."""
    NUMBER = "number"
    """A whole number from 0."""
    FLAG = "flag"
    """Yes or no; None when nobody said."""
    CHOICE = "choice"
    """One of `choices`."""
    ADDRESS = "address"
    """A web address, https:// or http://, without a name or a password in it."""
    PATH = "path"
    """A file or folder of the machine that asks, by its absolute path."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a connector must be told.

    Attributes:
        name: as `base_url`; of letters, digits and `_`, no two of a connector are alike.
        title: a few words, as `Address of the server`.
        help: where one finds it, for somebody who never did this.
        kind: see `SettingKind`.
        is_required: it may not be empty.
        is_secret: it is sealed when kept, and never shown again; a `LINE` or a `TEXT`.
        choices: value -> label, of a `CHOICE`; the first is taken when nothing is said.
        default: taken when nothing is said, as the form holds it; never of a secret.
        flaw: what is wrong with a value that has its kind, in words that follow the title;
            empty when nothing is.
        path: the file or folder of the machine that asks which a value names; empty for none.
            Of a `PATH`, it is the value itself.
    """

    name: str
    title: str
    help: str
    kind: SettingKind = SettingKind.LINE
    is_required: bool = True
    is_secret: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    flaw: Callable[[Any], str] = field(default=lambda _: "")
    path: Callable[[Any], str] = field(default=lambda _: "")

    def path_of(self, value: object) -> str:
        """Return the file or folder of the machine that asks which a value names, or nothing."""
        if not value:
            return ""
        return str(value) if self.kind is SettingKind.PATH else self.path(value)


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is reached: what `read_settings` read.

    Attributes:
        settings: JSON values by name; every setting of the connector is there.
        secrets: texts by name; those that were never given are missing.
        wait: waits so many seconds, when the source asks for it.
        files: name -> reads a file that was brought to the connection.
        reference: the connection, as `CON-3`; empty where there is none.
        private: networks that may be called although they are not public; None for all of them.
    """

    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    wait: Callable[[float], None] = field(default=time.sleep, repr=False, compare=False)
    private: Networks | None = field(default=None, compare=False)
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict, repr=False)
    reference: str = ""

    def text(self, name: str) -> str:
        """Return a setting of one line, or of many; empty when it has no value."""
        return str(self.settings.get(name) or "")

    def lines(self, name: str) -> tuple[str, ...]:
        """Return a setting that is a list of texts."""
        return tuple(self.settings.get(name) or ())

    def secret(self, name: str) -> str:
        """Return a secret; empty when there is none."""
        return self.secrets.get(name, "")

    def hide(self, text: str) -> str:
        """Return `text` with every secret, and every line of one, taken out.

        >>> Access({}, {"token": "ghp_1234"}).hide("401 for token ghp_1234")
        '401 for token [secret]'
        """
        parts = {part for secret in self.secrets.values() for part in (secret, *secret.split("\n"))}
        for part in sorted(parts, key=len, reverse=True):
            if len(part.strip()) >= _SHORTEST_HIDDEN:
                text = text.replace(part.strip(), HIDDEN)
        return text


def read_settings(
    settings: Sequence[Setting], content: Mapping[str, Any], *, kept: Collection[str] = ()
) -> tuple[Access, list[Problem]]:
    """Return what was said, read, and what is wrong with it.

    Args:
        settings: of the connector.
        content: by name: texts as a form sends them, or JSON values.
        kept: names of the secrets that are kept already: empty keeps each of them.
    """
    reader = Reader(content, SLUG)
    reader.refuse_others([each.name for each in settings], "this connector")
    values: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    for setting in settings:
        said = _read(reader, setting, is_kept=setting.name in kept)
        if said in ("", None, []) and setting.default:
            said = _read(Reader({setting.name: setting.default}, SLUG), setting, is_kept=False)
        flaw = setting.flaw(said) if said not in ("", None, []) else ""
        if flaw:
            reader.problem(setting.name, flaw, setting.help)
        if not setting.is_secret:
            values[setting.name] = said
        elif said:
            secrets[setting.name] = said
    return Access(values, secrets), reader.problems


def _read(reader: Reader, setting: Setting, *, is_kept: bool) -> Any:  # noqa: ANN401 - JSON
    """Return the value of one setting as JSON has it."""
    name, kind = setting.name, setting.kind
    is_needed = setting.is_required and not is_kept and not setting.default
    needed = setting.help if is_needed else ""
    found: Any
    if kind is SettingKind.TEXT:
        return reader.text(name, needed=needed)
    if kind is SettingKind.LINES:
        found = list(reader.lines(name))
    elif kind is SettingKind.NUMBER:
        found = reader.number(name, least=0)
    elif kind is SettingKind.FLAG:
        found = reader.flag(name)
    else:
        return _line(reader, setting, needed)
    is_silent = not any(each.where == name for each in reader.problems)
    if needed and found in (None, []) and is_silent:
        reader.problem(name, "is empty", needed)
    return found


def _line(reader: Reader, setting: Setting, needed: str) -> str:
    is_choice = setting.kind is SettingKind.CHOICE
    said = reader.line(setting.name, needed="" if is_choice else needed, longest=2_000)
    if not said:
        return next(iter(setting.choices), "") if is_choice else ""
    if is_choice and said not in setting.choices:
        todo = f"choose from: {', '.join(setting.choices)}"
        reader.problem(setting.name, "is none of the choices", todo)
    elif setting.kind is SettingKind.ADDRESS and (what := _address_flaw(said)):
        reader.problem(setting.name, what, "write it as https://example.org")
    elif setting.kind is SettingKind.PATH and not said.startswith("/"):
        reader.problem(setting.name, "is not an absolute path", "begin it with /")
    return said


def _address_flaw(said: str) -> str:
    try:
        parts = urlsplit(said)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return "is not a web address"
    if parts.scheme not in ("https", "http") or not parts.hostname or not has_port:
        return "is not a web address"
    if parts.username is not None or parts.password is not None:
        return "holds a name or a password"
    return "has a fragment or spaces" if parts.fragment or any(map(str.isspace, said)) else ""
