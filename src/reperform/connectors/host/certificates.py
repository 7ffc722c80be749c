"""host/certificates: certificate files.  Private keys beside them are never kept."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.host.machine import Machine
from reperform.connectors.kept import by_name, observed_at, row, state_covers

_FOLDERS = (
    "/etc/letsencrypt/live",
    "/etc/nginx",
    "/etc/apache2",
    "/etc/httpd",
    "/etc/haproxy",
    "/etc/postgresql",
    "/etc/mysql",
    "/etc/ssl",
    "/etc/pki/tls",
)
_BUNDLES = ("/etc/ssl/certs", "/etc/pki/tls/certs")
_ENDINGS = (".pem", ".crt", ".cer")
_MOST_FILES = 2_000
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\n?")


def ask(machine: Machine) -> Iterator[Answer]:
    """Yield certificate files of the usual folders, but for the system's bundle of roots."""
    yield machine.observed()
    found = 0
    for folder in _FOLDERS:
        for path, problem in _walk(machine, folder):
            if problem:
                yield Answer(path, path, refused=problem)
                continue
            found += 1
            if found > _MOST_FILES:
                yield Answer(path, path, refused=f"there are more than {_MOST_FILES:,} files")
                return
            note = "certificates only; a private key in the file is left out"
            yield machine.file(path, reduce=_certificates, note=note)
    if not found:
        yield Answer("files", ", ".join(_FOLDERS), absent="no certificate file is in these folders")


def _walk(machine: Machine, folder: str) -> Iterator[tuple[str, str]]:
    """Yield paths of certificate files, and folders that cannot be listed with the reason."""
    if folder in _BUNDLES:
        return
    names, problem = machine.names(folder)
    if problem:
        if problem.refused:
            yield folder, problem.refused
        return
    for name in names:
        path = f"{folder}/{name}"
        real: Path = machine.path(path)
        if real.is_dir() and not real.is_symlink():
            yield from _walk(machine, path)
        elif name.endswith(_ENDINGS) and real.is_file():
            yield path, ""


def _certificates(content: bytes) -> bytes:
    return b"".join(_BLOCK.findall(content))


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield a row for each certificate; one that cannot be read has no dates."""
    for kept in by_name(answers).values():
        if not kept.name.startswith("/"):
            continue
        with kept.open() as file:
            content = file.read()
        for found in _BLOCK.finditer(content):
            yield _row(kept, found, observed_at(answers))


def _row(kept: Kept, found: re.Match[bytes], seen: str | None) -> Row:
    try:
        certificate = x509.load_pem_x509_certificate(found[0])
        facts = {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "not_before": _moment(certificate.not_valid_before_utc),
            "not_after": _moment(certificate.not_valid_after_utc),
            "is_authority": _is_authority(certificate),
            "is_self_signed": certificate.subject == certificate.issuer,
            "key": describe_key(certificate.public_key()),
        }
    except ValueError:
        facts = {}
    return row("certificates", kept, found.start(), observed_at=seen, path=kept.name, **facts)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def describe_key(key: object) -> str:
    """Return kind and size of a public key, as `RSA 2048` or `EC secp256r1`."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519"
    return "Ed448" if isinstance(key, ed448.Ed448PublicKey) else "another kind"


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of collecting, unless a folder or a file was refused."""
    return state_covers(answers, started_at, {"host.certificates": ("/",)})
