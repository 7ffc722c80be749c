"""What the form of a connection asks: what its connector declares."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reperform.connectors.contract import Connector
from reperform.connectors.settings import Setting, SettingKind
from reperform.web.asked import FLAGS, Asked, Kind

_KINDS: Mapping[SettingKind, Kind] = {
    SettingKind.TEXT: "text",
    SettingKind.LINES: "lines",
    SettingKind.NUMBER: "number",
    SettingKind.FLAG: "flag",
    SettingKind.CHOICE: "choice",
}
"""Every other kind is one line."""
_LONGEST = 2_000
RETIRE = (
    Asked(
        "reason",
        "Why",
        "text",
        is_needed=True,
        help="The auditor asks why a source is not asked any more, and what replaced it.",
    ),
)


def asked_of_connection(connector: Connector, kept: Collection[str] = ()) -> tuple[Asked, ...]:
    """Return what is asked of a connection.

    Args:
        connector: of the connection.
        kept: names of the secrets that are kept already.
    """
    return (
        Asked(
            "title",
            "Title",
            is_needed=True,
            longest=200,
            help="Which one it is among yours, such as: AWS, production account.",
        ),
        *(_asked(each, is_kept=each.name in kept) for each in connector.settings),
        Asked(
            "since",
            "Collect from",
            "day",
            help="First day wanted of sources that have a history; empty for all that there is.",
            group="Extent",
        ),
    )


def _asked(setting: Setting, *, is_kept: bool) -> Asked:
    """Return one setting as a field.  The value of a secret is never in it."""
    said = f"{setting.help[:1].upper()}{setting.help[1:]}."
    if setting.is_secret and is_kept:
        said += " It is kept: leave this empty to keep it, or write another one."
    kind = _KINDS.get(setting.kind, "line")
    if setting.is_secret and kind == "line":
        kind = "secret"
    return Asked(
        setting.name,
        setting.title,
        kind,
        help=said,
        is_needed=setting.is_required and not is_kept,
        choices=tuple(setting.choices.items()),
        longest=10_000 if kind == "text" else _LONGEST,
    )


def content_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form said as `read_connection` takes it."""
    settings = {name: value for name, value in said.items() if name not in ("title", "since")}
    return {"title": said.get("title"), "since": said.get("since"), "settings": settings}


def shown_of(connector: Connector, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows again: everything but secrets."""
    secret = {each.name for each in connector.settings if each.is_secret}
    return {name: value for name, value in said.items() if name not in secret}


def defaults_of(connector: Connector) -> dict[str, Any]:
    """Return what an empty form begins with."""
    return {each.name: each.default for each in connector.settings if each.default}


def facts_of(
    settings: Iterable[Setting], values: Mapping[str, Any], kept: Collection[str]
) -> list[tuple[str, str]]:
    """Return title and text of every setting, to read; of a secret, whether it is kept."""
    found = []
    for each in settings:
        if each.is_secret:
            said = "kept sealed, never shown again" if each.name in kept else "not given"
        else:
            said = _text(each, values.get(each.name)) or "not given"
        found.append((each.title, said))
    return found


def _text(setting: Setting, value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return dict(FLAGS)["yes" if value else "no"]
    return setting.choices.get(str(value), "" if value is None else str(value))
