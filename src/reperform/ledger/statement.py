"""Statements: what an entry says.  in-toto Statement v1 in a DSSE envelope, canonical JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.base.canonical import canonical_json
from reperform.base.refusal import RefusalError
from reperform.ledger.encoding import base64_text, from_base64
from reperform.ledger.note import Verifier
from reperform.ledger.tiles import LARGEST_ENTRY

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
# No blank and no `@`: a person's name or address does not fit.
_SUBJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:/+-]{0,254}", re.ASCII)
_ENVELOPE = {"payload", "payloadType", "signatures"}
_SIGNATURE = {"keyid", "sig"}
_STATEMENT = {"_type", "subject", "predicateType", "predicate"}


class EntryRefusedError(RefusalError):
    """An entry is too large, or is not an envelope around a statement."""

    slug = "entry-refused"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an entry says.

    Attributes:
        kind: the predicate's type, a URI.
        predicate: JSON values; no person's name.
        subjects: name -> SHA-256 in hexadecimal; at least one, which in-toto's readers require.
    """

    kind: str
    predicate: Mapping[str, Any]
    subjects: Mapping[str, str]


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed.  Source: DSSE v1.0.0, protocol.md.

    >>> pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def refuse_large(entry: bytes) -> None:
    """Accept an entry that a tile can hold.

    Raises:
        EntryRefusedError: it is larger than 65,535 bytes.
    """
    if len(entry) > LARGEST_ENTRY:
        raise EntryRefusedError(
            f"nothing was recorded: the entry has {len(entry):,} bytes, {LARGEST_ENTRY:,} fit",
            why="The tile format counts an entry's length in two bytes.",
            todo="name one file that lists the many, and record that file's digest",
        )


def seal_statement(statement: Statement, *, name: str, key: Ed25519PrivateKey) -> bytes:
    """Return the entry: the statement in an envelope signed by the log's key.

    Raises:
        EntryRefusedError: it is larger than an entry may be, has no subject, or has one that is
            not a plain name with a SHA-256.
    """
    for subject, sha256 in statement.subjects.items() or [("", "")]:
        if not _is_subject(subject, sha256):
            raise EntryRefusedError(
                f"nothing was recorded: {subject!r}: {sha256!r} is not a name and its SHA-256",
                why="An entry stays for good, so it names files and digests, never people.",
                todo="name it by letters, digits and . _ : / + -, with 64 hexadecimal digits",
            )
    payload = canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": subject, "digest": {"sha256": sha256}}
                for subject, sha256 in sorted(statement.subjects.items())
            ],
            "predicateType": statement.kind,
            "predicate": dict(statement.predicate),
        }
    )
    verifier = Verifier(name=name, public=key.public_key().public_bytes_raw())
    signature = key.sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    line = {"keyid": verifier.key_hash.hex(), "sig": base64_text(signature)}
    entry = canonical_json(
        {"payload": base64_text(payload), "payloadType": PAYLOAD_TYPE, "signatures": [line]}
    )
    refuse_large(entry)
    return entry


def open_statement(entry: bytes, verifier: Verifier) -> Statement:
    """Return the statement of an entry, after checking the envelope's signature.

    Raises:
        EntryRefusedError: it is not an envelope around a statement, either is not canonical, or
            no signature is that key's.
    """
    try:
        envelope = _canonical_object(entry, _ENVELOPE)
        payload = from_base64(envelope["payload"])
        signatures = [_signature(line) for line in envelope["signatures"]]
        payload_type = envelope["payloadType"]
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(f"it is not an envelope ({error})") from error
    if payload_type != PAYLOAD_TYPE:
        raise _refused("it holds another type of payload")
    signed = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    if not any(verifier.verifies(found, signed) for found in signatures):
        raise _refused("it is not signed by the log's key")
    try:
        return _statement(_canonical_object(payload, _STATEMENT))
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(f"it does not hold a statement ({error})") from error


def _canonical_object(text: bytes, fields: set[str]) -> dict[str, Any]:
    """Return a JSON object that has exactly these fields.

    Raises:
        ValueError: it is not one, or not in canonical JSON.  One that could be read in two ways,
            as by a repeated field, would show two readers two statements.
    """
    try:
        value = json.loads(text)
        is_canonical = canonical_json(value) == text
    except (RecursionError, UnicodeDecodeError, rfc8785.CanonicalizationError) as error:
        raise ValueError("not canonical JSON") from error
    if not is_canonical:
        raise ValueError("not canonical JSON")
    if not isinstance(value, dict) or set(value) != fields:
        raise ValueError(f"its fields are not {', '.join(sorted(fields))}")
    return value


def _signature(line: Mapping[str, Any]) -> bytes:
    if set(line) != _SIGNATURE or not isinstance(line["keyid"], str):
        raise ValueError(f"a signature's fields are not {', '.join(sorted(_SIGNATURE))}")
    return from_base64(line["sig"])


def _statement(fields: Mapping[str, Any]) -> Statement:
    kind, predicate = fields["predicateType"], fields["predicate"]
    if fields["_type"] != STATEMENT_TYPE or not isinstance(kind, str):
        raise ValueError("of another type")
    if not isinstance(predicate, dict):
        raise TypeError("its predicate is not an object")
    subjects: dict[str, str] = {}
    for subject in fields["subject"]:
        name, sha256 = subject["name"], subject["digest"]["sha256"]
        if not _is_subject(name, sha256) or name in subjects:
            raise ValueError(f"subject {len(subjects)} is not a name and its SHA-256")
        subjects[name] = sha256
    if not subjects:
        raise ValueError("it has no subject")
    return Statement(kind=kind, predicate=predicate, subjects=subjects)


def _is_subject(name: object, sha256: object) -> bool:
    return (
        isinstance(name, str)
        and isinstance(sha256, str)
        and bool(_SUBJECT.fullmatch(name) and _SHA256.fullmatch(sha256))
    )


def _refused(what: str) -> EntryRefusedError:
    return EntryRefusedError(
        f"the entry was not read: {what}",
        why="An entry that nobody signed could have been written by anybody.",
        todo="ask for the bundle again; do not rely on what rests on this entry",
    )
