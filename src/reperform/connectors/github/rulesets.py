"""github/rulesets: every ruleset that holds for a repository, and who may bypass it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import values_of
from reperform.connectors.github.hub import Hub
from reperform.connectors.github.tables import RULESETS
from reperform.connectors.kept import said, state_covers
from reperform.connectors.said import Said, objects, of

TABLES = (RULESETS,)
NEEDS = ("Metadata: read", "Administration: read")
BLIND = (
    "who is in a team or holds a role that may bypass one, which `population.groups` says in part; "
    "rulesets of an enterprise, whose bypass is shown to its owners; what one was at other moments"
)
_OF, _ONE = "rulesets of ", "ruleset "


def ask(hub: Hub) -> Iterator[Answer]:
    """Yield the rulesets of each repository, those of the organization too, and each of them."""
    yield hub.observed()
    names: list[str] = []
    for answer, repositories in hub.repositories():
        names += [str(repository.get("name")) for repository in repositories]
        yield answer
    seen: set[int] = set()
    for name in names:
        base = f"repos/{hub.owner}/{quote(name, safe='')}/rulesets"
        wanted: list[int] = []
        for answer in hub.listed(f"{_OF}{name}", base, query={"includes_parents": "true"}):
            wanted += [int(one["id"]) for one in values_of(answer)]
            yield answer
        for uid in wanted:
            if uid not in seen:
                seen.add(uid)
                yield hub.one(f"{_ONE}{uid}", f"{base}/{uid}")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each ruleset, once."""
    found = Said(answers)
    for name in found.names(_ONE):
        for kept, one in found.each(f"{_ONE}{name}"):
            actors = one.get("bypass_actors")
            is_known = isinstance(actors, list)
            yield found.row(
                RULESETS.name,
                kept,
                ruleset_uid=said(str(one["id"])),
                ruleset=said(one.get("name")),
                source=said(one.get("source")),
                target=said(one.get("target")),
                enforcement=said(one.get("enforcement")),
                rules=said(", ".join(sorted({str(r.get("type")) for r in objects(one["rules"])}))),
                can_be_bypassed=bool(actors) if is_known else None,
                bypassed_by=said(", ".join(sorted(map(_actor, objects(actors)))), most=2_000),
            )


def _actor(actor: dict[str, Any]) -> str:
    """Return who may bypass, and when, as `Team 7 (always)`."""
    number, mode = of(actor, "actor_id"), of(actor, "bypass_mode")
    told = f"{actor.get('actor_type')} {number}" if number else str(actor.get("actor_type"))
    return f"{told} ({mode})" if mode else told


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless a list or a ruleset was refused."""
    return state_covers(answers, started_at, {RULESETS.name: ("repositor", _OF, _ONE)})
