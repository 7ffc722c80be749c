"""cluster/access: who is bound to which role, and what the role lets them do."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.holders import Holders
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.kubernetes.roles import allows_everything, escalates
from reperform.connectors.kubernetes.server import CORE, RBAC, Cluster
from reperform.connectors.kubernetes.tables import BINDINGS
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, objects, of

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS, BINDINGS)
NEEDS = ("list serviceaccounts", "list roles", "list rolebindings")
BLIND = (
    "people: a cluster has no list of them, and only names those whom a role is bound to; who is "
    "in a group of the identity provider; rights by another authorizer; certificates with the "
    "group system:masters, which no binding can take back"
)
_SERVICES, _ROLES, _CLUSTER_ROLES = "serviceaccounts", "roles", "clusterroles"
_BINDINGS, _CLUSTER_BINDINGS = "rolebindings", "clusterrolebindings"
_ANYBODY = frozenset(
    {"system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"}
)
_BUILT_IN = ("kubernetes.io/bootstrapping", "rbac-defaults")


def ask(cluster: Cluster) -> Iterator[Answer]:
    """Yield the accounts of programs, the roles, and who is bound to them."""
    yield cluster.api.observed()
    yield from cluster.listed(_SERVICES, CORE)
    for resource in (_CLUSTER_ROLES, _ROLES, _CLUSTER_BINDINGS, _BINDINGS):
        yield from cluster.listed(resource, RBAC)


class _Roles:
    """The roles that there are: kind, namespace and name -> rules."""

    def __init__(self, found: Said) -> None:
        self.powerful: set[str] = set()
        self._rules: dict[tuple[str, str, str], tuple[object, str | None]] = {}
        for kind, resource in (("Role", _ROLES), ("ClusterRole", _CLUSTER_ROLES)):
            for _, role in found.each(resource, "items"):
                key = (kind, str(of(role, "metadata", "namespace") or ""), _name(role))
                self._rules[key] = role.get("rules"), said(of(role, "metadata", "uid"))

    def of(self, binding: dict[str, Any]) -> dict[str, Any]:
        """Return what the role of a binding is, and allows; NULL where the role was not shown.

        A role that does not exist allows nothing, until somebody makes it: that is not known.
        """
        kind, name = of(binding, "roleRef", "kind"), of(binding, "roleRef", "name")
        namespace = str(of(binding, "metadata", "namespace") or "") if kind == "Role" else ""
        rules, uid = self._rules.get((str(kind), namespace, str(name)), (None, None))
        is_known = (str(kind), namespace, str(name)) in self._rules
        ways = escalates(rules)
        return {
            "role": said(name),
            "role_kind": said(kind),
            "role_uid": uid,
            "allows_everything": allows_everything(rules) if is_known else None,
            "can_escalate": bool(ways) if is_known else None,
            "escalates": said(", ".join(ways)),
        }


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each account of a program, each binding and each holder of a role."""
    found = Said(answers)
    roles, holders = _Roles(found), Holders()
    holders.is_whole = all(map(found.has, (_BINDINGS, _CLUSTER_BINDINGS)))
    for resource in (_CLUSTER_BINDINGS, _BINDINGS):
        for kept, binding in found.each(resource, "items"):
            yield from _bound(found, kept, binding, roles, holders)
    for kept, account in found.each(_SERVICES, "items"):
        name = _service(of(account, "metadata", "namespace"), _name(account))
        held = (name, *_groups_of(account))
        known = [holders.is_privileged(uid) for uid in held]
        makes = {role for uid in held for role in holders.of(uid)} & roles.powerful
        yield found.row(
            ACCOUNTS.name,
            kept,
            account=said(name),
            account_uid=said(of(account, "metadata", "uid")),
            kind="service",
            is_enabled=True,
            can_sign_in=False,
            is_external=False,
            is_privileged=True if True in known else None if None in known else False,
            privileges=said(",".join(sorted(makes))),
            last_used_known=False,
            created_at=moment(of(account, "metadata", "creationTimestamp")),
        )


def _bound(
    found: Said, kept: Kept, binding: dict[str, Any], roles: _Roles, holders: Holders
) -> Iterator[Row]:
    role = roles.of(binding)
    uid, namespace = role.pop("role_uid"), said(of(binding, "metadata", "namespace"))
    named = f"{role['role']} in {namespace}" if namespace else role["role"]
    is_more = _is_more(role)
    if is_more:
        roles.powerful.add(str(named))
    subjects = [_subject(each, namespace) for each in objects(binding.get("subjects"))]
    for kind, name in subjects or [(None, None)]:
        yield found.row(
            BINDINGS.name,
            kept,
            binding=said(_name(binding)),
            binding_uid=said(of(binding, "metadata", "uid")),
            is_everywhere=namespace is None,
            namespace=namespace,
            **role,
            subject=name,
            subject_kind=kind,
            is_anybody=_is_anybody(name),
            is_built_in=of(binding, "metadata", "labels", _BUILT_IN[0]) == _BUILT_IN[1],
            created_at=moment(of(binding, "metadata", "creationTimestamp")),
        )
        yield found.row(
            GROUPS.name,
            kept,
            group_name=said(named),
            group_uid=uid,
            is_privileged=is_more,
            member=name,
            member_uid=name,
            member_kind=None if kind is None else "group" if kind == "Group" else "account",
        )
        if name is not None:
            holders.hold(name, str(named), is_more=is_more)


def _is_more(role: dict[str, Any]) -> bool | None:
    if role["allows_everything"] is None:
        return None
    return bool(role["allows_everything"] or role["can_escalate"])


def _subject(subject: dict[str, Any], namespace: str | None) -> tuple[str | None, str | None]:
    """Return kind and name, as the API server names whoever asks."""
    kind, name = said(subject.get("kind")), subject.get("name")
    if kind == "ServiceAccount":
        return kind, said(_service(subject.get("namespace") or namespace, name))
    return kind, said(name)


def _service(namespace: object, name: object) -> str:
    return f"system:serviceaccount:{namespace}:{name}"


def _groups_of(account: dict[str, Any]) -> list[str]:
    """Return the groups that every account of a program is in.

    Source: Kubernetes documentation, "Managing Service Accounts".
    """
    namespace = of(account, "metadata", "namespace")
    return [
        "system:serviceaccounts",
        f"system:serviceaccounts:{namespace}",
        "system:authenticated",
    ]


def _is_anybody(name: str | None) -> bool | None:
    return None if name is None else name in _ANYBODY


def _name(found: dict[str, Any]) -> str:
    return str(of(found, "metadata", "name"))


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless a list was refused that a table cannot do without."""
    bound = (_BINDINGS, _CLUSTER_BINDINGS)
    needed = {
        ACCOUNTS.name: (_SERVICES,),
        GROUPS.name: (*bound, _ROLES, _CLUSTER_ROLES),
        BINDINGS.name: (*bound, _ROLES, _CLUSTER_ROLES),
    }
    return state_covers(answers, started_at, needed)
