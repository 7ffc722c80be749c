"""Who holds a role, by themselves or by groups in groups."""

from collections.abc import Iterable


class Holders:
    """Roles, and the groups that hand them on.

    Attributes:
        is_whole: all roles and all members are known; else whoever is not known to hold one may.
    """

    def __init__(self) -> None:
        self.is_whole = True
        self._roles: dict[str, dict[str, bool | None]] = {}
        self._groups_of: dict[str, set[str]] = {}

    def group(self, uid: str, members: Iterable[str]) -> None:
        """Take up who is in a group."""
        for member in members:
            self._groups_of.setdefault(member, set()).add(uid)

    def hold(self, uid: str, role: str, *, is_more: bool | None) -> None:
        """Take up that an account or a group holds a role.

        Args:
            uid: of the account or group.
            role: its name.
            is_more: it lets one do more than read; None when that is not known.
        """
        self._roles.setdefault(uid, {})[role] = is_more

    def of(self, uid: str) -> list[str]:
        """Return the roles of an account or group, its groups' too, sorted."""
        return sorted(self._all(uid))

    def is_privileged(self, uid: str) -> bool | None:
        """Return whether a role lets one change more than read; None when that is not known."""
        found = set(self._all(uid).values())
        if True in found:
            return True
        return False if self.is_whole and None not in found else None

    def _all(self, uid: str) -> dict[str, bool | None]:
        seen: set[str] = set()
        todo = [uid]
        found: dict[str, bool | None] = {}
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                found |= self._roles.get(one, {})
                todo += self._groups_of.get(one, ())
        return found
