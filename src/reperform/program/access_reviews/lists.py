"""A file -> accounts: an AWS credential report, LDIF, SCIM users, or a table with its columns."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reperform.base.grid import Grid, read_grid
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.access_reviews.accounts import AccountLine
from reperform.program.access_reviews.aws import is_credential_report, read_credential_report
from reperform.program.access_reviews.ldif import is_ldif, read_ldif
from reperform.program.access_reviews.scim import is_scim, read_scim
from reperform.program.access_reviews.table import guess, read_table

LARGEST_LIST = 5_000_000
"""Bytes."""
MOST_ACCOUNTS = 10_000
FORMS: Mapping[str, str] = {
    "aws": "AWS IAM credential report",
    "ldif": "LDIF of a directory",
    "scim": "SCIM users",
    "table": "table",
}


class ListRefusedError(RefusalError):
    """A file is no list of accounts that can be read whole."""

    slug = "account-list-refused"


@dataclass(frozen=True, slots=True)
class ReadList:
    """What a file says.

    Attributes:
        name: of the file.
        form: one of `FORMS`.
        accounts: every account, in the order of the file.
        problems: rows that cannot be read; with any, nothing of the file is taken.
        grid: the table; None for the other forms.
        mapping: column by field, of a table.
        warnings: what was assumed, and what is odd.
    """

    name: str
    form: str
    accounts: tuple[AccountLine, ...]
    problems: tuple[Problem, ...] = ()
    grid: Grid | None = None
    mapping: Mapping[str, int] | None = None
    warnings: tuple[str, ...] = ()


def read_list(
    content: bytes,
    *,
    name: str,
    mapping: Mapping[str, int] | None = None,
    privileged_words: str = "",
) -> ReadList:
    """Return the accounts of a file; what it is, is judged by its content.

    Args:
        content: the whole file.
        name: as the user knows it, fit to be shown.
        mapping: column by field, of a table; guessed from the header when None.
        privileged_words: words of the access that mean privileged, between commas.

    Raises:
        ListRefusedError: it is too large, or not a whole list of accounts.
        FileRefusedError: it is no table.
    """
    if len(content) > LARGEST_LIST:
        raise _refused(name, f"has more than {LARGEST_LIST // 1_000_000} MB")
    grid: Grid | None = None
    warnings: tuple[str, ...] = ()
    if (text := _text(content)) is not None and is_ldif(text):
        form, (accounts, problems) = "ldif", _read(name, read_ldif, text)
    elif text is not None and is_scim(text):
        form, (accounts, problems) = "scim", _read(name, read_scim, text)
    else:
        grid = read_grid(content, name=name, largest=LARGEST_LIST, most_rows=MOST_ACCOUNTS)
        warnings = grid.warnings
        if is_credential_report(grid.header):
            form, (accounts, problems) = "aws", read_credential_report(grid)
            grid = None
        else:
            mapping = guess(grid.header) if mapping is None else mapping
            form, (accounts, problems) = "table", read_table(grid, mapping)
    if len(accounts) > MOST_ACCOUNTS:
        raise _refused(name, f"has more than {MOST_ACCOUNTS:,} accounts")
    if not accounts and not problems:
        raise _refused(name, "has no account, and a system without any needs no review")
    counts = Counter(each.key for each in accounts)
    if twice := [key for key, count in counts.items() if count > 1]:
        warnings += (f"{len(twice)} accounts are there more than once, as {twice[0][:60]}",)
    return ReadList(
        name=name,
        form=form,
        accounts=_marked(accounts, privileged_words),
        problems=tuple(problems),
        grid=grid,
        mapping=mapping if form == "table" else None,
        warnings=warnings,
    )


def _read(
    name: str,
    read: Callable[[str], tuple[list[AccountLine], list[Problem]]],
    text: str,
) -> tuple[list[AccountLine], list[Problem]]:
    try:
        return read(text)
    except (ValueError, RecursionError) as error:
        raise _refused(name, str(error)[:200]) from error


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _refused(name: str, what: str) -> ListRefusedError:
    return ListRefusedError(
        f"{name} was not read: it {what}",
        why="A list that is read in part would show accounts as gone that are there.",
        todo="take the whole list from its source again, as CSV, XLSX, LDIF or SCIM JSON",
    )


def _marked(accounts: Sequence[AccountLine], words: str) -> tuple[AccountLine, ...]:
    """Return accounts with what the given words make privileged; without words, as they are."""
    wanted = [word.strip().casefold() for word in words.split(",") if word.strip()]
    if not wanted:
        return tuple(accounts)
    whole = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, wanted))})(?![^\W_])")
    return tuple(
        replace(
            each,
            privileged=bool(each.privileged) or bool(whole.search(each.access.casefold())),
        )
        if each.access or each.privileged is not None
        else each
        for each in accounts
    )
