"""A cluster by its API: an own HTTPS server that answers as an API server does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said
from collected import Collected, put
from kube import (
    API_SERVERS,
    APPS,
    BATCH,
    CORE,
    EMPTY,
    EVERYTHING,
    POLICIES,
    RBAC,
    TOKEN,
    Kube,
    binding,
    forbidden,
    named,
    serving,
    status,
)
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.kubernetes import CLUSTER
from reperform.connectors.kubernetes.containers import values
from reperform.connectors.kubernetes.policies import denies
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
BINDINGS, CONTAINERS, NAMESPACES = "cluster.bindings", "cluster.containers", "cluster.namespaces"
SERVERS, NODES, ACCOUNTS = "cluster.servers", "cluster.nodes", "population.accounts"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    with serving(tmp_path_factory.mktemp("kube")) as found:
        yield found


@pytest.fixture
def kube(served: Kube) -> Kube:
    """A cluster in which nothing is, and nothing is refused."""
    served.reset()
    served.lists.update({path: [] for path in EMPTY})
    served.things["/version"] = {"major": "1", "minor": "34", "gitVersion": "v1.34.2"}
    served.things["/metrics"] = b"# HELP nothing\n"
    return served


def collected(kube: Kube, folder: Path, stream: str, access: Access | None = None) -> Collected:
    questions = CLUSTER.questions(access or kube.access(), Asking(NOON))
    (question,) = (each for each in questions if each.stream == f"cluster/{stream}")
    return put(question, CLUSTER.stream(question.stream).source, folder)


def pod(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"containers": [{"name": "web", "image": "shop/web:1"} | more.pop("own", {})], **more}


def test_who_may_do_everything_is_said_for_each_subject(kube: Kube, tmp_path: Path) -> None:
    """Of a person by name, of everybody, and of a program by its whole name."""
    kube.lists[f"{RBAC}/clusterroles"] = [
        named("admin", rules=[EVERYTHING]),
        named("see", rules=[]),
    ]
    kube.lists[f"{RBAC}/clusterrolebindings"] = [
        binding(
            "admins",
            "admin",
            {"kind": "User", "name": "ana@example.org"},
            {"kind": "Group", "name": "system:authenticated"},
            {"kind": "ServiceAccount", "name": "deploy", "namespace": "shop"},
        ),
        binding("readers", "see", {"kind": "Group", "name": "staff"}),
        binding("nobody", "see"),
    ]

    found = collected(kube, tmp_path, "access")

    told = ("subject", "subject_kind", "is_anybody", "allows_everything", "is_everywhere")
    assert [tuple(row[name] for name in told) for row in found.of(BINDINGS)] == [
        ("ana@example.org", "User", False, True, True),
        ("system:authenticated", "Group", True, True, True),
        ("system:serviceaccount:shop:deploy", "ServiceAccount", False, True, True),
        ("staff", "Group", False, False, True),
        (None, None, None, False, True),
    ]
    assert found.outcome == "complete"


def test_a_right_by_which_more_can_be_had_is_named(kube: Kube, tmp_path: Path) -> None:
    """Although the role looks small; and it holds where its binding is."""
    rules = [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]},
        {"apiGroups": [""], "resources": ["*/exec"], "verbs": ["create"]},
        {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"]},
    ]
    kube.lists[f"{RBAC}/roles"] = [named("own", "shop", rules=rules)]
    bob = {"kind": "User", "name": "bob"}
    kube.lists[f"{RBAC}/rolebindings"] = [binding("small", "own", bob, namespace="shop")]

    (row,) = collected(kube, tmp_path, "access").of(BINDINGS)

    assert (row["namespace"], row["is_everywhere"]) == ("shop", False)
    assert (row["allows_everything"], row["can_escalate"]) == (False, True)
    assert row["escalates"] == "enter pods, read secrets"


def test_a_role_that_does_not_exist_is_not_known(kube: Kube, tmp_path: Path) -> None:
    """Whoever makes it decides what its holders may."""
    ana = {"kind": "User", "name": "ana"}
    kube.lists[f"{RBAC}/clusterrolebindings"] = [binding("early", "later", ana)]

    (row,) = collected(kube, tmp_path, "access").of(BINDINGS)

    assert (row["role"], row["allows_everything"], row["can_escalate"]) == ("later", None, None)


def test_a_program_has_what_its_groups_have(kube: Kube, tmp_path: Path) -> None:
    """Every account of a program is in the group of its namespace."""
    accounts = [named("deploy", "shop"), named("deploy", "test")]
    kube.lists[f"{CORE}/serviceaccounts"] = accounts
    kube.lists[f"{RBAC}/clusterroles"] = [named("admin", rules=[EVERYTHING])]
    group = {"kind": "Group", "name": "system:serviceaccounts:shop"}
    kube.lists[f"{RBAC}/clusterrolebindings"] = [binding("all", "admin", group)]

    found = collected(kube, tmp_path, "access").of(ACCOUNTS)

    assert [(row["account"], row["is_privileged"], row["privileges"]) for row in found] == [
        ("system:serviceaccount:shop:deploy", True, "admin"),
        ("system:serviceaccount:test:deploy", False, None),
    ]
    told = {(row["kind"], row["can_sign_in"], row["is_external"]) for row in found}
    assert told == {("service", False, False)}


def test_a_kind_that_is_refused_is_partial_and_named(kube: Kube, tmp_path: Path) -> None:
    """And nobody is said to hold no more: that is not known."""
    kube.lists[f"{CORE}/serviceaccounts"] = [named("deploy", "shop")]
    kube.refused[f"{RBAC}/rolebindings"] = forbidden("rolebindings")

    found = collected(kube, tmp_path, "access")

    assert found.outcome == "partial"
    assert "rolebindings is forbidden" in found.covers[BINDINGS].missing
    assert found.covers[BINDINGS].last is None
    assert found.covers[ACCOUNTS].last is not None
    assert [row["is_privileged"] for row in found.of(ACCOUNTS)] == [None]


def test_a_refusal_in_other_words_names_what_was_refused(kube: Kube, tmp_path: Path) -> None:
    """Proxies before an API server do not say which list they refuse."""
    kube.refused[POLICIES] = Said({"message": "no"}, status=403)

    found = collected(kube, tmp_path, "workloads")

    assert found.covers[NAMESPACES].missing == "networkpolicies: 403 no"


def test_a_list_is_read_to_its_end(kube: Kube, tmp_path: Path) -> None:
    kube.lists[f"{CORE}/namespaces"] = [named(f"n{number}") for number in range(5)]

    found = collected(kube, tmp_path, "workloads").of(NAMESPACES)

    assert [row["namespace"] for row in found] == ["n0", "n1", "n2", "n3", "n4"]
    asked = [path for _, path, _, _ in kube.server.asked if "namespaces" in path]
    assert asked[0] == "/api/v1/namespaces?limit=500"
    assert asked[-1].endswith("continue=4")


def test_a_list_that_expired_is_begun_again(kube: Kube, tmp_path: Path) -> None:
    """Nothing of the first reading is left: no object is there twice."""
    kube.lists[f"{CORE}/namespaces"] = [named(f"n{number}") for number in range(5)]
    kube.gone = 2

    found = collected(kube, tmp_path, "workloads")

    assert found.outcome == "complete"
    assert len(found.of(NAMESPACES)) == 5


def test_a_list_that_expires_each_time_is_refused(kube: Kube, tmp_path: Path) -> None:
    kube.lists[f"{CORE}/namespaces"] = [named(f"n{number}") for number in range(5)]
    kube.gone = 9

    found = collected(kube, tmp_path, "workloads")

    assert (found.outcome, found.rows) == ("refused", [])
    assert "namespaces: the list expired 3 times" in found.collection.reason


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"hidden": 3}, "the server says that there are 8, and gave 5"),
        ({"moves": True}, "its pages are not of one moment"),
    ],
)
def test_a_server_that_lies_about_its_pages_is_refused(
    kube: Kube, tmp_path: Path, lie: dict[str, int], why: str
) -> None:
    kube.lists[f"{CORE}/namespaces"] = [named(f"n{number}") for number in range(5)]
    vars(kube).update(lie)

    found = collected(kube, tmp_path, "workloads")

    assert (found.outcome, found.rows) == ("refused", [])
    assert why in found.collection.reason


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"kind": "NamespaceList", "metadata": {}, "items": None}, "holds no list in items"),
        ({"items": [], "metadata": {"continue": 3}}, "is no cursor"),
        (b'{"items": [', "not whole JSON"),
        (b"<html>sign in</html>", "not whole JSON"),
    ],
)
def test_a_page_of_another_form_is_refused(
    kube: Kube, tmp_path: Path, body: object, why: str
) -> None:
    kube.things[f"{CORE}/namespaces"] = body

    found = collected(kube, tmp_path, "workloads")

    assert (found.outcome, found.rows) == ("refused", [])
    assert why in found.collection.reason


def test_a_token_that_ended_is_refused(kube: Kube, tmp_path: Path) -> None:
    """And nothing that it was is said."""
    found = collected(kube, tmp_path, "access", kube.access(token="b-token-that-ended"))

    assert found.outcome == "refused"
    assert "401" in found.collection.reason
    assert "b-token-that-ended" not in found.collection.reason


def test_an_anonymous_caller_asks_nothing(kube: Kube, tmp_path: Path) -> None:
    """What a cluster says to everybody would pass for all that it has."""
    found = collected(kube, tmp_path, "access", kube.access(token=""))

    assert found.outcome == "refused"
    assert kube.server.asked == []


def test_a_certificate_says_who_asks(kube: Kube, tmp_path: Path) -> None:
    own = kube.authority.sign("auditor")
    access = kube.access(token="", certificate=own.certificate, key=own.key)

    found = collected(kube, tmp_path, "access", access)

    assert found.outcome == "complete"
    assert set(kube.server.callers) == {"auditor"}
    assert all("authorization" not in headers for _, _, headers, _ in kube.server.asked)


def test_a_certificate_of_another_key_is_refused(kube: Kube, tmp_path: Path) -> None:
    one, other = kube.authority.sign("auditor"), kube.authority.sign("auditor")
    access = kube.access(token="", certificate=one.certificate, key=other.key)

    found = collected(kube, tmp_path, "access", access)

    assert found.outcome == "refused"
    assert "is not of its key" in found.collection.reason


def test_a_server_of_another_authority_gets_no_token(kube: Kube, tmp_path: Path) -> None:
    """Its certificate is not trusted without the cluster's own authority."""
    found = collected(kube, tmp_path, "access", kube.access(authority=""))

    assert found.outcome == "refused"
    assert "certificate" in found.collection.reason.lower()
    assert kube.server.asked == []


def test_no_token_travels_in_clear(kube: Kube, tmp_path: Path) -> None:
    found = collected(kube, tmp_path, "access", kube.access(address="http://cluster.example"))

    assert "credentials would travel in clear" in found.collection.reason


def test_the_token_is_in_no_answer(kube: Kube, tmp_path: Path) -> None:
    kube.refused[f"{RBAC}/roles"] = status(403, "Forbidden", f"roles: not by {TOKEN}")

    found = collected(kube, tmp_path, "access")

    assert all(TOKEN not in each.asked + each.refused for each in found.collection.answers)
    assert "roles: not by [secret]" in found.covers[BINDINGS].missing


BROKEN = {
    "hostNetwork": True,
    "hostPID": True,
    "volumes": [{"name": "run", "hostPath": {"path": "/run"}}, {"name": "own", "emptyDir": {}}],
    "own": {
        "securityContext": {"privileged": True, "capabilities": {"add": ["SYS_ADMIN", "CHOWN"]}},
        "ports": [{"containerPort": 80, "hostPort": 8080}],
    },
}
HARDENED = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "automountServiceAccountToken": False,
    "serviceAccountName": "web",
    "own": {
        "image": "shop/web@sha256:" + "a" * 64,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        },
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
    },
}


def test_a_container_that_reaches_its_node_says_by_what(kube: Kube, tmp_path: Path) -> None:
    made = named("web", "shop", spec={"template": {"spec": pod(**BROKEN)}})
    kube.lists[f"{APPS}/daemonsets"] = [made]

    (row,) = collected(kube, tmp_path, "workloads").of(CONTAINERS)

    assert (row["namespace"], row["workload"]) == ("shop", "DaemonSet/web")
    assert (row["is_privileged"], row["reaches_node"], row["has_powers"]) == (True, True, True)
    assert row["shares"] == "network, path /run, port 8080, processes"
    assert row["capabilities"] == "CHOWN, SYS_ADMIN"
    assert (row["forbids_root"], row["is_pinned"], row["allows_escalation"]) == (False, False, True)


def test_a_container_that_is_hardened_says_so(kube: Kube, tmp_path: Path) -> None:
    template = {"jobTemplate": {"spec": {"template": {"spec": pod(**HARDENED)}}}}
    kube.lists[f"{BATCH}/cronjobs"] = [named("web", "shop", spec=template)]

    (row,) = collected(kube, tmp_path, "workloads").of(CONTAINERS)

    bad = ("is_privileged", "reaches_node", "has_powers", "allows_escalation", "has_token")
    good = (
        *("is_pinned", "forbids_root", "drops_all"),
        *("is_read_only", "is_confined", "has_limits"),
    )
    assert {row[name] for name in bad} == {False}
    assert {row[name] for name in good} == {True}
    assert (row["service_account"], row["shares"]) == ("web", None)


@pytest.mark.parametrize(
    ("of_pod", "own", "is_forbidden"),
    [
        ({}, {}, False),
        ({"runAsUser": 1000}, {}, True),
        ({"runAsUser": 1000}, {"runAsUser": 0}, False),
        ({"runAsNonRoot": True}, {"runAsNonRoot": False}, False),
        ({"runAsUser": 0}, {"runAsUser": 7}, True),
        ({"runAsUser": "1000"}, {}, False),
    ],
)
def test_root_is_forbidden_only_by_what_counts(
    of_pod: dict[str, Any], own: dict[str, Any], *, is_forbidden: bool
) -> None:
    """What a container says comes before its pod; where nobody says anything the image decides."""
    found = values({"securityContext": of_pod}, {"image": "web", "securityContext": own})

    assert found["forbids_root"] is is_forbidden


def test_pods_of_a_template_are_not_told_again(kube: Kube, tmp_path: Path) -> None:
    """But those of a maker that is not among the kinds that are asked for; also what begins one."""
    kube.lists[f"{APPS}/deployments"] = [
        named("web", "shop", spec={"template": {"spec": pod(initContainers=[{"name": "first"}])}})
    ]
    by = {"controller": True, "uid": "uid-shop-web", "kind": "Deployment"}
    other = {"controller": True, "uid": "uid-of-a-rollout", "kind": "Rollout"}
    replicas = named("web-1", "shop", metadata={"ownerReferences": [by]}, spec={})
    odd = named("web-2", "shop", metadata={"ownerReferences": [other]}, spec=pod())
    kube.lists[f"{APPS}/replicasets"] = [replicas]
    kube.lists[f"{CORE}/pods"] = [odd]

    found = collected(kube, tmp_path, "workloads").of(CONTAINERS)

    assert [(row["workload"], row["container"]) for row in found] == [
        ("Pod/web-2", "web"),
        ("Deployment/web", "first"),
        ("Deployment/web", "web"),
    ]


def test_a_template_of_another_form_vouches_for_nothing(kube: Kube, tmp_path: Path) -> None:
    """It is kept, and not taken for a workload without containers."""
    kube.lists[f"{APPS}/deployments"] = [named("web", "shop", spec={"template": {"spec": {}}})]

    with pytest.raises(KeyError, match="containers"):
        collected(kube, tmp_path, "workloads")


ALL: dict[str, Any] = {"podSelector": {}}


@pytest.mark.parametrize(
    ("specs", "is_denied"),
    [
        ([], (False, False)),
        ([ALL], (True, False)),
        ([ALL | {"policyTypes": ["Ingress", "Egress"]}], (True, True)),
        ([ALL | {"egress": [{"to": [{"podSelector": {}}]}]}], (True, True)),
        ([{"podSelector": {"matchLabels": {"app": "web"}}}], (False, False)),
        ([ALL, ALL | {"ingress": [{}]}], (False, False)),
        ([ALL | {"ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}], (False, False)),
        ([ALL | {"ingress": [{"ports": [{"port": 443}]}]}], (True, False)),
    ],
)
def test_a_namespace_denies_what_no_policy_lets_through(
    specs: list[dict[str, Any]], is_denied: tuple[bool, bool]
) -> None:
    """One policy must hold for every pod, and none may open all again: policies add up."""
    assert (denies(specs, "Ingress"), denies(specs, "Egress")) == is_denied


def test_a_namespace_has_the_policies_that_are_in_it(kube: Kube, tmp_path: Path) -> None:
    label = {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}
    kube.lists[f"{CORE}/namespaces"] = [named("shop", metadata=label), named("test")]
    kube.lists[f"{CORE}/pods"] = [named("web", "shop", spec=pod())]
    kube.lists[POLICIES] = [named("all", "shop", spec=ALL)]

    rows = collected(kube, tmp_path, "workloads").of(NAMESPACES)

    told = ("namespace", "policies", "denies_in", "denies_out", "enforces", "pods")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("shop", 1, True, False, "restricted", 1),
        ("test", 0, False, False, None, 0),
    ]


def figures(*prefixes: str) -> bytes:
    name = "apiserver_storage_transformation_operations_total"
    told = 'resource="{}",status="OK",transformation_type="to_storage",transformer_prefix="{}"'
    lines = [f"{name}{{{told.format('secrets', prefix)}}} 7" for prefix in prefixes]
    return "\n".join([*lines, f"{name}{{{told.format('configmaps', 'identity')}}} 3", ""]).encode()


@pytest.mark.parametrize(
    ("flags", "said", "encrypts"),
    [
        (["--encryption-provider-config=/etc/e"], figures("k8s:enc:kms:v2:own:"), True),
        (["--encryption-provider-config", "/etc/e"], figures("k8s:enc:aescbc:v1:k"), True),
        (["--encryption-provider-config=/e"], figures("k8s:enc:aescbc:v1:k", "identity"), False),
        (["--encryption-provider-config=/e"], figures(), None),
        (["--anonymous-auth=false"], figures("k8s:enc:kms:v2:own:"), False),
        (None, figures("k8s:enc:kms:v2:own:"), True),
        (None, figures(), None),
    ],
)
def test_secrets_are_encrypted_only_where_the_server_shows_it(
    kube: Kube, tmp_path: Path, flags: list[str] | None, said: bytes, *, encrypts: bool | None
) -> None:
    """A configuration file may say that they are not; figures show what is done."""
    kube.things["/metrics"] = said
    if flags is not None:
        spec = {"containers": [{"command": ["kube-apiserver", *flags]}]}
        kube.lists[API_SERVERS] = [named("kube-apiserver-1", "kube-system", spec=spec)]

    (row,) = collected(kube, tmp_path, "servers").of(SERVERS)

    assert row.get("encrypts_secrets") is encrypts
    assert (row["version"], row["support_ends_on"]) == ("v1.34.2", "2026-10-27")


def test_how_a_server_was_started_is_told(kube: Kube, tmp_path: Path) -> None:
    """What is left out has the value that a server takes then."""
    started = ["--authorization-mode=Node,RBAC", "--audit-log-path=/l", "--audit-policy-file=/p"]
    kube.lists[API_SERVERS] = [
        named(name, "kube-system", spec={"containers": [{"command": ["kube-apiserver", *flags]}]})
        for name, flags in {"one": started, "two": ["--audit-log-path=/l"]}.items()
    ]

    rows = collected(kube, tmp_path, "servers").of(SERVERS)

    told = ("allows_anonymous", "authorizes_by", "keeps_audit")
    assert [tuple(row[name] for name in told) for row in rows] == [
        (True, "Node,RBAC", True),
        (True, "AlwaysAllow", False),
    ]


def test_figures_that_are_refused_leave_the_release(kube: Kube, tmp_path: Path) -> None:
    kube.refused["/metrics"] = status(403, "Forbidden", 'forbidden: cannot get path "/metrics"')

    found = collected(kube, tmp_path, "servers")

    (row,) = found.of(SERVERS)
    assert found.outcome == "partial"
    assert (row["version"], row.get("encrypts_secrets")) == ("v1.34.2", None)
    assert found.covers[SERVERS].last is not None


def test_a_node_says_its_release(kube: Kube, tmp_path: Path) -> None:
    """One of a builder with other days has no end of support from the publisher."""
    info = {"osImage": "Debian 13", "kernelVersion": "6.12", "containerRuntimeVersion": "cri-o://1"}
    ready = [{"type": "Ready", "status": "Unknown"}]
    kube.lists[f"{CORE}/nodes"] = [
        named(name, status={"nodeInfo": info | {"kubeletVersion": version}, "conditions": ready})
        for name, version in {"a": "v1.31.4", "b": "v1.31.4-eks-1a2b"}.items()
    ]

    rows = collected(kube, tmp_path, "servers").of(NODES)

    told = ("node", "kubelet_version", "support_ends_on", "is_ready")
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("a", "v1.31.4", "2025-11-11", None),
        ("b", "v1.31.4-eks-1a2b", None, None),
    ]


def test_a_check_says_which_permissions_are_there(kube: Kube) -> None:
    kube.refused[f"{CORE}/nodes"] = forbidden("nodes")

    found = checked(CLUSTER, kube.access())

    grants = {each.permission: each.grant for each in found.findings}
    assert found.reached == "kubernetes prod"
    assert grants.pop("list nodes") is Grant.DENIED
    assert set(grants.values()) == {Grant.GRANTED}
