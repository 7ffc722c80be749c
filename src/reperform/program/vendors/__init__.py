"""A vendor as a value: what the register says of one, how it is read, and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

LONGEST_NAME = 200
SLUG = "vendor-field"
UNDECIDED = ""
"""Of a choice that nobody has made: neither yes nor no."""


class Classification(StrEnum):
    """How sensitive the most sensitive data is that a vendor gets."""

    UNDECIDED = ""
    NONE = "none"
    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class Method(StrEnum):
    """How a report treats a subservice organization."""

    UNDECIDED = ""
    CARVE_OUT = "carve-out"
    INCLUSIVE = "inclusive"


class Dpa(StrEnum):
    """Whether an agreement on the processing of personal data stands."""

    UNDECIDED = ""
    SIGNED = "signed"
    NOT_SIGNED = "not signed"
    NOT_NEEDED = "not needed"


class DataEnd(StrEnum):
    """What became of our data when a vendor ended."""

    UNDECIDED = ""
    RETURNED = "returned"
    DELETED = "deleted"
    BOTH = "returned, deleted"
    NONE = "held none"


@dataclass(frozen=True, slots=True)
class VendorFields:
    """What somebody writes about a vendor.

    Attributes:
        name: by which scope and description know it too.
        service: what it does for us.
        owner: number of the member who answers for it; None while nobody is named.
        website: its address, beginning with https:// or http://.
        criticality: a class of the library; empty while nobody decided.
        classification: see `Classification`.
        data: kinds of data that it gets, one each.
        countries: countries or regions in which the data is.
        has_access: it reaches our systems.
        access: which ones, and how.
        is_subservice: its controls are needed for the criteria to be met.
        method: see `Method`; only of a subservice organization.
        started_on: first day on which it got data or was relied on.
        contract_on: day of the contract.
        renews_on: day on which the contract renews or ends.
        notice_by: last day to give notice.
        dpa: see `Dpa`.
        dpa_on: the day on which it was signed.
        has_confidentiality: the contract binds it to confidentiality.
        has_security_terms: the contract names security duties and notice of incidents.
        subprocessors: those to whom it passes our data on.
        note: anything else.
    """

    name: str
    service: str = ""
    owner: int | None = None
    website: str = ""
    criticality: str = UNDECIDED
    classification: Classification = Classification.UNDECIDED
    data: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    has_access: bool | None = None
    access: str = ""
    is_subservice: bool | None = None
    method: Method = Method.UNDECIDED
    started_on: date | None = None
    contract_on: date | None = None
    renews_on: date | None = None
    notice_by: date | None = None
    dpa: Dpa = Dpa.UNDECIDED
    dpa_on: date | None = None
    has_confidentiality: bool | None = None
    has_security_terms: bool | None = None
    subprocessors: tuple[str, ...] = ()
    note: str = ""


def read_vendor(
    content: Mapping[str, Any], *, classes: Collection[str]
) -> tuple[VendorFields, list[Problem]]:
    """Return the vendor that `content` says, and what is wrong with its fields.

    Whether the owner is a member, and the name not taken, is asked when it is kept.

    Args:
        content: by field name of `VendorFields`.
        classes: the criticalities that there are.
    """
    reader = Reader(content, SLUG)
    fields = VendorFields(
        name=reader.line("name", needed="write its name", longest=LONGEST_NAME),
        service=reader.line("service", needed="say what it does for you"),
        owner=reader.number("owner"),
        website=_website(reader),
        criticality=_criticality(reader, classes),
        classification=reader.choice("classification", Classification, Classification.UNDECIDED),
        data=reader.lines("data"),
        countries=reader.lines("countries"),
        has_access=reader.flag("has_access"),
        access=reader.text("access"),
        is_subservice=reader.flag("is_subservice"),
        method=reader.choice("method", Method, Method.UNDECIDED),
        started_on=reader.day("started_on"),
        contract_on=reader.day("contract_on"),
        renews_on=reader.day("renews_on"),
        notice_by=reader.day("notice_by"),
        dpa=reader.choice("dpa", Dpa, Dpa.UNDECIDED),
        dpa_on=reader.day("dpa_on"),
        has_confidentiality=reader.flag("has_confidentiality"),
        has_security_terms=reader.flag("has_security_terms"),
        subprocessors=reader.lines("subprocessors"),
        note=reader.text("note"),
    )
    reader.refuse_others(VendorFields.__dataclass_fields__, "a vendor")
    _contradictions(reader, fields)
    return fields, reader.problems


def _website(reader: Reader) -> str:
    said = reader.line("website")
    if said and not said.lower().startswith(("https://", "http://")):
        reader.problem("website", "is no address of a page", "begin it with https://")
        return ""
    return said


def _criticality(reader: Reader, classes: Collection[str]) -> str:
    said = reader.line("criticality")
    if said and said not in classes:
        reader.problem("criticality", "is none of the classes", f"write {', '.join(classes)}")
        return UNDECIDED
    return said


def _contradictions(reader: Reader, fields: VendorFields) -> None:
    if fields.method is not Method.UNDECIDED and not fields.is_subservice:
        todo = "say that it is a subservice organization, or leave the method empty"
        reader.problem("method", "is of subservice organizations only", todo)
    if fields.dpa_on and fields.dpa is not Dpa.SIGNED:
        reader.problem("dpa_on", "is a day, but it is not signed", "choose signed, or remove it")
    if fields.notice_by and fields.renews_on and fields.notice_by > fields.renews_on:
        todo = f"write {fields.renews_on} or an earlier day"
        reader.problem("notice_by", "is after the day on which it renews", todo)
    if fields.has_access is False and fields.access:
        reader.problem("access", "names access that it has not", "choose yes, or empty it")


def vendor_content(fields: VendorFields) -> dict[str, Any]:
    """Return the JSON values that `read_vendor` reads back."""
    return {name: jsonable(value) for name, value in asdict(fields).items()}


def jsonable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a field's value as JSON has it."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [jsonable(each) for each in value]
    if isinstance(value, dict):
        return {name: jsonable(each) for name, each in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class EndFields:
    """How a vendor ended.

    Attributes:
        ended_on: last day on which it was relied on.
        end_reason: why.
        data_end: see `DataEnd`.
        data_end_on: the day on which it was confirmed.
        access_removed_on: the day on which the last access was taken away.
    """

    ended_on: date
    end_reason: str
    data_end: DataEnd = DataEnd.UNDECIDED
    data_end_on: date | None = None
    access_removed_on: date | None = None


def read_end(content: Mapping[str, Any], *, today: date) -> tuple[EndFields, list[Problem]]:
    """Return how a vendor ended, and what is wrong with it; no day is after `today`."""
    reader = Reader(content, SLUG)
    fields = EndFields(
        ended_on=reader.day("ended_on", needed="write its last day", latest=today) or today,
        end_reason=reader.text("end_reason", needed="say why: an auditor will ask"),
        data_end=reader.choice("data_end", DataEnd, DataEnd.UNDECIDED),
        data_end_on=reader.day("data_end_on", latest=today),
        access_removed_on=reader.day("access_removed_on", latest=today),
    )
    reader.refuse_others(EndFields.__dataclass_fields__, "the end of a vendor")
    if (fields.data_end in (DataEnd.UNDECIDED, DataEnd.NONE)) == bool(fields.data_end_on):
        todo = "say what became of the data and on which day, or neither"
        reader.problem("data_end_on", "does not fit what became of the data", todo)
    return fields, reader.problems


def end_content(fields: EndFields) -> dict[str, Any]:
    """Return the JSON values that `read_end` reads back."""
    return {name: jsonable(value) for name, value in asdict(fields).items()}
