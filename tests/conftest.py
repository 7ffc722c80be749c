"""Fixtures for tests that run the program from the outside."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

import acme
from acme import Acme
from once import close_place, made_once, open_place
from outside import PERIOD, YEAR, Ran, fast_import, run_reperform
from reperform.connectors import registry

# A busy machine must not fail a test: how long an example takes is no part of any claim.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("busy")
LONGEST = "tests/app/test_on_postgresql.py"


def pytest_configure() -> None:
    """Make room for what the workers of this run share."""
    open_place()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: at the end it would keep a worker, and leave the other without work.

    The order of all others is drawn anew in each run.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_unconfigure() -> None:
    """Remove it."""
    close_place()


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Let no request close the connection whose transaction the test is in.

    Django's own client sees to it by itself; a test that calls the WSGI application needs this.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def reperform(tmp_path: Path) -> Callable[..., Ran]:
    """Run the command with a home of this test's own."""
    home = tmp_path / "home"
    home.mkdir()

    def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Ran:
        return run_reperform(*arguments, home=home, env=env)

    return run


@pytest.fixture(scope="session")
def finished() -> Path:
    """The outputs of one quickstart over a small year, without the host.  Do not change them."""
    return made_once("finished", _quickstart) / "out"


def _quickstart(folder: Path) -> None:
    fast_import(folder / "repo", YEAR)
    ran = run_reperform(
        *("quickstart", "--repo", folder / "repo", "--period", PERIOD, "--no-host"),
        *("--out", folder / "out"),
        home=folder,
    )
    assert ran.code == 0, ran.err


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Iterator[Acme]:
    """Acme as an installed plug-in, and what it says."""
    plugin = EntryPoint("acme", "acme:CONNECTOR", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda **_: [plugin])
    registry.installed.cache_clear()
    acme.source.__init__()  # type: ignore[misc]  # as new
    yield acme.source
    registry.installed.cache_clear()
