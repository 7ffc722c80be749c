"""A real nginx that does TLS, with the configuration that docs/how-to/run-a-server.md gives."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "reperform.example.com"
_GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "run-a-server.md"
_SECONDS = 60


def program() -> str | None:
    """Return nginx; None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def certify(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for `NAME` that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    at, key_at = folder / "certificate.pem", folder / "key.pem"
    at.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_at.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return at, key_at


def _guide(changes: dict[str, str]) -> str:
    """Return the guide's configuration with other ports and files, and nothing else changed."""
    found = re.search(r"```nginx\n(.*?)```", _GUIDE.read_text("utf-8"), re.DOTALL)
    assert found
    configuration = found[1]
    for here, there in changes.items():
        assert configuration.count(here) == 1, here
        configuration = configuration.replace(here, there)
    return configuration


@contextmanager
def proxying(folder: Path, *, https: int, http: int, to: int) -> Iterator[Path]:
    """Run nginx before port `to`; yield the certificate that browsers are to trust."""
    certificate, key = certify(folder)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "/etc/ssl/certs/reperform.pem": str(certificate),
        "/etc/ssl/private/reperform.key": str(key),
        "http://127.0.0.1:8000;": f"http://127.0.0.1:{to};",
    }
    folders = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off;\n{folders}\n{_guide(changes)} }}\n"
    )
    nginx = program()
    assert nginx
    with (folder / "nginx.log").open("w") as log:
        process = subprocess.Popen(
            [nginx, "-p", str(folder), "-c", str(whole)], stderr=log, stdout=log
        )
    try:
        until = time.monotonic() + _SECONDS
        while not _listens(https):
            said = (folder / "nginx.log").read_text("utf-8")
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        yield certificate
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
