"""A real server of the product, as a user starts it, on an installation of its own."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from installed import install

_FILLING = Path(__file__).with_name("filling.py")
_FILLED = "filled.json"
_SECONDS = 180
_AN_ANSWER = 30
"""Seconds: a machine that is busy with other tests is slow, and not broken."""
_LINK = re.compile(r"http://\S+(/invitation/\S+)")


@dataclass
class Site:
    """`reperform serve` in a process of its own; a context manager that stops it.

    Attributes:
        home: the installation's folder.
        url: where it listens, without a slash at the end.
    """

    home: Path
    url: str = ""
    _server: subprocess.Popen[str] | None = None

    def copied(self, home: Path) -> "Site":
        """Return the same installation in another folder; nobody serves this one."""
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        return Site(home)

    @property
    def filled(self) -> dict[str, Any]:
        """What `filling.py` said."""
        said: dict[str, Any] = json.loads((self.home / _FILLED).read_bytes())
        return said

    def __enter__(self) -> Self:
        """Start the server, and wait until it answers."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        with (self.home / "server.log").open("w") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "reperform", "serve", "--port", str(port)],
                env=_environment(self.home),
                stderr=log,
                stdout=log,
                text=True,
            )
        try:
            self._wait()
        except AssertionError:
            self._server.kill()  # nobody else would: a context that was not entered is not left
            raise
        return self

    def _wait(self) -> None:
        assert self._server is not None
        until = time.monotonic() + _SECONDS
        while not _answers(f"{self.url}/accounts/login/"):
            assert self._server.poll() is None, self.log
            assert time.monotonic() < until, self.log
            time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        assert self._server is not None
        self._server.terminate()
        self._server.wait(timeout=_SECONDS)

    @property
    def log(self) -> str:
        """What the server said so far."""
        return (self.home / "server.log").read_text("utf-8")

    @property
    def first_link(self) -> str:
        """The path of the link that makes the first administrator."""
        found = _LINK.search(self.log)
        assert found, self.log
        return found[1]


def fill(home: Path) -> None:
    """Fill the folder `home` with an installation in the middle of its program."""
    install(home)
    done = subprocess.run(
        [sys.executable, str(_FILLING)],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    (home / _FILLED).write_text(done.stdout, "utf-8")


def _environment(home: Path) -> dict[str, str]:
    kept = {"PATH", "HOME", "LANG", "TMPDIR"}
    own = {"REPERFORM_HOME": str(home)}
    return {name: value for name, value in os.environ.items() if name in kept} | own


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=_AN_ANSWER) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except OSError:  # it does not listen yet, or is still starting behind its socket
        return False
