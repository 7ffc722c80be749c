"""The parts of the guided path: what each page asks, and how its answers become content.

Lists are written one line each, and a line may end with criteria in brackets:
`Customers remove the accounts of their leavers [CC6.2, CC6.3]`.  So every page works with the
keyboard alone and without a script.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from reperform.catalog.criteria import CATEGORIES

_CRITERIA = re.compile(r"^(?P<text>.*?)\s*\[(?P<criteria>[^\[\]]*)\]$", re.DOTALL)
_MOST_ROWS = 100
_BLANK_REASONS = 3

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the path.

    Attributes:
        name: in the URL, and of the template.
        title: a few words.
        fields: from content to what the template shows.
        content: from what was sent to the fields of the content that this part decides.
    """

    name: str
    title: str
    fields: Callable[[Content], dict[str, Any]]
    content: Callable[[QueryDict], dict[str, Any]]

    def lines(self, content: Content) -> list[tuple[str, str]]:
        """Return what `content` says for this part, as label and text, to compare with."""
        return [(name, _plain(value)) for name, value in self.fields(content).items()]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_plain(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(each)}" for name, each in value.items() if each)
    return "" if value is None else str(value)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def expectation_line(expectation: Content) -> str:
    """Return an expectation as one line, its criteria in brackets at the end."""
    named = f" [{', '.join(expectation['criteria'])}]" if expectation.get("criteria") else ""
    return " ".join(expectation["text"].split()) + named


def expectation(line: str) -> dict[str, Any]:
    """Return what a line says.

    >>> expectation("Leavers are removed [CC6.2, CC6.3]")
    {'text': 'Leavers are removed', 'criteria': ['CC6.2', 'CC6.3']}
    """
    found = _CRITERIA.match(line)
    if not found:
        return {"text": line, "criteria": []}
    named = [name for name in re.split(r"[\s,;]+", found["criteria"]) if name]
    return {"text": found["text"], "criteria": named}


def _system_fields(content: Content) -> dict[str, Any]:
    return {
        "system": content.get("system", ""),
        "services": "\n".join(content.get("services", [])),
        "boundaries": content.get("boundaries", ""),
    }


def _system_content(sent: QueryDict) -> dict[str, Any]:
    return {
        "system": sent.get("system", ""),
        "services": _lines(sent.get("services", "")),
        "boundaries": sent.get("boundaries", ""),
    }


def _categories_fields(content: Content) -> dict[str, Any]:
    return {"categories": list(content.get("categories", []))}


def _categories_content(sent: QueryDict) -> dict[str, Any]:
    return {"categories": ["security", *sent.getlist("categories")]}


def _period_fields(content: Content) -> dict[str, Any]:
    return {name: content.get(name) or "" for name in ("type", "first", "last")}


def _period_content(sent: QueryDict) -> dict[str, Any]:
    kind = {"1": 1, "2": 2, "": None}.get(sent.get("type", ""), sent.get("type"))
    first = sent.get("first") if kind == 2 else None  # noqa: PLR2004 - the type's name
    return {"type": kind, "first": first, "last": sent.get("last")}


def _commitments_fields(content: Content) -> dict[str, Any]:
    rows = content.get("commitments", [])
    return {
        "rows": [
            {
                "category": category,
                **{
                    kind: "\n".join(
                        row["text"]
                        for row in rows
                        if (row["category"], row["kind"]) == (category, kind)
                    )
                    for kind in ("commitment", "requirement")
                },
            }
            for category in CATEGORIES
        ]
    }


def _commitments_content(sent: QueryDict) -> dict[str, Any]:
    return {
        "commitments": [
            {"kind": kind, "text": text, "category": category}
            for category in CATEGORIES
            for kind in ("commitment", "requirement")
            for text in _lines(sent.get(f"{category}-{kind}", ""))
        ]
    }


def _subservices_fields(content: Content) -> dict[str, Any]:
    rows = [
        {
            **row,
            "expectations": "\n".join(map(expectation_line, row.get("expectations", []))),
            "report": row.get("report") or {},
        }
        for row in content.get("subservices", [])
    ]
    return {"rows": [*rows, {"method": "carve-out"}]}


def _subservices_content(sent: QueryDict) -> dict[str, Any]:
    rows = []
    for number in range(_MOST_ROWS):
        said = {
            name: sent.get(f"{number}-{name}", "").strip()
            for name in ("name", "service", "expectations", "title", "first", "last")
        }
        if f"{number}-name" not in sent:
            break
        if not any(said.values()):
            continue
        report = {name: said[name] for name in ("title", "first", "last")}
        rows.append(
            {
                "name": said["name"],
                "service": said["service"],
                "method": sent.get(f"{number}-method", ""),
                "expectations": [expectation(line) for line in _lines(said["expectations"])],
                "report": report if any(report.values()) else None,
            }
        )
    return {"subservices": rows}


def _user_controls_fields(content: Content) -> dict[str, Any]:
    return {"text": "\n".join(map(expectation_line, content.get("user_controls", [])))}


def _user_controls_content(sent: QueryDict) -> dict[str, Any]:
    return {"user_controls": [expectation(line) for line in _lines(sent.get("text", ""))]}


def _not_applicable_fields(content: Content) -> dict[str, Any]:
    rows = [
        {"criterion": criterion, "reason": reason}
        for criterion, reason in content.get("not_applicable", {}).items()
    ]
    return {"rows": [*rows, *({"criterion": "", "reason": ""} for _ in range(_BLANK_REASONS))]}


def _not_applicable_content(sent: QueryDict) -> dict[str, Any]:
    return {
        "not_applicable": {
            criterion: reason
            for criterion, reason in zip(
                sent.getlist("criterion"), sent.getlist("reason"), strict=False
            )
            if criterion
        }
    }


PARTS = (
    Part("system", "The system", _system_fields, _system_content),
    Part("categories", "Categories", _categories_fields, _categories_content),
    Part("period", "Type and period", _period_fields, _period_content),
    Part("commitments", "Commitments", _commitments_fields, _commitments_content),
    Part("subservices", "Subservice organizations", _subservices_fields, _subservices_content),
    Part("user_controls", "Customers' controls", _user_controls_fields, _user_controls_content),
    Part("not_applicable", "Not applicable", _not_applicable_fields, _not_applicable_content),
)
"""The path, in order."""
