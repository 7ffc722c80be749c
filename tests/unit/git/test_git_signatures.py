"""Signatures, made by real keys and checked with the keys that are given and no others."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reperform.base.period import Period
from reperform.connectors import git
from reperform.connectors.answer import Kept, NotCollectedError, Question

Tables = dict[str, list[dict[str, Any]]]
needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg is not installed")


@pytest.fixture
def ssh_key(tmp_path: Path) -> Callable[[str], Path]:
    """Make an SSH key; the public half lies beside it."""

    def made(name: str) -> Path:
        path = tmp_path / name
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
        subprocess.run(command, check=True)
        return path

    return made


@pytest.fixture
def pgp_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """Make OpenPGP keys in a folder of their own; return the fingerprint of each."""
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))

    def made(who: str) -> str:
        command = ["gpg", "--batch", "--passphrase", "", "--quick-gen-key"]
        subprocess.run([*command, who, "ed25519", "sign", "never"], check=True, capture_output=True)
        said = subprocess.run(
            ["gpg", "--list-keys", "--with-colons", who], capture_output=True, text=True, check=True
        ).stdout
        return next(line.split(":")[9] for line in said.splitlines() if line.startswith("fpr"))

    yield made
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


def _signed(run_git: Callable[..., str], folder: Path, message: str, key: str, kind: str) -> None:
    settings = ("-c", f"gpg.format={kind}", "-c", f"user.signingkey={key}")
    run_git(folder, *settings, "commit", "-q", "-S", "--allow-empty", "-m", message)


def _public(*fingerprints: str) -> bytes:
    command = ["gpg", "--armor", "--export", *fingerprints]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _status(found: Tables) -> dict[str, tuple[str, str | None, str | None]]:
    return {
        row["subject"]: (row["signature"], row["signature_status"], row["signer"])
        for row in found["git.commits"]
    }


@needs_ssh
def test_ssh_signatures_are_good_only_by_keys_given(
    *,
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    ssh_key: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    """A valid signature by a stranger's key is untrusted, not good."""
    repository = make()
    ana, stranger = ssh_key("ana"), ssh_key("stranger")
    commit(repository, "Unsigned\n")
    _signed(run_git, repository, "By Ana", str(ana), "ssh")
    _signed(run_git, repository, "By a stranger", str(stranger), "ssh")
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ana@example.org {ana.with_suffix('.pub').read_text()}")

    assert _status(tables(repository, signing_keys=allowed)) == {
        "Unsigned": ("none", None, None),
        "By Ana": ("ssh", "good", "ana@example.org"),
        "By a stranger": ("ssh", "untrusted", None),
    }


@needs_ssh
def test_a_signature_moved_to_another_commit_is_bad(
    *,
    make: Callable[..., Path],
    raw_commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    ssh_key: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    """The key is one of those given, and it did not sign this."""
    repository = make()
    ana = ssh_key("ana")
    _signed(run_git, repository, "Real", str(ana), "ssh")
    body = run_git(repository, "cat-file", "commit", "HEAD") + "\n"
    raw_commit(repository, body.replace("Real", "Fake").encode())
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ana@example.org {ana.with_suffix('.pub').read_text()}")

    status = _status(tables(repository, signing_keys=allowed))["Fake"]

    assert status[0] == "ssh"
    assert status[1] in ("bad", "unverifiable")
    assert status[2] is None


@needs_ssh
def test_without_keys_nothing_is_checked_and_nothing_claimed(
    make: Callable[..., Path],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    ssh_key: Callable[[str], Path],
) -> None:
    """The kind is a fact of the object; the status stays NULL, whatever the repository says."""
    repository = make()
    ana = ssh_key("ana")
    _signed(run_git, repository, "By Ana", str(ana), "ssh")
    run_git(repository, "config", "gpg.ssh.allowedSignersFile", str(ana.with_suffix(".pub")))

    assert _status(tables(repository)) == {"By Ana": ("ssh", None, None)}


@needs_gpg
@needs_ssh
def test_pgp_signatures_and_keys_of_both_kinds_in_one_file(
    *,
    make: Callable[..., Path],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    ssh_key: Callable[[str], Path],
    pgp_home: Callable[[str], str],
    tmp_path: Path,
) -> None:
    """Good by a key given, untrusted by another; an SSH signer may stand in the same file."""
    repository = make()
    ben, stranger = pgp_home("Ben <ben@example.org>"), pgp_home("Eve <eve@example.org>")
    ana = ssh_key("ana")
    _signed(run_git, repository, "By Ben", ben, "openpgp")
    _signed(run_git, repository, "By Eve", stranger, "openpgp")
    _signed(run_git, repository, "By Ana", str(ana), "ssh")
    keys = tmp_path / "keys"
    keys.write_bytes(
        b"# release keys\n"
        + _public(ben)
        + b"ana@example.org "
        + ana.with_suffix(".pub").read_bytes()
    )

    assert _status(tables(repository, signing_keys=keys)) == {
        "By Ben": ("pgp", "good", "Ben <ben@example.org>"),
        "By Eve": ("pgp", "untrusted", None),
        "By Ana": ("ssh", "good", "ana@example.org"),
    }


@needs_gpg
def test_a_revoked_key_signs_nothing(
    make: Callable[..., Path],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    pgp_home: Callable[[str], str],
    tmp_path: Path,
) -> None:
    """The certificate that is given says that it was revoked."""
    repository = make()
    ben = pgp_home("Ben <ben@example.org>")
    _signed(run_git, repository, "By Ben", ben, "openpgp")
    revocation = Path(os.environ["GNUPGHOME"]) / f"openpgp-revocs.d/{ben}.rev"
    text = revocation.read_text().replace(":-----BEGIN", "-----BEGIN")
    subprocess.run(
        ["gpg", "--batch", "--import"], input=text.encode(), check=True, capture_output=True
    )
    keys = tmp_path / "keys"
    keys.write_bytes(_public(ben))

    assert _status(tables(repository, signing_keys=keys)) == {"By Ben": ("pgp", "revoked", None)}


@needs_gpg
@needs_ssh
def test_signed_tags(
    *,
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    ssh_key: Callable[[str], Path],
    pgp_home: Callable[[str], str],
    tmp_path: Path,
) -> None:
    """As for commits; a signature that is only quoted in a message is none."""
    repository = make()
    commit(repository)
    ben, eve = pgp_home("Ben <ben@example.org>"), pgp_home("Eve <eve@example.org>")
    ana, stranger = ssh_key("ana"), ssh_key("stranger")
    signers = {
        "v1.0": ("openpgp", ben),
        "v1.1": ("openpgp", eve),
        "v1.2": ("ssh", str(ana)),
        "v1.3": ("ssh", str(stranger)),
    }
    for tag, (kind, key) in signers.items():
        settings = ("-c", f"gpg.format={kind}", "-c", f"user.signingkey={key}")
        run_git(repository, *settings, "tag", "-s", "-m", tag, tag)
    run_git(repository, "tag", "-a", "-m", "see -----BEGIN PGP SIGNATURE----- there", "v1.4")
    keys = tmp_path / "keys"
    keys.write_bytes(_public(ben) + b"ana@example.org " + ana.with_suffix(".pub").read_bytes())

    found = tables(repository, signing_keys=keys)["git.tags"]

    assert {
        row["tag"]: (row["signature"], row["signature_status"], row["signer"]) for row in found
    } == {
        "v1.0": ("pgp", "good", "Ben <ben@example.org>"),
        "v1.1": ("pgp", "untrusted", None),
        "v1.2": ("ssh", "good", "ana@example.org"),
        "v1.3": ("ssh", "untrusted", None),
        "v1.4": ("none", None, None),
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# nothing but a comment\n",
        b"hello\n",
        b"\x99\x01\x0d binary keyring",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n",
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbroken\n-----END PGP PUBLIC KEY BLOCK-----\n",
        None,
    ],
)
def test_keys_that_cannot_be_used_are_refused(
    make: Callable[..., Path],
    commit: Callable[..., str],
    ask: Callable[[Question], list[Kept]],
    tmp_path: Path,
    content: bytes | None,
) -> None:
    """A file without usable keys would make every signature look untrusted."""
    repository = make()
    commit(repository)
    keys = tmp_path / "keys"
    if content is not None:
        keys.write_bytes(content)

    nothing_in_it = Period(date(2024, 1, 1), date(2024, 1, 2))
    for period in (None, nothing_in_it):
        with pytest.raises(NotCollectedError) as caught:
            ask(git.question(repository, signing_keys=keys, period=period))

        assert caught.value.slug == "signing-keys"
