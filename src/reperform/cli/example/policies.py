"""The example's policies: taken, filled, approved, accepted, revised, reviewed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.catalog.installed import catalog
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.policies import NewPolicy, make_policy
from reperform.program.actions.policy_acceptances import accept_policy
from reperform.program.actions.policy_versions import (
    approve_policy,
    review_policy,
    submit_policy,
    write_policy,
)
from reperform.program.models import Policy
from reperform.program.policies.deciding import Approval
from reperform.program.queries.policies import in_force, version_text, versions_of
from reperform.program.queries.policy_acceptances import pending_acceptances
from reperform.program.queries.policy_templates import demanded, from_template, template_of

Do = Callable[[Organization], None]


def acts(folder: Path) -> Iterator[Act]:
    """Yield what became of each policy, and who accepted what."""
    told = read_yaml(folder, "policies.yaml")
    for policy in (*told["policies"], *told["drafts"]):
        yield Act(moment(policy["made"]), _making(policy, told))
        if "approved" in policy:
            yield Act(
                moment(policy["approved"]), _approving(policy["id"], policy["approved"], told)
            )
        if "reviewed" in policy:
            yield Act(moment(policy["reviewed"]), _reviewing(policy, told))
    for revised in told["revised"]:
        yield Act(moment(revised["at"]), _revising(revised, told))
        yield Act(moment(revised["approved"]), _approving(revised["id"], revised["approved"], told))
    for accepting in told["accepting"]:
        yield Act(moment(accepting["at"]), _accepting(accepting))


def _making(policy: Mapping[str, Any], told: Mapping[str, Any]) -> Do:
    at = moment(policy["made"])

    def do(organization: Organization) -> None:
        template = template_of(catalog(), policy["id"])
        assert template is not None  # noqa: S101 - our own files; a test reads every one
        fields, text = from_template(organization, template, demanded(catalog(), template.id))
        values = {
            name: told["values"][name] for name in template.placeholders if name in told["values"]
        }
        author = member(organization, told["author"])
        owner = member(organization, told["owners_by_default"])
        new = NewPolicy(
            template.id,
            replace(fields, owner=owner.pk),
            replace(text, values={**text.values, **values}),
            template.id,
        )
        make_policy(organization=organization, new=new, author=author, by=told["author"], at=at)

    return do


def _approving(key: str, when: str, told: Mapping[str, Any]) -> Do:
    at = moment(when)

    def do(organization: Organization) -> None:
        seen = versions_of(Policy.objects.get(organization=organization, key=key))[0].number
        submit_policy(organization=organization, key=key, seen=seen, by=told["author"], at=at)
        approve_policy(
            organization=organization,
            key=key,
            seen=seen,
            approval=Approval(at.date()),
            approver=member(organization, told["approver"]),
            by=told["approver"],
            at=at,
        )

    return do


def _revising(revised: Mapping[str, Any], told: Mapping[str, Any]) -> Do:
    def do(organization: Organization) -> None:
        policy = Policy.objects.get(organization=organization, key=revised["id"])
        newest = versions_of(policy)[0]
        text = version_text(newest)
        changed = text.text.replace(revised["from"], revised["to"])
        write_policy(
            organization=organization,
            key=policy.key,
            text=replace(text, text=changed, note=revised["note"]),
            seen=newest.number,
            author=member(organization, told["author"]),
            by=told["author"],
            at=moment(revised["at"]),
        )

    return do


def _reviewing(policy: Mapping[str, Any], told: Mapping[str, Any]) -> Do:
    at = moment(policy["reviewed"])

    def do(organization: Organization) -> None:
        row = Policy.objects.get(organization=organization, key=policy["id"])
        force = in_force(row, at.date())
        review_policy(
            organization=organization,
            key=row.key,
            seen=force.number if force else 0,
            note=told["note_of_review"],
            by=told["author"],
            at=at,
        )

    return do


def _accepting(told: Mapping[str, Any]) -> Do:
    at = moment(told["at"])

    def do(organization: Organization) -> None:
        for name in told["who"]:
            who = member(organization, f"{name}@larkspur.example")
            for pending in pending_acceptances(who, at.date()):
                accept_policy(
                    organization=organization,
                    key=pending.key,
                    seen=pending.version,
                    member=who,
                    by=who.user.email,
                    at=at,
                )

    return do
