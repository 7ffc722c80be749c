"""Which format a file is in, by its content: its name says nothing."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from reperform.connectors.content import NotReadError, json_value, text_of, unpack, xml_root
from reperform.connectors.reports import (
    cyclonedx,
    grype,
    kev,
    nessus,
    ocsf,
    openvex,
    parquet,
    sarif,
    spdx,
    trivy,
    xccdf,
)
from reperform.connectors.reports.found import Component, Report

LARGEST = 64 << 20
"""Bytes that one file may have, packed and unpacked."""

_KINDS: Sequence[Any] = (cyclonedx, spdx, openvex, kev, grype, ocsf, trivy, sarif)
_XML = re.compile(rb"\s*<")
_JSON = re.compile(rb"\s*[\[{]")
_OTHERS: Sequence[tuple[bytes, str]] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)


def reports(raw: bytes) -> list[Report]:
    """Return what a file says, each report that is in it.

    Raises:
        NotReadError: it is not whole, or in none of the formats; the text says what it is.
    """
    content = unpack(raw, most=LARGEST)
    if not content.strip():
        raise NotReadError("is empty")
    for begins, name in _OTHERS:
        if content.startswith(begins):
            raise NotReadError(f"is {name}, and no report in a format that is read")
    return _limited(list(_read(content)))


def _read(content: bytes) -> Iterator[Report]:
    if content.startswith(parquet.MAGIC):
        events = parquet.events(content)
        if not ocsf.is_one(events):
            raise NotReadError("is Parquet, but its rows are no events of OCSF")
        return ocsf.read(events)
    if spdx.is_tagged(content):
        return spdx.read(spdx.from_tags(text_of(content)))
    if _XML.match(content.removeprefix(b"\xef\xbb\xbf")[:1_000]):
        return _xml(xml_root(content))
    begins = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00")
    if not _JSON.match(begins[:1_000]):
        raise NotReadError("is neither JSON, XML, Parquet nor SPDX's tags and values")
    return _json(content)


def _json(content: bytes) -> Iterator[Report]:
    try:
        value = json_value(content)
    except NotReadError:
        value = _lines(content)
    for kind in _KINDS:
        if kind.is_one(value):
            reader: Callable[[object], Iterator[Report]] = kind.read
            return reader(value)
    raise NotReadError(f"is JSON of no format that is read: {_described(value)}")


def _lines(content: bytes) -> list[Any]:
    """Return a value for each line, as exporters of events write them.

    Raises:
        NotReadError: a line is not JSON; or there is one line, which is cut off.
    """
    found = [each for each in text_of(content).splitlines() if each.strip()]
    if len(found) < 2 or not found[0].lstrip().startswith("{"):  # noqa: PLR2004 - one is no list
        return [json_value(content)]
    try:
        values = [json_value(each.encode()) for each in found]
    except NotReadError:
        return [json_value(content)]
    return values


def _xml(root: Element) -> Iterator[Report]:
    if cyclonedx.is_xml(root):
        return cyclonedx.read(cyclonedx.from_xml(root))
    if nessus.is_one(root):
        return nessus.read(root)
    if xccdf.is_one(root):
        return xccdf.read(root)
    name = root.tag[:200]
    raise NotReadError(f"is XML of no format that is read: its outermost element is {name}")


def _described(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value):,}" + (f", first {_described(value[0])}" if value else "")
    if not isinstance(value, dict):
        return f"a {type(value).__name__}"
    names = ", ".join(sorted(map(str, value))[:8])[:200]
    return f"an object with {names}" if names else "an object with nothing in it"


def _limited(found: list[Report]) -> list[Report]:
    """Refuse a file that is a report by its form, but holds no run, host or document."""
    if not found:
        raise NotReadError("holds no result of anything: nobody ran what it describes")
    return found


def is_bill(report: Report) -> bool:
    """Return whether a report is a bill of materials, even one without a component."""
    if report.format == cyclonedx.FORMAT:
        return not report.items or any(isinstance(each, Component) for each in report.items)
    return report.format == spdx.FORMAT


def is_scan(report: Report) -> bool:
    """Return whether a report says something of findings, even that there are none."""
    if report.format in (cyclonedx.FORMAT, spdx.FORMAT):
        return any(not isinstance(each, Component) for each in report.items)
    return True
