"""Text in cells of spreadsheets: what a program would run as a formula comes out as text."""

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters by which spreadsheet programs take text for a formula, also in full width."""
_LONGEST = 32_000
"""A cell of a workbook holds 32,767 characters."""


def neutral(text: str) -> str:
    r"""Return `text` so that no spreadsheet program runs it: `'` goes before what looks so.

    Source: OWASP, CSV injection.  What a workbook cannot hold is left out.

    >>> neutral("=1+1"), neutral(" @SUM(A1)"), neutral("plain"), neutral("a\x00b")
    ("'=1+1", "' @SUM(A1)", 'plain', 'ab')
    """
    kept = "".join(char for char in text if char in "\t\n\r" or _fits(char))[:_LONGEST]
    return f"'{kept}" if kept.lstrip(" \u00a0").startswith(_RUNS) else kept


def _fits(char: str) -> bool:
    code = ord(char)
    return code >= 0x20 and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)  # noqa: PLR2004 - XML 1.0, production 2
