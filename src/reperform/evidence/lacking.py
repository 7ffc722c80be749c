"""What a connection in use did not bring: a table that others fill is not whole without it.

One that was retired without having brought anything of the period is said too, with what it would
have filled: whoever retired it says that there is nothing to be seen there, and a reader judges.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

_RETIRED = ("retired_on", "tables")


@dataclass(frozen=True, slots=True)
class Lacking:
    """A stream of which a connection brought nothing that says something of the period.

    Attributes:
        connection: its number.
        stream: the stream's name.
        target: what is asked; empty when it never was.
        reason: why nothing is there.
        retired_on: the day on which the connection was retired, as ISO text; empty while in use.
        tables: of one that was retired, what the stream would have filled.
    """

    connection: int
    stream: str
    target: str
    reason: str
    retired_on: str = ""
    tables: tuple[str, ...] = ()

    @property
    def of(self) -> str:
        """As `Cover.of`: whose rows are not there."""
        return f"{self.stream} {self.target or f'of CON-{self.connection}'}"

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON values."""
        said = asdict(self) | {"tables": list(self.tables)}
        return {name: value for name, value in said.items() if name not in _RETIRED or value}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Lacking":
        """Return what `as_record` made.

        Raises:
            TypeError: it is not one.
        """
        return cls(**{**record, "tables": tuple(record.get("tables", ()))})


def in_use(lacking: Iterable[Lacking]) -> tuple[Lacking, ...]:
    """Return what lacks of connections in use: no table is whole without it."""
    return tuple(each for each in lacking if not each.retired_on)


def retired_beside(lacking: Iterable[Lacking], table: str) -> tuple[Lacking, ...]:
    """Return the connections that were retired, and would have filled a table."""
    return tuple(each for each in lacking if table in each.tables)
