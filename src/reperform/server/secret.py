"""The server's secret: made once, readable by its owner only."""

import os
import secrets
import stat
from pathlib import Path

from reperform.base.refusal import RefusalError

_OTHERS = 0o077
_SHORTEST = 32


class SecretRefusedError(RefusalError):
    """The file of the server's secret cannot be used as it is."""

    slug = "secret-refused"


def load_or_create_secret(path: Path) -> str:
    """Return the secret kept at `path`, making it the first time.

    Sessions are signed with it, and the secrets in the database (second factors, single sign-on)
    are encrypted under keys derived from it.

    Raises:
        SecretRefusedError: others can read the file, or it is too short to be one.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _load(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(descriptor)
    return _load(path)


def _load(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        raise _refused(path, f"its mode is {mode:04o}, so others can read it", f"chmod 600 {path}")
    secret = path.read_text("ascii").strip()
    if len(secret) < _SHORTEST:
        what = f"it holds {len(secret)} characters, and a secret has at least {_SHORTEST}"
        raise _refused(path, what, "restore it from a backup: what it encrypted needs it")
    return secret


def _refused(path: Path, what: str, todo: str) -> SecretRefusedError:
    return SecretRefusedError(
        f"the server did not start: {path}: {what}",
        why="Whoever has the secret can sign in as anybody.",
        todo=todo,
    )
