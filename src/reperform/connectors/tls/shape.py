"""Shaping handshakes into tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row

_EPHEMERAL = ("ECDHE-", "DHE-", "TLS_")


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the endpoint's row, and one for each protocol tried."""
    for kept in answers:
        if not kept.blob:
            continue
        with kept.open() as file:
            said = json.load(file)
        if kept.name == "handshake":
            yield Row("tls.endpoints", _endpoint(said), kept.blob, 0)
        else:
            names = ("endpoint", "observed_at", "protocol", "is_accepted")
            yield Row("tls.protocols", {name: said[name] for name in names}, kept.blob, 0)


def _endpoint(said: Mapping[str, Any]) -> dict[str, Any]:
    cipher = said["cipher"]
    # The second verification checks chain and name: what the chain alone passes is the name.
    return {
        "endpoint": said["endpoint"],
        "observed_at": said["observed_at"],
        "protocol": said["protocol"],
        "cipher": cipher,
        "has_forward_secrecy": cipher.startswith(_EPHEMERAL) if cipher else None,
        "is_trusted": not said["trust"],
        "is_name_matched": _is_named(said),
        "trust_error": said["trust"] or said["name"] or None,
        **_certificate(said["certificate"]),
    }


def _is_named(said: Mapping[str, Any]) -> bool | None:
    if not said["trust"]:
        return not said["name"]
    return None


def _certificate(encoded: str | None) -> dict[str, Any]:
    try:
        certificate = x509.load_der_x509_certificate(bytes.fromhex(encoded or ""))
        return {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "not_before": _moment(certificate.not_valid_before_utc),
            "not_after": _moment(certificate.not_valid_after_utc),
            "key": _key(certificate.public_key()),
        }
    except ValueError:
        return {}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _key(key: object) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return f"EC {key.curve.name}" if isinstance(key, ec.EllipticCurvePublicKey) else "another kind"


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of looking: a handshake says nothing of other days."""
    today = started_at.astimezone(UTC).date()
    refused = "; ".join(answer.refused for answer in answers if answer.refused)
    cover = Cover(None, None, refused) if refused else Cover(today, today)
    return {"tls.endpoints": cover, "tls.protocols": cover}
