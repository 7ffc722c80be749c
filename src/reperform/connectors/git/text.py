"""Bytes of unknown encoding as text that a database column holds."""

import codecs
from functools import lru_cache

_ENCODINGS = frozenset(
    ["ascii", "cp866", "cp874", "cp932", "cp949", "cp950", "koi8-r", "koi8-u", "latin-1"]
    + ["big5", "big5hkscs", "gb2312", "gbk", "gb18030", "shift_jis", "euc_jp", "euc_kr"]
    + ["iso2022_jp", "mac-roman", "tis-620", *(f"cp{n}" for n in range(1250, 1259))]
    + [f"iso8859-{n}" for n in range(1, 17)]
)
"""What git's users declare.  Others are not tried: some Python codecs run for minutes, warn,
or return text that no database holds."""


def text_of(raw: bytes, encoding: str = "") -> str:
    r"""Return bytes as text: UTF-8, else the encoding that the object declares, else Latin-1.

    A NUL, which no database column holds, becomes U+FFFD.  Never raises.

    >>> text_of(b"caf\xc3\xa9"), text_of(b"\xc4", "koi8-r"), text_of(b"caf\xe9")
    ('café', 'д', 'café')
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = _otherwise(raw, encoding)
    return text.replace("\x00", "\ufffd") if "\x00" in text else text


def _otherwise(raw: bytes, encoding: str) -> str:
    codec = _codec(encoding)
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return raw.decode("latin-1")


@lru_cache(maxsize=256)
def _codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return "latin-1"
    return name if name in _ENCODINGS else "latin-1"
