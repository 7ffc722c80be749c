"""Two people edit at once: the second is told, and nobody's work is lost."""

from collections.abc import Mapping
from typing import Any

from reperform.base.refusal import RefusalError


class StaleVersionError(RefusalError):
    """Somebody else changed it in the meantime."""

    slug = "stale-version"

    def __init__(
        self,
        subject: str,
        *,
        seen: int,
        current: int,
        by: str,
        content: Mapping[str, Any] | None = None,
    ) -> None:
        """Say what was changed by whom, which versions are meant, and what stands now."""
        super().__init__(
            f"{subject} was not changed: it is at version {current} by {by}, you saw {seen}",
            why="Saving now would undo what they wrote, without anybody noticing.",
            todo="compare the two below, carry over what you want, and save again",
        )
        self.current = current
        self.content = dict(content or {})
