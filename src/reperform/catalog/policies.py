"""The policies that controls rest on: what each must lay down, in `library/policies/index.yaml`."""

import re
from dataclasses import dataclass

from reperform.base.front_matter import load_yaml
from reperform.base.problem import Problem
from reperform.catalog.fields import FieldReader, shown

POLICIES_FILE = "policies/index.yaml"

REVIEWS = ("quarterly", "annual")
"""How often a policy is reviewed, at least."""

_ID = re.compile(r"[a-z]+(-[a-z]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Policy:
    """What an organization must have laid down in writing.

    Attributes:
        id: a word or some, such as `access-control`.
        title: a few words.
        lays_down: what the policy must say, each a phrase.
        owner: the role that answers for it.
        review: one of `REVIEWS`.
    """

    id: str
    title: str
    lays_down: tuple[str, ...]
    owner: str
    review: str


def read_policies(text: str, *, where: str, problems: list[Problem]) -> tuple[Policy, ...]:
    """Return the policies that the file says, in its order; problems are appended.

    Raises:
        FrontMatterError: the file cannot be read as YAML.
    """
    value = load_yaml(text, where=where)
    file = FieldReader(value if isinstance(value, dict) else {}, where=where, problems=problems)
    found: dict[str, Policy] = {}
    for item in file.mappings("policies"):
        place = f"{where}: {item.get('id', '?')}"
        policy = _policy(item, where=place, problems=problems)
        if policy.id in found:
            what = f"the policy {shown(policy.id)} is there twice"
            problems.append(Problem(place, what, "give it an id of its own", "policy-twice"))
        found.setdefault(policy.id, policy)
    file.refuse_others()
    return tuple(found.values())


def _policy(item: dict[str, object], *, where: str, problems: list[Problem]) -> Policy:
    fields = FieldReader(item, where=where, problems=problems)
    policy = Policy(
        id=fields.text("id"),
        title=fields.text("title"),
        lays_down=fields.texts("lays_down"),
        owner=fields.text("owner"),
        review=fields.choice("review", REVIEWS),
    )
    fields.refuse_others()
    if policy.id and not _ID.fullmatch(policy.id):
        todo = "write small letters and hyphens, as in access-control"
        problems.append(Problem(f"{where}: id", f"is {shown(policy.id)}", todo, "catalog-field"))
    return policy
