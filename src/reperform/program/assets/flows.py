"""Data flows as values: from where to where, which data, and whether it is encrypted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.assets import Classification

SLUG = "flow-field"


@dataclass(frozen=True, slots=True)
class FlowFields:
    """What somebody writes about a flow.

    Attributes:
        source: number of the asset that it comes from; None for an outside party.
        source_party: the outside party that it comes from; empty for an asset.
        target: number of the asset that it goes to; None for an outside party.
        target_party: the outside party that it goes to; empty for an asset.
        data: which data, in a few words.
        classification: of the data.
        protocol: as in `HTTPS`.
        encrypted: on its way; None while nobody knows.
        note: more about it.
    """

    data: str
    source: int | None = None
    source_party: str = ""
    target: int | None = None
    target_party: str = ""
    classification: Classification = Classification.NOT_DECIDED
    protocol: str = ""
    encrypted: bool | None = None
    note: str = ""


def read_flow(content: Mapping[str, Any]) -> tuple[FlowFields, list[Problem]]:
    """Return the flow that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `FlowFields`, texts or JSON values.
    """
    reader = Reader(content, SLUG)
    fields = FlowFields(
        source=reader.number("source"),
        source_party=reader.line("source_party", longest=200),
        target=reader.number("target"),
        target_party=reader.line("target_party", longest=200),
        data=reader.line("data", needed="say which data"),
        classification=reader.choice("classification", Classification, Classification.NOT_DECIDED),
        protocol=reader.line("protocol", longest=100),
        encrypted=reader.flag("encrypted"),
        note=reader.text("note", longest=2_000),
    )
    reader.refuse_others(FlowFields.__dataclass_fields__, "a data flow")
    wrong = {each.where for each in reader.problems}
    for end, number, party in (
        ("source", fields.source, fields.source_party),
        ("target", fields.target, fields.target_party),
    ):
        if not {end, f"{end}_party"} & wrong and (number is None) == (not party):
            what = "is neither an asset nor a party" if number is None else "is both"
            reader.problem(end, what, "choose an asset, or name an outside party")
    if fields.source is None and fields.target is None and not reader.problems:
        todo = "let at least one end be an asset"
        reader.problem("target", "joins two outside parties", todo)
    if fields.source is not None and fields.source == fields.target:
        reader.problem("target", "is where it comes from", "choose another asset")
    return fields, reader.problems


def flow_content(fields: FlowFields) -> dict[str, Any]:
    """Return a flow's fields as JSON values, which `read_flow` reads back."""
    return {
        "data": fields.data,
        "source": fields.source,
        "source_party": fields.source_party,
        "target": fields.target,
        "target_party": fields.target_party,
        "classification": fields.classification.value,
        "protocol": fields.protocol,
        "encrypted": fields.encrypted,
        "note": fields.note,
    }
