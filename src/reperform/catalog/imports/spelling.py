"""How people spell the id of a criterion."""

import re

_FORM = re.compile(
    r"\s*(?:(?:tsc|soc\s*2|aicpa)[\s_.:\-]*)?(?:cc[\s_.\-]+)?"
    r"(cc|a|c|pi|p)[\s_.\-]*(\d{1,3})[\s_.\-]+(\d{1,3})\s*",
    re.IGNORECASE | re.ASCII,
)
_DESCRIPTION = re.compile(r"\s*dc[\s_.\-]*(\d{1,3})\s*", re.IGNORECASE | re.ASCII)
_LONGEST_ID = 40
_LONGEST_LIST = 5_000
_SEPARATED = re.compile(r"[,;\n|]|\s+and\s+")


def canonical_id(text: str) -> str | None:
    """Return the standard's spelling of what has the form of an id; None for anything else.

    The form alone: `CC12.7` has it and is not one of the 61.

    >>> [canonical_id(text) for text in ("cc_6_1", "CC 6.1", "TSC-A1.2", "pi_1_4", "cc_a_1_1")]
    ['CC6.1', 'CC6.1', 'A1.2', 'PI1.4', 'A1.1']
    >>> [canonical_id(text) for text in ("CC6.01", "dc 4", "CC6", "CC6.1.2", "AC-07")]
    ['CC6.1', 'DC4', None, None, None]
    """
    if len(text) > _LONGEST_ID:
        return None
    if found := _FORM.fullmatch(text):
        return f"{found[1].upper()}{int(found[2])}.{int(found[3])}"
    if found := _DESCRIPTION.fullmatch(text):
        return f"DC{int(found[1])}"
    return None


def referred_ids(text: str) -> list[str]:
    """Return the parts of `text` that have the form of an id, as they are spelled.

    >>> referred_ids("CC6.1, cc_6_2; see policy")
    ['CC6.1', 'cc_6_2']
    """
    if len(text) > _LONGEST_LIST:
        return []
    parts = (part.strip() for part in _SEPARATED.split(text))
    return [part for part in parts if canonical_id(part)]
