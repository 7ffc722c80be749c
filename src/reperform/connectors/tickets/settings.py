"""What a connection says of statuses and labels."""

from typing import Any

from reperform.connectors.settings import Access, Setting, SettingKind

OPEN = "open"
SETTINGS = (
    Setting(
        "acknowledged",
        "Incidents: somebody has taken it",
        "the statuses that say so, one on each line; empty: nothing says it",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "resolved",
        "Incidents: it is over",
        "the statuses that say so, one on each line; empty: nothing says it",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "security_labels",
        "Incidents: it concerns security",
        "the labels that say so, one on each line; empty: nothing says it",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "approved",
        "Changes: it is approved",
        "the statuses that only an approval leads to, one on each line; empty: nothing says it",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "applied",
        "Changes: it is in effect",
        "the statuses that say so, one on each line; without them there is no list of changes",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "emergency_labels",
        "Changes: it was an emergency",
        "the labels that say so, one on each line; empty: nothing says it",
        SettingKind.LINES,
        is_required=False,
    ),
    Setting(
        "change_kind",
        "Changes: what is changed",
        "of which kind all changes of this connection are",
        SettingKind.CHOICE,
        is_required=False,
        choices={
            OPEN: "not said",
            "infrastructure": "infrastructure",
            "configuration": "configuration",
            "code": "code",
            "data": "data",
        },
    ),
)


def meanings(access: Access) -> dict[str, Any]:
    """Return what the settings say of statuses and labels, for `observed`: shaping reads it."""
    return {each.name: access.settings.get(each.name) for each in SETTINGS}
