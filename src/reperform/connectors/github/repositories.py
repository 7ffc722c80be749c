"""github/repositories: each repository, and what protects its default branch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.github.hub import Hub
from reperform.connectors.github.tables import BRANCHES
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of, truth, whole

ASSETS = POPULATIONS["population.assets"]
TABLES = (ASSETS, BRANCHES)
NEEDS = ("Metadata: read", "Administration: read")
BLIND = (
    "branches other than the default one; who may bypass a ruleset; what a rule was at other "
    "moments; repositories that the token cannot see"
)
_UNPROTECTED = {"Branch not protected": "no rule protects the branch"}


def ask(hub: Hub) -> Iterator[Answer]:
    """Yield the repositories, and the rule and the rulesets of each default branch."""
    yield hub.observed()
    found: list[dict[str, Any]] = []
    for answer, repositories in hub.repositories():
        found += repositories
        yield answer
    for repository in found:
        name = str(repository.get("name"))
        branch = quote(str(repository.get("default_branch")), safe="")
        base = f"repos/{hub.owner}/{quote(name, safe='')}"
        place = f"{base}/branches/{branch}/protection"
        yield hub.one(f"protection of {name}", place, absent=_UNPROTECTED)
        yield from hub.listed(f"rulesets of {name}", f"{base}/rules/branches/{branch}")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an asset, and the protection of its default branch, for each repository."""
    found = Said(answers)
    for kept, repository in repositories(found):
        name = str(repository.get("name"))
        yield found.row(
            ASSETS.name,
            kept,
            asset_uid=said(repository.get("full_name")),
            name=said(name),
            kind="repository",
            is_public=_is_public(repository),
            created_at=moment(repository.get("created_at")),
        )
        yield found.row(
            BRANCHES.name,
            kept,
            repository=said(name),
            branch=said(repository.get("default_branch")),
            **_protection(found, name),
        )


def repositories(found: Said) -> Iterator[tuple[Kept, dict[str, Any]]]:
    """Yield every repository that was listed or named."""
    yield from found.each("repositories")
    names = {each.name.partition(" page ")[0] for each in found.answers}
    for name in sorted(name for name in names if name.startswith("repository ")):
        yield from found.each(name)


def _is_public(repository: dict[str, Any]) -> bool | None:
    if isinstance(repository.get("visibility"), str):
        return bool(repository["visibility"] == "public")
    private = truth(repository.get("private"))
    return None if private is None else not private


def _protection(found: Said, name: str) -> dict[str, Any]:
    """Return what rule and rulesets say together: the stricter counts."""
    rule_name, sets_name = f"protection of {name}", f"rulesets of {name}"
    rule = next((values for _, values in found.each(rule_name)), None)
    rules = [values for _, values in found.each(sets_name)]
    # Without both answers, what one of them does not demand the other may.
    is_known = found.has(rule_name) and found.has(sets_name)
    kinds = {str(each.get("type")) for each in rules}
    pulls = [of(each, "parameters") for each in rules if each.get("type") == "pull_request"]
    reviews = of(rule, "required_pull_request_reviews")

    def either(*said_so: object) -> bool | None:
        return True if any(one is True for one in said_so) else False if is_known else None

    counts = [of(each, "required_approving_review_count") for each in (reviews, *pulls)]
    asked = [number for number in map(whole, counts) if number is not None]
    keeps = of(rule, "allow_force_pushes", "enabled") is False or "non_fast_forward" in kinds
    stays = of(rule, "allow_deletions", "enabled") is False or "deletion" in kinds
    return {
        "is_protected": either(rule is not None, bool(rules)),
        "required_approvals": max(asked) if asked else 0 if is_known else None,
        "dismisses_stale": either(
            of(reviews, "dismiss_stale_reviews"),
            *(of(each, "dismiss_stale_reviews_on_push") for each in pulls),
        ),
        "requires_code_owners": either(
            *(of(each, "require_code_owner_reviews") for each in (reviews,)),
            *(of(each, "require_code_owner_review") for each in pulls),
        ),
        "requires_checks": either(
            bool(of(rule, "required_status_checks")), "required_status_checks" in kinds
        ),
        "requires_signatures": either(
            of(rule, "required_signatures", "enabled"), "required_signatures" in kinds
        ),
        "binds_admins": truth(of(rule, "enforce_admins", "enabled")),
        "allows_force_push": False if keeps else True if is_known else None,
        "allows_deletion": False if stays else True if is_known else None,
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a branch whose protection was refused has NULL there."""
    needed = {ASSETS.name: ("repositor",), BRANCHES.name: ("repositor",)}
    return state_covers(answers, started_at, needed)
