"""CycloneDX (ECMA-424), JSON and XML: components, vulnerabilities, and what is stated of them."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from reperform.connectors.reports.found import (
    VULNERABILITY,
    Component,
    Finding,
    Item,
    Report,
    Statement,
    inside,
    line,
    number,
    objects,
)
from reperform.connectors.reports.markup import local, text_in

FORMAT = "CycloneDX"
_KNOWN = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_STATED = {
    "not_affected": "not_affected",
    "false_positive": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
}
# Elements of XML that hold a list, and whose children JSON writes as one.
_LISTS = {
    "components",
    "services",
    "vulnerabilities",
    "ratings",
    "affects",
    "licenses",
    "hashes",
    "tools",
    "cwes",
    "versions",
    "references",
}
_DEEPEST = 50


def is_one(value: object) -> bool:
    """Return whether JSON values are a bill of CycloneDX."""
    return line(value, "bomFormat") == FORMAT


def is_xml(root: Element) -> bool:
    """Return whether an element is a bill of CycloneDX."""
    return local(root) == "bom" and "cyclonedx.org/schema/bom" in root.tag


def from_xml(root: Element) -> dict[str, Any]:
    """Return the JSON values that say what an XML bill says, as far as it is read."""
    found = _values(root)
    version = root.tag.partition("}")[0].rpartition("/")[2]
    return {**(found if isinstance(found, dict) else {}), "specVersion": version}


def _values(element: Element) -> Any:  # noqa: ANN401 - JSON
    name = local(element)
    if name in _LISTS:
        return [_values(each) for each in element]
    if not len(element) and not element.attrib:
        return text_in(element)
    found: dict[str, Any] = {local(each): _values(each) for each in element}
    found |= element.attrib
    if not len(element):
        found["content"] = text_in(element)
    return {"license": found} if name == "license" else found


def read(value: object) -> Iterator[Report]:
    """Yield the report."""
    version = line(value, "specVersion")
    listed = [*_components(value, "", 0), *_services(value)]
    refs = {each.ref: each for each in listed if each.ref}
    items: list[Item] = [*listed]
    for at, each in objects(value, "vulnerabilities"):
        items += _vulnerability(each, f"vulnerabilities[{at}]", refs, has_parts=bool(listed))
    main = inside(value, "metadata", "component")
    named = "@".join(filter(None, (line(main, "name"), line(main, "version"))))
    tools = inside(value, "metadata", "tools")
    tool = inside(tools, 0) or inside(tools, "components", 0)
    yield Report(
        FORMAT,
        version,
        line(tool, "name"),
        line(tool, "version"),
        line(main, "purl") or named or line(value, "serialNumber"),
        line(value, "metadata", "timestamp"),
        tuple(items),
        () if version in _KNOWN else (f"version {version or 'none'} is read as {_KNOWN[-1]}",),
    )


def _components(value: object, before: str, depth: int) -> Iterator[Component]:
    for at, each in objects(value, "components") if depth < _DEEPEST else ():
        place = f"{before}components[{at}]"
        names = (line(each, "group"), line(each, "name"))
        yield Component(
            place,
            "/".join(filter(None, names)),
            line(each, "version"),
            line(each, "type"),
            line(each, "purl"),
            line(each, "cpe"),
            line(each, "supplier", "name") or line(each, "publisher"),
            tuple(_licenses(each)),
            tuple(
                f"{line(found, 'alg')}:{line(found, 'content')}"
                for _, found in objects(each, "hashes")
            ),
            line(each, "bom-ref"),
        )
        yield from _components(each, f"{place}.", depth + 1)


def _services(value: object) -> Iterator[Component]:
    for at, each in objects(value, "services"):
        names = (line(each, "group"), line(each, "name"))
        yield Component(
            f"services[{at}]",
            "/".join(filter(None, names)),
            line(each, "version"),
            "service",
            supplier=line(each, "provider", "name"),
            licenses=tuple(_licenses(each)),
            ref=line(each, "bom-ref"),
        )


def _licenses(each: Mapping[str, Any]) -> Iterator[str]:
    for _, found in objects(each, "licenses"):
        name = line(found, "expression") or line(found, "license", "id")
        if name or line(found, "license", "name"):
            yield name or line(found, "license", "name")


def _vulnerability(
    each: Mapping[str, Any], place: str, refs: Mapping[str, Component], *, has_parts: bool
) -> Iterator[Finding | Statement]:
    """Yield what a bill says of a vulnerability: that it is there, or what is stated of it.

    A document that holds statements and no component is no scan: it finds nothing.
    """
    rule, analysis = line(each, "id"), inside(each, "analysis")
    cves = {rule} | {line(found, "id") for _, found in objects(each, "references")}
    ids = tuple(sorted(name for name in cves if name.startswith("CVE-")))
    named = [line(found, "ref") for _, found in objects(each, "affects")]
    products = [unquote(name.rpartition("#")[2] if "#" in name else name) for name in named]
    if analysis:
        said = line(analysis, "state")
        bought = (refs[name].purl or name if name in refs else name for name in products)
        yield Statement(
            place,
            ids or ((rule,) if rule else ()),
            tuple(bought),
            _STATED.get(said, ""),
            said,
            line(analysis, "justification"),
            line(analysis, "detail"),
            line(analysis, "lastUpdated") or line(each, "updated"),
        )
    if analysis and not has_parts:
        return
    for name in products or [""]:
        part = refs.get(name)
        yield Finding(
            VULNERABILITY,
            place,
            rule,
            title=line(each, "description"),
            severity=next(filter(None, (line(r, "severity") for _, r in _ratings(each))), ""),
            score=next(
                (s for _, r in _ratings(each) if (s := number(inside(r, "score"))) is not None),
                None,
            ),
            status_said=line(analysis, "state"),
            cves=ids,
            resource=name,
            package=part.name if part else "",
            version=part.version if part else "",
            purl=part.purl if part else name if name.startswith("pkg:") else "",
        )


def _ratings(each: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from objects(each, "ratings")
