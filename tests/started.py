"""Starting the command quickly: a process that has read the program already, and divides itself.

Reading the program and its library costs a second of processor time for each command, which a test
of what the command does need not pay.  The first who asks starts a process that has read both; it
forks for each command, so that each still runs in a process of its own with its own environment.
What starting itself is about (`tests/app/test_first_start.py`, whatever serves, whatever is killed)
starts `python -m reperform` as users do.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

_ANSWER = 4096


def command(
    arguments: Sequence[str], *, env: Mapping[str, str], out: IO[bytes], err: IO[bytes]
) -> int:
    """Run `reperform` with these arguments and this environment alone; return its exit code.

    As `subprocess` does, a command that a signal ended has the negative number of the signal.
    """
    asked = {"arguments": list(arguments), "env": dict(env), "cwd": str(Path.cwd())}
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(_place())
        socket.send_fds(line, [b"."], [out.fileno(), err.fileno()])
        line.sendall(json.dumps(asked).encode())
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(_ANSWER)
    assert answer, "the process that starts commands ended"
    return int(answer)


@cache
def _place() -> str:
    """Start the process that has read the program, once a worker; return where it listens."""
    folder = tempfile.mkdtemp(prefix="reperform-start-")
    place = f"{folder}/line"
    process = subprocess.Popen(
        [sys.executable, __file__, place],
        stdin=subprocess.PIPE,  # ends with this process, however it ends
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"

    def end() -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        Path(place).unlink()
        Path(folder).rmdir()

    atexit.register(end)
    return place


def _listen(place: str) -> None:
    """Divide for each command that is asked for, until the process is ended."""
    _read_the_program()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for a command
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return  # whoever started it has ended
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _attend(line)
            line.close()


def _read_the_program() -> None:
    """Import what reads no setting, and read the library, as every command does by itself."""
    from reperform.catalog.glossary import glossary  # noqa: PLC0415 - only in this process
    from reperform.catalog.installed import catalog  # noqa: PLC0415
    from reperform.cli import app  # noqa: PLC0415
    from reperform.testing.installed import installed_tests  # noqa: PLC0415

    for read in (catalog, glossary, installed_tests):
        read()
    assert app.EXIT_REFUSED  # it is read, and stays


def _attend(line: socket.socket) -> None:
    """Run one command in a child, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(line, 1, 2)
    said = b"".join(iter(lambda: line.recv(65_536), b""))
    child = os.fork()
    if child == 0:
        line.close()
        _become(json.loads(said), *files)
    _, status = os.waitpid(child, 0)
    line.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(asked: dict[str, object], out: int, err: int) -> None:
    """Be the command: its own output, environment, folder and arguments."""
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[call-overload]
    os.chdir(str(asked["cwd"]))
    sys.argv = ["reperform", *asked["arguments"]]  # type: ignore[misc]
    if os.environ.get("PYTHONWARNINGS") == "error":
        warnings.simplefilter("error")
    code: object = 0
    try:
        from reperform.cli.app import main  # noqa: PLC0415

        main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - as the interpreter itself ends
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _listen(sys.argv[1])
