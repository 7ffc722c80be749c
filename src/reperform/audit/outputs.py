"""The files that an examination leaves, and as what they are handed out."""

from collections.abc import Mapping
from types import MappingProxyType

_BYTES = "application/octet-stream"

OUTPUTS: Mapping[str, str] = MappingProxyType(
    {
        "report.pdf": "application/pdf",
        "report.html": _BYTES,
        "gap.pdf": "application/pdf",
        "gap.html": _BYTES,
        "results.json": "application/json",
        "bundle.zip": "application/zip",
    }
)
"""Name -> content type.  HTML is handed out as bytes: it must never run at our own origin."""
