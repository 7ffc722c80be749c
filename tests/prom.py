"""A real server of Prometheus, with the samples, rules and targets that a test gives it."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

_NOTHING = "scrape_configs: []\n"


def is_here() -> bool:
    """Return whether Prometheus is installed."""
    return bool(shutil.which("prometheus"))


@contextmanager
def serving(
    folder: Path,
    samples: str,
    *,
    configuration: str = _NOTHING,
    rules: str = "",
    is_ready: Callable[[Any], bool] = lambda _: True,
) -> Iterator[str]:
    """Serve until the block ends; give the address.

    Args:
        folder: an empty one.
        samples: in the text of OpenMetrics, with moments.
        configuration: of the server; `OWN` in it is its own address.
        rules: the file `rules.yml`.
        is_ready: what it says of its rules and targets -> whether the test may begin.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "written").write_text(samples)
    (folder / "rules.yml").write_text(rules)
    (folder / "prometheus.yml").write_text(configuration.replace("OWN", f"127.0.0.1:{port}"))
    create = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "written", "data"]
    subprocess.run(create, cwd=folder, check=True, capture_output=True)
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--storage.tsdb.retention.time=100y",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            cwd=folder,
            stdout=out,
            stderr=out,
        )
    try:
        _wait(port, is_ready)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, is_ready: Callable[[Any], bool]) -> None:
    for _ in range(600):
        said = [_asked(port, path) for path in ("/-/ready", "/api/v1/rules", "/api/v1/targets")]
        if None not in said and is_ready([json.loads(each or "")["data"] for each in said[1:]]):
            return
        time.sleep(0.05)
    raise AssertionError("prometheus did not start")


def _asked(port: int, path: str) -> str | None:
    asked = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        asked.request("GET", path)
        answer = asked.getresponse()
        return answer.read().decode() if answer.status == 200 else None
    except (OSError, HTTPException):
        return None
    finally:
        asked.close()
