"""The lists of accounts that the example's systems answer, as files that their owners take."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.cli.example.act import Act
from reperform.cli.example.assets import asset_of
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.cli.example.proofs import picked
from reperform.program.access_reviews.evidence import Origin
from reperform.program.actions.account_lists import bring_list
from reperform.program.actions.assets import Brought
from reperform.program.models import AccessReview

Told = Mapping[str, Any]
_HEADER = "Login,Name,E-mail,Roles,Admin,Status,Last used,Remark"
_TAKEN = timedelta(minutes=8)
"""So long before it was brought a list was taken."""
_RECENT = 9
"""Who uses an account used it in so many days."""


def acts(folder: Path) -> Iterator[Act]:
    """Yield each list that was brought: for a review, or as evidence of what was decided."""
    told = read_yaml(folder, "access.yaml")
    names = _names(folder)
    known = {each["name"]: each for each in told["lists"]}
    reviewed = {each: review["title"] for review in told["reviews"] for each in review["lists"]}
    for each in told["lists"]:
        at = moment(each["at"])
        content = _table(each, known, names, at.date(), seed=told["seed"])
        yield Act(at, partial(_bring, told["systems"], each, content, reviewed.get(each["name"])))


def address(login: str) -> str:
    """Return the address of somebody of the example."""
    return f"{login}@larkspur.example"


def accounts(told: Told, known: Mapping[str, Told]) -> list[tuple[str, str, str]]:
    """Return login, rights and whether it is privileged of each account, in order of the login."""
    found: dict[str, tuple[str, str, str]] = {}
    if "like" in told:
        found = {each[0]: each for each in accounts(known[told["like"]], known)}
    for login in told.get("without", ()):
        del found[login]
    for line in (*told.get("accounts", ()), *told.get("with", ())):
        login, rights, privileged = line.split(", ")
        found[login] = (login, rights, privileged)
    return [found[login] for login in sorted(found)]


def row_of(told: Told, known: Mapping[str, Told], login: str) -> int:
    """Return the row of an account in its list, 1 for the first."""
    return [each[0] for each in accounts(told, known)].index(login) + 1


def _names(folder: Path) -> dict[str, str]:
    """Return the names of the workforce by login."""
    told = read_yaml(folder, "people-workforce.yaml")
    joined = [each["joins"] for each in told["events"] if "joins" in each]
    everybody = [*told["there"]["people"], *joined]
    return {each["email"].partition("@")[0]: each["name"] for each in everybody}


def _table(
    told: Told, known: Mapping[str, Told], names: Mapping[str, str], day: date, *, seed: str
) -> bytes:
    lines = [_HEADER]
    for login, rights, privileged in accounts(told, known):
        ago = picked(f"{seed} {told['name']} {login}", 1, _RECENT)
        used = told.get("unused", {}).get(login) or str(day - timedelta(days=ago))
        email = address(login) if login in names else ""
        said = (login, names.get(login, ""), email, rights, privileged, "active", used)
        lines.append(",".join((*said, "invented example")))
    return ("\n".join(lines) + "\n").encode()


def _bring(
    systems: Told, told: Told, content: bytes, review: str | None, organization: Organization
) -> None:
    at, system = moment(told["at"]), systems[told["system"]]
    who = member(organization, address(told["by"]))
    brings = member(organization, address("jonas"))
    for_review = review and AccessReview.objects.get(organization=organization, title=review)
    bring_list(
        organization=organization,
        asset=asset_of(organization, told["system"]).number,
        file=Brought(f"{system['file']}-{at:%F}.csv", content),
        mapping=None,
        origin=Origin(
            system["source"], system["query"], at - _TAKEN, who.user.name, system["whole"]
        ),
        review=for_review.number if for_review else None,
        member=brings,
        by=brings.user.email,
        at=at,
    )
