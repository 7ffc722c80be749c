"""Verifying signatures with the keys that the user gives, and no others."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reperform.base.visible import visible
from reperform.connectors.answer import NotCollectedError
from reperform.connectors.git.plumbing import Git

_PGP = re.compile(
    rb"^-----BEGIN PGP PUBLIC KEY BLOCK-----$.*?^-----END PGP PUBLIC KEY BLOCK-----\s*?$",
    re.MULTILINE | re.DOTALL,
)
_SIGNER = re.compile(
    rb"\S+\s+(?:\S.*\s)?(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+\s+[A-Za-z0-9+/]{20,}={0,2}(?:\s.*)?"
)
_LARGEST = 64 << 20


class SigningKeysError(NotCollectedError):
    """The file of keys cannot be used."""

    slug = "signing-keys"


@contextmanager
def verifying_git(git: Git, keys: Path) -> Iterator[Git]:
    """Give a git that knows exactly the keys in the file.

    Args:
        git: the repository's git.
        keys: OpenPGP public keys, armored, and SSH allowed signers as ssh-keygen(1) reads them;
            one file may hold both.

    Raises:
        SigningKeysError: the file cannot be read, or gpg will not take its keys.
    """
    try:
        if keys.stat().st_size > _LARGEST:
            raise _refused(keys, "it is larger than 64 MiB")
        content = keys.read_bytes()
    except OSError as error:
        raise _refused(keys, error.strerror or "it cannot be read") from error
    if b"PRIVATE KEY" in content:
        raise _refused(keys, "it holds a private key, which nobody else should have")
    certificates = b"\n".join(_PGP.findall(content))
    others = _PGP.sub(b"", content).splitlines()
    signers = [line.strip() for line in others if line.strip() and not line.startswith(b"#")]
    if unclear := next((line for line in signers if not _SIGNER.fullmatch(line)), None):
        shown = visible(unclear.decode("utf-8", errors="replace"), limit=40)
        raise _refused(keys, f"{shown!r} is neither a signer nor part of an armored key")
    if not certificates and not signers:
        raise _refused(keys, "it holds no key")
    with tempfile.TemporaryDirectory(prefix="rp-") as folder:
        allowed = Path(folder) / "allowed_signers"
        allowed.write_bytes(b"".join(line + b"\n" for line in signers))
        if certificates:
            _import(keys, certificates, Path(folder))
        yield git.with_settings(
            settings={"gpg.ssh.allowedSignersFile": str(allowed)},
            variables={"GNUPGHOME": folder},
        )


def _import(keys: Path, content: bytes, home: Path) -> None:
    # The user vouches for these keys by naming the file; no web of trust is asked, no network.
    (home / "gpg.conf").write_text(
        "trust-model always\nno-auto-key-retrieve\nno-auto-key-locate\nno-autostart\n"
    )
    program = shutil.which("gpg")
    if program is None:
        raise _refused(keys, "gpg is not installed")
    command = [program, "--homedir", str(home), "--batch", "--import"]
    done = subprocess.run(command, input=content, capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        raise _refused(keys, visible(said[0]) if said else "gpg did not take them")


def _refused(keys: Path, what: str) -> SigningKeysError:
    return SigningKeysError(
        f"signatures were not verified with {keys}: {what}",
        why="A signature that nobody verified shows nothing.",
        todo="give armored OpenPGP public keys, or an allowed signers file as ssh-keygen reads it",
    )
