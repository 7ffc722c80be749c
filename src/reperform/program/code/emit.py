r"""JSON values -> YAML that a person reads, and whose differences by line say what changed.

One value has one text, whatever version of whatever library is installed, so we write it ourselves:
plain where no reader of YAML 1.1 or 1.2 could take it for something else, a block for several lines
and for long ones, and otherwise the JSON string, which is YAML too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_WIDTH = 96
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.@+-]*|\d+[A-Z][A-Z0-9.-]*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OTHER_TYPE = re.compile(
    r"true|false|yes|no|on|off|y|n|null|\d[-+0-9_.:,xobtz a-f]*", re.IGNORECASE | re.ASCII
)
"""What some YAML reader takes for no text: words, numbers in any base, times of day and days."""


def yaml_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    r"""Return a mapping or a list as YAML, with a line break at the end.

    >>> print(yaml_text({"title": "Café: no", "ids": ["CC6.1", "CC6.2"], "note": "a\nb"}), end="")
    title: "Café: no"
    ids: [CC6.1, CC6.2]
    note: |-
      a
      b
    """
    if not value:
        return "{}\n" if isinstance(value, Mapping) else "[]\n"
    return "".join(f"{line}\n" for line in _block(value, 0))


def _block(value: Any, indent: int) -> Iterator[str]:  # noqa: ANN401 - as above
    pad = " " * indent
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _entry(f"{pad}{_inline(name)}:", each, indent)
        return
    for each in value:
        words = _flow(each) if isinstance(each, list | tuple) else ""
        if words and len(pad) + len(words) < _WIDTH and each:
            yield f"{pad}- {words}"
        elif isinstance(each, Mapping | list | tuple) and each:
            lines = list(_block(each, indent + 2))
            yield f"{pad}- {lines[0][indent + 2 :]}"
            yield from lines[1:]
        else:
            yield from _entry(f"{pad}-", each, indent)


def _entry(start: str, value: Any, indent: int) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield one value behind `start`, which is a key with its colon, or a dash."""
    if isinstance(value, str):
        yield from _string(start, value, indent)
    elif isinstance(value, Mapping | list | tuple) and value:
        words = _flow(value)
        if words and len(start) + len(words) < _WIDTH:
            yield f"{start} {words}"
        else:
            yield start
            yield from _block(value, indent + 2)
    else:
        yield f"{start} {_inline(value)}"


def _flow(value: Any) -> str:  # noqa: ANN401 - as above
    """Return a list of words on one line; empty when it is not such a list."""
    if isinstance(value, Mapping):
        return ""
    for each in value:
        is_word = isinstance(each, str) and _WORD.fullmatch(each) and _is_plain(each)
        if not is_word and (isinstance(each, bool) or not isinstance(each, int)):
            return ""
    return f"[{', '.join(str(each) for each in value)}]"


def _string(start: str, text: str, indent: int) -> Iterator[str]:
    pad = " " * (indent + 2)
    if _is_literal(text):
        yield f"{start} |" if text.endswith("\n") else f"{start} |-"
        yield from (f"{pad}{line}" if line else "" for line in text.removesuffix("\n").split("\n"))
    elif len(start) + len(text) > _WIDTH and _is_folded(text):
        yield f"{start} >-"
        yield from (f"{pad}{line}" for line in _folded(text, _WIDTH - len(pad)))
    else:
        yield f"{start} {_inline(text)}"


def _is_literal(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text.removesuffix("\n")
        and bool(lines[0])
        and bool(lines[-1])
        and not lines[0].startswith(" ")
        and all(line.isprintable() and not line.endswith(" ") for line in lines)
    )


def _is_folded(text: str) -> bool:
    return text.isprintable() and all(text.split(" "))


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _inline(value: Any) -> str:  # noqa: ANN401 - as above
    if not isinstance(value, str):
        return json.dumps(value)
    if _is_plain(value):
        return value
    return "".join(_seen(char) for char in json.dumps(value, ensure_ascii=False))


def _seen(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"  # noqa: PLR2004 - the plane


def _is_plain(text: str) -> bool:
    if _DAY.fullmatch(text):
        return True
    return (
        bool(text)
        and (text[0].isalnum() or text[0] in "(/_")
        and text.isprintable()
        and not text.endswith((" ", ":"))
        and ": " not in text
        and " #" not in text
        and not _OTHER_TYPE.fullmatch(text)
    )


def comment(text: str) -> str:
    r"""Return text as a comment of YAML.

    >>> comment("One.\n\nTwo.")
    '# One.\n#\n# Two.\n'
    """
    return "".join(f"# {line}".rstrip() + "\n" for line in text.strip().split("\n"))
