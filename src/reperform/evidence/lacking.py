"""What a connection in use did not bring: a table that others fill is not whole without it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Lacking:
    """A stream of which a connection brought nothing that says something of the period.

    Attributes:
        connection: its number.
        stream: the stream's name.
        target: what is asked; empty when it never was.
        reason: why nothing is there.
    """

    connection: int
    stream: str
    target: str
    reason: str

    @property
    def of(self) -> str:
        """As `Cover.of`: whose rows are not there."""
        return f"{self.stream} {self.target or f'of CON-{self.connection}'}"

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Lacking":
        """Return what `as_record` made.

        Raises:
            TypeError: it is not one.
        """
        return cls(**record)
