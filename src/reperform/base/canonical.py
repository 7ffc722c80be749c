"""Canonical JSON (RFC 8785) and SHA-256: one value, one text, one digest."""

import hashlib
from typing import Any

import rfc8785


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 - any JSON value is what JSON takes
    """Return the one RFC 8785 encoding of `value`.

    Raises:
        rfc8785.CanonicalizationError: `value` holds something JSON cannot say exactly,
            such as NaN or an integer beyond 2**53.

    >>> canonical_json({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return rfc8785.dumps(value)


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
