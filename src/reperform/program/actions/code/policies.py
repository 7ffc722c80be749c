"""Policies as files: one for each, with its newest text; applying a file makes a draft."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.actions.code import Given, Register
from reperform.program.actions.policies import (
    NewPolicy,
    change_policy,
    make_policy,
    retire_policy,
)
from reperform.program.actions.policy_versions import write_policy
from reperform.program.code import Content, Item, Kind, Standing, same
from reperform.program.code.plan import Change
from reperform.program.models import Policy, PolicyVersion
from reperform.program.policies import (
    SLUG,
    PolicyFields,
    TextFields,
    policy_content,
    read_key,
    read_policy,
    read_text,
)
from reperform.program.policies.deciding import read_day, read_reason
from reperform.program.policies.markdown import declared_content
from reperform.program.queries.policies import policy_fields, version_text

_FIELDS = ("title", "owner", "review_months", "accept_days", "departments", "kinds")
KIND = Kind(
    name="policies",
    path="policies/",
    body="text",
    fields=(*_FIELDS, "retired", "values", "placeholders", "text"),
    title="the policies, a file for each with its newest text",
    about="""\
A policy; the file's name is the id that controls name it by. Its newest text stands below, which
need not be in force: applying a file makes a draft, and somebody else approves it in the program.

owner: e-mail address of the member who answers for it
accept_days: days that people have to accept it; none when nobody is asked to
values: what fills each placeholder of the text; placeholders: what each of them means
To retire it, write: retired: {on: 2026-01-31, because: "why"}""",
)


_A_PLAN = "a plan"
"""Who tries a change of which nothing is kept: `reperform plan` asks for no member."""


class NoAuthorError(RefusalError):
    """Files are applied by somebody who is no member, and a draft has an author."""

    slug = "policy-no-author"


def _standing(organization: Organization) -> dict[str, Standing]:
    newest = PolicyVersion.objects.filter(policy=OuterRef("policy")).order_by("-number")
    rows = PolicyVersion.objects.filter(
        policy__organization=organization, number=Subquery(newest.values("number")[:1])
    )
    return {
        row.policy.key: Standing(
            _content(
                policy_fields(row.policy),
                version_text(row),
                owner=row.policy.owner.user.email if row.policy.owner else None,
                retired=_retired(row.policy.retired_on, row.policy.retired_because),
            ),
            row.policy.version,
            row.policy.changed_by,
        )
        for row in rows.select_related("policy__owner__user")
    }


def _content(
    fields: PolicyFields, text: TextFields, *, owner: str | None, retired: dict[str, str] | None
) -> dict[str, Any]:
    return {
        **policy_content(fields),
        "owner": owner,
        "retired": retired,
        "values": dict(sorted(dict(text.values).items())),
        "placeholders": {
            name: {key: value for key, value in said.items() if value}
            for name, said in declared_content(text.placeholders).items()
        },
        "text": text.text.rstrip("\n"),
    }


def _retired(on: date | None, because: str) -> dict[str, str] | None:
    return {"on": on.isoformat(), "because": because} if on else None


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    _, problems = read_key(item.key)
    owner = given.member(item, "owner", problems, slug=SLUG)
    settings = {name: item.content.get(name) for name in _FIELDS if name != "owner"}
    fields, wrong = read_policy(settings)
    said = {name: item.content.get(name) for name in ("text", "values", "placeholders")}
    text, wrong_text = read_text(said)
    problems += [*wrong, *wrong_text]
    retired = _read_retired(item, given.today, problems)
    content = _content(fields, text, owner=owner.user.email if owner else None, retired=retired)
    before = given.standing(item)
    if before and before.content["retired"] and not same(before.content, content):
        todo = "take the file out again, and write a new policy under another id"
        problems.append(Problem("retired", "it is retired, so nothing of it changes", todo, SLUG))
    return content, problems


def _read_retired(item: Item, today: date, problems: list[Problem]) -> dict[str, str] | None:
    said = item.content.get("retired")
    if said is None:
        return None
    if not isinstance(said, dict) or set(said) != {"on", "because"} or not said["on"]:
        todo = 'write {on: 2026-01-31, because: "why"}'
        problems.append(Problem("retired", "is not a day and a reason", todo, SLUG))
        return None
    day, wrong = read_day(said, "on", today=today)
    because, wrong_reason = read_reason({"reason": said["because"]})
    problems += [replace(each, where="retired") for each in (*wrong, *wrong_reason)]
    return _retired(day, because)


def _apply(given: Given, change: Change) -> None:
    after, key = change.after, change.item.key
    author = _author(given)
    owner = given.members.get((after["owner"] or "").lower())
    settings = {name: after[name] for name in _FIELDS} | {"owner": owner.pk if owner else None}
    fields, _ = read_policy(settings)
    text, _ = read_text({name: after[name] for name in ("text", "values", "placeholders")})
    who: dict[str, Any] = {"organization": given.organization, "by": given.by, "at": given.at}
    if change.before is None:
        make_policy(new=NewPolicy(key, fields, text), author=author, **who)
    else:
        row = Policy.objects.get(organization=given.organization, key=key)
        newest = row.versions.order_by("-number")[0]
        change_policy(key=key, fields=fields, seen=change.before.version, **who)
        write_policy(key=key, text=text, seen=newest.number, author=author, **who)
    if after["retired"]:
        row = Policy.objects.get(organization=given.organization, key=key)
        retire_policy(
            key=key,
            on=date.fromisoformat(after["retired"]["on"]),
            reason=after["retired"]["because"],
            seen=row.version,
            **who,
        )


def _author(given: Given) -> Membership:
    """Return the member who applies the files: their drafts are theirs, and others approve them."""
    found = given.members.get(given.by.partition(" ")[0].lower())
    if found is None and given.by == _A_PLAN:
        found = next((each for each in given.members.values() if each.is_active), None)
    if found is None:
        raise NoAuthorError(
            f"no draft was made: {given.by[:80]} is no member of the organization",
            why="A draft has an author, and the author does not approve it.",
            todo="apply the files as a member",
        )
    return found


REGISTER = Register(KIND, _standing, _read, _apply)
