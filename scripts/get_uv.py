"""Put the locked release of uv into a folder, with nothing but Python's standard library.

A fresh Debian has Python without pip and without venv, so this takes uv's wheel as uv.lock names
it, checks its SHA-256, and unpacks the one program in it.  Where the package registry is only
reachable the way pip is configured, it asks pip, which checks nothing less: pip refuses a
system-wide install (PEP 668), but not one into a folder of our own.

Usage: python3 scripts/get_uv.py FOLDER
"""

import hashlib
import io
import platform
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "uv.lock"


def locked_uv() -> dict[str, Any]:
    """Return uv's entry in the lock file."""
    packages = tomllib.loads(LOCK.read_text("utf-8"))["package"]
    return next(package for package in packages if package["name"] == "uv")


def wheel_for_this_machine(package: dict[str, Any]) -> dict[str, Any]:
    """Return the wheel that runs here, as the lock file lists it; SystemExit when none does."""
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    system = libc if sys.platform == "linux" else {"darwin": "macosx"}.get(sys.platform, "win")
    machine = {"AMD64": "amd64"}.get(platform.machine(), platform.machine())
    for wheel in package["wheels"]:
        name = wheel["url"].rsplit("/", 1)[-1]
        if system in name and machine in name:
            return dict(wheel)
    raise SystemExit(f"set-up stopped: uv has no wheel for {sys.platform} on {machine}")


def program_in(wheel: bytes) -> bytes:
    """Return the uv program that a wheel holds."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(n for n in archive.namelist() if n.endswith(("/scripts/uv", "/scripts/uv.exe")))
        return archive.read(name)


def download(wheel: dict[str, Any]) -> bytes:
    """Return the wheel's bytes; SystemExit when they are not those that the lock file names."""
    with urllib.request.urlopen(wheel["url"], timeout=120) as answer:  # noqa: S310 - https, from the lock file
        content = bytes(answer.read())
    found = "sha256:" + hashlib.sha256(content).hexdigest()
    if found != wheel["hash"]:
        raise SystemExit(f"set-up stopped: {wheel['url']} is {found}, locked is {wheel['hash']}")
    return content


def ask_pip(version: str, folder: Path) -> None:
    """Let pip fetch that release into the folder, the way this machine's pip is configured."""
    print("the package registry did not answer directly: asking pip", file=sys.stderr)  # noqa: T201 - a script
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--target", folder / "pip", f"uv=={version}"], check=True)
    (folder / "pip" / "bin" / "uv").rename(folder / "uv")


def main() -> None:
    """Fetch uv unless the folder has it."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "uv").exists():
        return
    package = locked_uv()
    try:
        content = program_in(download(wheel_for_this_machine(package)))
    except (urllib.error.URLError, TimeoutError):
        ask_pip(package["version"], folder)
        return
    incoming = folder / "uv.incoming"
    incoming.write_bytes(content)
    incoming.chmod(0o755)
    incoming.rename(folder / "uv")


if __name__ == "__main__":
    main()
