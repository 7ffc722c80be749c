"""Running the program from the outside: repositories to examine, and the command itself."""

import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryFile
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from installed import install
from started import command

ANA = "Ana Diaz <ana@example.org>"
BEN = "Ben Roy <ben@example.org>"
JULY = 1_751_328_000
"""2025-07-01 00:00:00 UTC."""
DAY = 86_400
WAIT_SECONDS = 120
_OPEN_THE_SITE = ("serve", "start", "organization", "member", "ledger", "export", "plan", "apply")


@dataclass(frozen=True)
class Commit:
    """One commit to make: message, author, and days after 1 July 2025."""

    message: bytes
    author: str = ANA
    day: float = 0
    merges: Sequence[int] = field(default_factory=tuple)


def fast_import(repository: Path, commits: Sequence[Commit]) -> Path:
    """Make a repository with these commits on main, oldest first, through git fast-import."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    stream = bytearray()
    for number, commit in enumerate(commits, start=1):
        who = f"{commit.author} {JULY + int(commit.day * DAY)} +0000".encode()
        stream += b"commit refs/heads/main\nmark :%d\n" % number
        stream += b"author %b\ncommitter %b\n" % (who, who)
        stream += b"data %d\n%b\n" % (len(commit.message), commit.message)
        if number > 1:
            stream += b"from :%d\n" % (number - 1)
        stream += b"".join(b"merge :%d\n" % merged for merged in commit.merges)
        stream += b"M 644 inline file\ndata %d\n%d\n\n" % (len(str(number)), number)
    command = ["git", "-C", str(repository), "fast-import", "--quiet"]
    subprocess.run(command, input=bytes(stream), check=True)
    return repository


@dataclass(frozen=True)
class Ran:
    """What a run of the command printed, and its exit code."""

    code: int
    out: str
    err: str


def _begin_installed(arguments: Sequence[str | Path], home: Path, env: dict[str, str]) -> None:
    """Spare a command that opens the site the making of its installation; see `install`."""
    if arguments and arguments[0] in _OPEN_THE_SITE and "REPERFORM_DATABASE_URL" not in env:
        install(Path(env.get("REPERFORM_HOME", home / "reperform")))


def run_reperform(
    *arguments: str | Path, home: Path, env: dict[str, str] | None = None, is_new: bool = False
) -> Ran:
    """Run the command `reperform` as a process of its own.

    With `is_new` it makes its installation itself, and is started from nothing; see `started`.
    """
    if not is_new:
        _begin_installed(arguments, home, env or {})
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    whole = {
        **kept,
        "HOME": str(home),
        "REPERFORM_HOME": str(home / "reperform"),
        "COLUMNS": "200",
        "PYTHONWARNINGS": "error",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **(env or {}),
    }
    with TemporaryFile() as out, TemporaryFile() as err:
        given = [str(each) for each in arguments]
        if is_new:
            start = [sys.executable, "-m", "reperform", *given]
            code = subprocess.run(start, stdout=out, stderr=err, env=whole, check=False).returncode
        else:
            code = command(given, env=whole, out=out, err=err)
        said = []
        for each in (out, err):
            each.seek(0)
            said.append(each.read().decode("utf-8", errors="replace"))
    return Ran(code, *said)


REVIEWED = b"Add limits\n\nReviewed-by: Ben Roy <ben@example.org>\n"
OWN_REVIEW = b"Add more\n\nReviewed-by: Ana Diaz <ana@example.org>\n"

YEAR = [
    Commit(b"Begin", day=-10),
    *(Commit(REVIEWED, day=30 * month) for month in range(1, 9)),
    Commit(OWN_REVIEW, day=300),
    Commit(b"Hurry\n\nNo review here.\n", author=BEN, day=301),
]
PERIOD = "2025-07-01..2026-06-30"


@dataclass
class Browser:
    """Opens pages of one server, and keeps its cookies."""

    url: str
    said: str

    def __post_init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self.url + path, timeout=WAIT_SECONDS) as answer:
            content: bytes = answer.read()
        return content.decode()

    def status(self, path: str) -> int:
        try:
            with self._opener.open(self.url + path, timeout=WAIT_SECONDS) as answer:
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return error.code

    def post(self, path: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert token
        body = urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        with self._opener.open(self.url + path, body, timeout=WAIT_SECONDS) as answer:
            content: bytes = answer.read()
        return content.decode()

    def link(self) -> str:
        """Return the path of the first administrator's link; empty when none was printed."""
        found = re.search(r"https?://[^/\s]+(/invitation/\S+)", self.said)
        return found[1] if found else ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def serving(
    *arguments: str | Path,
    home: Path,
    port: int,
    env: dict[str, str] | None = None,
    is_new: bool = False,
) -> Iterator[Browser]:
    """Start a command that serves, wait until it says so, and stop it in the end.

    With `is_new` it makes its installation itself.
    """
    if not is_new:
        _begin_installed(arguments, home, env or {})
    process = subprocess.Popen(
        [sys.executable, "-m", "reperform", *map(str, arguments), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "REPERFORM_HOME": str(home / "reperform"),
            "COLUMNS": "200",
            **(env or {}),
        },
    )
    assert process.stderr
    try:
        said, until = b"", time.monotonic() + WAIT_SECONDS
        while b"(Ctrl-C stops it)\n" not in said and time.monotonic() < until:
            if select.select([process.stderr], [], [], 1)[0]:
                read = os.read(process.stderr.fileno(), 100_000)
                assert read, f"it ended: {said.decode()}"
                said += read
        if select.select([process.stderr], [], [], 1)[0]:  # the link follows at once, or never
            said += os.read(process.stderr.fileno(), 100_000)
        yield Browser(f"http://127.0.0.1:{port}", said.decode())
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()
