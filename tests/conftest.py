"""Fixtures for tests that run the program from the outside."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from outside import PERIOD, YEAR, Ran, fast_import, run_reperform

# A busy machine must not fail a test: how long an example takes is no part of any claim.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("busy")


@pytest.fixture
def reperform(tmp_path: Path) -> Callable[..., Ran]:
    """Run the command with a home of this test's own."""
    home = tmp_path / "home"
    home.mkdir()

    def run(*arguments: str | Path, env: dict[str, str] | None = None) -> Ran:
        return run_reperform(*arguments, home=home, env=env)

    return run


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of one quickstart over a small year, without the host.  Do not change them."""
    folder = tmp_path_factory.mktemp("finished")
    fast_import(folder / "repo", YEAR)
    ran = run_reperform(
        *("quickstart", "--repo", folder / "repo", "--period", PERIOD, "--no-host"),
        *("--out", folder / "out"),
        home=folder,
    )
    assert ran.code == 0, ran.err
    return folder / "out"
