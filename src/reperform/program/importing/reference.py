"""Rows of a file that name what they change by its reference, as RISK-3."""

import re
from collections.abc import Mapping
from typing import Any

from reperform.base.visible import visible
from reperform.program.importing import Fields
from reperform.program.importing.columns import Columns
from reperform.program.importing.rows import Rows


class ReferenceRows(Rows[Fields]):
    """Rows that name what they change by its reference; those without one enter something.

    A name enters once, so a file that is brought twice enters nothing twice.
    """

    is_name_once = True
    """Whether a change may not take the name of another, either."""

    def __init__(
        self,
        columns: Columns,
        members: Mapping[str, int],
        prefix: str,
        there: Mapping[int, Fields],
        gone: Mapping[int, str],
    ) -> None:
        """Keep what rows are held against.

        Args:
            columns: of the register; the field `number` has its references.
            members: number by e-mail address, of those who may be named.
            prefix: of a reference, as in `RISK`.
            there: what each one in use says, by number.
            gone: what became of the others, by number, as in `closed`.
        """
        super().__init__(columns, members)
        self.prefix, self.there, self.gone = prefix, there, gone
        self._names = {self._key(each): f"{prefix}-{number}" for number, each in there.items()}
        self._numbers: set[int] = set()
        self._reference = re.compile(rf"(?:{prefix}-)?([1-9]\d{{0,8}})", re.ASCII | re.IGNORECASE)

    def _key(self, fields: Fields) -> str:
        return str(getattr(fields, self.columns.needed))

    def about(self, said: dict[str, Any]) -> tuple[int | None, Fields | None]:
        """Return what a row's reference names."""
        text = said.pop("number", "")
        if not text:
            return None, None
        match = self._reference.fullmatch(text.strip())
        number = int(match[1]) if match else 0
        if number in self.gone:
            self.wrong(
                "number", f"{self.prefix}-{number} is {self.gone[number]}", "leave the row out"
            )
        elif number not in self.there:
            todo = "leave it empty to enter a new one"
            self.wrong("number", f"there is no {visible(text, limit=40)}", todo)
        elif number in self._numbers:
            what = f"{self.prefix}-{number} is there twice"
            self.wrong("number", what, "keep one of the rows")
        else:
            self._numbers.add(number)
            return number, self.there[number]
        return None, None

    def check(self, row: int, number: int | None, fields: Fields) -> None:
        """Note a name that is taken."""
        key = self._key(fields)
        by = self._names.get(key)
        is_taken = by != f"{self.prefix}-{number}" if self.is_name_once else number is None
        if key and by and is_taken:
            todo = "name it in the column Reference to change it, or call this one otherwise"
            self.wrong(self.columns.needed, f"{visible(key, limit=60)} is {by} already", todo)
        self._names.setdefault(key, f"row {row}")

    def does(self, number: int | None, before: Fields | None, after: Fields) -> str:
        """Return what a row would do, in words; empty for nothing."""
        if before is None:
            return f"enters {self._key(after)}"
        changed = self.changed(before, after)
        return f"changes {', '.join(changed)} of {self.prefix}-{number}" if changed else ""
