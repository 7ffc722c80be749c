"""Reading what GitHub said, for shaping."""

from collections.abc import Iterator, Sequence
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import json_of


class Said:
    """Kept answers, and who was asked when."""

    def __init__(self, answers: Sequence[Kept]) -> None:
        self.answers = answers
        kept = next((each for each in answers if each.name == "observed" and each.blob), None)
        facts = json_of(kept) if kept else None
        self.facts: dict[str, Any] = facts if isinstance(facts, dict) else {}
        self.told = {"system": self.facts.get("system"), "observed_at": self.facts.get("at")}

    def each(self, name: str, *inside: str) -> Iterator[tuple[Kept, dict[str, Any]]]:
        """Yield the objects of an answer's pages, with the answer that holds them.

        Args:
            name: of the answer, without the page.
            inside: names that lead to the list, when a page is not the list itself.
        """
        for kept in self.answers:
            if not kept.blob or not (kept.name == name or kept.name.startswith(f"{name} page ")):
                continue
            found = json_of(kept)
            for step in inside:
                found = found.get(step) if isinstance(found, dict) else None
            for one in found if isinstance(found, list) else [found]:
                if isinstance(one, dict):
                    yield kept, one

    def has(self, name: str) -> bool:
        """Return whether a question was answered, or shown to have no object."""
        return any(
            (each.blob or each.absent)
            and (each.name == name or each.name.startswith(f"{name} page "))
            for each in self.answers
        )

    def is_absent(self, name: str) -> bool:
        """Return whether GitHub said that there is nothing of the kind."""
        return any(each.name == name and each.absent for each in self.answers)

    def row(self, table: str, kept: Kept, **values: Any) -> Row:  # noqa: ANN401 - JSON values
        """Return a row of a state, with system and time."""
        return Row(table, {**self.told, **values}, kept.blob, 0)


def of(values: Any, *path: str) -> Any:  # noqa: ANN401 - JSON values
    """Return what lies at a path of names; None when nothing does."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def whole(value: object) -> int | None:
    """Return a whole number that a table can hold; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 1 << 63 else None


def truth(value: object) -> bool | None:
    """Return a yes or no; None when it is neither."""
    return value if isinstance(value, bool) else None
