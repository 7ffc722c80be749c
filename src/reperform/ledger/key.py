"""The log's signing key: made once, readable by its owner only."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.base.refusal import RefusalError


class KeyRefusedError(RefusalError):
    """The key file cannot be used as it is."""

    slug = "key-refused"


def load_or_create_key(path: Path, *, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Return the key kept at `path`, making it the first time.

    The file is PKCS#8 PEM, encrypted when there is a passphrase, with mode 0600 in a folder of
    mode 0700.  The key itself is never shown.

    Raises:
        KeyRefusedError: others can read the file, the passphrase does not open it, or it holds
            no Ed25519 key.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return _create(path, passphrase)
    except OSError as error:
        raise _refused(path, error.strerror or "it cannot be opened", "correct it") from error
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        content = file.read()
    if mode & 0o077:
        raise _refused(path, f"its mode is {mode:04o}, so others can read it", f"chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(content, password=passphrase)
    except (ValueError, TypeError) as error:
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
    incoming = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    try:
        # A link fails when another process was first; then that one's key is the key.
        os.link(incoming, path)
    except FileExistsError:
        return load_or_create_key(path, passphrase=passphrase)
    finally:
        incoming.unlink()
    return key


def _refused(path: Path, what: str, todo: str) -> KeyRefusedError:
    return KeyRefusedError(
        f"the log's key at {path} was not used: {what}",
        why="Whoever has the key can sign another history.",
        todo=todo,
    )
