"""One connection to one host, by OpenSSH's own client: a key, a host that is known, no shell.

Nothing of the user's own configuration is read, no agent is asked, nothing is forwarded, and no
host key is ever learned.  The private key stays in memory: it is in no file and no argument.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.calls.opening import refuse_address
from reperform.connectors.openssh.place import Host
from reperform.connectors.programs import Said, TooMuchError, run_bounded
from reperform.connectors.settings import Access

_PLACES = "/usr/local/bin:/usr/bin:/bin"
_TO_OPEN = 30
_TO_ANSWER = 60
_TO_END = 900
"""Seconds: until a connection is open, until one command ends, until a host has said all."""
_LARGEST = 64 << 20
_SAID = 600
_LOST = 255
_STEP = 0.02
_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
_OPTIONS = (
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "GlobalKnownHostsFile=/dev/null",
    "UpdateHostKeys=no",
    "VerifyHostKeyDNS=no",
    "CheckHostIP=no",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "PreferredAuthentications=publickey",
    "PasswordAuthentication=no",
    "KbdInteractiveAuthentication=no",
    "HostbasedAuthentication=no",
    "ForwardAgent=no",
    "ForwardX11=no",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "CanonicalizeHostname=no",
    "RequestTTY=no",
    "EscapeChar=none",
    "ConnectTimeout=10",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=3",
    "LogLevel=ERROR",
)
_CHANGED = "IDENTIFICATION HAS CHANGED"
_UNKNOWN = "Host key verification failed"
_DENIED = "Permission denied"
_TODO = {
    _CHANGED: "find out why its key is another; if it is right, put it into the known host keys",
    _UNKNOWN: "compare the host's key at its console, and put it into the known host keys",
    _DENIED: "put the connection's public key into authorized_keys of the user on that host",
}


class SshError(NotCollectedError):
    """A host was not reached, is not the one that is known, or did not answer to the end."""

    slug = "ssh-not-collected"

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(
            what,
            why="A host that nobody could look at must not pass for one that is in order.",
            todo=todo or "check the host, the way there and the connection's settings",
        )


@dataclass(slots=True)
class Line:
    """An open connection.

    Attributes:
        host: at the other end.
        arguments: of ssh, up to the command.
        master: the process that holds the connection.
        access: knows the secrets, which no text may hold.
        ends: by the clock of this machine, when the host must have said all.
    """

    host: Host
    arguments: Sequence[str]
    master: subprocess.Popen[bytes]
    access: Access
    ends: float

    def run(self, command: str) -> Said:
        """Run one fixed command on the host.

        Raises:
            SshError: the connection ended.
            TimeoutError: the command did not end.
            TooMuchError: it printed more than 64 MB.
        """
        seconds = min(_TO_ANSWER, self.ends - time.monotonic())
        if seconds <= 0:
            raise SshError(f"{self.host} did not say all within {_TO_END} seconds")
        try:
            said = run_bounded(
                [*self.arguments, command], environment=_ENVIRONMENT, seconds=seconds, most=_LARGEST
            )
        except TimeoutError as error:
            raise TimeoutError(f"it did not end within {seconds:.0f} seconds") from error
        except TooMuchError as error:
            raise TooMuchError(f"it printed more than {_LARGEST:,} bytes") from error
        if said.code == _LOST and self.master.poll() is not None:
            raise SshError(f"{self.host} hung up before it had said all")
        return Said(said.code, said.output, self.access.hide(said.words)[-_SAID:])

    def subsystem(self, name: str) -> subprocess.Popen[bytes]:
        """Start a subsystem of the host's server; whoever calls ends it."""
        *before, end, host = self.arguments
        return subprocess.Popen(
            [*before, "-s", end, host, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=_ENVIRONMENT,
            start_new_session=True,
        )


@contextmanager
def opened(access: Access, host: Host, user: str = "") -> Iterator[Line]:
    """Open a connection to a host, and close it afterwards.

    Args:
        access: its secret `key`, and its lines `known_hosts`.
        host: which one.
        user: who signs in; empty for the setting `user`.

    Raises:
        CallFailedError: the host is on a network that is not open to connections.
        SshError: it was not reached, is not the one that is known, or lets nobody in.
    """
    program = shutil.which("ssh", path=_PLACES)
    if program is None or not hasattr(os, "memfd_create"):
        what = f"{host} was not asked: OpenSSH's client is not installed"
        raise SshError(what, "install it; on Debian: apt-get install openssh-client")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="reperform-ssh-"))
        said = stack.enter_context(tempfile.TemporaryFile())
        control = Path(folder, "c")
        key = f"{access.secret('key').strip()}\n".replace("\r\n", "\n")
        known = "".join(f"{line}\n" for line in access.lines("known_hosts"))
        options = [
            *_OPTIONS,
            f"HostName={_address(access, host)}",
            f"HostKeyAlias={host.alias}",
            f"Port={host.port}",
            f"User={user or access.text('user')}",
            f"IdentityFile={_in_memory(stack, key)}",
            f"UserKnownHostsFile={_in_memory(stack, known)}",
            "ProxyCommand=none",
            "ControlMaster=yes",
        ]
        # Nobody falls back to a second connection when this one has ended.
        through = ["ControlMaster=no", "ProxyCommand=/bin/false", "BatchMode=yes", "LogLevel=ERROR"]
        begin = [program, "-F", "none", "-S", str(control), "-T"]
        master = subprocess.Popen(
            [*begin, *_given(options), "-N", "--", host.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        try:
            _wait(access, host, master, control, said)
            arguments = [*begin, *_given(through), "--", host.name]
            yield Line(host, arguments, master, access, time.monotonic() + _TO_END)
        finally:
            master.terminate()
            try:
                master.wait(timeout=_TO_OPEN)
            except subprocess.TimeoutExpired:
                master.kill()
                master.wait()


def _given(options: Sequence[str]) -> list[str]:
    return [part for option in options for part in ("-o", option)]


def _address(access: Access, host: Host) -> str:
    """Return the address to go to: the one that was judged, so that no name leads elsewhere."""
    try:
        found = socket.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SshError(f"{host} was not asked: {error}") from error
    for *_, address in found:
        refuse_address(str(address[0]), access.private)
    return str(found[0][4][0])


def _in_memory(stack: ExitStack, text: str) -> str:
    """Return a path by which a program of the same user reads a text, which is in no folder."""
    number = os.memfd_create("reperform")
    stack.callback(os.close, number)
    os.fchmod(number, 0o600)
    os.write(number, text.encode())
    return f"/proc/{os.getpid()}/fd/{number}"


def _wait(
    access: Access, host: Host, master: subprocess.Popen[bytes], control: Path, said: IO[bytes]
) -> None:
    """Wait until the connection is open; refuse when it does not open."""
    ends = time.monotonic() + _TO_OPEN
    while not control.exists():
        if master.poll() is None and time.monotonic() < ends:
            time.sleep(_STEP)
            continue
        said.seek(0)
        text = said.read(1 << 16).decode("utf-8", errors="replace")
        words = access.hide(" ".join(text.replace("@", "").split()))
        words = words or f"it was not open within {_TO_OPEN} seconds"
        todo = next((todo for mark, todo in _TODO.items() if mark in text), "")
        raise SshError(f"{host} was not asked: {words[:_SAID]}", todo)
