"""aws/iam: users, groups, roles, keys and the password policy of an account."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.credential_report import accounts, generated_on
from reperform.connectors.aws.credential_report import missing as report_missing
from reperform.connectors.aws.identities import DETAILS, Identities, identities
from reperform.connectors.aws.replies import Page, each, inside, number, pages, texts, truth
from reperform.connectors.aws.tables import ACCESS_KEYS, PASSWORD_POLICY, ROLES
from reperform.connectors.kept import moment, observed_at, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS, ACCESS_KEYS, ROLES, PASSWORD_POLICY)
NEEDS = (
    "iam:GenerateCredentialReport",
    "iam:GetCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountPasswordPolicy",
)
BLIND = (
    "people who come through IAM Identity Center or another identity provider; resources and "
    "conditions that narrow a policy; permission boundaries and service control policies; hardware "
    "keys that are registered and lost"
)
_REPORT, _POLICY = "iam.GetCredentialReport", "iam.GetAccountPasswordPolicy"


def ask(account: Account) -> Iterator[Answer]:
    """Yield the credential report, every identity with its policies, and the password policy."""
    yield account.observed()
    yield from _report(account)
    yield from account.answers("iam", "GetAccountAuthorizationDetails")
    yield from account.answers("iam", "GetAccountPasswordPolicy", absent=("NoSuchEntity",))


def _report(account: Account) -> Iterator[Answer]:
    """Yield the credential report, once AWS has made it: a minute is plenty."""
    refused: list[Answer] = []

    def is_made() -> bool:
        answers = list(account.answers("iam", "GenerateCredentialReport"))
        refused[:] = [answer for answer in answers if answer.refused]
        return bool(refused) or any(b"COMPLETE" in b"".join(answer.body) for answer in answers)

    is_there = account.wait_for(is_made)
    if refused:
        yield Answer(_REPORT, refused[0].asked, refused=refused[0].refused)
    elif not is_there:
        yield Answer(_REPORT, "iam:GenerateCredentialReport", refused="AWS did not make it in time")
    else:
        yield from account.answers("iam", "GetCredentialReport")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield accounts and their keys, groups, roles, and the password policy."""
    found = identities(answers)
    yield from accounts(answers, found)
    yield from _groups(answers, found)
    yield from _roles(answers, found)
    yield from _password_policy(answers, found)


def _groups(answers: Sequence[Kept], found: Identities) -> Iterator[Row]:
    for page in pages(answers, DETAILS):
        for user in each(page.values, "GetAccountAuthorizationDetailsResult", "UserDetailList"):
            for group in texts(user, "GroupList"):
                yield _member(page, answers, found, group, user)
    for page in pages(answers, DETAILS):
        for empty in each(page.values, "GetAccountAuthorizationDetailsResult", "GroupDetailList"):
            name = said(empty.get("GroupName"))
            if name and name not in found.filled:
                yield _member(page, answers, found, name, {})


def _member(
    page: Page, answers: Sequence[Kept], found: Identities, group: str, user: dict[str, object]
) -> Row:
    member = said(user.get("UserName"))
    return page.row(
        GROUPS.name,
        said(user.get("Arn")) or group,
        system=found.system,
        observed_at=observed_at(answers),
        group_name=said(group),
        group_uid=found.group_arns.get(group),
        is_privileged=bool(found.powers_of_group(group)),
        member=member,
        member_uid=said(user.get("Arn")),
        member_kind="account" if member else None,
    )


def _roles(answers: Sequence[Kept], found: Identities) -> Iterator[Row]:
    for page in pages(answers, DETAILS):
        for role in each(page.values, "GetAccountAuthorizationDetailsResult", "RoleDetailList"):
            arn = said(role.get("Arn"))
            trusts = found.trusts(role)
            powers = found.powers(role, "RolePolicyList")
            yield page.row(
                ROLES.name,
                arn,
                system=found.system,
                observed_at=observed_at(answers),
                role=said(role.get("RoleName")),
                role_uid=arn,
                trusts=said(",".join(trusts), most=2_000),
                trusts_anybody="*" in trusts,
                trusts_others=found.is_other_among(trusts),
                is_privileged=bool(powers),
                privileges=said(",".join(powers), most=2_000),
                last_used_at=moment(inside(role, "RoleLastUsed", "LastUsedDate")),
            )


def _password_policy(answers: Sequence[Kept], found: Identities) -> Iterator[Row]:
    told = {"system": found.system, "observed_at": observed_at(answers)}
    for page in pages(answers, _POLICY):
        for policy in each(page.values, "GetAccountPasswordPolicyResult", "PasswordPolicy"):
            expires = truth(policy.get("ExpirePasswords"))
            yield page.row(
                PASSWORD_POLICY.name,
                None,
                **told,
                is_set=True,
                minimum_length=number(policy.get("MinimumPasswordLength")),
                requires_symbols=truth(policy.get("RequireSymbols")),
                requires_numbers=truth(policy.get("RequireNumbers")),
                requires_uppercase=truth(policy.get("RequireUppercaseCharacters")),
                requires_lowercase=truth(policy.get("RequireLowercaseCharacters")),
                longest_days=number(policy.get("MaxPasswordAge")) if expires else None,
                reuse_prevented=number(policy.get("PasswordReusePrevention")),
            )
    if any(kept.name == _POLICY and kept.absent for kept in answers):
        blob = next(kept.blob for kept in answers if kept.name == "observed")
        yield Row(PASSWORD_POLICY.name, {**told, "is_set": False}, blob, 0)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of the credential report for what it says, the day of asking for the rest."""
    needed = {GROUPS.name: (DETAILS,), ROLES.name: (DETAILS,), PASSWORD_POLICY.name: (_POLICY,)}
    found = state_covers(answers, started_at, needed)
    refused = "; ".join(a.refused for a in answers if a.refused and a.name.startswith(_REPORT))
    why = refused or report_missing(answers)
    day: date | None = None if why else generated_on(answers)
    cover = Cover(day, day) if day else Cover(None, None, why or "the report has no time")
    return {**found, ACCOUNTS.name: cover, ACCESS_KEYS.name: cover}
