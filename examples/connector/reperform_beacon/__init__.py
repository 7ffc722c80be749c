"""beacon: accounts and changes of Beacon, an invented service over HTTP."""

from reperform.connectors.answer import Source
from reperform.connectors.calls import Client
from reperform.connectors.contract import Check, Connector, Permission, Stream
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform_beacon import accounts, changes
from reperform_beacon.client import client, finding

ACCOUNTS = Source(
    stream="beacon/accounts",
    tables=(accounts.TABLE,),
    shape=accounts.shape,
    covers=accounts.covers,
    blind="accounts that were removed before the collection",
)
CHANGES = Source(
    stream="beacon/changes",
    tables=(changes.TABLE,),
    shape=changes.shape,
    covers=changes.covers,
    blind="changes that Beacon's own staff makes",
)


def _check(access: Access) -> Check:
    """Ask who we are, and for one row of everything; change nothing."""
    beacon: Client = client(access)
    me = beacon.get("v1/me")
    return Check(
        reached=f"Beacon as {me.json()['name']}" if me.is_good else f"Beacon: {me.told}",
        findings=(
            finding("accounts:read", beacon.get("v1/accounts", limit="1")),
            finding("changes:read", beacon.get("v1/changes", limit="1")),
        ),
    )


CONNECTOR = Connector(
    name="beacon",
    title="Beacon",
    asks="Every account with its role, and every change since the last time.",
    blind="what is done past Beacon, and before the day that it keeps its history from",
    permissions=(
        Permission("accounts:read", "accounts, their roles and second factors"),
        Permission("changes:read", "who changed what, when", is_required=False),
    ),
    settings=(
        Setting(
            "base_url",
            "Address of Beacon",
            "the address of its start page, as https://beacon.example.com",
            SettingKind.ADDRESS,
        ),
        Setting(
            "token",
            "Token",
            "make one below Settings, Tokens, that may read and nothing else",
            is_secret=True,
        ),
    ),
    streams=(
        Stream(ACCOUNTS, needs=("accounts:read",)),
        Stream(CHANGES, needs=("changes:read",), cursor=changes.cursor),
    ),
    questions=lambda access, asking: (
        accounts.question(access),
        changes.question(access, asking),
    ),
    check=_check,
)
