"""The program as files, on the side of the database: what each register gives, reads and does.

See `program.code` for how to add a register.  What reads a register and what changes it stay side
by side here, because the one must take what the other gives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.catalog.library import Catalog
from reperform.program.code import Content, Item, Kind, Standing
from reperform.program.code.plan import Change, Stands
from reperform.program.code.read import Program


@dataclass(frozen=True, slots=True)
class Given:
    """What a register is given to read and to apply items.

    Attributes:
        organization: whose program it is.
        catalog: of this installation.
        members: of the organization, by e-mail address in small letters; former ones too.
        stands: every item that there is.
        program: the files.
        by: who applies them.
        at: when.
    """

    organization: Organization
    catalog: Catalog
    members: Mapping[str, Membership]
    stands: Stands
    program: Program
    by: str
    at: datetime

    @property
    def today(self) -> date:
        """The day of `at`."""
        return self.at.date()

    def standing(self, item: Item) -> Standing | None:
        """Return an item as it stands; None when there is no such."""
        return self.stands.get(item.kind.name, {}).get(item.key)

    def knows(self, register: str, key: str) -> bool:
        """Return whether an item stands, or is in the files."""
        return key in self.stands.get(register, {}) or f"{register}/{key}" in self.program.items

    def owner_number(self, content: Content) -> int | None:
        """Return the number of the member whom `owner` names by e-mail address; None for nobody."""
        return self.member_number(content.get("owner"))

    def member_number(self, said: object) -> int | None:
        """Return the number of the member of an e-mail address; None for nobody."""
        found = self.members.get(said.strip().lower()) if isinstance(said, str) else None
        return found.pk if found else None

    def member(
        self, item: Item, field: str, problems: list[Problem], *, slug: str
    ) -> Membership | None:
        """Return the member whom a field names by e-mail address; None for nobody.

        A stranger is a problem, which is appended.
        """
        said = item.content.get(field)
        if said is None or said == "":
            return None
        found = self.members.get(said.strip().lower()) if isinstance(said, str) else None
        if found is None:
            what = f"no member has the address {str(said)[:80]!r}"
            todo = "write the e-mail address of a member, or invite them first"
            problems.append(Problem(field, what, todo, slug))
        return found


@dataclass(frozen=True, slots=True)
class Register:
    """A register as files: some functions around its kind, see `program.code`."""

    kind: Kind
    standing: Callable[[Organization], dict[str, Standing]]
    read: Callable[[Given, Item], tuple[Content, list[Problem]]]
    apply: Callable[[Given, Change], None]
    order: Callable[[Sequence[Change]], Sequence[Change]] = tuple
    """In which order changes are made; for rows that refer to rows of the same register."""
    finish: Callable[[Given, Change], None] | None = None
    """What ends an item, done when every register was applied: others may name it until then."""
