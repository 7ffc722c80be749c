"""Which rules a host's packet filters have, by whichever list of them was given."""

from collections.abc import Iterator

from reperform.connectors.answer import Kept, Row
from reperform.connectors.content import NotReadError
from reperform.connectors.kept import json_of, lines_of
from reperform.connectors.linux import nftables, ufw
from reperform.connectors.linux.nftables import NotNftError
from reperform.connectors.linux.rule import FIREWALL_RULES, Rule
from reperform.connectors.linux.ufw import NotUfwError
from reperform.connectors.said import objects, of

_OPENING = {"accept", "dnat", "redirect", "tproxy"}


def rules_of(kept: Kept, *, is_nft: bool) -> list[Rule]:
    """Return the rules of one answer, all of them.

    Args:
        kept: what was printed.
        is_nft: it is nft's JSON; else what ufw prints or keeps.

    Raises:
        NotReadError: it is neither, or holds what nobody could follow.
    """
    try:
        if is_nft:
            return list(nftables.rules_of(json_of(kept)))
        return list(ufw.rules_of(lines_of(kept)))
    except (NotNftError, NotUfwError) as error:
        raise NotReadError(str(error)) from error


def rows_of(kept: Kept, *, is_nft: bool, system: str, observed_at: str | None) -> Iterator[Row]:
    """Yield the rules of one answer as rows of the population.

    Raises:
        NotReadError: it is neither form, or holds what nobody could follow.
    """
    told = {"system": system, "observed_at": observed_at}
    for rule in rules_of(kept, is_nft=is_nft):
        yield Row(FIREWALL_RULES.name, {**told, **rule.values()}, kept.blob, rule.at)


def opened_beside_ufw(ruleset: object) -> str:
    """Return the name of a chain that lets something in beside ufw's own; empty for none.

    `ufw status` says nothing of what other programs write into the same filter: a container engine
    opens the ports that it publishes so, whatever ufw forbids.

    Args:
        ruleset: what `nft -j list ruleset` printed.
    """
    for entry in objects(of(ruleset, "nftables")):
        rule = entry.get("rule")
        if not isinstance(rule, dict) or str(rule.get("chain")).startswith("ufw"):
            continue
        said = {name for each in objects(rule.get("expr")) for name in each}
        if said & _OPENING:
            return f"{rule.get('table')} {rule.get('chain')}"
    return ""
