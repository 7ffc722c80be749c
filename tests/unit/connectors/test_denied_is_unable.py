"""One denied call, from the source to the conclusion: nothing passes by what it hid."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said, answering
from cloud import Cloud, clouded
from collected import Collected, put
from hub import Hub, served
from kube import EMPTY, EVERYTHING, POLICIES, RBAC, Kube, binding, forbidden, named, serving
from reperform.connectors import aws, github, kubernetes, prometheus
from reperform.connectors.contract import Asking, Connector
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
ASKING = Asking(NOON, since=date(2026, 3, 4))
TODAY, YESTERDAY = date(2026, 3, 5), date(2026, 3, 4)


def collected(connector: Connector, access: Access, stream: str, folder: Path) -> Collected:
    (question,) = (one for one in connector.questions(access, ASKING) if one.stream == stream)
    return put(question, connector.stream(stream).source, folder, NOON)


@dataclass(frozen=True)
class Case:
    """A stream, the test of a control that reads it, and how to deny one call.

    Attributes:
        connector: that is asked.
        stream: that the call is of.
        test: file of the test.
        reach: starts a server, denies the call or nothing, and says how it is reached.
        day: that is examined: of a state the day of asking.
    """

    connector: Connector
    stream: str
    test: str
    reach: Callable[[ExitStack, Path, bool], Access]
    day: date = TODAY


def cluster(stack: ExitStack, folder: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    kube: Kube = stack.enter_context(serving(folder))
    kube.lists.update({path: [] for path in EMPTY})
    kube.lists[f"{RBAC}/clusterroles"] = [named("admin", rules=[EVERYTHING])]
    staff = {"kind": "Group", "name": "staff"}
    kube.lists[f"{RBAC}/clusterrolebindings"] = [binding("admins", "admin", staff)]
    if is_denied:
        kube.refused[f"{RBAC}/rolebindings"] = forbidden("rolebindings")
    return kube.access()


def network(stack: ExitStack, folder: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    kube: Kube = stack.enter_context(serving(folder))
    kube.lists.update({path: [] for path in EMPTY})
    kube.lists["/api/v1/namespaces"] = [named("shop")]
    kube.lists["/api/v1/pods"] = [named("web", "shop", spec={"containers": [{"name": "web"}]})]
    kube.lists[POLICIES] = [named("all", "shop", spec={"podSelector": {}})]
    if is_denied:
        kube.refused[POLICIES] = forbidden("networkpolicies")
    return kube.access()


def alerting(stack: ExitStack, _: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    rule = {"type": "alerting", "name": "Down", "query": "up == 0", "duration": 0, "health": "ok"}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rules = [rule | {"lastEvaluation": now}]
    group = {"name": "site", "file": "f", "interval": 60, "rules": rules}

    def answer(path: str, _: int) -> Said:
        if is_denied and "/rules" in path:
            return Said({"error": "no"}, status=403)
        data: dict[str, Any] = {"groups": [group], "activeAlertmanagers": [{"url": "a"}]}
        return Said({"status": "success", "data": data})

    server = stack.enter_context(answering(answer))
    return Access({"address": server.address, "series": "up", "seconds": 60})


def rulesets(stack: ExitStack, _: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    hub: Hub = stack.enter_context(served())
    hub.paths["/orgs/larkspur/repos"] = [{"name": "app"}]
    base = "/repos/larkspur/app/rulesets"
    whole = {"id": 1, "name": "main", "target": "branch", "enforcement": "active", "rules": []}
    hub.paths[base] = [whole]
    hub.paths[f"{base}/1"] = {**whole, "bypass_actors": []}
    if is_denied:
        hub.refused[f"{base}/1"] = (403, "Resource not accessible by personal access token")
    return hub.access()


def _buckets(stack: ExitStack, *denied: str) -> Access:
    cloud: Cloud = stack.enter_context(clouded())
    bucket = "<Bucket><Name>one</Name><CreationDate>2026-01-01T00:00:00Z</CreationDate></Bucket>"
    listed = f"<ListAllMyBucketsResult><Buckets>{bucket}</Buckets></ListAllMyBucketsResult>"
    cloud.xml = {
        "/": listed,
        "/one?acl": "<AccessControlPolicy><AccessControlList/></AccessControlPolicy>",
        "/one?policyStatus": "<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>",
        "/one?versioning": "<VersioningConfiguration/>",
        "/one?encryption": "<ServerSideEncryptionConfiguration/>",
        "/one?publicAccessBlock": "<PublicAccessBlockConfiguration/>",
        "/v20180820/configuration/publicAccessBlock": "<PublicAccessBlockConfiguration/>",
    }
    cloud.denied.update(denied)
    return cloud.access()


def buckets(stack: ExitStack, _: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    return _buckets(stack, *(("/one?acl",) if is_denied else ()))


def bucket_list(stack: ExitStack, _: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    return _buckets(stack, *(("/",) if is_denied else ()))


def events(stack: ExitStack, _: Path, is_denied: bool) -> Access:  # noqa: FBT001 - a case
    cloud: Cloud = stack.enter_context(clouded())
    cloud.said["LookupEvents"] = [{"Events": []}]
    if is_denied:
        cloud.denied.add("LookupEvents")
    return cloud.access()


NOT_PUBLIC, ROOT = "access/stores-are-not-public.sql", "access/owner-of-everything-not-used.sql"
NAMED = "access/cluster-everything-only-for-named-people.sql"
DENIES = "network/cluster-namespaces-deny-by-default.sql"
CASES = {
    "rolebindings of a cluster": Case(kubernetes.CLUSTER, "cluster/access", NAMED, cluster),
    "networkpolicies of a cluster": Case(kubernetes.CLUSTER, "cluster/workloads", DENIES, network),
    "rules of Prometheus": Case(
        prometheus.CONNECTOR, "prometheus/rules", "logging/alerting-rules-work.sql", alerting
    ),
    "a ruleset of GitHub": Case(
        github.CONNECTOR, "github/rulesets", "change/github-rules-without-bypass.sql", rulesets
    ),
    "the buckets of S3": Case(aws.CONNECTOR, "aws/buckets", NOT_PUBLIC, bucket_list),
    "one bucket's list of S3": Case(aws.CONNECTOR, "aws/buckets", NOT_PUBLIC, buckets),
    "LookupEvents": Case(aws.CONNECTOR, "aws/events", ROOT, events, YESTERDAY),
}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


@pytest.mark.parametrize("name", CASES)
def test_a_denied_call_makes_the_test_unable(stack: ExitStack, tmp_path: Path, name: str) -> None:
    """With the source's words; without the denial, the same test is able."""
    case = CASES[name]
    conclusions = []
    for is_denied in (False, True):
        folder = tmp_path / str(is_denied)
        folder.mkdir()
        access = case.reach(stack, folder, is_denied)
        found = collected(case.connector, access, case.stream, folder)
        conclusions.append(found.concluded(case.test, case.day).conclusion.value)
        assert found.outcome == ("partial" if is_denied else "complete")

    assert conclusions[0] in ("no exceptions", "did not operate")
    assert conclusions[1] == "unable to test"
