"""entra: a tenant of Microsoft Entra ID: accounts, methods, groups, roles, and its logs."""

from functools import partial

from reperform.connectors import days
from reperform.connectors.answer import Question, Source
from reperform.connectors.calls import Request
from reperform.connectors.contract import Asking, Check, Connector, Permission, Stream, looked
from reperform.connectors.entra import access as people
from reperform.connectors.entra import log, policies
from reperform.connectors.entra.graph import graph
from reperform.connectors.settings import Access, Setting, SettingKind

_ACCESS = Source("entra/access", people.TABLES, people.shape, people.covers, people.BLIND)
_POLICIES = Source(
    "entra/policies", policies.TABLES, policies.shape, policies.covers, policies.BLIND
)
_SIGN_INS = Source(
    "entra/sign-ins",
    (log.SIGN_INS,),
    log.shape_sign_ins,
    log.covers_sign_ins,
    log.SIGN_INS_BLIND,
)
_AUDIT = Source(
    "entra/audit",
    (log.GRANTS, log.ACTIVITY),
    log.shape_audit,
    log.covers_audit,
    log.AUDIT_BLIND,
)
_WHY = {
    "Directory.Read.All": "users, groups, roles and licences; the logs demand it too",
    "AuditLog.Read.All": "registered methods, last use, sign-ins and the audit log",
    "RoleEligibilitySchedule.Read.Directory": "who may activate a role",
    "Policy.Read.All": "conditional access and the security defaults",
}
_ONE = (("$top", "1"),)


def _questions(access: Access, asking: Asking) -> list[Question]:
    target, reach = access.text("tenant"), partial(graph, access)
    asked = [
        Question(_ACCESS.stream, target, lambda: people.ask(reach())),
        Question(_POLICIES.stream, target, lambda: policies.ask(reach())),
    ]
    for stream, ask in ((_SIGN_INS.stream, log.ask_sign_ins), (_AUDIT.stream, log.ask_audit)):
        found = log.spans(asking, asking.cursor(stream, target))
        asked += days.questions(stream, target, found, reach, ask)
    return asked


def _check(access: Access) -> Check:
    """Ask for one thing of each kind; sign-ins may lack a licence, which is said."""
    api = graph(access)
    eligible = "roleManagement/directory/roleEligibilityScheduleInstances"
    tried = {
        "Directory.Read.All": ("users", "groups", "directoryRoles"),
        "AuditLog.Read.All": ("auditLogs/directoryAudits", "auditLogs/signIns"),
        "RoleEligibilitySchedule.Read.Directory": (eligible,),
        "Policy.Read.All": ("identity/conditionalAccess/policies",),
    }
    findings = []
    for name, paths in tried.items():
        query = {path: () if path == "directoryRoles" else _ONE for path in paths}
        answers = [api.one(name, Request(path, query[path]), denied={400}) for path in paths]
        findings.append(looked(name, *answers))
    return Check(api.system, tuple(findings))


CONNECTOR = Connector(
    name="entra",
    title="Microsoft Entra ID",
    asks="One tenant, over Microsoft Graph: users with their use and registered methods, groups,"
    " directory roles, active and eligible; conditional access; sign-ins; changes of access and"
    " other changes.",
    blind="what is allowed in subscriptions and inside applications",
    permissions=tuple(
        Permission(name, why, is_required=name == "Directory.Read.All")
        for name, why in _WHY.items()
    ),
    settings=(
        Setting("tenant", "Tenant", "its ID or primary domain, on the page Overview of Entra ID"),
        Setting("client_id", "Client ID", "Application (client) ID of the app registration"),
        Setting(
            "client_secret",
            "Client secret",
            "the value of a secret of the app registration, not its ID",
            is_secret=True,
        ),
        Setting(
            "login",
            "Address of the sign-in",
            "another one for a national cloud, as https://login.microsoftonline.us",
            SettingKind.ADDRESS,
            default="https://login.microsoftonline.com",
        ),
        Setting(
            "graph",
            "Address of Microsoft Graph",
            "another one for a national cloud, as https://graph.microsoft.us",
            SettingKind.ADDRESS,
            default="https://graph.microsoft.com",
        ),
    ),
    streams=(
        Stream(_ACCESS, needs=people.NEEDS),
        Stream(_POLICIES, needs=policies.NEEDS),
        Stream(_SIGN_INS, needs=log.NEEDS, cursor=days.last_day),
        Stream(_AUDIT, needs=log.NEEDS, cursor=days.last_day),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
