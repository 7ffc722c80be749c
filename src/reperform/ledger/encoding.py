"""Base64 with exactly one text for the same bytes."""

import base64
import binascii


def base64_text(raw: bytes) -> str:
    """Return standard base64 with padding.  Source: RFC 4648, section 4."""
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    r"""Return the bytes whose one encoding is `text`.

    Raises:
        ValueError: it is not base64, or is another text for the same bytes.  Were those let
            through, a signed file could be changed without anybody noticing.

    >>> from_base64("AQ==")
    b'\x01'
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("it is not base64") from error
    if base64_text(raw) != text:
        raise ValueError("it is not the one base64 text for its bytes")
    return raw
