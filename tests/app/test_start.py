"""`reperform start`, as `./run` calls it: a process of its own, asked over HTTP."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from outside import YEAR, fast_import, free_port, run_reperform, serving

pytestmark = pytest.mark.enable_socket


ACCOUNT = {
    "name": "Ana Diaz",
    "email": "ana@larkspur.example",
    "password": "correct horse battery staple",
    "again": "correct horse battery staple",
}


def test_the_results_of_a_repository_are_in_the_pages_and_stay_there(tmp_path: Path) -> None:
    """First start: examined, one link, an administrator.  Second: nothing twice, data kept."""
    repo = fast_import(tmp_path / "Zoë's <b>=1+1\n\u202erepo", YEAR)
    port = free_port()

    with serving("start", "--repo", repo, home=tmp_path, port=port) as browser:
        overview = browser.post(browser.link(), **ACCOUNT)
        organization = re.search(r'href="/o/([^/"]+)/results/"', overview)
        assert organization
        results = browser.get(f"/o/{organization[1]}/results/")
        examination = browser.get(f"/o/{organization[1]}/results/1/")
    with serving("start", "--repo", repo, home=tmp_path, port=port) as again:
        again.post(
            "/accounts/login/", login=ACCOUNT["email"], password=ACCOUNT["password"], next="/"
        )
        second = again.get(f"/o/{organization[1]}/results/")

    assert "Zoë&#x27;s &lt;b&gt;=1+1" in overview
    assert "\u202e" not in overview
    assert "CHG-01.T1" in examination
    assert f"/o/{organization[1]}/results/1/" in results
    assert f"/o/{organization[1]}/results/1/" in second
    assert f"/o/{organization[1]}/results/2/" not in second
    assert again.link() == ""
    assert "Examination 1 of" in again.said
    assert len(list((repo / "out").iterdir())) == 1


def test_sessions_that_expired_are_removed_at_the_next_start(tmp_path: Path) -> None:
    """Among them answers of providers that nobody followed: anybody can leave some."""
    run_reperform("organization", "list", home=tmp_path)
    with sqlite3.connect(tmp_path / "reperform" / "reperform.sqlite") as database:
        database.executemany(
            "INSERT INTO django_session VALUES (?, '', ?)",
            [("old", "2026-01-01 00:00:00"), ("new", "2999-01-01 00:00:00")],
        )
    database.close()

    with (
        serving("serve", home=tmp_path, port=free_port()),
        sqlite3.connect(tmp_path / "reperform" / "reperform.sqlite") as database,
    ):
        left = database.execute("SELECT session_key FROM django_session").fetchall()
    database.close()

    assert left == [("new",)]


def test_another_repository_is_examined_although_results_are_kept(tmp_path: Path) -> None:
    """The results of one must not be shown as those of the other."""
    for name in ("one", "two"):
        repo = fast_import(tmp_path / name, YEAR[:2])
        with serving("start", "--repo", repo, home=tmp_path, port=free_port()) as browser:
            assert "Running tests of controls" in browser.said


def test_an_address_in_use_is_refused_before_any_work(tmp_path: Path) -> None:
    """Nothing is examined, nothing written."""
    repo = fast_import(tmp_path / "repo", YEAR[:2])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run_reperform(
            *("start", "--repo", repo, "--port", str(port)), home=tmp_path, is_new=True
        )

    assert ran.code == 1
    assert "[address-refused]" in ran.err
    assert not (repo / "out").exists()
    assert not (tmp_path / "reperform").exists()


def test_a_database_of_a_newer_version_is_refused_and_an_older_one_brought_up(
    tmp_path: Path,
) -> None:
    """An older program must not write what the newer one could misread."""
    home = tmp_path / "reperform"
    with serving("serve", home=tmp_path, port=free_port()):
        pass
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "audit", "0002"],
        env={
            "PATH": os.environ["PATH"],
            "REPERFORM_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "reperform.server.settings",
        },
        check=False,
    )
    assert done.returncode == 0
    with serving("serve", home=tmp_path, port=free_port()) as browser:
        assert "Sign" in browser.get("/accounts/login/")
    with sqlite3.connect(home / "reperform.sqlite") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_x', '')"
        )

    ran = run_reperform("serve", "--port", str(free_port()), home=tmp_path)

    assert ran.code == 1
    assert "[database-newer]" in ran.err
    assert "audit.9999_x" in ran.err


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A truncated copy or another program's file."""
    home = tmp_path / "reperform"
    home.mkdir(mode=0o700)
    (home / "reperform.sqlite").write_bytes(b"not a database, and long enough to be read" * 40)

    ran = run_reperform("serve", "--port", str(free_port()), home=tmp_path)

    assert ran.code == 1
    assert "[database-refused]" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("whose", ["a folder of others", "a database of others"])
def test_a_home_of_somebody_else_is_refused(tmp_path: Path, whose: str) -> None:
    """Tried as a user without rights, for root may open everything."""
    home = Path("/usr/reperform-home") if whose == "a folder of others" else tmp_path / "home"
    if whose == "a database of others":
        home.mkdir()
        home.chmod(0o777)
        (home / "reperform.sqlite").touch(mode=0o600)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from reperform.cli.opening import HomeRefusedError, refuse_unusable_home\n"
        "os.chdir(sys.argv[1]); os.setgid(65534); os.setuid(65534)\n"
        "try: refuse_unusable_home(Path(sys.argv[2]))\n"
        "except HomeRefusedError as error: print(error)\n"
    )
    # By a relative path: the folders above belong to the test's user only.
    start, named = (home, ".") if home.exists() else (Path("/"), str(home))
    done = subprocess.run(
        [sys.executable, "-c", code, start, named], capture_output=True, text=True, check=False
    )

    assert "[home-refused]" in done.stdout, done.stderr


def test_a_command_that_needs_no_pages_loads_no_web_framework() -> None:
    """A quickstart works, and starts fast, without the web application."""
    code = (
        "import sys, reperform.cli.app\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'ninja', 'waitress')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
