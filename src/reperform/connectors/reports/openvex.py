"""OpenVEX: what somebody states of vulnerabilities in their products."""

from collections.abc import Iterator, Mapping
from typing import Any

from reperform.connectors.reports.found import Report, Statement, inside, line, lines, objects

FORMAT = "OpenVEX"
_STATUSES = ("not_affected", "affected", "fixed", "under_investigation")


def is_one(value: object) -> bool:
    """Return whether JSON values are an OpenVEX document."""
    return "openvex" in str(inside(value, "@context")) and isinstance(
        inside(value, "statements"), list
    )


def read(value: object) -> Iterator[Report]:
    """Yield the report."""
    at = line(value, "last_updated") or line(value, "timestamp")
    items = tuple(
        _statement(each, f"statements[{number}]", at)
        for number, each in objects(value, "statements")
    )
    yield Report(
        FORMAT,
        line(value, "@context").rpartition("/")[2],
        line(value, "author") or line(value, "tooling"),
        target=line(value, "@id"),
        made_at=at,
        items=items,
    )


def _statement(each: Mapping[str, Any], place: str, at: str) -> Statement:
    named = inside(each, "vulnerability")
    ids = {named} if isinstance(named, str) else {line(named, "name"), *lines(named, "aliases")}
    said = line(each, "status")
    return Statement(
        place,
        tuple(sorted(filter(None, ids))),
        tuple(_products(each)),
        said if said in _STATUSES else "",
        said,
        line(each, "justification"),
        line(each, "impact_statement") or line(each, "action_statement"),
        line(each, "timestamp") or at,
    )


def _products(each: Mapping[str, Any]) -> Iterator[str]:
    """Yield the products; where parts of one are named, only those are meant."""
    yield from lines(each, "products")
    for _, product in objects(each, "products"):
        parts = [line(part, "@id") for _, part in objects(product, "subcomponents")]
        names = [line(product, "@id"), *map(str, _identifiers(product))]
        yield from filter(None, parts or names)


def _identifiers(product: Mapping[str, Any]) -> list[str]:
    found = inside(product, "identifiers")
    return [each for each in found.values() if isinstance(each, str)] if found else []
