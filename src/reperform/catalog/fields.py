"""Reads the fields of one mapping from YAML, and collects what is wrong with them."""

from collections.abc import Collection, Mapping
from typing import Any

from reperform.base.problem import Problem
from reperform.base.visible import visible


def shown(value: object) -> str:
    """Return `value` as one short quoted word of a message."""
    return f"'{visible(str(value), limit=60)}'"


class FieldReader:
    """Typed fields of one mapping.

    Every method returns a value of its type whatever the file says; what is missing or of another
    kind becomes a problem, and then the value is not to be used.
    """

    def __init__(self, fields: Mapping[str, Any], *, where: str, problems: list[Problem]) -> None:
        self._fields, self._where, self._problems = fields, where, problems
        self._asked: set[str] = set()

    def text(self, name: str, *, may_be_absent: bool = False) -> str:
        """Return a text that is neither empty nor surrounded by blanks."""
        value = self._get(name)
        if may_be_absent and name not in self._fields:
            return ""
        if isinstance(value, str) and value.strip():
            if value != value.strip():
                self._say(name, "begins or ends with blanks", "remove them", slug="text-blanks")
            return value.strip()
        self._say_missing(name, value, "a text")
        return ""

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Return a text that is one of `allowed`."""
        value = self.text(name)
        if value and value not in allowed:
            self._say(name, f"is {shown(value)}", f"choose from: {', '.join(allowed)}")
        return value

    def texts(self, name: str, *, may_be_absent: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each there once."""
        value = self._get(name)
        if value is None and may_be_absent and name not in self._fields:
            return ()
        if not isinstance(value, list) or not value or not all(_is_text(item) for item in value):
            self._say_missing(name, value, "a list of texts")
            return ()
        if len(set(value)) != len(value):
            twice = next(item for item in value if value.count(item) > 1)
            self._say(name, f"holds {shown(twice)} twice", "remove one")
        return tuple(value)

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        value = self._get(name)
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            self._say_missing(name, value, "a list of whole numbers")
            return ()
        return tuple(value)

    def number_or_none(self, name: str) -> int | None:
        """Return a whole number, or None when the field is absent."""
        value = self._get(name)
        if name in self._fields and type(value) is not int:
            self._say_missing(name, value, "a whole number")
            return None
        return value if type(value) is int else None

    def mappings(self, name: str) -> list[dict[str, Any]]:
        """Return a list of mappings."""
        value = self._get(name)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._say_missing(name, value, "a list of `field: value`")
            return []
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """Return one mapping."""
        value = self._get(name)
        if not isinstance(value, dict):
            self._say_missing(name, value, "`field: value` lines")
            return {}
        return value

    def refuse_others(self) -> None:
        """Say which fields nobody asked for: a misspelled one would be lost in silence."""
        for name in sorted(map(str, self._fields.keys() - self._asked)):
            self._say(visible(name, limit=60), "is not a field", "remove it or correct its name")

    def _get(self, name: str) -> Any:  # noqa: ANN401 - YAML holds any value
        self._asked.add(name)
        return self._fields.get(name)

    def _say_missing(self, name: str, value: object, kind: str) -> None:
        if value is None or value in ("", []):
            self._say(name, "is missing or empty", f"write {kind}")
        else:
            self._say(name, f"is {shown(value)}", f"write {kind}")

    def _say(self, name: str, what: str, todo: str, *, slug: str = "catalog-field") -> None:
        self._problems.append(Problem(f"{self._where}: {name}", what, todo, slug))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
