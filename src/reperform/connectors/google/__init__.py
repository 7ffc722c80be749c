"""google: an organization of Google Workspace: accounts, groups, roles, sign-ins, changes."""

from functools import partial

from reperform.connectors import days
from reperform.connectors.answer import NotCollectedError, Question, Source
from reperform.connectors.calls import Request
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
    looked,
)
from reperform.connectors.google import access as people
from reperform.connectors.google import log
from reperform.connectors.google.workspace import Workspace, service_key_flaw
from reperform.connectors.settings import Access, Setting, SettingKind

_ACCESS = Source("google/access", people.TABLES, people.shape, people.covers, people.BLIND)
_SIGN_INS = Source(
    "google/sign-ins",
    (log.SIGN_INS,),
    log.shape_sign_ins,
    log.covers_sign_ins,
    log.SIGN_INS_BLIND,
)
_ADMIN = Source(
    "google/admin",
    (log.GRANTS, log.ACTIVITY),
    log.shape_admin,
    log.covers_admin,
    log.ADMIN_BLIND,
)
_USERS = "admin.directory.user.readonly"
_WHY = {
    _USERS: "accounts, their state and 2-step verification",
    "admin.directory.group.readonly": "groups and who is in them",
    "admin.directory.rolemanagement.readonly": "roles of administrators and who holds them",
    "admin.reports.audit.readonly": "sign-ins, and what administrators changed",
}
_ONE, _OURS = ("maxResults", "1"), ("customer", "my_customer")
_TRIED = {
    _USERS: Request("admin/directory/v1/users", (_OURS, _ONE)),
    "admin.directory.group.readonly": Request("admin/directory/v1/groups", (_OURS, _ONE)),
    "admin.directory.rolemanagement.readonly": Request(
        "admin/directory/v1/customer/my_customer/roles", (_ONE,)
    ),
    "admin.reports.audit.readonly": Request(
        "admin/reports/v1/activity/users/all/applications/login", (_ONE,)
    ),
}


def _questions(access: Access, asking: Asking) -> list[Question]:
    target = access.text("admin").partition("@")[2]
    reach = partial(Workspace, access, people.NEEDS)
    asked = [Question(_ACCESS.stream, target, lambda: people.ask(reach()))]
    for stream, ask in ((_SIGN_INS.stream, log.ask_sign_ins), (_ADMIN.stream, log.ask_admin)):
        found = log.spans(asking, asking.cursor(stream, target))
        logs = partial(Workspace, access, log.NEEDS)
        asked += days.questions(stream, target, found, logs, ask)
    return asked


def _check(access: Access) -> Check:
    """Ask for one thing with each scope by itself: Google grants those of a token all or none."""
    first = Workspace(access, [_USERS])
    findings = [looked(_USERS, first.api.one(_USERS, _TRIED[_USERS]))]
    for scope, request in _TRIED.items():
        if scope == _USERS:
            continue
        try:
            findings.append(looked(scope, Workspace(access, [scope]).api.one(scope, request)))
        except NotCollectedError as error:
            findings.append(Finding(scope, Grant.DENIED, str(error).partition("\n")[0]))
    return Check(first.api.system, tuple(findings))


def _is_address(said: str) -> str:
    name, _, domain = said.partition("@")
    return "" if name and "." in domain else "is no address of e-mail"


CONNECTOR = Connector(
    name="google",
    title="Google Workspace",
    asks="One organization: accounts with 2-step verification, groups, roles of administrators;"
    " sign-ins; changes of access and other changes by administrators.",
    blind="Google Cloud; what applications of others do; files and who may open them",
    permissions=tuple(
        Permission(name, why, is_required=name == _USERS) for name, why in _WHY.items()
    ),
    settings=(
        Setting(
            "admin",
            "Administrator",
            "address of the account that the service account acts for",
            flaw=_is_address,
        ),
        Setting(
            "key",
            "Key of the service account",
            "the JSON file that Google made with the key, whole",
            SettingKind.TEXT,
            is_secret=True,
            flaw=service_key_flaw,
        ),
        Setting(
            "login",
            "Address that grants tokens",
            "leave it, unless you call Google through a gateway of your own",
            SettingKind.ADDRESS,
            default="https://oauth2.googleapis.com",
        ),
        Setting(
            "address",
            "Address of the interface",
            "leave it, unless you call Google through a gateway of your own",
            SettingKind.ADDRESS,
            default="https://admin.googleapis.com",
        ),
    ),
    streams=(
        Stream(_ACCESS, needs=people.NEEDS),
        Stream(_SIGN_INS, needs=log.NEEDS, cursor=days.last_day),
        Stream(_ADMIN, needs=log.NEEDS, cursor=days.last_day),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
