"""Where a long word may break: digests, addresses and paths must never leave their cell."""

import re

_SHORT = 12
"""No column is narrower than this many characters."""

_WORD = re.compile(r"[\"'(\[]?[A-Za-z]?[a-z]{0,19}[\"')\].,:;!?]{0,3}")
"""A word of a language stays whole, as far as it is one."""

_ATOM = re.compile(
    r"\d{4}-\d\d-\d\d(?:[.][.]|T)?"  # a day, alone or at the start of a period
    r"|[A-Z]?[a-z]{1,19}(?![a-z0-9])[^\w ]{0,2}"  # a word, up to its hyphen or its next capital
    r"|\w{1,6}[^\w ]{0,2}"
    r"|[^\w ]{1,4}"
    r"| +"
)


def pieces(text: str) -> list[str]:
    """Return `text` in pieces between which a line may end, beside its spaces.

    >>> pieces("see 0123456789abcdef")
    ['see 012345', '6789ab', 'cdef']
    """
    found: list[str] = [""]
    for token in re.findall(r" +|[^ ]+", text):
        if len(token) <= _SHORT or _WORD.fullmatch(token):
            found[-1] += token
            continue
        first, *rest = _ATOM.findall(token)
        found[-1] += first
        found += rest
    return found
