"""Who holds a role, by themselves or by groups in groups."""

from collections.abc import Sequence

_READS = ("Reader", "Readers")
_HARMLESS = frozenset({"Guest Inviter", "User", "Guest User", "Restricted Guest User"})


class Holders:
    """Roles, and the groups that hand them on.

    Attributes:
        is_whole: all roles and all members are known; else whoever is not known to hold one may.
    """

    def __init__(self) -> None:
        self.is_whole = True
        self._roles: dict[str, set[str]] = {}
        self._groups_of: dict[str, set[str]] = {}

    def group(self, uid: str, members: Sequence[str] | None) -> None:
        """Take up a group; None when its members are not known."""
        self.is_whole &= members is not None
        for member in members or ():
            self._groups_of.setdefault(member, set()).add(uid)

    def hold(self, uid: str, role: str, *, is_eligible: bool = False) -> None:
        """Take up that somebody holds a role, or may activate it."""
        self._roles.setdefault(uid, set()).add(f"{role} (eligible)" if is_eligible else role)

    def of(self, uid: str) -> list[str]:
        """Return the roles of an account or group, its groups' too, sorted."""
        seen: set[str] = set()
        todo = [uid]
        found: set[str] = set()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                found |= self._roles.get(one, set())
                todo += self._groups_of.get(one, ())
        return sorted(found)

    def is_privileged(self, uid: str) -> bool | None:
        """Return whether a role lets one change more than read; None when not all are known."""
        if any(self.is_more(role.removesuffix(" (eligible)")) for role in self.of(uid)):
            return True
        return False if self.is_whole else None

    @staticmethod
    def is_more(role: str) -> bool:
        """Return whether a role does more than read."""
        return not role.endswith(_READS) and role not in _HARMLESS
