"""Statements: DSSE envelopes that others can check, read in one way or not at all."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.signer._key import SSlibKey

from reperform.base.canonical import canonical_json
from reperform.ledger.note import Verifier
from reperform.ledger.statement import (
    EntryRefusedError,
    Statement,
    open_statement,
    pre_authentication_encoding,
    refuse_large,
    seal_statement,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
VERIFIER = Verifier("log", KEY.public_key().public_bytes_raw())
STATEMENT = Statement(
    kind="urn:reperform:tables-shaped:v1",
    predicate={"tables": 2},
    subjects={"blob/1": "1" * 64, "evidence/tables/git.commits.parquet": "a" * 64},
)


def enveloped(payload: bytes, /, **changes: Any) -> bytes:  # noqa: ANN401 - any JSON
    """Return an envelope around any payload, rightly signed."""
    kind = str(changes.get("payloadType", "application/vnd.in-toto+json"))
    signature = KEY.sign(pre_authentication_encoding(kind, payload))
    return canonical_json(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": kind,
            "signatures": [{"keyid": "", "sig": base64.b64encode(signature).decode()}],
            **changes,
        }
    )


def said(**changes: Any) -> bytes:  # noqa: ANN401 - any JSON
    """Return a statement's text with some fields changed."""
    fields = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "blob/1", "digest": {"sha256": "1" * 64}}],
        "predicateType": "urn:example:v1",
        "predicate": {},
    }
    return canonical_json(fields | changes)


def test_a_statement_comes_back_as_it_was() -> None:
    """Kind, predicate and subjects, under the key that signed."""
    assert open_statement(seal_statement(STATEMENT, name="log", key=KEY), VERIFIER) == STATEMENT


def test_the_signed_bytes_are_those_of_the_dsse_vector() -> None:
    """The protocol's own P-256 signature verifies over our encoding."""
    sig = base64.b64decode(
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    )
    numbers = ec.EllipticCurvePublicNumbers(
        46950820868899156662930047687818585632848591499744589407958293238635476079160,
        5640078356564379163099075877009565129882514886557779369047442380624545832820,
        ec.SECP256R1(),
    )
    signature = encode_dss_signature(int.from_bytes(sig[:32]), int.from_bytes(sig[32:]))
    signed = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")

    assert signed == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    numbers.public_key().verify(signature, signed, ec.ECDSA(hashes.SHA256()))


def test_another_implementation_accepts_an_entry() -> None:
    """The envelope is read by securesystemslib which verifies its signature."""
    entry = seal_statement(STATEMENT, name="log", key=KEY)
    keyid = VERIFIER.key_hash.hex()
    public = {"public": VERIFIER.public.hex()}

    envelope = Envelope.from_dict(json.loads(entry))
    accepted = envelope.verify([SSlibKey(keyid, "ed25519", "ed25519", public)], threshold=1)

    assert list(accepted) == [keyid]
    assert json.loads(envelope.payload)["_type"] == "https://in-toto.io/Statement/v1"


def test_openssl_verifies_an_entry(tmp_path: Path) -> None:
    """A stranger with nothing but openssl can check a signature."""
    envelope = json.loads(seal_statement(STATEMENT, name="log", key=KEY))
    payload = base64.b64decode(envelope["payload"])
    (tmp_path / "signed").write_bytes(pre_authentication_encoding(envelope["payloadType"], payload))
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    (tmp_path / "key.pem").write_bytes(
        KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )

    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile sig"
    verified = subprocess.run(
        command.split(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Signature Verified Successfully" in verified.stdout


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        ("", "1" * 64),
        ("Jane Doe", "1" * 64),
        ("jane@example.org", "1" * 64),
        ("-rf", "1" * 64),
        ("a" * 256, "1" * 64),
        ("blob/\u0661", "1" * 64),
        ("blob/1", "1" * 63),
        ("blob/1", "A" * 64),
        ("blob/1", "sha256:" + "1" * 64),
    ],
)
def test_a_subject_is_a_plain_name_and_a_sha256(name: str, sha256: str) -> None:
    """Neither written nor read otherwise: a person's name or address does not fit."""
    statement = Statement(kind="urn:example:v1", predicate={}, subjects={name: sha256})
    subject = [{"name": name, "digest": {"sha256": sha256}}]

    with pytest.raises(EntryRefusedError, match="nothing was recorded"):
        seal_statement(statement, name="log", key=KEY)
    with pytest.raises(EntryRefusedError, match="subject 0 is not a name and its SHA-256"):
        open_statement(enveloped(said(subject=subject)), VERIFIER)


def test_a_statement_without_a_subject_is_refused() -> None:
    """Others' readers of in-toto statements refuse one."""
    with pytest.raises(EntryRefusedError, match="nothing was recorded"):
        seal_statement(Statement("urn:example:v1", {}, {}), name="log", key=KEY)


def test_the_largest_entry_is_recorded_and_a_larger_one_refused() -> None:
    """65,535 bytes is what a tile can count."""
    refuse_large(bytes(65_535))

    with pytest.raises(EntryRefusedError, match="65,536 bytes, 65,535 fit"):
        refuse_large(bytes(65_536))
    with pytest.raises(EntryRefusedError, match="65,535 fit"):
        seal_statement(
            Statement("urn:e:v1", {"x": "x" * 60_000}, {"a": "1" * 64}), name="log", key=KEY
        )


def test_another_key_s_signature_is_not_the_log_s() -> None:
    """An entry that another key signed is refused."""
    other = Ed25519PrivateKey.from_private_bytes(b"1" * 32)

    with pytest.raises(EntryRefusedError, match="not signed by the log's key"):
        open_statement(seal_statement(STATEMENT, name="log", key=other), VERIFIER)


def test_a_further_signature_of_an_unknown_key_is_passed_over() -> None:
    """One good signature of the log's key is enough; others may stand beside it."""
    own = json.loads(enveloped(said()))["signatures"]
    other = {"keyid": "w", "sig": base64.b64encode(bytes(64)).decode()}

    assert open_statement(enveloped(said(), signatures=[other, *own]), VERIFIER).predicate == {}
    with pytest.raises(EntryRefusedError, match="not signed by the log's key"):
        open_statement(enveloped(said(), signatures=[other]), VERIFIER)
    with pytest.raises(EntryRefusedError, match="not signed by the log's key"):
        open_statement(enveloped(said(), signatures=[]), VERIFIER)


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"payload":NaN}',
        b'{"payload":' + b"9" * 5000 + b"}",
        enveloped(said(), extra=1),
        enveloped(said(), payload=1),
        enveloped(said(), signatures=5),
        enveloped(said(), signatures=[{"sig": "AB=="}]),
        enveloped(said(), signatures=[{"keyid": "no sig"}]),
        enveloped(said(), signatures=[{"sig": "AAAA"}]),
        enveloped(said(), signatures=[{"keyid": 1, "sig": "AAAA"}]),
        enveloped(said(), signatures=["keyid"]),
        enveloped(said()) + b"\n",
        enveloped(said()).replace(b",", b", ", 1),
        enveloped(said()).replace(b"{", b'{"payload":"",', 1),
        json.dumps(json.loads(enveloped(said()))).encode(),
    ],
)
def test_what_is_not_a_canonical_envelope_is_refused(entry: bytes) -> None:
    """Not JSON, not canonical, a field too many, repeated, missing or of another type."""
    with pytest.raises(EntryRefusedError, match="it is not an envelope"):
        open_statement(entry, VERIFIER)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"hello",
        said(_type="https://in-toto.io/Statement/v0.1"),
        said(predicateType=None),
        said(predicate=[["a", 1]]),
        said(predicate=None),
        said(subject=None),
        said(subject=[]),
        said(subject=["blob/1"]),
        said(subject=[{"name": "blob/1", "digest": {"sha1": "1" * 40}}]),
        said(subject=[{"name": "a", "digest": {"sha256": "1" * 64}}] * 2),
        said(extra=1),
        said() + b" ",
    ],
)
def test_what_is_not_a_statement_is_refused(payload: bytes) -> None:
    """Rightly signed, but of another type, with a repeated subject, or not canonical."""
    with pytest.raises(EntryRefusedError, match="does not hold a statement"):
        open_statement(enveloped(payload), VERIFIER)


def test_an_envelope_of_another_payload_type_is_refused() -> None:
    """What was signed as something else is not an entry."""
    with pytest.raises(EntryRefusedError, match="another type of payload"):
        open_statement(enveloped(said(), payloadType="text/plain"), VERIFIER)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject) -> None:
    """Payload, type and signature are covered; what is not can be written in one way only."""
    entry = bytearray(seal_statement(STATEMENT, name="log", key=KEY))
    keyid = bytes(entry).index(b'"keyid":"') + 9
    at = data.draw(st.integers(0, len(entry) - 1).filter(lambda at: not keyid <= at < keyid + 8))
    entry[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(EntryRefusedError):
        open_statement(bytes(entry), VERIFIER)
