"""The log's signing key: made once, readable by its owner only."""

import os
import secrets
import stat
from functools import cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.base.refusal import RefusalError
from reperform.ledger.durable import sync_folder
from reperform.ledger.home import home

KEY_NAME = "reperform"
"""What signatures of an installation's logs are called."""
_LARGEST = 100_000
_OTHERS = 0o077
_OTHERS_WRITE = 0o022


class KeyRefusedError(RefusalError):
    """The key file cannot be used as it is."""

    slug = "key-refused"


@cache
def installation_key() -> Ed25519PrivateKey:
    """Return the key that seals this installation's logs, making it the first time."""
    passphrase = os.environb.get(b"REPERFORM_KEY_PASSPHRASE")
    return load_or_create_key(home() / "log.key", passphrase=passphrase)


def load_or_create_key(path: Path, *, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Return the key kept at `path`, making it the first time.

    The file is PKCS#8 PEM, encrypted when there is a passphrase, with mode 0600 in a folder of
    mode 0700.  The key itself is never shown.

    Raises:
        KeyRefusedError: the passphrase is empty or does not open it, it holds no Ed25519 key, or
            others than the owner can read it, replace it, or are its owner.
    """
    if passphrase is not None and not passphrase:
        raise _refused(
            path,
            "the passphrase is empty",
            "set REPERFORM_KEY_PASSPHRASE to one, or unset it to keep the key without",
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_open_folder(path)
    content = _read(path)
    return _create(path, passphrase) if content is None else _load(path, content, passphrase)


def _refuse_open_folder(path: Path) -> None:
    mode = stat.S_IMODE(path.parent.stat().st_mode)
    if mode & _OTHERS_WRITE and not mode & stat.S_ISVTX:
        what = f"the mode of its folder is {mode:04o}, so others can replace it"
        raise _refused(path, what, f"chmod 700 '{path.parent}'")


def _read(path: Path) -> bytes | None:
    """Return the content of the key file, or None when there is none."""
    try:
        # Without waiting: a pipe in its place would hold the program for good.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        what = error.strerror or "it cannot be opened"
        raise _refused(path, what, "make it an ordinary file of your own") from error
    try:
        status = os.fstat(descriptor)
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise _refused(path, "it is not an ordinary file of yours", "move it away")
        if mode & _OTHERS:
            what = f"its mode is {mode:04o}, so others can read it"
            raise _refused(path, what, f"chmod 600 '{path}'")
        return os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)


def _load(path: Path, content: bytes, passphrase: bytes | None) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password=passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _refused(
            path,
            "it does not open with REPERFORM_KEY_PASSPHRASE as it is set",
            "set the passphrase that it was made with, or unset it if there was none",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused(path, "it holds no Ed25519 key", "move it away; a new one is then made")
    return key


def _create(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    encryption: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(passphrase)
        if passphrase
        else serialization.NoEncryption()
    )
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    incoming = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        # A link fails when another process was first; then that one's key is the key.
        os.link(incoming, path)
    except FileExistsError:
        return load_or_create_key(path, passphrase=passphrase)
    finally:
        incoming.unlink()
    sync_folder(path.parent)
    return key


def _refused(path: Path, what: str, todo: str) -> KeyRefusedError:
    return KeyRefusedError(
        f"the log's key at {path} was not used: {what}",
        why="Whoever has the key can sign another history.",
        todo=todo,
    )
