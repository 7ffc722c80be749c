"""Verifying signatures with the keys that the user gives, and no others."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.git.plumbing import Git

_PGP = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_LARGEST = 64 << 20


class SigningKeysError(NotCollectedError):
    """The file of keys cannot be used."""

    slug = "signing-keys"


@contextmanager
def verifying_git(git: Git, keys: Path) -> Iterator[Git]:
    """Give a git that knows exactly the keys in the file.

    Args:
        git: the repository's git.
        keys: OpenPGP public keys, armored; or SSH allowed signers (ssh-keygen(1)).

    Raises:
        SigningKeysError: the file cannot be read, or gpg will not take its keys.
    """
    try:
        if keys.stat().st_size > _LARGEST:
            raise _refused(keys, "it is larger than 64 MiB")
        content = keys.read_bytes()
    except OSError as error:
        raise _refused(keys, error.strerror or "it cannot be read") from error
    with tempfile.TemporaryDirectory(prefix="rp-") as folder:
        if _PGP in content:
            _import(keys, content, Path(folder))
            yield git.with_settings(variables={"GNUPGHOME": folder})
        else:
            signers = Path(folder) / "allowed_signers"
            signers.write_bytes(content)
            yield git.with_settings(
                settings=("-c", f"gpg.ssh.allowedSignersFile={signers}"),
                variables={"GNUPGHOME": folder},
            )


def _import(keys: Path, content: bytes, home: Path) -> None:
    home.chmod(0o700)
    # The user vouches for these keys by naming the file; no web of trust is asked.
    (home / "gpg.conf").write_text("trust-model always\nno-auto-key-retrieve\n")
    command = ["gpg", "--homedir", str(home), "--batch", "--no-autostart", "--import"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise _refused(keys, "gpg is not installed") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        raise _refused(keys, said[0] if said else "gpg did not take them")


def _refused(keys: Path, what: str) -> SigningKeysError:
    return SigningKeysError(
        f"signatures were not verified with {keys}: {what}",
        why="A signature that nobody verified shows nothing.",
        todo="give armored OpenPGP public keys, or an allowed signers file as ssh-keygen reads it",
    )
