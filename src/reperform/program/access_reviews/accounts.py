"""An account as a list says it, whose it certainly is, and why it needs a look of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.program.access_reviews import Flag


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a list; None is what the list does not say.

    Attributes:
        row: 1 for the first account.
        key: what the system tells accounts apart by.
        name: of whoever uses it.
        email: in lower case.
        access: roles, groups or rights.
        privileged: it can do more than others.
        enabled: it can be used.
        last_used: the day of its last use.
        never_used: the list says that it was never used.
    """

    row: int
    key: str
    name: str = ""
    email: str = ""
    access: str = ""
    privileged: bool | None = None
    enabled: bool | None = None
    last_used: date | None = None
    never_used: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the workforce, as far as a match needs it."""

    number: int
    name: str
    email: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Match:
    """Whose account it is, and by what that is certain: `email` or `name`."""

    person: int
    by: str


def matches(
    accounts: Iterable[AccountLine], people: Sequence[Known], *, day: date
) -> dict[int, Match]:
    """Return whose accounts are, by row; what is not certain is left out.

    An e-mail address is certain.  A name is when the list has no address of the account and one
    person of the whole register has it.
    """
    by_email: dict[str, Known] = {}
    for each in sorted(people, key=lambda one: (_works(one, day), one.started_on, one.number)):
        if each.email:
            by_email[each.email.lower()] = each  # who works there on the day stands last
    names: dict[str, list[Known]] = {}
    for each in people:
        names.setdefault(_plain(each.name), []).append(each)
    found: dict[int, Match] = {}
    for account in accounts:
        address = account.email or (account.key.lower() if "@" in account.key else "")
        same = names.get(_plain(account.name), []) if account.name and not address else []
        if address in by_email:
            found[account.row] = Match(by_email[address].number, "email")
        elif len(same) == 1:
            found[account.row] = Match(same[0].number, "name")
    return found


def _works(person: Known, day: date) -> bool:
    return person.started_on <= day and (person.ended_on is None or person.ended_on >= day)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def flags_of(
    account: AccountLine,
    *,
    is_matched: bool,
    left_on: date | None,
    taken_on: date,
    unused_days: int,
) -> tuple[Flag, ...]:
    """Return why an account needs a look of its own.

    Args:
        account: as the list says it; one that cannot be used is neither unused nor a leaver's.
        is_matched: a person is certainly behind it.
        left_on: the last day of work of that person; None while they work there.
        taken_on: the day of the list.
        unused_days: an account that was not used for so long is marked.
    """
    is_live = account.enabled is not False
    oldest = taken_on - timedelta(days=unused_days)
    was_not_used = account.never_used or (
        account.last_used is not None and account.last_used < oldest
    )
    found: Mapping[Flag, bool] = {
        Flag.LEFT: is_live and left_on is not None and left_on < taken_on,
        Flag.NOBODY: not is_matched,
        Flag.PRIVILEGED: account.privileged is True,
        Flag.UNUSED: is_live and was_not_used,
    }
    return tuple(flag for flag, is_so in found.items() if is_so)


def carried_out(
    decision: str,
    before: AccountLine,
    now: Sequence[AccountLine],
    *,
    is_whole: bool | None,
    is_alike: bool,
) -> str:
    """Return what a later list shows of a removal or a change.

    Args:
        decision: `remove` or `change`.
        before: the account when it was decided.
        now: the rows of the later list with the same key.
        is_whole: whether the later list has every account of the system.
        is_alike: whether both lists have any key in common; else the keys mean something else.

    Returns:
        `gone`, `disabled`, `changed`, `still` as it was; empty when the list does not say.
    """
    if not now:
        return "gone" if is_whole and is_alike else ""
    if before.enabled is not False and all(each.enabled is False for each in now):
        return "disabled"
    if decision == "remove":
        return "still"
    then = (before.access, before.privileged)
    if any((each.access, each.privileged) != then for each in now):
        return "changed"
    return "still" if before.access or before.privileged is not None else ""
