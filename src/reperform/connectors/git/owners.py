"""The code owners file: which part of the source belongs to whom."""

from collections.abc import Iterator

from reperform.connectors.answer import Kept, Row
from reperform.connectors.git.message import text_of

_EVERYTHING = ("*", "/*", "**", "/**")
_MOST = 500


def owner_rows(kept: Kept) -> Iterator[Row]:
    """Yield a row for each rule of a CODEOWNERS or OWNERS file."""
    path = kept.asked.rpartition(":")[2]
    at = 0
    with kept.open() as file:
        for number, line in enumerate(file, start=1):
            text = text_of(line, "").split("#")[0].strip()
            if text and not text.startswith("["):
                fields = text.split()
                pattern, owners = (
                    (fields[0], fields[1:]) if "/OWNERS" not in f"/{path}" else ("*", fields)
                )
                values = {
                    "path": path,
                    "line": number,
                    "pattern": pattern[:_MOST],
                    "owners": " ".join(owners)[:_MOST],
                    "owner_count": len(owners),
                    "covers_everything": pattern in _EVERYTHING,
                }
                yield Row("git.code_owners", values, kept.blob, at)
            at += len(line)
