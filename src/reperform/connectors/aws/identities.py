"""Who is in an account, and which policies give them power: read from its authorization details."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reperform.connectors.answer import Kept
from reperform.connectors.aws.policies import can_grant_itself, trusted
from reperform.connectors.aws.replies import asked_of, each, pages, texts, truth
from reperform.connectors.kept import said

DETAILS = "iam.GetAccountAuthorizationDetails"
_RESULT = "GetAccountAuthorizationDetailsResult"


@dataclass(slots=True)
class Identities:
    """What the pages say together: a user on one page may hold a policy of another.

    Attributes:
        account: number of the account.
        is_known: the pages are there.
        powerful: ARNs of managed policies that let their holder grant itself more.
        users: user's ARN -> its details.
        groups: name -> details of the group.
        group_arns: name -> ARN of the group.
        filled: names of groups that have a member.
    """

    account: str = ""
    is_known: bool = False
    powerful: set[str] = field(default_factory=set)
    users: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    group_arns: dict[str, str] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)

    @property
    def system(self) -> str | None:
        """The account as rows name it."""
        return f"aws {self.account}" if self.account else None

    def powers(self, details: Mapping[str, Any], inline: str) -> list[str]:
        """Return the names of the policies that let a user, group or role grant itself more."""
        own = {
            str(said(policy.get("PolicyName")))
            for policy in each(details, inline)
            if can_grant_itself(policy.get("PolicyDocument"))
        }
        attached = {
            str(said(policy.get("PolicyName")))
            for policy in each(details, "AttachedManagedPolicies")
            if policy.get("PolicyArn") in self.powerful
            or str(policy.get("PolicyArn")).endswith(
                (":policy/AdministratorAccess", "/IAMFullAccess")
            )
        }
        return sorted(own | attached)

    def powers_of_group(self, name: str) -> list[str]:
        """Return the names of the policies that let a group's members grant themselves more."""
        return self.powers(self.groups.get(name, {}), "GroupPolicyList")

    def powers_of_user(self, arn: str) -> list[str] | None:
        """Return the policies, own or by group, that make a user powerful; None: not known."""
        details = self.users.get(arn)
        if details is None:
            return None
        found = set(self.powers(details, "UserPolicyList"))
        for group in texts(details, "GroupList"):
            found |= {f"{policy} ({group})" for policy in self.powers_of_group(group)}
        return sorted(found)

    def trusts(self, role: Mapping[str, Any]) -> list[str]:
        """Return who may take a role."""
        return trusted(role.get("AssumeRolePolicyDocument"))

    def is_other_among(self, trusts: Sequence[str]) -> bool:
        """Return whether an account other than this one is among those who may take a role."""
        numbers = {
            part
            for each_one in trusts
            for part in ([each_one] if each_one.isdigit() else each_one.split(":")[4:5])
        }
        return bool({one for one in numbers if one.isdigit()} - {self.account})


def identities(answers: Sequence[Kept]) -> Identities:
    """Return what the kept pages of an account say of its identities."""
    found = Identities(account=asked_of(answers).account)
    for page in pages(answers, DETAILS):
        found.is_known = True
        for policy in each(page.values, _RESULT, "Policies"):
            documents = [
                version.get("Document")
                for version in each(policy, "PolicyVersionList")
                if truth(version.get("IsDefaultVersion"))
            ]
            if any(map(can_grant_itself, documents)):
                found.powerful.add(str(policy.get("Arn")))
        for user in each(page.values, _RESULT, "UserDetailList"):
            found.users[str(user.get("Arn"))] = user
            found.filled |= set(texts(user, "GroupList"))
        for group in each(page.values, _RESULT, "GroupDetailList"):
            name = str(group.get("GroupName"))
            found.groups[name] = group
            found.group_arns[name] = str(said(group.get("Arn")))
    return found
