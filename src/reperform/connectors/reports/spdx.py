"""SPDX 2.2 and 2.3 (ISO/IEC 5962) as JSON and tag-value, and 3.0 as JSON-LD: packages."""

import re
from collections.abc import Iterator
from typing import Any

from reperform.connectors.reports.found import Component, Report, inside, line, lines, objects

FORMAT = "SPDX"
_KNOWN = ("SPDX-2.2", "SPDX-2.3")
_NOTHING = ("", "NOASSERTION", "NONE")
_TAG = re.compile(r"([A-Za-z]+):\s?(.*)", re.ASCII)
_VERSION = re.compile(rb"\s*(#[^\n]*\s*)*SPDXVersion:")


def is_one(value: object) -> bool:
    """Return whether JSON values are an SPDX document."""
    return line(value, "spdxVersion").startswith("SPDX-") or (
        "spdx.org/rdf/3" in str(inside(value, "@context")) and inside(value, "@graph") is not None
    )


def is_tagged(content: bytes) -> bool:
    """Return whether a file is an SPDX document of tags and values."""
    return bool(_VERSION.match(content.removeprefix(b"\xef\xbb\xbf")[:4_000]))


def read(value: object) -> Iterator[Report]:
    """Yield the report."""
    if inside(value, "@graph") is not None:
        yield _third(value)
        return
    version = line(value, "spdxVersion")
    yield Report(
        FORMAT,
        version,
        _tool(lines(value, "creationInfo", "creators")),
        target=line(value, "name"),
        made_at=line(value, "creationInfo", "created"),
        items=tuple(_packages(value)),
        notes=() if version in _KNOWN else (f"version {version} is read as {_KNOWN[-1]}",),
    )


def _tool(creators: tuple[str, ...]) -> str:
    tools = [each.removeprefix("Tool:").strip() for each in creators if each.startswith("Tool:")]
    return ", ".join(tools)


def _told(value: str) -> str:
    return "" if value in _NOTHING else value


def _packages(value: object) -> Iterator[Component]:
    for at, each in objects(value, "packages"):
        named = {
            line(found, "referenceType"): line(found, "referenceLocator")
            for _, found in objects(each, "externalRefs")
        }
        license_id = _told(line(each, "licenseConcluded")) or _told(line(each, "licenseDeclared"))
        yield Component(
            f"packages[{at}]",
            line(each, "name"),
            _told(line(each, "versionInfo")),
            line(each, "primaryPackagePurpose").lower(),
            named.get("purl", ""),
            named.get("cpe23Type", ""),
            _told(line(each, "supplier")),
            (license_id,) if license_id else (),
            tuple(
                f"{line(found, 'algorithm')}:{line(found, 'checksumValue')}"
                for _, found in objects(each, "checksums")
            ),
            line(each, "SPDXID"),
        )


def _third(value: object) -> Report:
    items: list[Component] = []
    document: dict[str, Any] = {}
    made: list[str] = []
    for at, each in objects(value, "@graph"):
        kind = line(each, "type")
        if kind == "SpdxDocument":
            document = each
        elif kind == "CreationInfo":
            made.append(line(each, "created"))
        elif kind == "software_Package":
            items.append(
                Component(
                    f"@graph[{at}]",
                    line(each, "name"),
                    line(each, "software_packageVersion"),
                    line(each, "software_primaryPurpose"),
                    line(each, "software_packageUrl") or _identifier(each),
                    hashes=tuple(
                        f"{line(found, 'algorithm')}:{line(found, 'hashValue')}"
                        for _, found in objects(each, "verifiedUsing")
                    ),
                    ref=line(each, "spdxId"),
                )
            )
    name = line(document, "name")
    return Report(FORMAT, "3.0", target=name, made_at=max(made, default=""), items=tuple(items))


def _identifier(each: dict[str, Any]) -> str:
    for _, found in objects(each, "externalIdentifier"):
        if line(found, "externalIdentifierType") == "packageUrl":
            return line(found, "identifier")
    return ""


def from_tags(text: str) -> dict[str, Any]:
    """Return the JSON values that say what a document of tags and values says of packages."""
    document: dict[str, Any] = {"packages": [], "creationInfo": {"creators": []}}
    package: dict[str, Any] | None = None
    for tag, value in _tags(text):
        if tag == "PackageName":
            package = {"name": value, "externalRefs": [], "checksums": []}
            document["packages"].append(package)
        elif tag in ("FileName", "SnippetSPDXID", "LicenseID"):
            package = None
        elif tag == "Creator":
            document["creationInfo"]["creators"].append(value)
        elif tag == "Created":
            document["creationInfo"]["created"] = value
        elif tag in ("SPDXVersion", "DocumentName"):
            document[{"SPDXVersion": "spdxVersion", "DocumentName": "name"}[tag]] = value
        elif package is not None:
            _in_package(package, tag, value)
    return document


_TAGS = {
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}


def _in_package(package: dict[str, Any], tag: str, value: str) -> None:
    if tag in _TAGS:
        package[_TAGS[tag]] = value
    elif tag == "PackageChecksum":
        algorithm, _, digest = value.partition(":")
        package["checksums"].append({"algorithm": algorithm, "checksumValue": digest.strip()})
    elif tag == "ExternalRef":
        _, kind, locator = (*value.split(maxsplit=2), "", "", "")[:3]
        package["externalRefs"].append({"referenceType": kind, "referenceLocator": locator})


def _tags(text: str) -> Iterator[tuple[str, str]]:
    """Yield tag and value; a value between `<text>` and `</text>` may have many lines."""
    inner = False
    for raw in text.splitlines():
        if inner:
            inner = "</text>" not in raw
            continue
        found = _TAG.match(raw)
        if found:
            value = found[2].strip()
            inner = value.startswith("<text>") and "</text>" not in value
            yield found[1], value.removeprefix("<text>").removesuffix("</text>")
