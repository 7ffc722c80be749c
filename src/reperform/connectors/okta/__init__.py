"""okta: an organization of Okta: accounts, second factors, groups, roles, and the system log."""

from functools import partial
from urllib.parse import urlsplit

from reperform.connectors import days
from reperform.connectors.answer import Question, Source
from reperform.connectors.calls import Request, key_flaw, values_of
from reperform.connectors.contract import Asking, Check, Connector, Permission, Stream, looked
from reperform.connectors.okta import access as people
from reperform.connectors.okta import log, policies
from reperform.connectors.okta.org import org
from reperform.connectors.settings import Access, Setting, SettingKind

_ACCESS = Source("okta/access", people.TABLES, people.shape, people.covers, people.BLIND)
_POLICIES = Source(
    "okta/policies", policies.TABLES, policies.shape, policies.covers, policies.BLIND
)
_LOG = Source("okta/log", log.TABLES, log.shape, log.covers, log.BLIND)
_WHY = {
    "okta.users.read": "the accounts and their state",
    "okta.groups.read": "the groups and who is in them",
    "okta.factors.read": "whether a second factor is set up",
    "okta.roles.read": "who administers Okta; a token needs the rights of a super administrator",
    "okta.policies.read": "what is demanded of passwords and of sessions",
    "okta.logs.read": "the system log: sign-ins, changes of access",
}
_ONE = (("limit", "1"),)


def _questions(access: Access, asking: Asking) -> list[Question]:
    target = access.text("address")
    asked = [
        Question(_ACCESS.stream, target, lambda: people.ask(org(access))),
        Question(_POLICIES.stream, target, lambda: policies.ask(org(access))),
    ]
    found = log.spans(asking, asking.cursor(_LOG.stream, target))
    return asked + days.questions(_LOG.stream, target, found, partial(org, access), log.ask)


def _check(access: Access) -> Check:
    """Ask for one thing of each kind."""
    api = org(access)
    users = api.one("okta.users.read", Request("api/v1/users", _ONE))
    tried = {
        "okta.groups.read": Request("api/v1/groups", _ONE),
        "okta.roles.read": Request("api/v1/iam/assignees/users", _ONE),
        "okta.policies.read": Request("api/v1/policies", (("type", "PASSWORD"),)),
        "okta.logs.read": Request("api/v1/logs", _ONE),
    }
    for user in values_of(users):
        tried["okta.factors.read"] = Request(f"api/v1/users/{user.get('id')}/factors")
    findings = [looked(name, api.one(name, request)) for name, request in tried.items()]
    return Check(api.system, (looked("okta.users.read", users), *findings))


def _flaw(address: str) -> str:
    is_admin = (urlsplit(address).hostname or "").partition(".")[0].endswith("-admin")
    return "is the address of the pages for administrators" if is_admin else ""


CONNECTOR = Connector(
    name="okta",
    title="Okta",
    asks="One organization: users with their state, second factors, groups and administrators;"
    " policies of passwords and sessions; the system log: sign-ins, changes of access, and what"
    " else was done.",
    blind="what applications do behind Okta, and accounts that they keep without it",
    permissions=tuple(
        Permission(name, why, is_required=name == "okta.users.read") for name, why in _WHY.items()
    ),
    settings=(
        Setting(
            "address",
            "Address",
            "as https://example.okta.com, without -admin; an own domain does as well",
            SettingKind.ADDRESS,
            flaw=_flaw,
        ),
        Setting(
            "client_id",
            "Client ID",
            "of an API Services application; empty when you give a token",
            is_required=False,
        ),
        Setting(
            "key_id",
            "Key ID",
            "the kid of the application's public key; may be empty when it has only one",
            is_required=False,
        ),
        Setting(
            "private_key",
            "Private key",
            "the application's RSA key in PEM, from BEGIN to END",
            SettingKind.TEXT,
            is_required=False,
            is_secret=True,
            flaw=key_flaw,
        ),
        Setting(
            "token",
            "API token",
            "instead of an application: a token of an administrator who may only read",
            is_required=False,
            is_secret=True,
        ),
    ),
    streams=(
        Stream(_ACCESS, needs=people.NEEDS),
        Stream(_POLICIES, needs=policies.NEEDS),
        Stream(_LOG, needs=log.NEEDS, cursor=days.last_day),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
