"""A connector's declaration as JSON values, for programs and pages."""

from typing import Any

from reperform.connectors.contract import Connector
from reperform.connectors.settings import Setting


def described(connector: Connector) -> dict[str, Any]:
    """Return all that a connector declares, as JSON values."""
    return {
        "name": connector.name,
        "title": connector.title,
        "asks": connector.asks,
        "blind": connector.blind,
        "is_local": connector.is_local,
        "permissions": [
            {"name": each.name, "why": each.why, "is_required": each.is_required}
            for each in connector.permissions
        ],
        "settings": [_setting(each) for each in connector.settings],
        "streams": [
            {
                "name": each.name,
                "reading": each.reading.value,
                "tables": [spec.name for spec in each.source.tables],
                "needs": list(each.needs),
                "blind": each.source.blind,
            }
            for each in connector.streams
        ],
    }


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "title": setting.title,
        "help": setting.help,
        "kind": setting.kind.value,
        "is_required": setting.is_required,
        "is_secret": setting.is_secret,
        "choices": dict(setting.choices),
        "default": setting.default,
    }
