"""Rules of nftables, as `nft -j list ruleset` prints them (libnftables-json(5)).

Chains are followed from where packets come in or go out, so that a rule has the conditions of the
rules that led to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reperform.connectors.linux.nft_match import Match, Place, both, expressions, match_of
from reperform.connectors.linux.rule import Rule, is_public
from reperform.connectors.said import objects, of

_HOOKS = {"input": True, "forward": True, "output": False}
_DEEPEST, _MOST = 16, 20_000
_REFUSING = ("drop", "reject")


class NotNftError(ValueError):
    """A value is no ruleset of nftables, or one that nobody could follow."""


@dataclass(slots=True)
class _Ruleset:
    """Chains with their rules, and the elements of named sets."""

    chains: dict[Place, Mapping[str, Any]] = field(default_factory=dict)
    rules: dict[Place, list[Mapping[str, Any]]] = field(default_factory=dict)
    sets: dict[Place, Any] = field(default_factory=dict)
    count: int = 0


def rules_of(value: object) -> Iterator[Rule]:
    """Yield each rule by which something comes in or goes out, and what happens without one.

    Raises:
        NotNftError: it is no ruleset, or one with more ways through it than anybody would write.
    """
    listed = of(value, "nftables")
    if not isinstance(listed, list):
        raise NotNftError("it is no ruleset of nftables: print it with `nft -j list ruleset`")
    found = _Ruleset()
    for each in objects(listed):
        chain, rule, named = (of(each, kind) for kind in ("chain", "rule", "set"))
        if isinstance(chain, dict):
            found.chains[_place(chain, "name")] = chain
        elif isinstance(rule, dict):
            found.rules.setdefault(_place(rule, "chain"), []).append(rule)
        elif isinstance(named, dict):
            found.sets[_place(named, "name")] = named.get("elem")
    based = {
        place: chain
        for place, chain in found.chains.items()
        if chain.get("hook") in _HOOKS and chain.get("type") == "filter"
    }
    refuses = {place: _refuses(found, place, chain) for place, chain in based.items()}
    if not any(chain.get("hook") == "input" for chain in based.values()):
        says = "no chain of nftables judges what comes in"
        yield Rule("nftables", "none", is_in=True, is_accepted=True, says=says)
    for place, chain in based.items():
        others = any(
            refuses[other]
            for other in based
            if other != place and based[other].get("hook") == chain.get("hook")
        )
        yield from _base(found, place, chain, is_refused_elsewhere=others)


def _place(value: Mapping[str, Any], name: str) -> Place:
    return str(value.get("family")), str(value.get("table")), str(value.get(name))


def _refuses(found: _Ruleset, place: Place, chain: Mapping[str, Any]) -> bool:
    """Return whether a chain refuses what no rule of it lets pass."""
    if chain.get("policy") == "drop":
        return True
    return any(
        match_of(found.sets, place, rule, is_in=True).is_all and _verdict(rule) in _REFUSING
        for rule in found.rules.get(place, ())
    )


def _base(
    found: _Ruleset, place: Place, chain: Mapping[str, Any], *, is_refused_elsewhere: bool
) -> Iterator[Rule]:
    is_in = _HOOKS[str(chain["hook"])]
    ended = yield from _walk(found, place, place, Match(), is_in=is_in, path=(), depth=0)
    if ended:
        return
    is_accepted = chain.get("policy", "accept") != "drop"
    is_open = is_accepted and not is_refused_elsewhere
    yield Rule(
        firewall=" ".join(place),
        uid="policy",
        is_in=is_in,
        is_accepted=is_accepted,
        remote="any" if is_open or not is_accepted else "what another chain lets pass",
        is_public=is_open or not is_accepted,
    )


def _walk(
    found: _Ruleset,
    base: Place,
    place: Place,
    before: Match,
    *,
    is_in: bool,
    path: tuple[str, ...],
    depth: int,
) -> Any:  # noqa: ANN401 - a generator that returns whether nothing comes past the chain
    """Yield the rules of a chain and of those that it leads to.

    Returns whether everything that comes to it is accepted or refused by it.
    """
    if depth > _DEEPEST:
        raise NotNftError(f"its chains lead deeper than {_DEEPEST}, or in a circle")
    rules = [each for rule in found.rules.get(place, ()) for each in _mapped(rule)]
    for number, rule in enumerate(rules):
        found.count += 1
        if found.count > _MOST:
            raise NotNftError(f"it has more than {_MOST:,} ways through its chains")
        own = match_of(found.sets, place, rule, is_in=is_in)
        uid = (*path, str(rule.get("handle", f"{place[2]} {number}")))
        verdict = _verdict(rule)
        if verdict in ("jump", "goto"):
            target = (*place[:2], str(of(_part(rule, verdict), "target")))
            ended = yield from _walk(
                found, base, target, both(before, own), is_in=is_in, path=uid, depth=depth + 1
            )
            if own.is_all and (ended or verdict == "goto"):
                return ended
        elif verdict:
            yield from _rows(base, rule, both(before, own), "/".join(uid), verdict, is_in=is_in)
            if own.is_all:
                return True
    return False


def _rows(
    base: Place, rule: Mapping[str, Any], match: Match, uid: str, verdict: str, *, is_in: bool
) -> Iterator[Rule]:
    public = is_public(match.remotes) if match.remotes else True
    if match.is_closed:
        public = False
    elif public and match.words:
        public = None  # something else narrows it, and what is left is not known
    says = rule.get("comment")
    for ports in match.ports or (None,):
        yield Rule(
            firewall=" ".join(base),
            uid=uid,
            is_in=is_in,
            is_accepted=verdict == "accept",
            protocol=match.protocol,
            ports=ports,
            remote=", ".join((*(match.remotes or ("any",)), *match.words)),
            is_public=public,
            says=says if isinstance(says, str) else None,
        )


def _part(rule: Mapping[str, Any], name: str) -> object:
    return next((each[name] for each in expressions(rule) if name in each), None)


def _verdict(rule: Mapping[str, Any]) -> str:
    """Return what a rule does: accept, drop, reject, jump or goto; empty when it goes on."""
    names = ("accept", "drop", "reject", "jump", "goto")
    return next((name for each in expressions(rule) for name in names if name in each), "")


def _mapped(rule: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a rule; of one with a map of verdicts, a rule for each of its elements.

    What the elements of a named map are, the rule does not say: then it may accept anything.
    """
    parts = expressions(rule)
    number = next((n for n, each in enumerate(parts) if "vmap" in each), None)
    if number is None:
        yield rule
        return
    said = parts[number]["vmap"]
    pairs = of(said, "data", "set")
    for pair in pairs if isinstance(pairs, list) else [("a named map", {"accept": None})]:
        if isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[1], dict):  # noqa: PLR2004 - element, verdict
            match = {"match": {"op": "==", "left": of(said, "key"), "right": pair[0]}}
            yield {**rule, "expr": [*parts[:number], match, pair[1]]}
