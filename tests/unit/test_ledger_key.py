"""The log's key: made once, readable by its owner only, never shown."""

import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.ledger.key import KeyRefusedError, load_or_create_key


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes_raw()


@pytest.mark.parametrize("passphrase", [None, b"correct horse"])
def test_the_same_key_comes_back(tmp_path: Path, passphrase: bytes | None) -> None:
    """Made the first time, loaded the second; mode 0600 in a folder of mode 0700."""
    path = tmp_path / "new" / "log.key"

    made = load_or_create_key(path, passphrase=passphrase)

    assert raw(load_or_create_key(path, passphrase=passphrase)) == raw(made)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [found.name for found in path.parent.iterdir()] == ["log.key"]


def test_with_a_passphrase_the_file_is_encrypted(tmp_path: Path) -> None:
    """PKCS#8, and openssl opens it with the passphrase only."""
    path = tmp_path / "log.key"
    load_or_create_key(path, passphrase=b"correct horse")

    def opened(passphrase: str) -> int:
        command = ["openssl", "pkey", "-in", str(path), "-noout", "-passin", f"pass:{passphrase}"]
        return subprocess.run(command, check=False, capture_output=True).returncode

    assert path.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert opened("correct horse") == 0
    assert opened("battery staple") != 0


@pytest.mark.parametrize(
    ("made_with", "opened_with"),
    [(b"right", b"wrong"), (b"right", None), (None, b"needless")],
)
def test_another_passphrase_is_refused(
    tmp_path: Path, made_with: bytes | None, opened_with: bytes | None
) -> None:
    """Wrong, missing, or given for a key that has none; the file stays as it is."""
    path = tmp_path / "log.key"
    load_or_create_key(path, passphrase=made_with)
    before = path.read_bytes()

    with pytest.raises(KeyRefusedError, match="does not open") as refusal:
        load_or_create_key(path, passphrase=opened_with)

    assert path.read_bytes() == before
    assert "right" not in str(refusal.value).replace("bright", "")
    assert "PRIVATE" not in str(refusal.value)


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    """Set and empty is a mistake: the key would lie there open."""
    with pytest.raises(KeyRefusedError, match="the passphrase is empty"):
        load_or_create_key(tmp_path / "log.key", passphrase=b"")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The refusal says the mode and the command that puts it right."""
    path = tmp_path / "log.key"
    load_or_create_key(path, passphrase=None)
    path.chmod(mode)

    with pytest.raises(KeyRefusedError, match=f"its mode is {mode:04o}") as refusal:
        load_or_create_key(path, passphrase=None)

    assert f"chmod 600 '{path}'" in refusal.value.todo


def test_a_folder_in_which_others_can_write_is_refused(tmp_path: Path) -> None:
    """They could put another key in its place."""
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o770)

    with pytest.raises(KeyRefusedError, match="the mode of its folder is 0770"):
        load_or_create_key(folder / "log.key", passphrase=None)


def test_what_is_not_a_key_is_refused_and_kept(tmp_path: Path) -> None:
    """Nothing that lies there is overwritten: not text, not another kind of key."""
    path = tmp_path / "log.key"
    path.write_bytes(b"not a key")
    path.chmod(0o600)
    with pytest.raises(KeyRefusedError, match="does not open"):
        load_or_create_key(path, passphrase=None)
    assert path.read_bytes() == b"not a key"

    rsa = ["openssl", "genpkey", "-algorithm", "RSA", "-out", str(path)]
    subprocess.run(rsa, check=True, capture_output=True)
    path.chmod(0o600)
    with pytest.raises(KeyRefusedError, match="it holds no Ed25519 key"):
        load_or_create_key(path, passphrase=None)


def test_a_link_a_pipe_or_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    """None is followed, and none makes the program wait."""
    load_or_create_key(tmp_path / "real.key", passphrase=None)
    (tmp_path / "link.key").symlink_to(tmp_path / "real.key")
    os.mkfifo(tmp_path / "pipe.key", 0o600)
    (tmp_path / "folder.key").mkdir(mode=0o700)

    for name in ("link.key", "pipe.key", "folder.key"):
        with pytest.raises(KeyRefusedError):
            load_or_create_key(tmp_path / name, passphrase=None)


def test_many_that_begin_at_once_get_one_key(tmp_path: Path) -> None:
    """The first to finish makes it; the others use that one."""
    path = tmp_path / "log.key"
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_or_create_key(path, passphrase=None), range(8)))

    assert len({raw(key) for key in keys}) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["log.key"]
