"""What the network policies of one namespace leave open."""

from collections.abc import Mapping, Sequence
from typing import Any

from reperform.connectors.said import objects, of

_RULES = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def denies(specs: Sequence[Mapping[str, Any]], direction: str) -> bool:
    """Return whether nothing passes any pod of a namespace but what a policy lets pass.

    One policy has to hold for every pod of it, and none may let everything pass: what policies
    allow adds up.

    Args:
        specs: `spec` of each policy of the namespace.
        direction: Ingress or Egress.

    Source: Kubernetes documentation, "Network Policies".

    >>> denies([{"podSelector": {}, "policyTypes": ["Ingress"]}], "Ingress")
    True
    >>> denies([{"podSelector": {}, "ingress": [{}]}], "Ingress")
    False
    """
    for_all = [each for each in specs if _selects_all(each) and direction in _types(each)]
    rules, peers = _RULES[direction]
    opened = any(_opens(rule, peers) for each in for_all for rule in objects(each.get(rules)))
    return bool(for_all) and not opened


def _selects_all(spec: Mapping[str, Any]) -> bool:
    selector = spec["podSelector"]
    return not (of(selector, "matchLabels") or of(selector, "matchExpressions"))


def _types(spec: Mapping[str, Any]) -> list[Any]:
    """Return what a policy is for: where it says nothing, what comes in, and out by its rules."""
    said = spec.get("policyTypes")
    if isinstance(said, list) and said:
        return said
    return ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]


def _opens(rule: Mapping[str, Any], peers: str) -> bool:
    """Return whether a rule lets everything pass, from everywhere, to every port."""
    named = objects(rule.get(peers))
    blocks = [of(peer, "ipBlock") for peer in named]
    is_everywhere = not named or any(
        of(block, "cidr") in _EVERYWHERE and not of(block, "except") for block in blocks
    )
    return is_everywhere and not rule.get("ports")
