"""The example's reviews of access: begun, decided account by account, and signed off."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example import account_lists
from reperform.cli.example.account_lists import address, row_of
from reperform.cli.example.act import Act
from reperform.cli.example.assets import asset_of
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.access_reviews import Decided, Decision, ReviewFields
from reperform.program.actions.access_reviews import finish_review, make_review
from reperform.program.actions.account_decisions import decide_accounts, keep_unmarked
from reperform.program.models import AccessReview

Told = Mapping[str, Any]
_CHANGE_TO = "change to "


def acts(folder: Path) -> Iterator[Act]:
    """Yield the reviews, the lists that they are made of, and what was decided."""
    told = read_yaml(folder, "access.yaml")
    known = {each["name"]: each for each in told["lists"]}
    for review in told["reviews"]:
        yield Act(moment(review["at"]), partial(_begin, review))
        lists = {known[name]["system"]: known[name] for name in review["lists"]}
        for kept in review["keep"]:
            yield Act(moment(kept["at"]), partial(_keep, review["title"], kept))
        for decided in review["decide"]:
            each = lists[decided["system"]]
            rows = {login: row_of(each, known, login) for login in decided["accounts"]}
            yield Act(moment(decided["at"]), partial(_decide, review["title"], decided, rows))
        if finished := review.get("finished"):
            yield Act(moment(finished["at"]), partial(_finish, review["title"], finished))
    yield from account_lists.acts(folder)


def _review(organization: Organization, title: str) -> AccessReview:
    return AccessReview.objects.get(organization=organization, title=title)


def _begin(told: Told, organization: Organization) -> None:
    owner = member(organization, address(told["by"]))
    at = moment(told["at"])
    fields = ReviewFields(
        title=told["title"],
        owner=owner.pk,
        due_on=moment(told["due_on"]).date(),
        systems=tuple(
            (asset_of(organization, name).number, member(organization, address(who)).pk)
            for name, who in told["systems"].items()
        ),
        note=told["note"],
    )
    make_review(organization=organization, fields=fields, by=owner.user.email, at=at)


def _keep(title: str, told: Told, organization: Organization) -> None:
    who = member(organization, address(told["by"]))
    keep_unmarked(
        organization=organization,
        review=_review(organization, title).number,
        asset=asset_of(organization, told["system"]).number,
        member=who,
        by=who.user.email,
        at=moment(told["at"]),
    )


def _decide(title: str, told: Told, rows: Mapping[str, int], organization: Organization) -> None:
    who = member(organization, address(told["by"]))
    decide_accounts(
        organization=organization,
        review=_review(organization, title).number,
        asset=asset_of(organization, told["system"]).number,
        decisions=[_decided(rows[login], said) for login, said in told["accounts"].items()],
        member=who,
        by=who.user.email,
        at=moment(told["at"]),
    )


def _decided(row: int, said: str) -> Decided:
    """Return what is said as `keep, for a reason` or `change to these rights, for a reason`."""
    what, _, reason = said.partition(", ")
    if what.startswith(_CHANGE_TO):
        return Decided(row, Decision.CHANGE, what.removeprefix(_CHANGE_TO), reason)
    return Decided(row, Decision(what), reason=reason)


def _finish(title: str, told: Told, organization: Organization) -> None:
    review = _review(organization, title)
    finish_review(
        organization=organization,
        number=review.number,
        seen=review.version,
        by=address(told["by"]),
        at=moment(told["at"]),
    )
