"""Statements: what an entry says.  in-toto Statement v1 in a DSSE envelope, canonical JSON."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.base.canonical import canonical_json
from reperform.base.refusal import RefusalError
from reperform.ledger.note import Verifier
from reperform.ledger.tiles import LARGEST_ENTRY

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


class EntryRefusedError(RefusalError):
    """An entry is too large, or is not an envelope around a statement."""

    slug = "entry-refused"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an entry says.

    Attributes:
        kind: the predicate's type, a URI.
        predicate: JSON values; no person's name.
        subjects: name -> SHA-256 in hexadecimal.
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


def seal_statement(statement: Statement, *, name: str, key: Ed25519PrivateKey) -> bytes:
    """Return the entry: the statement in an envelope signed by the log's key.

    Raises:
        EntryRefusedError: it is larger than an entry may be.
    """
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
    entry = canonical_json(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [
                {
                    "keyid": verifier.key_hash.hex(),
                    "sig": base64.b64encode(signature).decode(),
                }
            ],
        }
    )
    if len(entry) > LARGEST_ENTRY:
        raise EntryRefusedError(
            f"nothing was recorded: the entry has {len(entry):,} bytes, {LARGEST_ENTRY:,} fit",
            why="The tile format counts an entry's length in two bytes.",
            todo="name one file that lists the many, and record that file's digest",
        )
    return entry


def open_statement(entry: bytes, verifier: Verifier) -> Statement:
    """Return the statement of an entry, after checking the envelope's signature.

    Raises:
        EntryRefusedError: it is not an envelope around a statement, or the signature is not
            that key's.
    """
    try:
        envelope = json.loads(entry)
        payload = base64.b64decode(envelope["payload"], validate=True)
        signatures = [
            base64.b64decode(signature["sig"], validate=True)
            for signature in envelope["signatures"]
        ]
        fields = json.loads(payload)
        statement = Statement(
            kind=str(fields["predicateType"]),
            predicate=dict(fields["predicate"]),
            subjects={s["name"]: str(s["digest"]["sha256"]) for s in fields["subject"]},
        )
        is_statement = (envelope["payloadType"], fields["_type"]) == (PAYLOAD_TYPE, STATEMENT_TYPE)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise _refused("it is not an envelope around a statement") from error
    if not is_statement:
        raise _refused("it is of another type")
    signed = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    if not any(verifier.verifies(signature, signed) for signature in signatures):
        raise _refused("its signature is not the log's key's")
    return statement


def _refused(what: str) -> EntryRefusedError:
    return EntryRefusedError(
        f"the entry was not read: {what}",
        why="An entry that nobody signed could have been written by anybody.",
        todo="ask for the bundle again; do not rely on what rests on this entry",
    )
