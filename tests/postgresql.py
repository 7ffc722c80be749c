"""A real PostgreSQL server of a test's own: its own folder, its own port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    found = [place for place in _PLACES if (place / "initdb").exists()]
    on_path = shutil.which("initdb")
    return found[0] if found else Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server on 127.0.0.1; yield the URL of a database in it.

    PostgreSQL refuses to run as root, so then it runs as nobody.  Its folder is not one of
    pytest's: a pytest that is started meanwhile closes those to everybody but root.
    """
    place = programs()
    assert place is not None
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="reperform-pg-") as name:
        folder = Path(name)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)

        def run(program: str, *arguments: str) -> None:
            # A file, not a pipe: the server keeps it open for as long as it runs.
            with (folder / "out").open("ab") as out:
                done = subprocess.run(
                    [str(place / program), *arguments],
                    check=False,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    user=user.pw_uid if user else None,
                    group=user.pw_gid if user else None,
                    cwd=folder,
                )
            assert done.returncode == 0, (folder / "out").read_text("utf-8")

        data = str(folder / "data")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        run("initdb", "-D", data, "-U", "reperform", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        run("pg_ctl", "-D", data, "-w", "-o", options, "start")
        try:
            yield f"postgresql://reperform@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
