"""Text from elsewhere, made safe to look at: what is invisible is shown, what is huge is cut."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str, *, limit: int = 500) -> str:
    r"""Return `text` as one line that shows every character it has.

    Control characters, marks that change the direction of writing, unassigned code points
    and lone surrogates come out as `<U+202E>`; line breaks, tabs and every kind of space come
    out as one space.  Text beyond `limit` characters is cut, and the cut says how long the
    whole was.

    >>> visible("fine\x1b[31m\u202egpj.exe")
    'fine<U+001B>[31m<U+202E>gpj.exe'
    >>> visible("x" * 20, limit=5)
    'xxxxx... (20 characters)'
    """
    cut = text[:limit]
    shown = "".join(_shown(char) for char in cut)
    return shown if len(text) <= limit else f"{shown}... ({len(text):,} characters)"


def file_name(said: str | None) -> str:
    r"""Return a file's name as it may be shown and kept: its last part, with nothing hidden.

    >>> file_name("C:\\secret\\list.csv"), file_name("../../x"), file_name(None)
    ('list.csv', 'x', 'file')
    """
    last = (said or "").replace("\\", "/").rpartition("/")[2]
    return visible(last, limit=150).strip() or "file"


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\r\t" or category == "Zs":
        return " "
    if category in _HIDDEN:
        return f"<U+{ord(char):04X}>"
    return char
