"""A real OpenSSH server of a test's own: its own folder, port and keys, gone afterwards.

Either it is this machine that is asked, or one that says what a test prepared: then each command
is answered from a file, whatever this machine is.
"""

import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reperform.connectors.settings import Access

_PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin"
_NOTHING = "echo 'nothing is prepared' >&2; exit 127"


def is_here() -> bool:
    """Return whether server and client are installed."""
    return bool(shutil.which("sshd", path=_PLACES) and shutil.which("ssh"))


@dataclass(frozen=True)
class Reply:
    """What a command prints, how it ends, and what is done before (lines of sh)."""

    output: bytes | str = b""
    code: int = 0
    errors: str = ""
    before: str = ""


@dataclass(frozen=True)
class Server:
    """Where it listens, and how it is asked."""

    port: int
    folder: Path
    known: str
    more: dict[str, object] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def public(self) -> str:
        """The host's public key, kind and bytes."""
        return self.known.partition(" ")[2]

    @property
    def key(self) -> str:
        return (self.folder / "user").read_text()

    def access(self, *, key: str = "", **more: object) -> Access:
        settings = {
            "hosts": [self.host],
            "user": pwd.getpwuid(os.getuid()).pw_name,
            "known_hosts": [self.known],
            "rights": "none",
        }
        return Access({**settings, **more}, {"key": key or self.key})

    def says(self, replies: Mapping[str, Reply]) -> None:
        """Prepare what each command is answered with; nothing else is."""
        lines = ['case "$SSH_ORIGINAL_COMMAND" in']
        for number, (command, reply) in enumerate(replies.items()):
            output = reply.output.encode() if isinstance(reply.output, str) else reply.output
            (self.folder / f"said-{number}").write_bytes(output)
            lines += [
                f"{shlex.quote(command)})",
                f"printf %s {shlex.quote(reply.errors)} >&2",
                reply.before or ":",
                f"cat {self.folder}/said-{number}; exit {reply.code} ;;",
            ]
        (self.folder / "serve").write_text("\n".join([*lines, "esac", _NOTHING, ""]))


@cache
def pair(name: str) -> tuple[str, str]:
    """Return a private key and its public one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "key")
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return path.read_text(), path.with_suffix(".pub").read_text()


@contextmanager
def server(*, is_prepared: bool = True, more: str = "") -> Iterator[Server]:
    """Serve this machine, or what a test prepares.

    Args:
        is_prepared: each command is answered from what `Server.says` was given.
        more: lines of its configuration.
    """
    sshd = str(shutil.which("sshd", path=_PLACES))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="reperform-sshd-") as name:
        folder = Path(name)
        for which in ("host", "user"):
            private, public = pair(which)
            (folder / which).write_text(private)
            (folder / which).chmod(0o600)
            (folder / f"{which}.pub").write_text(public)
        (folder / "serve").write_text(f"{_NOTHING}\n")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        lines = [
            f"Port {port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {folder / 'host'}",
            f"AuthorizedKeysFile {folder / 'user.pub'}",
            f"PidFile {folder / 'pid'}",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication no",
            "PermitRootLogin prohibit-password",
            "PrintMotd no",
            "SetEnv SHLVL=9",  # the user's own .bashrc is no part of a test, and may be slow
            *([f"ForceCommand /bin/sh {folder / 'serve'}"] if is_prepared else []),
            "Subsystem sftp internal-sftp",
            more,
        ]
        (folder / "sshd_config").write_text("\n".join(lines))
        log = folder / "log"
        process = subprocess.Popen(
            [sshd, "-D", "-f", str(folder / "sshd_config"), "-E", str(log)],
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait(port, log)
            kind, key = pair("host")[1].split()[:2]
            yield Server(port, folder, f"[127.0.0.1]:{port} {kind} {key}")
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, log: Path) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"sshd did not start: {log.read_text() if log.exists() else ''}")
