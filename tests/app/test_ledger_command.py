"""`reperform ledger verify`, from the outside."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from outside import Ran


def test_the_trail_is_checked_and_what_was_edited_is_named(
    reperform: Callable[..., Ran], tmp_path: Path
) -> None:
    """Exit 0 on a trail as it was recorded, exit 1 with the entry after an edit by SQL."""
    arguments = ("organization", "add", "Larkspur", "--administrator", "ada@larkspur.example")
    assert reperform(*arguments).code == 0

    whole = reperform("ledger", "verify")
    (path,) = (tmp_path / "home").rglob("reperform.sqlite")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE ledger_change SET by = 'mallory'")
    database.close()
    edited = reperform("ledger", "verify", "--organization", "larkspur")
    unknown = reperform("ledger", "verify", "--organization", "nobody")

    assert (whole.code, edited.code, unknown.code) == (0, 1, 1), whole.err
    assert "agrees" in whole.out
    assert "larkspur: entry 0: its by is not what it sealed" in edited.out
    assert "organization-unknown" in unknown.err
