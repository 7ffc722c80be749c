"""Is the library of a bundle the one that the ledger names, and if not, which file differs?"""

import json
from pathlib import Path

from reperform.base.canonical import sha256_hex
from reperform.base.problem import Problem
from reperform.catalog.library import library_listing

_ASK = "do not rely on what rests on it; ask for the bundle again"


def library_problems(folder: Path, *, recorded: str) -> list[Problem]:
    """Compare the library of an unpacked bundle with the digest that the ledger names.

    The ledger names one digest: that of the listing of all files.  `inputs/library.json` is that
    listing, so that the file which differs can be named too.

    Args:
        folder: the unpacked bundle.
        recorded: the digest in the ledger; empty when it names none.
    """
    listing = library_listing(folder / "library")
    if sha256_hex(listing) == recorded:
        return []
    kept = folder / "inputs" / "library.json"
    said = kept.read_bytes() if kept.is_file() else b""
    if sha256_hex(said) != recorded:
        return [_differs("library", f"its digest is {sha256_hex(listing)}, recorded {recorded}")]
    used, found = dict(json.loads(said)), dict(json.loads(listing))
    return [
        _differs(f"library/{name}", _what(used.get(name), found.get(name)))
        for name in sorted(used.keys() | found.keys())
        if used.get(name) != found.get(name)
    ]


def _what(used: str | None, found: str | None) -> str:
    if used is None:
        return "the library that was used does not have it"
    if found is None:
        return "the library that was used has it, and it is missing"
    return f"its digest is {found}, recorded {used}"


def _differs(where: str, what: str) -> Problem:
    return Problem(where, what, _ASK, "bundle-differs")
