"""The IAM credential report of an AWS account, as `aws iam get-credential-report` gives it.

It says nothing of rights: apart from the root user, who is privileged is not known from it.
"""

from collections.abc import Mapping, Sequence

from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.access_reviews.accounts import AccountLine
from reperform.program.access_reviews.table import SLUG, day_of

_NEEDED = frozenset(("user", "arn", "password_enabled", "mfa_active", "access_key_1_active"))
_ROOT = "<root_account>"
_USES = (
    ("password_enabled", "password_last_used"),
    ("access_key_1_active", "access_key_1_last_used_date"),
    ("access_key_2_active", "access_key_2_last_used_date"),
)
_NO_DAY = frozenset(("", "n/a", "no_information", "not_supported"))


def is_credential_report(header: Sequence[str]) -> bool:
    """Return whether a table is a credential report."""
    return frozenset(header) >= _NEEDED


def read_credential_report(grid: Grid) -> tuple[list[AccountLine], list[Problem]]:
    """Return the users of a credential report, and rows that cannot be read."""
    accounts, problems = [], []
    for number, row in enumerate(grid.rows, start=1):
        said = dict(zip(grid.header, row.cells, strict=False))
        if len(said) < len(_NEEDED) or not said.get("arn"):
            where = f"{grid.name}: row {row.number}"
            problems.append(Problem(where, "is cut off", "take the report again", SLUG))
            continue
        accounts.append(_account(number, said))
    return accounts, problems


def _account(number: int, said: Mapping[str, str]) -> AccountLine:
    is_root = said["user"] == _ROOT
    live = {name: said.get(name, "").lower() == "true" for name, _ in _USES}
    # The root user always has a password, which the report says of no user but others.
    is_enabled = is_root or any(live.values())
    days = [day for _, name in _USES if (day := day_of(said.get(name, "")))]
    unknown = [said.get(name, "").lower() in _NO_DAY for _, name in _USES]
    ways = ["console" if live["password_enabled"] or is_root else ""]
    ways += [f"access key {n}" if live[f"access_key_{n}_active"] else "" for n in (1, 2)]
    has_mfa = said.get("mfa_active", "").lower() == "true"
    ways += ["with MFA" if has_mfa else "without MFA" if ways[0] else ""]
    return AccountLine(
        row=number,
        key=visible(said["arn"], limit=300),
        name="root user" if is_root else visible(said["user"], limit=300),
        access=", ".join(filter(None, ways)) or "no way in",
        privileged=True if is_root else None,
        enabled=is_enabled,
        last_used=max(days, default=None),
        never_used=is_enabled and not days and all(unknown),
    )
