"""./test installs what its tests need where it may, never asks, and says what is skipped."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Machine:
    """A machine whose only programs are those of a folder, with an apt-get that is recorded."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.programs = folder / "bin"
        self.calls = folder / "calls"
        (self.root / ".venv").mkdir(parents=True)
        self.programs.mkdir()
        for name in ("env", "find", "touch"):
            (self.programs / name).symlink_to(f"/usr/bin/{name}")

    def program(self, name: str, script: str = "exit 0") -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def apt_get(self, *, works: bool = True) -> None:
        then = (
            "for name in borg chromium nginx ldapsearch postgres prometheus restic slapd ssh sshd"
            " xmlsec1; do"
            f" printf '#!/bin/sh\\n' > {self.programs}/$name; /bin/chmod +x {self.programs}/$name;"
            " done"
            if works
            else "exit 100"
        )
        self.program("apt-get", f'echo "apt-get $*" >> {self.calls}\n{then}')

    def start(self) -> str:
        """Return what a start says."""
        done = subprocess.run(
            ["/bin/sh", "-euc", f'. "{ROOT}/scripts/packages.sh"'],
            env={
                "PATH": str(self.programs),
                "root": str(self.root),
                "postgresql_at": "/nonexistent",
                "nginx_at": "/nonexistent",
                "slapd_at": "/nonexistent",
                "sshd_at": "/nonexistent",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        return done.stderr

    @property
    def asked(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_root_on_debian_gets_them_without_a_question_and_only_once(machine: Machine) -> None:
    machine.program("id", "echo 0")
    machine.apt_get()

    first, second = machine.start(), machine.start()

    assert (
        "Installing borgbackup chromium nginx openssh-client openssh-server postgresql prometheus"
        " restic slapd ldap-utils xmlsec1" in first
    )
    assert "Skipped" not in first
    assert second == ""
    assert [("update" in call, "install" in call) for call in machine.asked] == [
        (True, False),
        (False, True),
    ]
    assert all(call.startswith("apt-get -y ") for call in machine.asked)


def test_a_user_whose_sudo_asks_no_password_gets_them(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    machine.program("sudo", 'shift; if [ "$1" = true ]; then exit 0; fi; exec "$@"')
    machine.apt_get()

    assert "Skipped" not in machine.start()
    assert len(machine.asked) == 2


def test_a_user_whose_sudo_asks_is_told_what_is_skipped(machine: Machine) -> None:
    """Nothing is installed, and nothing waits for a password."""
    machine.program("id", "echo 1000")
    machine.program("sudo", "exit 1")
    machine.apt_get()

    said = machine.start()

    assert "Skipped: tests with a repository of BorgBackup, since borgbackup is not here." in said
    assert "Skipped: tests that drive a browser, since chromium is not here." in said
    assert "Skipped: tests that run behind a proxy, since nginx is not here." in said
    assert "Skipped: tests that run on PostgreSQL, since postgresql is not here." in said
    assert "Skipped: tests with a repository of backups, since restic is not here." in said
    assert "Skipped: tests with a whole directory, since slapd is not here." in said
    assert "Skipped: tests with a whole SAML provider, since xmlsec1 is not here." in said
    assert not machine.asked


def test_a_machine_without_apt_is_told_what_is_skipped(machine: Machine) -> None:
    machine.program("id", "echo 0")
    machine.program("chromium")

    said = machine.start()

    assert "postgresql is not here" in said
    assert "browser" not in said


def test_an_attempt_that_failed_is_said_and_not_repeated_at_each_start(machine: Machine) -> None:
    """Without a network a start stays fast; an hour later it is tried again."""
    machine.program("id", "echo 0")
    machine.apt_get(works=False)

    first, second = machine.start(), machine.start()
    assert "Skipped" in first
    assert "Skipped" in second
    assert len(machine.asked) == 1

    tried = machine.root / ".venv" / ".packages-tried"
    os.utime(tried, (0, 0))
    machine.start()
    assert len(machine.asked) == 2
